import csv
import io
from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from chatr.spreadsheets.reading import read_table
from chatr.spreadsheets.writing import csv_response, safe_cell, xlsx_response

HEADER = ["Name", "When", "Places"]
ROWS = [["Éva", datetime(2027, 4, 1, 8, 30, tzinfo=UTC), 24], ['=HYPERLINK("http://example.invalid")', None, -3]]


@pytest.mark.parametrize(
    "text", ["=1+1", "+44 20 7946 0000", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "＝1+1", "－1+2", "-", "="]
)
def test_what_looks_like_a_formula_is_neutralised(text):
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["Éva", "-3", "+1.5", "a=b", "09:30", "it's", "", "'"])
def test_other_text_is_left_alone(text):
    assert safe_cell(text) == text


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (None, ""),
        (True, "yes"),
        (False, "no"),
        (-3, -3),
        (0.5, 0.5),
        (Decimal("-1.50"), "-1.50"),
        (date(2027, 1, 14), "14/01/2027"),
        (time(9, 30), "09:30"),
        (datetime(2027, 4, 1, 8, 30, tzinfo=UTC), "01/04/2027 09:30"),
        ("bell\x07", "bell"),
    ],
)
def test_values_as_a_person_reads_them(value, cell):
    assert safe_cell(value) == cell


def test_csv_opens_in_excel_and_reads_back():
    response = csv_response("bookings.csv", HEADER, iter(ROWS))
    data = response.getvalue()
    assert data.startswith(b"\xef\xbb\xbfName,When,Places\r\n")
    assert list(csv.reader(io.StringIO(data.decode("utf-8-sig")))) == [
        HEADER,
        ["Éva", "01/04/2027 09:30", "24"],
        ['\'=HYPERLINK("http://example.invalid")', "", "-3"],
    ]
    assert response["Content-Disposition"] == 'attachment; filename="bookings.csv"'
    assert read_table(data, "bookings.csv").rows[1]["name"] == ROWS[1][0]


def test_a_heading_is_neutralised_too():
    assert csv_response("x.csv", ["=1+1"], []).getvalue() == b"\xef\xbb\xbf'=1+1\r\n"


def test_xlsx_has_real_dates_bold_headings_and_no_formula():
    response = xlsx_response("bookings.xlsx", HEADER, iter(ROWS))
    sheet = load_workbook(io.BytesIO(response.content)).active
    assert [[cell.value for cell in row] for row in sheet] == [
        HEADER,
        ["Éva", datetime(2027, 4, 1, 9, 30), 24],
        ["'" + ROWS[1][0], None, -3],
    ]
    assert sheet["A1"].font.bold and sheet.freeze_panes == "A2"
    assert "f" not in {cell.data_type for row in sheet for cell in row}
    assert response["Content-Disposition"] == 'attachment; filename="bookings.xlsx"'
