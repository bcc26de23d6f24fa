"""Planning the meeting: parts, agenda, attendance sheet, invitations, handing over."""

from django.urls import path

from ..views import handing_over, invitations, meeting

CONFERENCE = "<uuid:conference_id>/"
PART = f"{CONFERENCE}parts/<uuid:part_id>/"

urlpatterns = [
    path(f"{CONFERENCE}parts/", meeting.Parts.as_view(), name="parts"),
    path(f"{CONFERENCE}parts/add/", meeting.AddPart.as_view(), name="add-part"),
    path(PART, meeting.ChangePart.as_view(), name="change-part"),
    path(f"{PART}remove/", meeting.RemovePart.as_view(), name="remove-part"),
    path(f"{PART}people/", meeting.SeatPeople.as_view(), name="seat-people"),
    path(f"{CONFERENCE}agenda/", meeting.Agenda.as_view(), name="agenda"),
    path(f"{CONFERENCE}agenda/file/", meeting.AgendaFile.as_view(), name="agenda-file"),
    path(f"{CONFERENCE}attendance-sheet/", meeting.AttendanceSheet.as_view(), name="attendance-sheet"),
    path(f"{CONFERENCE}attendance-sheet/file/", meeting.AttendanceSheetFile.as_view(), name="attendance-sheet-file"),
    path(f"{CONFERENCE}invitations/", invitations.Invitations.as_view(), name="invitations"),
    path(f"{CONFERENCE}hand-over/", handing_over.HandOver.as_view(), name="hand-over"),
    path(f"{CONFERENCE}hand-over/<uuid:assignment_id>/end/", handing_over.EndCover.as_view(), name="end-cover"),
]
