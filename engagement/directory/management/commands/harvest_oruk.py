"""``harvest_oruk URL``: what taking over another directory's feed would do; with ``--write``, do it."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from chatr.accounts.permissions import Permission
from chatr.staff.commands import add_by, member_of_staff

from ...harvest.reading import CannotHarvest, read_feed
from ...operations.harvesting import harvest


class Command(BaseCommand):
    help = "Show what harvesting an Open Referral UK 3.0 feed would do. Nothing is written without --write."

    def add_arguments(self, parser):
        parser.add_argument("url", help="address of the feed, such as https://directory.example.org/oruk/v3")
        parser.add_argument("--write", action="store_true", help="take over what is new and what changed")
        add_by(parser)

    def handle(self, url: str, **options):
        by = member_of_staff(options["by"], Permission.MANAGE_DIRECTORY, "the directory") if options["write"] else None
        try:
            done = harvest(address=url, feed=read_feed(url), by=by, now=timezone.now(), write=options["write"])
        except CannotHarvest as refusal:
            raise CommandError(f"The feed was not harvested: {refusal}") from None
        for problem in done.problems:
            self.stdout.write(f"Note: {problem}")
        for what, name in done.steps:
            self.stdout.write(f"{name}: {what}.")
        kinds = dict.fromkeys(what for what, _ in done.steps)
        counts = ", ".join(f"{done.count(what)} {what}" for what in kinds) or "nothing is there"
        self.stdout.write(counts if options["write"] else f"{counts}. Nothing was written: add --write --by EMAIL.")
