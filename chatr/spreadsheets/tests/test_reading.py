import io
import zipfile
from datetime import date, datetime, time, timedelta

import pytest
from openpyxl import Workbook

from chatr.spreadsheets import reading
from chatr.spreadsheets.reading import CannotRead, read_table

CSV = "Run ref,Start time,Venue\nINTRO-1,09:30,“Café” Éva\n"


def xlsx(*rows) -> bytes:
    book, data = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(data)
    return data.getvalue()


def found(data: bytes, name: str = "programme.csv"):
    table = read_table(data, name)
    return [(row.number, row["run_ref"], row["start_time"], row["venue"]) for row in table.rows]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_in_each_encoding_and_with_each_delimiter(encoding, delimiter):
    assert found(CSV.replace(",", delimiter).encode(encoding)) == [(2, "INTRO-1", "09:30", "“Café” Éva")]


def test_headings_are_matched_whatever_their_case_and_spacing():
    table = read_table(b" Run  Ref ,START-TIME,venue\na,b,c\n", "x.csv")
    assert table.header == ["run_ref", "start_time", "venue"]
    assert table.rows[0].cells == {"run_ref": "a", "start_time": "b", "venue": "c"}


def test_row_numbers_are_those_of_the_spreadsheet_over_blank_rows_and_cells_of_two_lines():
    data = b'run_ref,start_time,venue\n\nA,09:30,"Hall\nand ""garden"""\n,,\nB,10:00,Hall; Annexe\n'
    assert found(data) == [(3, "A", "09:30", 'Hall\nand "garden"'), (5, "B", "10:00", "Hall; Annexe")]


def test_a_short_row_has_empty_cells_and_a_cell_without_heading_is_left_out():
    assert found(b"run_ref,start_time,venue\nA\nB,10:00,Hall,note\n") == [(2, "A", "", ""), (3, "B", "10:00", "Hall")]


def test_xlsx_gives_the_same_text_as_csv():
    rows = [
        ["Run ref", "Date", "Start time", "Places", "Half", "Length", "When", "Online", None],
        [
            "A",
            date(2027, 1, 14),
            time(9, 30),
            24,
            0.5,
            timedelta(hours=13, minutes=5),
            datetime(2027, 1, 14, 9, 30),
            True,
        ],
        [None] * 8,
        [" B ", datetime(2027, 2, 1), time(13), 24.0, None, None, None, False],
    ]
    table = read_table(xlsx(*rows), "programme.xlsx")
    assert [(row.number, list(row.cells.values())) for row in table.rows] == [
        (2, ["A", "14/01/2027", "09:30", "24", "0.5", "13:05", "14/01/2027 09:30", "yes"]),
        (4, ["B", "01/02/2027", "13:00", "24", "", "", "", "no"]),
    ]


def test_the_content_decides_not_the_name():
    assert found(xlsx(["run_ref", "start_time", "venue"], ["A", "09:30", "Hall"]), "x.csv") == [
        (2, "A", "09:30", "Hall")
    ]
    assert found(CSV.encode(), "x.xlsx")


def test_what_our_own_export_neutralised_reads_as_it_was():
    assert found(b"run_ref,start_time,venue\n'=1+1,'quoted,'-3\n") == [(2, "=1+1", "'quoted", "-3")]


ARCHIVE = io.BytesIO()
with zipfile.ZipFile(ARCHIVE, "w") as archive:
    archive.writestr("letter.txt", "hello")


@pytest.mark.parametrize(
    ("data", "name", "said"),
    [
        (b"", "x.csv", reading.EMPTY),
        (b" \r\n\n", "x.csv", reading.EMPTY),
        (b",,\n,,\n", "x.csv", reading.EMPTY),
        (xlsx(), "x.xlsx", reading.EMPTY),
        (b"run_ref,venue\n\n", "x.csv", reading.ONLY_HEADINGS),
        (b"%PDF-1.7\x00\x01", "x.csv", reading.NOT_A_SPREADSHEET),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "x.xlsx", reading.NOT_A_SPREADSHEET),
        (ARCHIVE.getvalue(), "x.xlsx", reading.NOT_A_SPREADSHEET),
        (xlsx(["a"])[:-40], "x.xlsx", reading.NOT_A_SPREADSHEET),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "x.xls", reading.OLD_EXCEL),
        (b"a,b\n" + b"1,2\n" * (reading.MAX_ROWS + 1), "x.csv", reading.TOO_LARGE),
        (b"x" * (reading.MAX_BYTES + 1), "x.csv", reading.TOO_LARGE),
        (b'a,b\n"x"y,2\n', "x.csv", "This CSV file is broken"),
        (b'a,b\n"x,2\n', "x.csv", "This CSV file is broken"),
        (b"Run ref,venue,run_ref\n1,2,3\n", "x.csv", "The column “run_ref” is there twice."),
    ],
)
def test_what_can_not_be_read_is_said_plainly(data, name, said):
    with pytest.raises(CannotRead) as refusal:
        read_table(data, name)
    assert said in str(refusal.value)


def test_the_largest_table_is_still_read():
    assert len(read_table(b"a,b\n" + b"1,2\n" * reading.MAX_ROWS, "x.csv").rows) == reading.MAX_ROWS


def test_a_small_file_that_unpacks_to_a_huge_one_is_refused(monkeypatch):
    monkeypatch.setattr(reading, "MAX_UNPACKED", 1000)
    with pytest.raises(CannotRead, match="too large"):
        read_table(xlsx(["a"], ["b"]), "x.xlsx")


def test_missing_columns_are_all_named_and_unknown_ones_only_mentioned():
    table = read_table(b"run_ref,colour\nA,blue\n", "x.csv")
    assert table.check_columns(["run_ref"]) == ["The column “colour” is not one we know, so it is left out."]
    assert table.check_columns(["run_ref"], ["colour", "size"]) == []
    with pytest.raises(CannotRead, match="The column “venue” is missing"):
        table.check_columns(["run_ref", "venue"])
    with pytest.raises(CannotRead, match="The columns “date”, “venue” and “mode” are missing"):
        table.check_columns(["date", "venue", "mode", "run_ref"])
