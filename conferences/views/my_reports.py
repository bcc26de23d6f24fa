"""A contributor's own pages: the reports asked of them, writing one, checking and filing it."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect

from chatr.web.forms import problems
from chatr.web.templatetags.portal import clock_time
from chatr.workdays.queries import bank_holidays

from ..forms.reports import ReportForm
from ..models import ReportPartKind
from ..operations import reports
from ..queries.reports import full_name, own_report, reports_of, with_words
from ..rules.reports import PARTS, can_be_written, lacks, standing
from ..rules.timescales import holidays_around
from .base import AreaView

OWN = "The contributor whose report it is, signed in with a second factor."
PARTS_WITH_CHAIR = (*PARTS, ReportPartKind.CHAIR_ONLY)


class MyReports(AreaView):
    """The reports asked of me. The children's names are shown here and nowhere before."""

    who_may_see = "Contributors, their own reports alone, signed in with a second factor."

    def get(self, request):
        found = reports_of(request.user)
        holidays = bank_holidays(*holidays_around(self.now.date(), *(report.due_on for report in found)))
        rows = [
            {
                "report": report,
                "children": [full_name(one.child) for one in report.about],
                "standing": standing(report, self.now, holidays),
                "can_be_written": can_be_written(report.conference),
            }
            for report in found
        ]
        for report in found:  # whoever asks who has seen a conference finds this too
            self.saw(thing=report, conference_id=report.conference_id)
        return self.page("conferences/reports/mine.html", {"rows": rows})


class OwnReport(AreaView):
    """Something about one of my reports; any other, of whatever conference, does not exist."""

    who_may_see = OWN

    def enter(self, report_id):
        self.written = own_report(self.request.user, report_id)
        if self.written is None:
            raise Http404
        self.report = self.written.report

    def page(self, template, context=None, **more):
        report = self.report
        holidays = bank_holidays(*holidays_around(self.now.date(), report.due_on))
        about = {
            "report": report,
            "children": self.written.children,
            "standing": standing(report, self.now, holidays),
            "can_be_written": can_be_written(report.conference) and report.typed_by_id is None,
        }
        more = {"thing": report, "conference_id": report.conference_id} | more
        return super().page(template, about | (context or {}), **more)

    def answers(self) -> list[tuple[str, str]]:
        """Each part by its label, as it is kept."""
        return [(kind.label, self.written.words.get(kind, "")) for kind in PARTS_WITH_CHAIR]


class FileReport(OwnReport):
    """Write the report. It is kept as a draft until it is filed."""

    def get(self, request, report_id):
        if not can_be_written(self.report.conference) or self.report.typed_by_id:
            return self.page("conferences/reports/closed.html", {"parts": self.answers()})
        return self._show(self._form(initial=ReportForm.holding(self.report, self.written.words)))

    def post(self, request, report_id):
        if request.headers.get("Accept") == "application/json":
            return self._save_while_typing()
        form = self._form(request.POST)
        if not form.is_valid():
            return self._show(form)
        version = form.cleaned_data["version"] or 0
        try:
            saved = reports.save_report(
                report=self.report, answers=form.answers, version=version, by=request.user, now=self.now
            )
        except reports.CannotReport as refusal:
            form.show_refusal(refusal)
            return self._show(form)
        except reports.ReportChanged as stale:
            return self._show_both(form, stale)
        if "draft" in request.POST:
            messages.success(request, "Saved.")
            return redirect("conferences:file-report", report_id)
        if saved.received_at is not None:
            messages.success(request, "Your change is saved. The chair sees that the report was changed, and when.")
            return redirect("conferences:my-reports")
        return redirect("conferences:check-report", report_id)

    def _save_while_typing(self):
        """What the page's script sends by itself. It shows nothing of the report."""
        form = self._form(self.request.POST, half_typed=True)
        if not form.is_valid():
            return self.answer({"why": problems(form)[0].message}, status=400)
        version = form.cleaned_data["version"] or 0
        try:
            saved = reports.save_report(
                report=self.report, answers=form.answers, version=version, by=self.request.user, now=self.now
            )
        except reports.CannotReport as refusal:
            return self.answer({"why": str(refusal)}, status=400)
        except reports.ReportChanged:
            return self.answer({}, status=409)
        return self.answer({"version": saved.version, "at": clock_time(self.now)})

    def _form(self, *args, **kwargs) -> ReportForm:
        return ReportForm(*args, is_filed=self.report.received_at is not None, **kwargs)

    def _show(self, form):
        return self.page("conferences/reports/file.html", {"form": form})

    def _show_both(self, form, stale):
        """What is kept and what was typed here, beside each other; the form goes on from what is kept."""
        form.data = form.data.copy()
        form.data["version"] = stale.saved.version
        kept = [
            (kind.label, stale.words.get(kind, ""), form.cleaned_data[kind.value])
            for kind in form.parts
            if stale.words.get(kind, "") != form.cleaned_data[kind.value]
        ]
        return self.page("conferences/reports/changed.html", {"form": form, "both": kept, "refusal": stale}, status=409)


class CheckReport(OwnReport):
    """Everything in it once more; then it is filed."""

    def get(self, request, report_id):
        if self.report.received_at is not None or not can_be_written(self.report.conference):
            return redirect("conferences:file-report", report_id)
        return self._show()

    def post(self, request, report_id):
        try:
            reports.file_report(report=self.report, version=self._version(), by=request.user, now=self.now)
        except reports.ReportChanged:
            return self._show("This report was saved again since you opened this page. Check it once more.", status=409)
        except reports.CannotReport as refusal:
            return self._show(str(refusal))
        messages.success(request, "Your report is filed. You can change it until the conference is held.")
        return redirect("conferences:my-reports")

    def _version(self) -> int:
        given = self.request.POST.get("version", "")
        return int(given) if given.isdecimal() and len(given) < 10 else 0

    def _show(self, refusal: str = "", status: int = 200):
        # As it is kept now: a refusal may come because it was saved elsewhere a moment ago.
        self.report.refresh_from_db(fields=["version", "discussed_on", "not_discussed", "spoke_directly"])
        (self.written,) = with_words([self.report])
        return self.page(
            "conferences/reports/check.html",
            {
                "parts": self.answers(),
                "missing": list(lacks(self.report, self.written.words).items()),
                "refusal": refusal,
            },
            status=status,
        )
