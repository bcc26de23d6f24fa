"""Write everything the public searches and downloads anew, from the entries."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from engagement.directory.operations.feed import drop_gone
from engagement.directory.operations.rebuilding import rebuild


class Command(BaseCommand):
    help = "Writes listings and the Open Referral UK feed anew from the entries. What is right already stays."

    def handle(self, **options):
        now = timezone.now()
        count = rebuild(now=now)
        gone = drop_gone(now=now)
        self.stdout.write(f"{count} services were brought in step; {gone} rows that are over were taken away.")
