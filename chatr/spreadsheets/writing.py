"""Handing over a table as CSV or Excel, with nothing in it that a spreadsheet program would run."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time

from django.http import HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

# What makes a spreadsheet program take a cell for a formula, in the full-width forms too.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
PLAIN_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")


def safe_cell(value):
    """The value as it may stand in a cell: text that looks like a formula gets an apostrophe before it.

    Numbers stay numbers; moments become London time; None is an empty cell; True and False are yes and no.
    """
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case datetime():
            return f"{_london(value):%d/%m/%Y %H:%M}"
        case date():
            return f"{value:%d/%m/%Y}"
        case time():
            return f"{value:%H:%M}"
        case int() | float():
            return value
    text = NOT_TEXT.sub("", str(value))
    looks_like_formula = text.startswith(FORMULA) or text.lstrip().startswith(FORMULA)
    return f"'{text}" if looks_like_formula and not PLAIN_NUMBER.fullmatch(text) else text


def csv_response(filename: str, header: Sequence[str], rows: Iterable[Sequence]) -> StreamingHttpResponse:
    """A CSV file to download, sent row by row. It starts with a byte order mark, so that Excel reads accents right."""
    response = StreamingHttpResponse(_csv_lines(header, rows), content_type="text/csv; charset=utf-8")
    return _as_download(response, filename)


def _csv_lines(header: Sequence[str], rows: Iterable[Sequence]) -> Iterator[str]:
    yield "\ufeff" + _csv_line(header)
    for row in rows:
        yield _csv_line(row)


def _csv_line(row: Sequence) -> str:
    line = io.StringIO(newline="")
    csv.writer(line).writerow([safe_cell(cell) for cell in row])
    return line.getvalue()


def xlsx_response(filename: str, header: Sequence[str], rows: Iterable[Sequence]) -> HttpResponse:
    """An Excel file to download, with its headings in bold and held in place, and real dates."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Sheet 1")
    sheet.freeze_panes = "A2"
    headings = [_xlsx_cell(sheet, title) for title in header]
    for cell in headings:
        cell.font = Font(bold=True)
    sheet.append(headings)
    for row in rows:
        sheet.append([_xlsx_cell(sheet, value) for value in row])
    data = io.BytesIO()
    book.save(data)
    return _as_download(HttpResponse(data.getvalue(), content_type=XLSX), filename)


def _xlsx_cell(sheet, value) -> WriteOnlyCell:
    if isinstance(value, datetime):
        cell = WriteOnlyCell(sheet, _london(value).replace(tzinfo=None))
        cell.number_format = "dd/mm/yyyy hh:mm"
    elif isinstance(value, date):
        cell = WriteOnlyCell(sheet, value)
        cell.number_format = "dd/mm/yyyy"
    else:
        cell = WriteOnlyCell(sheet, safe_cell(value))
    return cell


def _london(moment: datetime) -> datetime:
    return timezone.localtime(moment) if timezone.is_aware(moment) else moment


def _as_download(response, filename: str):
    response["Content-Disposition"] = content_disposition_header(True, filename)
    return response
