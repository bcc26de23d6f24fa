"""``load_postcodes FILE``: add and change postcodes, from our CSV, the ONS Postcode Directory or OS Code-Point Open."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from ...operations.postcodes import load_postcodes
from ...postcodes.rows import CannotLoad


class Command(BaseCommand):
    help = (
        "Load postcodes: a CSV (postcode, latitude, longitude, borough), the ONS Postcode Directory or OS Code-Point "
        "Open; a file, a folder or a zip. Running it again changes nothing."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)

    def handle(self, file: Path, **options):
        try:
            loaded = load_postcodes(path=file, by=None)
        except CannotLoad as refusal:
            raise CommandError(f"{refusal} Nothing was changed.") from None
        self.stdout.write(f"Postcodes: {loaded}")
