from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from chatr.retention.operations import RetentionFailed, run


class Command(BaseCommand):
    help = "Removes what is past its time, as each retention rule says."

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="say what would go, and keep it")

    def handle(self, *args, dry_run, **options):
        verb = "would go" if dry_run else "gone"
        try:
            for purged in run(timezone.now(), dry_run=dry_run):
                before = timezone.localtime(purged.before)
                self.stdout.write(f"{purged.rule.name}, before {before:%d/%m/%Y}: {purged.count} {verb}")
        except RetentionFailed as refusal:
            raise CommandError(str(refusal)) from None
