"""Loading postcodes into the table, all of them or none."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from django.db import connection, transaction
from pyproj.enums import TransformDirection

from chatr.accounts.models import User
from chatr.audit.operations import record

from ..models import Postcode
from ..postcodes.files import read_postcodes
from ..postcodes.rows import PostcodeRow
from .entries import TO_GRID

SHIPPED = Path(__file__).parent.parent / "data" / "postcodes.csv.gz"
BATCH = 5_000

# One statement a batch says what was new, what changed and, by its silence, what stayed.
PUT = """
    INSERT INTO directory_postcode AS before (code, outcode, latitude, longitude, bng, gss, terminated_on)
    SELECT code, left(code, -3), latitude, longitude, point(easting, northing), gss, terminated_on
    FROM unnest(%s::text[], %s::float8[], %s::float8[], %s::float8[], %s::float8[], %s::text[], %s::date[])
        AS given (code, latitude, longitude, easting, northing, gss, terminated_on)
    ON CONFLICT (code) DO UPDATE SET latitude = excluded.latitude, longitude = excluded.longitude,
        bng = excluded.bng, gss = excluded.gss, terminated_on = excluded.terminated_on
    WHERE (before.latitude, before.longitude, before.gss, before.terminated_on)
        IS DISTINCT FROM (excluded.latitude, excluded.longitude, excluded.gss, excluded.terminated_on)
        OR NOT before.bng ~= excluded.bng
    RETURNING xmax = 0
"""


@dataclass
class Loaded:
    """How many postcodes a file added, changed and left as they were; how many it had no place for."""

    new: int = 0
    changed: int = 0
    same: int = 0
    terminated: int = 0
    without_point: int = 0

    def __str__(self) -> str:
        said = f"{self.new:,} new, {self.changed:,} changed, {self.same:,} as they were."
        if self.terminated:
            said += f" No longer in use: {self.terminated:,}."
        if self.without_point:
            said += f" Left out, because the file does not say where they are: {self.without_point:,}."
        return said


@transaction.atomic
def load_postcodes(*, path: Path, by: User | None) -> Loaded:
    """Add and change what a file, a folder or a zip of postcodes says. Doing it twice changes nothing.

    A postcode the file does not have stays: files of a region, and of those in use only, are welcome.

    :raises CannotLoad: naming the line and the reason; then nothing has changed
    """
    loaded = _put_all(read_postcodes(path))
    record("directory.postcodes_loaded", None, by=by, details=vars(loaded))
    return loaded


@transaction.atomic
def lay_shipped_down() -> None:
    """The postcodes that come with the portal, where there are none at all."""
    if not Postcode.objects.exists():
        _put_all(read_postcodes(SHIPPED))


def _put_all(rows: Iterable[PostcodeRow]) -> Loaded:
    loaded, rows = Loaded(), iter(rows)
    while batch := list(islice(rows, BATCH)):
        placed = {row.code: row for row in batch if row.has_point}  # twice in a batch: the last one counts
        loaded.without_point += sum(not row.has_point for row in batch)
        loaded.terminated += sum(row.terminated_on is not None for row in placed.values())
        new = _put(list(placed.values()))
        loaded.new += sum(new)
        loaded.changed += len(new) - sum(new)
        loaded.same += len(placed) - len(new)
    return loaded


def _put(rows: list[PostcodeRow]) -> list[bool]:
    """Write one batch; for each postcode that is not as it was, whether it is new."""
    columns = (
        [row.code for row in rows],
        *_degrees(rows),
        *_metres(rows),
        [row.gss for row in rows],
        [row.terminated_on for row in rows],
    )
    with connection.cursor() as cursor:
        cursor.execute(PUT, columns)
        return [new for (new,) in cursor.fetchall()]


def _degrees(rows: list[PostcodeRow]) -> tuple[list[float], list[float]]:
    """Latitudes and longitudes, worked out from the grid where the file has no degrees."""
    found = TO_GRID.transform(*_pairs(rows, "metres"), direction=TransformDirection.INVERSE)
    degrees = [row.degrees or (round(x, 6), round(y, 6)) for row, x, y in zip(rows, *found, strict=True)]
    return [y for _, y in degrees], [x for x, _ in degrees]


def _metres(rows: list[PostcodeRow]) -> tuple[list[float], list[float]]:
    """Eastings and northings, to the metre, worked out from the degrees where the file has no grid."""
    found = TO_GRID.transform(*_pairs(rows, "degrees"))
    metres = [row.metres or (round(x), round(y)) for row, x, y in zip(rows, *found, strict=True)]
    return [x for x, _ in metres], [y for _, y in metres]


def _pairs(rows: list[PostcodeRow], name: str) -> tuple[list[float], list[float]]:
    """One kind of coordinates of every row as two columns; nought where a row has none, to be thrown away."""
    pairs = [getattr(row, name) or (0.0, 50.0) for row in rows]
    return [x for x, _ in pairs], [y for _, y in pairs]
