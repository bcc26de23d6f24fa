"""``export_services FILE``: every service as CSV or Excel, to be read, changed and imported again."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from chatr.spreadsheets.writing import csv_response, xlsx_response

from ...operations.sheets import export_services
from ...sheets.columns import HEADINGS


class Command(BaseCommand):
    help = "Write every service to a file: .csv, or .xlsx for Excel. Hidden addresses are never in it."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)

    def handle(self, file: Path, **options):
        respond = {".csv": csv_response, ".xlsx": xlsx_response}.get(file.suffix.lower())
        if respond is None:
            raise CommandError("Give a file that ends in .csv or .xlsx.")
        rows = export_services(by=None)
        try:
            file.write_bytes(b"".join(respond(file.name, HEADINGS, rows)))
        except OSError as problem:
            raise CommandError(f"{file} cannot be written: {problem.strerror}.") from None
        self.stdout.write(f"{len(rows)} services are in {file.name}.")
