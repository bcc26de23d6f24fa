"""Reading a spreadsheet somebody made by hand, CSV or XLSX, into rows of text.

Everything comes back as text, the way a person typed it: dates as 14/01/2027 and times as 09:30 from either format.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from openpyxl import load_workbook

from .writing import FORMULA

MAX_BYTES = 5 * 1024 * 1024
MAX_UNPACKED = 100 * 1024 * 1024
MAX_ROWS = 5_000
MAX_COLUMNS = 200
LONGEST_CELL = 32_767  # what Excel allows

NOT_A_SPREADSHEET = "This is not a spreadsheet we can read. Save it as Excel (.xlsx) or CSV and try again."
OLD_EXCEL = "This is an older kind of Excel file (.xls). Save it as Excel workbook (.xlsx) or CSV and try again."
TOO_LARGE = f"This spreadsheet is too large. The limit is {MAX_ROWS:,} rows and {MAX_BYTES // 1024 // 1024} MB."
EMPTY = "This spreadsheet is empty."
ONLY_HEADINGS = "This spreadsheet has column headings and no rows below them."
NOT_TEXT = re.compile("[\x00-\x08\x0e-\x1f]")


class CannotRead(Exception):
    """Why a file can't be read, worded for the person who chose it."""


@dataclass(frozen=True)
class Row:
    """One row that is not blank. ``number`` is the one the person sees beside it in their spreadsheet."""

    number: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        """The cell's text without spaces around it; empty when there is no such column."""
        return self.cells.get(column, "")


@dataclass(frozen=True)
class Table:
    """A spreadsheet's first sheet. Column names are in lower case with underscores: "Start time" is start_time."""

    header: list[str]
    rows: list[Row]

    def check_columns(self, required: Iterable[str], optional: Iterable[str] = ()) -> list[str]:
        """Warnings about columns nobody knows, which are left out.

        :raises CannotRead: naming every required column that is missing
        """
        missing = [column for column in required if column not in self.header]
        if missing:
            raise CannotRead(f"{_columns(missing)} missing. The first row must hold the column headings.")
        known = {*required, *optional}
        return [
            f"The column “{column}” is not one we know, so it is left out."
            for column in self.header
            if column not in known
        ]


def read_table(data: bytes, filename: str) -> Table:
    """The table in a CSV (UTF-8 or Windows, commas, semicolons or tabs) or XLSX file. Its content decides which it is.

    :raises CannotRead: if it is not a spreadsheet, is empty or too large, or two columns have the same heading
    """
    if len(data) > MAX_BYTES:
        raise CannotRead(TOO_LARGE)
    if not data.strip():
        raise CannotRead(EMPTY)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise CannotRead(OLD_EXCEL if filename.lower().endswith(".xls") else NOT_A_SPREADSHEET)
    if data.startswith(b"PK\x03\x04"):
        return _table(_xlsx_rows(data))
    return _table(_csv_rows(data))


def _table(rows: Iterator[list[str]]) -> Table:
    filled = ((number, row) for number, row in enumerate(rows, start=1) if any(row))
    _, titles = next(filled, (0, None))
    if titles is None:
        raise CannotRead(EMPTY)
    while not titles[-1]:
        titles.pop()
    header = [_column_name(title) for title in titles]
    if len(header) > MAX_COLUMNS:
        raise CannotRead(TOO_LARGE)
    twice = sorted({column for column in header if column and header.count(column) > 1})
    if twice:
        raise CannotRead(f"{_columns(twice)} there twice. Each heading must be used once.")
    found = []
    for number, row in filled:
        cells = {column: cell for column, cell in zip(header, row, strict=False) if column}
        if any(cells.values()):
            found.append(Row(number, cells))
        if len(found) > MAX_ROWS:
            raise CannotRead(TOO_LARGE)
    if not found:
        raise CannotRead(ONLY_HEADINGS)
    return Table([column for column in header if column], found)


def _columns(names: list[str]) -> str:
    if len(names) == 1:
        return f"The column “{names[0]}” is"
    return "The columns " + ", ".join(f"“{name}”" for name in names[:-1]) + f" and “{names[-1]}” are"


def _column_name(title: str) -> str:
    return re.sub(r"[\s_-]+", "_", title.casefold()).strip("_")


def _tidy(text: str) -> str:
    """Text without spaces around it, and without the mark our own exports put before what looks like a formula."""
    text = text.replace("\u00a0", " ").strip()
    if len(text) > LONGEST_CELL:
        raise CannotRead(TOO_LARGE)
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA) else text


# CSV


def _csv_rows(data: bytes) -> Iterator[list[str]]:
    text = _decode(data)
    first_line = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(",;\t", key=lambda mark: len(next(csv.reader([first_line], delimiter=mark))))
    csv.field_size_limit(MAX_BYTES)
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            yield [_tidy(cell) for cell in row]
    except csv.Error:
        raise CannotRead(
            "This CSV file is broken: a cell has a quotation mark in it, or one is missing at its end."
        ) from None


def _decode(data: bytes) -> str:
    for encoding in ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "cp1252"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not NOT_TEXT.search(text):
            return text
    raise CannotRead(NOT_A_SPREADSHEET)


# XLSX


def _xlsx_rows(data: bytes) -> Iterator[list[str]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(part.file_size for part in archive.infolist()) > MAX_UNPACKED:
                raise CannotRead(TOO_LARGE)
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # some programs write them wrong
        for row in sheet.iter_rows(max_col=MAX_COLUMNS + 1, values_only=True):
            yield [_tidy(_as_typed(value)) for value in row]
    except CannotRead:
        raise
    except Exception:  # whatever is wrong inside, to the person it is one thing
        raise CannotRead(NOT_A_SPREADSHEET) from None


def _as_typed(value) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case datetime():
            value = _whole_seconds(value)
            day = f"{value:%d/%m/%Y}"
            return day if value.time() == time(0) else f"{day} {_clock(value.time())}"
        case date():
            return f"{value:%d/%m/%Y}"
        case time():
            return _clock(_whole_seconds(datetime.combine(date(2000, 1, 1), value)).time())
        case timedelta():
            minutes = round(value.total_seconds() / 60)
            return f"{minutes // 60:02}:{minutes % 60:02}"
        case float() if value.is_integer():
            return str(int(value))
        case float():
            return f"{value:.10g}"
    return str(value)


def _whole_seconds(value: datetime) -> datetime:
    """Excel keeps times as fractions of a day, so 09:30 may arrive as 09:29:59.999999."""
    return (value + timedelta(milliseconds=500)).replace(microsecond=0)


def _clock(value: time) -> str:
    return f"{value:%H:%M:%S}" if value.second else f"{value:%H:%M}"
