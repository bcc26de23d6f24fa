"""``load_examples``: example organisations, people, courses and bookings, with dates around today."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from chatr.examples.operations import NotHere, load_examples


class Command(BaseCommand):
    help = "Load example data: organisations, people, the programme and bookings in every state. Local portals only."

    def handle(self, **options):
        try:
            loaded = load_examples(now=timezone.now())
        except NotHere as refused:
            raise CommandError(str(refused)) from None
        self.stdout.write("Example data loaded." if loaded else "Example data is there already.")
