"""How an example service is written down: its entry, and what happened to it since, in days before today."""

from dataclasses import dataclass
from datetime import time
from decimal import Decimal

from ..operations.live import Session
from ..rules.entries import Entry, PhoneLine, Place, Route

TOGETHER = "Example Families Together"
CANAL = "Example Canal Youth Project"
VISITING = "Example Health Visiting Service"
HOMES = "Example Homes"
FAITH = "Example Faith Forum"
ARTS = "Example Arts Collective"
TOWN_HALL = "Example Town Hall"
SCHOOL = "Example Lane Primary School"
NURSERY = "Example Tiny Steps Nursery"

HACKNEY, CITY, ISLINGTON, TOWER_HAMLETS = "E09000012", "E09000001", "E09000019", "E09000030"
HARINGEY, WALTHAM_FOREST, NEWHAM = "E09000014", "E09000031", "E09000025"
BOTH = (HACKNEY, CITY)

STEP_FREE = {"step-free": "yes", "accessible-toilet": "yes"}
STAIRS = {"step-free": "no", "accessible-toilet": "no", "hearing-loop": "no"}


@dataclass(frozen=True)
class Space:
    """What was said of space, ``said`` days ago, and for how many days it holds."""

    state: str
    waiting: str = ""
    said: int = 3
    holds: int = 28


@dataclass(frozen=True)
class Plan:
    """One example service. ``levels`` are (area, place of the level); numbers are days before today."""

    organisation: str
    entry: Entry
    levels: tuple[tuple[str, int], ...] = ()
    made: int = 200
    verified: tuple[int, ...] = (20,)
    hours: tuple[Session, ...] = ()
    space: Space | None = None
    closed: tuple[int, int] | None = None  # from, until: days after today


def entry(name: str, summary: str, description: str, **fields) -> Entry:
    """An entry; ages may be written ``ages=(0.5, 5)``, either end None."""
    if ages := fields.pop("ages", None):
        fields["minimum_age"], fields["maximum_age"] = (None if age is None else Decimal(str(age)) for age in ages)
    if phone := fields.pop("phone", ""):
        fields["phones"] = (PhoneLine(phone),)
    return Entry(name=f"Example {name}", summary=summary, description=description, **fields)


def place(name: str, street: str, postcode: str, **access: str) -> Place:
    """A place people go to. Its borough and point come from the postcode."""
    codes = {code.replace("_", "-"): state for code, state in access.items()}
    return Place(name=f"Example {name}", address_1=street, city="London", postal_code=postcode, access=codes)


def hidden(area: str) -> Place:
    """A place whose address is not shown."""
    return Place(is_confidential=True, area=area)


def ring(phone: str, next_step: str = "Somebody rings you back within a week.") -> Route:
    """A family asks by phone."""
    return Route(how="Ring us. You need not have all the answers ready.", phone=phone, what_next=next_step)


def form(next_step: str = "We ring the family within five working days and tell you what we agreed.") -> Route:
    """A professional sends a form, with consent."""
    return Route(
        how="Fill in our form with the family.",
        form_url="https://forms.example.org/referral",
        consent="yes",
        documents=("The form", "The family’s agreement, in writing"),
        what_next=next_step,
    )


def not_themselves(why: str) -> Route:
    """This kind of person cannot ask."""
    return Route(is_open=False, how=why)


def session(day: int, opens: str, closes: str, **fields) -> Session:
    """One stretch of opening: ``session(0, "9:30", "12:00")`` on Mondays."""
    return Session(day=day, opens_at=_clock(opens), closes_at=_clock(closes), **fields)


def week(opens: str, closes: str, days: str = "01234", **fields) -> tuple[Session, ...]:
    """The same hours on several days; 0 is Monday."""
    return tuple(session(int(day), opens, closes, **fields) for day in days)


def _clock(text: str) -> time:
    hour, minute = text.split(":")
    return time(int(hour) % 24, int(minute))
