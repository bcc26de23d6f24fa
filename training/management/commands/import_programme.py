"""``import_programme FILE``: what importing a programme would do; with ``--write``, do it."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from chatr.accounts.permissions import Permission
from chatr.staff.commands import add_by, member_of_staff, read_rows

from ...operations.programme import import_programme
from ...operations.runs import CannotChangeRun, publish_runs
from ...programme.plan import ProgrammePlan, plan_programme
from ...programme.rows import COLUMNS, REQUIRED


class Command(BaseCommand):
    help = "Show what importing a programme (CSV or Excel) would do. Nothing is written without --write."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--write", action="store_true", help="import it; new runs come in as drafts")
        parser.add_argument("--publish", action="store_true", help="with --write: publish the new runs")
        add_by(parser)

    def handle(self, file: Path, **options):
        if options["publish"] and not options["write"]:
            raise CommandError("--publish goes with --write.")
        by = member_of_staff(options["by"], Permission.MANAGE_TRAINING, "training") if options["write"] else None
        now = timezone.now()
        plan = plan_programme(read_rows(file, REQUIRED, COLUMNS, say=self.stdout.write), now=now)
        self._show(plan)
        if not options["write"]:
            return
        try:
            done = import_programme(plan=plan, by=by, now=now)
            if options["publish"]:
                publish_runs(runs=done.new_runs, by=by)
        except CannotChangeRun as refusal:
            raise CommandError(f"{refusal}") from None
        state = "published" if options["publish"] else "as drafts"
        self.stdout.write(f"Imported: {len(done.new_runs)} new {state}, {len(done.changed_runs)} changed.")

    def _show(self, plan: ProgrammePlan) -> None:
        self.stdout.write(plan.totals)
        self.stdout.write(plan.outcome)
        for sentence in plan.refused:
            self.stdout.write(f"Refused: {sentence}")
        for sentence in plan.warnings:
            self.stdout.write(f"Warning: {sentence}")
        for run in plan.runs:
            if run.told:
                self.stdout.write(f"Told of the change of {run.ref}: {', '.join(run.told)}")
