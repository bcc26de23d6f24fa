"""Planning the meeting: its parts, who is in each, the agenda and the sheet for the room."""

from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone

from chatr.accounts.views.steps import RecentlyConfirmed
from chatr.pdf.documents import Document, as_html, as_pdf
from chatr.workdays.clock import LONDON

from ..forms.meeting import PartForm, SeatsForm
from ..models import ConferencePart
from ..operations import meeting as operations
from ..paper.agenda import PartOnPaper, agenda, attendance_sheet
from ..queries import meeting as queries
from ..queries.safety import flags_of
from ..rules import access as rules
from .base import ConferenceView, OpenConferenceView

WHO = "Those who prepare the conference: its chair, minute-taker and the team's manager."


class Parts(ConferenceView):
    """The parts of the meeting, and who is in each."""

    may = staticmethod(rules.can_prepare)
    who_may_see = WHO

    def get(self, request, conference_id):
        context = {
            "parts": queries.planned_parts(self.conference),
            "flags": [flag for flag in flags_of(self.conference) if flag.ended_at is None],
            "is_open": rules.is_open(self.conference),
        }
        return self.page("conferences/meeting/parts.html", context)


class AddPart(OpenConferenceView):
    """Another part, with its own time, room, waiting area and call."""

    who_may_see = WHO
    title = "Add a part"

    def get(self, request, conference_id):
        return self._show(PartForm(day=self._day))

    def post(self, request, conference_id):
        form = PartForm(request.POST, day=self._day)
        if form.is_valid():
            try:
                self.save(form.facts)
                return redirect("conferences:parts", conference_id)
            except operations.CannotPlan as refusal:
                form.show_refusal(refusal)
        return self._show(form)

    def save(self, facts: operations.PartFacts) -> None:
        operations.add_part(conference=self.conference, facts=facts, by=self.request.user, now=self.now)

    @property
    def _day(self):
        return timezone.localtime(self.conference.scheduled_at, LONDON).date()

    def _show(self, form):
        return self.page("conferences/meeting/form.html", {"form": form, "title": self.title})


class PartMixin:
    """Loads the part a page is about; a part of another conference does not exist."""

    who_may_see = WHO

    def enter(self, conference_id, part_id):
        leads_back = super().enter(conference_id)
        self.part = get_object_or_404(ConferencePart, pk=part_id, conference=self.conference)
        return leads_back


class ChangePart(PartMixin, AddPart):
    """When and where a part is."""

    title = "Change a part"

    def get(self, request, conference_id, part_id):
        part = self.part
        initial = {name: getattr(part, name) for name in ("place", "waiting_area", "call")} | {
            "starts": timezone.localtime(part.starts_at, LONDON).time(),
            "ends": timezone.localtime(part.ends_at, LONDON).time(),
        }
        return self._show(PartForm(initial=initial, day=self._day))

    def post(self, request, conference_id, part_id):
        return super().post(request, conference_id)

    def save(self, facts):
        operations.change_part(part=self.part, facts=facts, by=self.request.user, now=self.now)


class RemovePart(PartMixin, OpenConferenceView):
    """Take a part off that is not needed."""

    def get(self, request, conference_id, part_id, refusal=""):
        return self.page("conferences/meeting/remove_part.html", {"part": self.part, "refusal": refusal})

    def post(self, request, conference_id, part_id):
        try:
            operations.remove_part(part=self.part, by=request.user, now=self.now)
        except operations.CannotPlan as refusal:
            return self.get(request, conference_id, part_id, str(refusal))
        return redirect("conferences:parts", conference_id)


class SeatPeople(PartMixin, OpenConferenceView):
    """Who is in one part, who joins online, where each waits."""

    def get(self, request, conference_id, part_id):
        return self._show(SeatsForm(seats=self._planned.seats))

    def post(self, request, conference_id, part_id):
        form = SeatsForm(request.POST, seats=self._planned.seats)
        if form.is_valid():
            try:
                operations.seat_people(part=self.part, seats=form.answers, by=request.user, now=self.now)
                return redirect("conferences:parts", conference_id)
            except operations.CannotPlan as refusal:
                form.show_refusal(refusal)
        return self._show(form)

    @property
    def _planned(self):
        return next(one for one in queries.planned_parts(self.conference) if one.part == self.part)

    def _show(self, form):
        context = {"form": form, "title": f"Who is in part {self.part.number}?"}
        return self.page("conferences/meeting/form.html", context)


class Agenda(ConferenceView):
    """The agenda, for those who run the meeting."""

    may = staticmethod(rules.can_prepare)
    who_may_see = WHO
    title, file_url, filename = "Agenda", "conferences:agenda-file", "Agenda.pdf"

    def get(self, request, conference_id):
        context = {"title": self.title, "file_url": self.file_url, "document": as_html(self.document())}
        return self.page("conferences/meeting/paper.html", context)

    def document(self) -> Document:
        one = self.conference
        return agenda(
            on=one.scheduled_at,
            kind=one.get_kind_display(),
            chair=str(one.chair),
            chair_title=one.team.chair_title,
            children=queries.children_named(one),
            parts=self.on_paper(),
        )

    def on_paper(self) -> list[PartOnPaper]:
        fallback = self.conference.arrangements.place
        return [
            PartOnPaper(
                planned.part.number,
                planned.part.starts_at,
                planned.part.ends_at,
                planned.part.place or fallback,
                [(seat.name, "online" if seat.attendance.online else "") for seat in planned.invited],
            )
            for planned in queries.planned_parts(self.conference)
        ]


class AttendanceSheet(Agenda):
    """The sheet to tick in the room."""

    title, file_url, filename = "Attendance sheet", "conferences:attendance-sheet-file", "Attendance.pdf"

    def document(self):
        return attendance_sheet(on=self.conference.scheduled_at, parts=self.on_paper())


class AsFile(RecentlyConfirmed):
    """The same as a PDF file: taking something away needs showing again who you are."""

    def get(self, request, conference_id):
        return self.pdf(as_pdf(self.document()), self.filename, action="download")


class AgendaFile(AsFile, Agenda):
    """The agenda as a file."""


class AttendanceSheetFile(AsFile, AttendanceSheet):
    """The sheet as a file."""
