"""Handing over what a list shows, as a file."""

from collections.abc import Callable, Sequence

from django.contrib import admin
from django.contrib.admin.options import IS_POPUP_VAR
from django.db import transaction
from django.http import HttpResponse
from django.utils import timezone

from chatr.audit.operations import record


class ExportMixin:
    """List actions that hand over the chosen rows as CSV or Excel. Formulas are neutralised, and the export audited.

    ``export_columns`` are pairs of a title and an attribute name (or a callable given the record).
    """

    export_columns: Sequence[tuple[str, str | Callable]] = ()

    def export_queryset(self, request, queryset):
        """The chosen rows with what the columns need; override to join or count in one query."""
        return queryset

    def get_actions(self, request):
        actions = super().get_actions(request)
        if IS_POPUP_VAR in request.GET:
            return actions
        for name in ("export_csv", "export_excel"):
            actions[name] = self.get_action(name)
        return actions

    @admin.action(description="Download as CSV")
    def export_csv(self, request, queryset):
        return self._export(request, queryset, "csv")

    @admin.action(description="Download for Excel")
    def export_excel(self, request, queryset):
        return self._export(request, queryset, "xlsx")

    def _export(self, request, queryset, extension: str) -> HttpResponse:
        from chatr.spreadsheets.writing import csv_response, xlsx_response  # heavy, and seldom needed

        header = [title for title, _ in self.export_columns]
        rows = [
            [column(thing) if callable(column) else getattr(thing, column) for _, column in self.export_columns]
            for thing in self.export_queryset(request, queryset)
        ]
        details = {"rows": len(rows), "format": extension}
        with transaction.atomic():
            record(f"staff.{self.opts.model_name}_exported", None, by=request.user, details=details)
        respond = {"csv": csv_response, "xlsx": xlsx_response}[extension]
        name = str(self.opts.verbose_name_plural).replace(" ", "-")
        return respond(f"{name}-{timezone.localdate():%Y-%m-%d}.{extension}", header, rows)
