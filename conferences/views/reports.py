"""Agency reports as those who prepare and record a conference see them: asking, reading, the pack."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect

from chatr.accounts.views.steps import RecentlyConfirmed
from chatr.pdf.documents import as_html, as_pdf
from chatr.workdays.queries import bank_holidays

from ..forms.reports import AskForm, LateReportsForm, PaperForm
from ..models import AgencyReport, Person, PersonKind, Reason, ReportPartKind
from ..operations import report_requests, reports
from ..operations.explanations import CannotExplain, explain
from ..paper.report_pack import report_pack
from ..queries.explanations import explanations_of
from ..queries.family import children_of
from ..queries.reports import professionals, received_reports, report_in
from ..rules import access as rules
from ..rules.reports import HEADINGS, PARTS, can_be_written, standing
from ..rules.timescales import holidays_around
from .base import ConferenceView, OpenConferenceView

LATE = (Reason.LATE_REPORTS.value, None)
READERS = "Those whose assignment lets them read the record, and the team's manager."
PREPARING = "The chair, their cover, the minute-taker and the team's manager."


class Reports(ConferenceView):
    """Every professional of the conference: what was asked, when it is due, when it came, whether the family knew."""

    who_may_see = READERS

    def get(self, request, conference_id):
        return self._show()

    def post(self, request, conference_id):
        """Write down what the family chose about reports they saw late."""
        if not rules.can_write_record(self.access) or not rules.is_open(self.conference):
            raise Http404
        form = LateReportsForm(request.POST)
        if form.is_valid():
            try:
                explain(
                    conference=self.conference,
                    kind=Reason.LATE_REPORTS,
                    words=form.cleaned_data["words"],
                    by=request.user,
                    now=self.now,
                )
                messages.success(request, "Saved.")
                return redirect("conferences:reports", conference_id)
            except CannotExplain as refusal:
                form.show_refusal(refusal)
        return self._show(form)

    def _explained(self) -> str:
        found = explanations_of(self.conference).get(LATE)
        return found.words if found else ""

    def _show(self, form=None):
        asked = professionals(self.conference)
        days = [one.report.due_on for one in asked if one.report] or [self.now.date()]
        holidays = bank_holidays(*holidays_around(self.now.date(), *days))
        rows = [(one, standing(one.report, self.now, holidays) if one.report else None) for one in asked]
        family_saw_late = any(how and how.family_saw_late for _, how in rows)
        explained = self._explained() if family_saw_late else ""
        context = {
            "rows": rows,
            "family_saw_late": family_saw_late,
            "any_received": any(one.report and one.report.received_at for one, _ in rows),
            "can_ask": rules.can_prepare(self.access) and can_be_written(self.conference),
            "can_type": rules.can_write_record(self.access) and can_be_written(self.conference),
            "can_explain": rules.can_write_record(self.access) and rules.is_open(self.conference),
            "can_print": rules.can_prepare(self.access),
            "explained": explained,
            "form": form or LateReportsForm(initial={"words": explained}),
        }
        seen = [one.report.pk for one in asked if one.report]
        return self.page("conferences/reports/list.html", context, sections=seen)


class AskForReport(OpenConferenceView):
    """Ask a professional for a report; or, while it has not come, ask somebody else instead."""

    who_may_see = PREPARING

    def enter(self, conference_id, person_id):
        answer = super().enter(conference_id)
        self.person = get_object_or_404(Person, pk=person_id, conference=self.conference, kind=PersonKind.PROFESSIONAL)
        self.report = (
            AgencyReport.objects.filter(person=self.person, withdrawn_at=None).select_related("contributor").first()
        )
        self.children = children_of(self.conference)
        return answer

    def get(self, request, conference_id, person_id):
        return self._show(self._form(initial=self._start()))

    def post(self, request, conference_id, person_id):
        form = self._form(request.POST)
        if form.is_valid():
            try:
                self._ask(form.cleaned_data["email"], set(form.cleaned_data["children"]))
                messages.success(request, "We have sent the e-mail. It does not say what it is about.")
                return redirect("conferences:reports", conference_id)
            except report_requests.CannotAsk as refusal:
                form.show_refusal(refusal)
        return self._show(form)

    def _ask(self, email: str, chosen: set[str]) -> None:
        more = {
            "email": email,
            "children": [child for child in self.children if str(child.pk) in chosen],
            "by": self.request.user,
            "now": self.now,
        }
        if self.report is None:
            report_requests.invite_contributor(conference=self.conference, person=self.person, **more)
        else:
            report_requests.change_contributor(report=self.report, **more)

    def _form(self, *args, **kwargs):
        return AskForm(*args, children=self.children, **kwargs)

    def _start(self) -> dict:
        contributor = self.report.contributor if self.report else self.person.user
        return {
            "email": contributor.email if contributor else "",
            "children": [str(child.pk) for child in self.children],
        }

    def _show(self, form):
        return self.page(
            "conferences/reports/ask.html",
            {"form": form, "person": self.person, "report": self.report},
            thing=self.person,
        )


class TypeInReport(OpenConferenceView):
    """A report that came on paper, typed in for the professional."""

    who_may_see = "The chair, their cover and the minute-taker."
    may = staticmethod(rules.can_write_record)

    def enter(self, conference_id, person_id):
        answer = super().enter(conference_id)
        self.person = get_object_or_404(Person, pk=person_id, conference=self.conference, kind=PersonKind.PROFESSIONAL)
        report = AgencyReport.objects.filter(person=self.person, withdrawn_at=None).values_list("pk", flat=True).first()
        self.written = report_in(self.conference, report) if report else None
        self.children = children_of(self.conference)
        return answer

    def get(self, request, conference_id, person_id):
        return self._show(PaperForm(children=self.children, initial=self._start()))

    def post(self, request, conference_id, person_id):
        form = PaperForm(request.POST, children=self.children)
        if form.is_valid():
            chosen = set(form.cleaned_data["children"])
            try:
                reports.take_from_paper(
                    conference=self.conference,
                    person=self.person,
                    children=[child for child in self.children if str(child.pk) in chosen],
                    answers=form.answers,
                    received_on=form.cleaned_data["received_on"],
                    by=request.user,
                    now=self.now,
                )
                messages.success(request, "The report is kept, marked as typed in from paper.")
                return redirect("conferences:reports", conference_id)
            except reports.CannotReport as refusal:
                form.show_refusal(refusal)
        return self._show(form)

    def _start(self) -> dict:
        if self.written is None:
            return {"children": [str(child.pk) for child in self.children]}
        report = self.written.report
        start = {"children": [str(one.child_id) for one in report.about]}
        if report.typed_by_id:  # to correct it; what a contributor has begun to type themselves is not taken from them
            start |= PaperForm.holding(report, self.written.words) | {"received_on": report.received_at.date()}
        return start

    def _show(self, form):
        thing = self.written.report if self.written else self.person
        return self.page("conferences/reports/paper.html", {"form": form, "person": self.person}, thing=thing)


class OneReport(ConferenceView):
    """Something about one report of the conference."""

    def enter(self, conference_id, report_id):
        super().enter(conference_id)
        self.written = report_in(self.conference, report_id)
        if self.written is None:
            raise Http404
        self.report = self.written.report


class ReadReport(OneReport):
    """One report. The database hands what is for the chair alone to nobody else."""

    who_may_see = READERS

    def get(self, request, conference_id, report_id):
        report, words = self.written.report, self.written.words
        holidays = bank_holidays(*holidays_around(self.now.date(), report.due_on))
        is_waiting = report.received_at is None
        changeable = can_be_written(self.conference)
        context = {
            "written": self.written,
            "report": report,
            "standing": standing(report, self.now, holidays),
            # A draft is its writer's own until they file it.
            "parts": [] if is_waiting else [(HEADINGS[kind], words.get(kind, "")) for kind in PARTS],
            "chair_only": "" if is_waiting else words.get(ReportPartKind.CHAIR_ONLY, ""),
            "can_ask": rules.can_prepare(self.access) and changeable and is_waiting,
            "can_correct": rules.can_write_record(self.access) and changeable and report.typed_by_id is not None,
        }
        return self.page("conferences/reports/report.html", context, thing=report)


class SendAgain(OneReport):
    """Write to the contributor once more."""

    who_may_see = PREPARING
    may = staticmethod(rules.can_prepare)
    http_method_names = ["post"]

    def post(self, request, conference_id, report_id):
        try:
            report_requests.send_again(report=self.report, by=request.user, now=self.now)
            messages.success(request, "We have sent the e-mail again.")
        except report_requests.CannotAsk as refusal:
            messages.error(request, str(refusal))
        return redirect("conferences:report", conference_id, report_id)


class WithdrawReport(OneReport):
    """Ask no longer; asks first."""

    who_may_see = PREPARING
    may = staticmethod(rules.can_prepare)

    def get(self, request, conference_id, report_id):
        return self.page("conferences/reports/withdraw.html", {"report": self.report}, thing=self.report)

    def post(self, request, conference_id, report_id):
        try:
            report_requests.withdraw_report(report=self.report, by=request.user, now=self.now)
            messages.success(request, "The report is not asked for any more. They cannot open it from now on.")
        except report_requests.CannotAsk as refusal:
            messages.error(request, str(refusal))
        return redirect("conferences:reports", conference_id)


class ReportPack(RecentlyConfirmed, ConferenceView):
    """Every received report on one page, to print for the people in the room."""

    who_may_see = f"{PREPARING} They have just shown who they are."
    may = staticmethod(rules.can_prepare)

    def get(self, request, conference_id):
        received = received_reports(self.conference)
        return self.page(
            "conferences/reports/pack.html",
            {"document": as_html(report_pack(received)), "how_many": len(received)},
            action="download",
            sections=[written.report.pk for written in received],
        )


class ReportPackFile(RecentlyConfirmed, ConferenceView):
    """The same as a file."""

    who_may_see = ReportPack.who_may_see
    may = staticmethod(rules.can_prepare)

    def get(self, request, conference_id):
        received = received_reports(self.conference)
        return self.pdf(
            as_pdf(report_pack(received)),
            "reports.pdf",
            action="download",
            sections=[written.report.pk for written in received],
        )
