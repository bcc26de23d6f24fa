"""Recording: the record, its sections, the room."""

from django.urls import path

from ..views import recording, room

urlpatterns = [
    path("presence/", recording.Presence.as_view(), name="presence"),
    path("signed-in-again/", recording.SignedInAgain.as_view(), name="signed-in-again"),
    path("<uuid:conference_id>/record/", recording.Record.as_view(), name="record"),
    path("<uuid:conference_id>/record/<uuid:section_id>/", recording.SectionPage.as_view(), name="section"),
    path("<uuid:conference_id>/record/<uuid:section_id>/save/", recording.SaveSection.as_view(), name="save-section"),
    path("<uuid:conference_id>/room/", room.Room.as_view(), name="room"),
    path("<uuid:conference_id>/room/break/", room.TakeBreak.as_view(), name="take-break"),
    path("<uuid:conference_id>/room/quorum/", room.SettleQuorum.as_view(), name="settle-quorum"),
    path("<uuid:conference_id>/room/taking-part/<uuid:child_id>/", room.TakePart.as_view(), name="take-part"),
    path("<uuid:conference_id>/room/<uuid:part_id>/<uuid:person_id>/", room.Exclude.as_view(), name="exclude"),
]
