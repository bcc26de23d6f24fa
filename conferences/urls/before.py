"""Before the meeting: scheduling, the section 47 enquiry, people, what they need and chose, who is kept apart."""

from django.urls import path

from ..views import scheduling

CONFERENCE = "<uuid:conference_id>/"

urlpatterns = [
    path("new/", scheduling.ScheduleConference.as_view(), name="schedule-conference"),
    path(f"{CONFERENCE}arrangements/", scheduling.ChangeConference.as_view(), name="change-conference"),
    path(f"{CONFERENCE}children/add/", scheduling.AddChild.as_view(), name="add-child"),
    path(f"{CONFERENCE}children/<uuid:child_id>/", scheduling.CorrectChild.as_view(), name="correct-child"),
    path(f"{CONFERENCE}children/<uuid:child_id>/remove/", scheduling.RemoveChild.as_view(), name="remove-child"),
]
