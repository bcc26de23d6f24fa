"""Opening what somebody points at: one file, packed or not, a folder of files, or a zip of them."""

import csv
import gzip
import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import BinaryIO

from .formats import WrongLine, reader_for
from .rows import CannotLoad, PostcodeRow

KINDS = (
    "It can be a CSV with the columns postcode, latitude, longitude and borough, the ONS Postcode Directory, or OS "
    "Code-Point Open"
)
NOT_TEXT = (csv.Error, UnicodeDecodeError, OSError, EOFError, zlib.error)
PARTS = "multi_csv"  # the ONS packs the whole directory twice: once in one file, once in a file for each area


def read_postcodes(path: Path) -> Iterator[PostcodeRow]:
    """Every postcode of a file, a folder or a zip, in the order they are there.

    A folder may hold other files beside them, such as guides; at least one must be of postcodes.

    :raises CannotLoad: naming the file, the line and the reason
    """
    if path.is_dir():
        yield from _any_of((_name(path, each), each.open("rb")) for each in _csv_files(path))
        return
    try:
        data = path.open("rb")
    except OSError as problem:
        raise CannotLoad(f"{path} cannot be read: {problem.strerror}.") from None
    with data:
        if _begins(data, b"PK\x03\x04"):
            yield from _zipped(data, path.name)
        elif (rows := _rows(data, path.name)) is not None:
            yield from rows
        else:
            raise CannotLoad(f"{path.name} is no file of postcodes we know. {KINDS}.")


def _begins(data: BinaryIO, mark: bytes) -> bool:
    """Whether a file begins with the bytes its kind always begins with."""
    data.seek(0)
    found = data.read(len(mark)) == mark
    data.seek(0)
    return found


def _csv_files(folder: Path) -> list[Path]:
    return sorted(each for each in folder.rglob("*") if _is_wanted(str(each.relative_to(folder))) and each.is_file())


def _name(folder: Path, each: Path) -> str:
    return str(each.relative_to(folder))


def _zipped(data: BinaryIO, name: str) -> Iterator[PostcodeRow]:
    try:
        with zipfile.ZipFile(data) as archive:
            names = sorted(each for each in archive.namelist() if _is_wanted(each))
            yield from _any_of((f"{each} in {name}", archive.open(each)) for each in names)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError):
        raise CannotLoad(f"{name} is a damaged or locked zip file.") from None


def _is_wanted(name: str) -> bool:
    return name.lower().endswith((".csv", ".csv.gz")) and PARTS not in name.lower()


def _any_of(files: Iterator[tuple[str, BinaryIO]]) -> Iterator[PostcodeRow]:
    """Postcodes of those that are files of postcodes; the others are passed over."""
    found = False
    for name, data in files:
        with closing(data):
            rows = _rows(data, name)
            if rows is not None:
                found = True
                yield from rows
    if not found:
        raise CannotLoad(f"No file in it is one of postcodes we know. {KINDS}.")


def _rows(data: BinaryIO, name: str) -> Iterator[PostcodeRow] | None:
    """The postcodes of one open file; None where its first line is of no kind we know."""
    if _begins(data, b"\x1f\x8b"):
        data = gzip.GzipFile(fileobj=data)
    lines = csv.reader(io.TextIOWrapper(data, encoding="utf-8-sig", newline=""))
    try:
        first = next(lines, [])
    except NOT_TEXT:
        return None
    kind = reader_for(first)
    return _read(lines, *kind, first, name) if kind else None


def _read(lines, read, has_heading: bool, first: list[str], name: str) -> Iterator[PostcodeRow]:
    try:
        if not has_heading:
            yield read(first)
        for cells in lines:
            if cells:
                yield read(cells)
    except WrongLine as wrong:
        raise CannotLoad(f"Line {lines.line_num:,} of {name}: {wrong}.") from None
    except NOT_TEXT:
        raise CannotLoad(f"After line {lines.line_num:,}, {name} is not text we can read.") from None
