"""``harvest_oruk URL``: what taking over another directory's feed would do; with ``--write``, do it."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from chatr.accounts.models import User
from chatr.accounts.permissions import Permission

from ...harvest.reading import CannotHarvest, read_feed
from ...operations.harvesting import harvest


class Command(BaseCommand):
    help = "Show what harvesting an Open Referral UK 3.0 feed would do. Nothing is written without --write."

    def add_arguments(self, parser):
        parser.add_argument("url", help="address of the feed, such as https://directory.example.org/oruk/v3")
        parser.add_argument("--write", action="store_true", help="take over what is new and what changed")
        parser.add_argument("--by", metavar="EMAIL", help="with --write: the member of staff it is done for")

    def handle(self, url: str, **options):
        by = self._member_of_staff(options["by"]) if options["write"] else None
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

    def _member_of_staff(self, email: str | None) -> User:
        user = User.objects.filter(email=(email or "").strip().lower()).first()
        if user is None or not user.may(Permission.MANAGE_DIRECTORY):
            raise CommandError("Name a member of staff who may change the directory: --by EMAIL.")
        return user
