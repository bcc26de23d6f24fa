"""Which kind of file it is, told by its first line, and how one line of it reads."""

import re
from collections.abc import Callable
from datetime import date

from ..rules.postcodes import compact, is_postcode
from ..words import AREAS
from .rows import PostcodeRow

Reader = Callable[[list[str]], PostcodeRow]

OURS = ["postcode", "latitude", "longitude", "borough"]
CODE_POINT_COLUMNS = 10
DISTRICT = 8
GSS = re.compile(r"[A-Z][0-9]{8}")
MONTH = re.compile(r"([0-9]{4})-?(0[1-9]|1[0-2])")
# The names columns of the ONS Postcode Directory have had; the newest first, then the older ones.
CODES, EASTINGS, NORTHINGS = ("pcds", "pcd", "pcd8", "pcd7"), ("east1m", "oseast1m"), ("north1m", "osnrth1m")
DISTRICTS = re.compile(r"lad[0-9]{2}cd|oslaua")
BOROUGHS = {name.lower(): gss for gss, name, _ in AREAS}
NOWHERE = 99.9  # the latitude ONS gives a postcode that has none


class WrongLine(ValueError):
    """What is wrong with a line, without its number."""


def reader_for(first: list[str]) -> tuple[Reader, bool] | None:
    """How lines of this file are read, and whether its first line is a heading. None: no kind of file we know."""
    names = [name.strip().lower() for name in first]
    if names == OURS:
        return _ours, True
    if onspd := _onspd(names):
        return onspd, True
    if len(first) == CODE_POINT_COLUMNS and is_postcode(first[0]) and first[1].strip().isdigit():
        return _code_point, False
    return None


def _ours(cells: list[str]) -> PostcodeRow:
    if len(cells) != len(OURS):
        raise WrongLine(f"it has {len(cells)} columns, not {len(OURS)}")
    code, latitude, longitude, borough = cells
    gss = BOROUGHS.get(borough.strip().lower()) or _gss(borough)
    return PostcodeRow(_code(code), degrees=_degrees(latitude, longitude), gss=gss)


def _code_point(cells: list[str]) -> PostcodeRow:
    """Quality 90, and a point at 0, 0, mean that nobody knows where it is (Code-Point Open user guide)."""
    if len(cells) != CODE_POINT_COLUMNS:
        raise WrongLine(f"it has {len(cells)} columns, not {CODE_POINT_COLUMNS}")
    return PostcodeRow(_code(cells[0]), metres=_metres(cells[2], cells[3]), gss=_gss(cells[DISTRICT]))


def _onspd(names: list[str]) -> Reader | None:
    """A reader for these columns of the ONS Postcode Directory; None where they are not its columns."""
    code, east, north = (_first(names, wanted) for wanted in (CODES, EASTINGS, NORTHINGS))
    district = next((place for place, name in enumerate(names) if DISTRICTS.fullmatch(name)), None)
    lat, long, ended = (_first(names, (name,)) for name in ("lat", "long", "doterm"))
    if code is None or district is None or ended is None or None in (lat, long) or None in (east, north):
        return None

    def read(cells: list[str]) -> PostcodeRow:
        if len(cells) != len(names):
            raise WrongLine(f"it has {len(cells)} columns, not {len(names)}")
        here = _code(cells[code])
        # Northern Ireland is on the Irish grid there, so only its degrees are used.
        metres = None if here.startswith("BT") else _metres(cells[east], cells[north])
        degrees = _degrees(cells[lat], cells[long])
        return PostcodeRow(
            here, degrees=degrees, metres=metres, gss=_gss(cells[district]), terminated_on=_month(cells[ended])
        )

    return read


def _first(names: list[str], wanted: tuple[str, ...]) -> int | None:
    return next((names.index(name) for name in wanted if name in names), None)


def _code(text: str) -> str:
    if not is_postcode(text):
        raise WrongLine(f"“{text.strip()[:20]}” is not a postcode")
    return compact(text)


def _gss(text: str) -> str:
    text = text.strip()
    if text and not GSS.fullmatch(text):
        raise WrongLine(f"“{text[:20]}” is no borough we know by name, nor the ONS code of one")
    return text


def _number(text: str) -> float | None:
    try:
        return float(text) if text.strip() else None
    except ValueError:
        raise WrongLine(f"“{text.strip()[:20]}” is not a number") from None


def _degrees(latitude: str, longitude: str) -> tuple[float, float] | None:
    north, east = _number(latitude), _number(longitude)
    if north is None or east is None or north > NOWHERE:
        return None
    if not (49 <= north <= 62 and -9 <= east <= 3):
        raise WrongLine(f"{latitude.strip()}, {longitude.strip()} is not in the United Kingdom")
    return east, north


def _metres(easting: str, northing: str) -> tuple[float, float] | None:
    east, north = _number(easting), _number(northing)
    if not east and not north:
        return None
    if east is None or north is None or not (0 <= east <= 700_000 and 0 <= north <= 1_300_000):
        raise WrongLine(f"{easting.strip()}, {northing.strip()} is not on the British National Grid")
    return east, north


def _month(text: str) -> date | None:
    """``201903`` is 1 March 2019: the month a postcode was last used in is all that is known."""
    text = text.strip()
    if not text:
        return None
    found = MONTH.fullmatch(text)
    if not found:
        raise WrongLine(f"“{text[:20]}” is not a month such as 201903")
    return date(int(found[1]), int(found[2]), 1)
