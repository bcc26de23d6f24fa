"""Before the meeting: scheduling, the section 47 enquiry, people, what they need and chose, who is kept apart."""

from django.urls import path

from ..views import carrying, family, safety, scheduling, support

CONFERENCE = "<uuid:conference_id>/"
CHILD = f"{CONFERENCE}children/<uuid:child_id>/"
PERSON = f"{CONFERENCE}people/<uuid:person_id>/"

urlpatterns = [
    path("new/", scheduling.ScheduleConference.as_view(), name="schedule-conference"),
    path(f"{CONFERENCE}review/", carrying.StartReview.as_view(), name="start-review"),
    path(f"{CONFERENCE}arrangements/", scheduling.ChangeConference.as_view(), name="change-conference"),
    path(f"{CONFERENCE}children/add/", scheduling.AddChild.as_view(), name="add-child"),
    path(CHILD, scheduling.CorrectChild.as_view(), name="correct-child"),
    path(f"{CHILD}remove/", scheduling.RemoveChild.as_view(), name="remove-child"),
    path(f"{CONFERENCE}enquiry/", safety.Enquiry.as_view(), name="enquiry"),
    path(f"{CHILD}enquiry/", safety.EditEnquiry.as_view(), name="edit-enquiry"),
    path(f"{CONFERENCE}people/", family.People.as_view(), name="people"),
    path(f"{CONFERENCE}people/add/", family.AddPerson.as_view(), name="add-person"),
    path(PERSON, family.ShowPerson.as_view(), name="person"),
    path(f"{PERSON}edit/", family.EditPerson.as_view(), name="edit-person"),
    path(f"{PERSON}contact/", family.EditContact.as_view(), name="contact"),
    path(f"{PERSON}remove/", family.RemovePerson.as_view(), name="remove-person"),
    path(f"{PERSON}support/", support.SaveSupport.as_view(), name="add-support"),
    path(f"{PERSON}support/<uuid:support_id>/", support.SaveSupport.as_view(), name="support"),
    path(f"{PERSON}preparation/", support.SavePreparation.as_view(), name="preparation"),
    path(f"{PERSON}choices/", support.SaveChoices.as_view(), name="choices"),
    path(f"{PERSON}advocate/", support.LetAdvocateIn.as_view(), name="let-advocate-in"),
    path(f"{PERSON}advocate/<uuid:assignment_id>/end/", support.LetAdvocateOut.as_view(), name="let-advocate-out"),
    path(f"{CONFERENCE}safety/", safety.Safety.as_view(), name="safety"),
    path(f"{CONFERENCE}safety/<uuid:flag_id>/end/", safety.EndFlag.as_view(), name="end-flag"),
]
