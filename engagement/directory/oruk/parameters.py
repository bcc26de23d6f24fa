"""What somebody asks of the feed, read strictly: a parameter is right, or it is refused by its name."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from uuid import UUID

from ..rules.postcodes import compact, is_postcode

PER_PAGE, MOST_PER_PAGE = 50, 500
LONGEST_SEARCH = 200
DAYS = {"MO": 0, "TU": 1, "WE": 2, "TH": 3, "FR": 4, "SA": 5, "SU": 6}
MINUTES_OF_A_DAY = 24 * 60
WHOLE_NUMBER = re.compile(r"-?[0-9]{1,18}")
CLOCK = re.compile(r"([01][0-9]|2[0-4]):([0-5][0-9])(:[0-5][0-9])?")


class BadParameter(Exception):
    """A parameter that is not right. ``name`` says which; the text says what it should be."""

    def __init__(self, name: str, message: str):
        super().__init__(message)
        self.name = name


@dataclass(frozen=True)
class Asked:
    """What is asked of a list; None or empty is *anything*. Ages in years, times in minutes of a day, metres."""

    page: int = 1
    per_page: int = PER_PAGE
    search: str = ""
    taxonomy_term_id: tuple[UUID, ...] = ()
    taxonomy_id: tuple[UUID, ...] = ()
    organization_id: UUID | None = None
    parent_id: UUID | None = None
    top_only: bool = False
    minimum_age: Decimal | None = None
    maximum_age: Decimal | None = None
    age: tuple[Decimal, ...] = ()
    day: int | None = None
    start_time: int | None = None
    end_time: int | None = None
    postcode: str = ""
    proximity: float | None = None
    modified_after: datetime | None = None
    minimal: bool = False
    full: bool = False
    format: str = "json"


REPEATED = ("taxonomy_term_id", "taxonomy_id", "age")


def read(given, names: tuple[str, ...]) -> Asked:
    """What a query string asks; ``given`` is a QueryDict, ``names`` the parameters this address takes.

    Names it does not take are passed over, as the standard lets them be. One that is given twice is refused, but for
    those that narrow the list further each time.

    :raises BadParameter: for the first that is wrong
    """
    found = {}
    for name in names:
        values = given.getlist(name)
        if any("\0" in value for value in values):
            raise BadParameter(name, "It must not hold a NUL character.")
        if not values:
            continue
        if name in REPEATED:
            found[name] = tuple(READERS[name](name, value) for value in values)
        elif len(values) > 1:
            raise BadParameter(name, "Give it once.")
        else:
            found[name] = READERS[name](name, values[0])
    if "proximity" in found and "postcode" not in found:
        raise BadParameter("proximity", "Give a postcode with it.")
    if found.get("format") == "ndjson" and (paged := next((n for n in ("page", "per_page") if n in found), None)):
        raise BadParameter(paged, "format=ndjson sends everything without pages. Leave it out.")
    if found.get("minimal") and found.get("full"):
        raise BadParameter("minimal", "Ask for minimal or for full, not for both.")
    return Asked(**found)


def _page(name: str, value: str) -> int:
    return _at_least_one(name, value)


def _per_page(name: str, value: str) -> int:
    return min(_at_least_one(name, value), MOST_PER_PAGE)


def _at_least_one(name: str, value: str) -> int:
    if not WHOLE_NUMBER.fullmatch(value) or int(value) < 1:
        raise BadParameter(name, "It must be a whole number from 1.")
    return int(value)


def _search(name: str, value: str) -> str:
    if len(value) > LONGEST_SEARCH:
        raise BadParameter(name, f"It must not be longer than {LONGEST_SEARCH} characters.")
    return value.strip()


def _id(name: str, value: str) -> UUID:
    try:
        return UUID(value)
    except ValueError:
        raise BadParameter(name, "It must be an id, such as 5b3c7f6e-6f3a-4a39-9f1c-8f1d2c3b4a59.") from None


def _age(name: str, value: str) -> Decimal:
    try:
        years = Decimal(value)
    except InvalidOperation:
        years = None
    if years is None or not years.is_finite() or not 0 <= years <= 150:
        raise BadParameter(name, "It must be a number of years, such as 7 or 0.5.")
    return years


def _day(name: str, value: str) -> int:
    if value.upper() not in DAYS:
        raise BadParameter(name, f"It must be one of {', '.join(DAYS)}.")
    return DAYS[value.upper()]


def _start_time(name: str, value: str) -> int:
    found = CLOCK.fullmatch(value)
    minutes = found and int(found[1]) * 60 + int(found[2])
    if minutes is None or minutes > MINUTES_OF_A_DAY:
        raise BadParameter(name, "It must be a time, such as 09:30.")
    return minutes


def _end_time(name: str, value: str) -> int:
    """Midnight ends a day."""
    return _start_time(name, value) or MINUTES_OF_A_DAY


def _postcode(name: str, value: str) -> str:
    if not is_postcode(value):
        raise BadParameter(name, "It must be a whole postcode, such as E8 1DY.")
    return compact(value)


def _proximity(name: str, value: str) -> float:
    if not re.fullmatch(r"[0-9]{1,7}(\.[0-9]{1,6})?", value):
        raise BadParameter(name, "It must be a number of metres, 0 or more.")
    return float(value)


def _modified_after(name: str, value: str) -> datetime:
    # A plus sign that was not written as %2B arrives as a space.
    try:
        at = datetime.fromisoformat(re.sub(r" (?=\d\d:?\d\d$)", "+", value) if "T" in value else value)
        at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, OverflowError):
        raise BadParameter(name, "It must be a moment, such as 2026-10-12T09:00:00Z.") from None
    return at


def _yes_or_no(name: str, value: str) -> bool:
    if value.lower() not in ("true", "false"):
        raise BadParameter(name, "It must be true or false.")
    return value.lower() == "true"


def _format(name: str, value: str) -> str:
    if value not in ("json", "ndjson"):
        raise BadParameter(name, "It must be json or ndjson.")
    return value


READERS: dict[str, Callable] = {
    "page": _page,
    "per_page": _per_page,
    "search": _search,
    "taxonomy_term_id": _id,
    "taxonomy_id": _id,
    "organization_id": _id,
    "parent_id": _id,
    "top_only": _yes_or_no,
    "minimum_age": _age,
    "maximum_age": _age,
    "age": _age,
    "day": _day,
    "start_time": _start_time,
    "end_time": _end_time,
    "postcode": _postcode,
    "proximity": _proximity,
    "modified_after": _modified_after,
    "minimal": _yes_or_no,
    "full": _yes_or_no,
    "format": _format,
}
