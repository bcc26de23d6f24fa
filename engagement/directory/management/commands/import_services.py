"""``import_services FILE``: what importing services would do; with ``--write``, do it."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from chatr.accounts.permissions import Permission
from chatr.staff.commands import add_by, member_of_staff, read_rows

from ...operations.sheets import CannotImport, import_services
from ...sheets.columns import KEYS
from ...sheets.plan import SheetPlan, plan_sheet


class Command(BaseCommand):
    help = "Show what importing services (CSV or Excel) would do. Nothing is written without --write."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--write", action="store_true", help="import them as approved entries")
        add_by(parser)

    def handle(self, file: Path, **options):
        by = member_of_staff(options["by"], Permission.MANAGE_DIRECTORY, "the directory") if options["write"] else None
        plan = plan_sheet(read_rows(file, (), KEYS, say=self.stdout.write))
        self._show(plan)
        if not options["write"]:
            return
        try:
            done = import_services(plan=plan, by=by, now=timezone.now())
        except CannotImport as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(f"Imported: {done.new} new, {done.changed} changed.")

    def _show(self, plan: SheetPlan) -> None:
        self.stdout.write(plan.outcome)
        for refusal in plan.refused:
            self.stdout.write(f"Refused: {refusal}")
        for note in plan.notes:
            self.stdout.write(f"Note: {note}")
        for row in plan.new:
            self.stdout.write(f"New: row {row.number}, {row.entry.name}, {row.organisation}")
        for row in plan.changed:
            for change in row.changes:
                before, after = ("; ".join(side) or "nothing" for side in (change.before, change.after))
                self.stdout.write(f"Changed: row {row.number}, {row.service}. {change.label}: {before} → {after}")
