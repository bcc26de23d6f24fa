"""``import_services FILE``: what importing services would do; with ``--write``, do it."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from chatr.accounts.models import User
from chatr.accounts.permissions import Permission
from chatr.spreadsheets.reading import CannotRead, read_table

from ...operations.sheets import CannotImport, import_services
from ...sheets.columns import KEYS
from ...sheets.plan import SheetPlan, plan_sheet


class Command(BaseCommand):
    help = "Show what importing services (CSV or Excel) would do. Nothing is written without --write."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--write", action="store_true", help="import them as approved entries")
        parser.add_argument("--by", metavar="EMAIL", help="with --write: the member of staff it is done for")

    def handle(self, file: Path, **options):
        by = self._member_of_staff(options["by"]) if options["write"] else None
        plan = self._plan(file)
        self._show(plan)
        if not options["write"]:
            return
        try:
            done = import_services(plan=plan, by=by, now=timezone.now())
        except CannotImport as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(f"Imported: {done.new} new, {done.changed} changed.")

    def _member_of_staff(self, email: str | None) -> User:
        user = User.objects.filter(email=(email or "").strip().lower()).first()
        if user is None or not user.may(Permission.MANAGE_DIRECTORY):
            raise CommandError("Name a member of staff who may change the directory: --by EMAIL.")
        return user

    def _plan(self, file: Path) -> SheetPlan:
        try:
            table = read_table(file.read_bytes(), file.name)
            for warning in table.check_columns((), KEYS):
                self.stdout.write(f"Note: {warning}")
        except OSError as problem:
            raise CommandError(f"{file} cannot be read: {problem.strerror}.") from None
        except CannotRead as refusal:
            raise CommandError(str(refusal)) from None
        return plan_sheet([(row.number, row.cells) for row in table.rows])

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
