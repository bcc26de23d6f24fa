"""What people looked for and did not find, which services they looked at, and whether it helped."""

from datetime import timedelta

from django.contrib import admin
from django.db import transaction
from django.template.response import TemplateResponse
from django.utils import timezone

from chatr.accounts.permissions import Permission
from chatr.audit.operations import record
from chatr.staff.admin import StaffAdmin

from ..models import SearchGap
from ..queries import learning as queries

PERIODS = {"30": "The last 30 days", "90": "The last 90 days", "365": "The last year"}
USUAL = "90"


@admin.register(SearchGap)
class SearchGapAdmin(StaffAdmin):
    """One page of counts instead of a list of rows: no search of anybody is on it, only what many had in common."""

    permission = Permission.MANAGE_DIRECTORY
    read_only = True

    def changelist_view(self, request, extra_context=None):
        days = request.GET.get("days", USUAL)
        days = days if days in PERIODS else USUAL
        today = timezone.localdate()
        period = queries.Period(today - timedelta(days=int(days) - 1), today)
        if file := FILES.get(request.GET.get("download", "")):
            return self._download(request, file, period)
        return self._page(request, period, days)

    def _page(self, request, period: queries.Period, days: str):
        seen = queries.services_seen(period)
        most = [each for each in seen[: queries.SHOWN] if each.views]
        least = sorted(seen, key=lambda each: (each.views, each.name))[: queries.SHOWN]
        context = self.admin_site.each_context(request) | {
            "opts": self.opts,
            "title": "What people look for",
            "period": period,
            "days": days,
            "periods": PERIODS.items(),
            "words": queries.gaps_by_words(period),
            "filters": queries.gaps_by_filter(period),
            "outcodes": queries.gaps_by_outcode(period),
            "most": most,
            "least": least,
            "fewest": queries.FEWEST_ANSWERS,
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/directory/learning.html", context)

    def _download(self, request, file, period: queries.Period):
        from chatr.spreadsheets.writing import csv_response  # heavy, and seldom needed

        name, header, rows_of = file
        rows = rows_of(period)
        details = {"file": name, "rows": len(rows), "from": period.first.isoformat(), "to": period.last.isoformat()}
        with transaction.atomic():
            record("directory.counts_exported", None, by=request.user, details=details)
        return csv_response(f"{name}-{period.first:%Y-%m-%d}-{period.last:%Y-%m-%d}.csv", header, rows)


def _gap_rows(period: queries.Period) -> list[tuple]:
    return [
        (gap.day, " ".join(gap.words), " ".join(gap.filters), gap.outcode, gap.count)
        for gap in queries.all_gaps(period)
    ]


def _service_rows(period: queries.Period) -> list[tuple]:
    return [(each.name, each.organisation, each.views, each.helped_in_words) for each in queries.services_seen(period)]


FILES = {
    "gaps": ("searches-without-result", ["Day", "Words", "Filters", "Outcode", "Searches"], _gap_rows),
    "services": ("services-looked-at", ["Service", "Organisation", "Views", "Said it helped"], _service_rows),
}
