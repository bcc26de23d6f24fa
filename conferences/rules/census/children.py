"""A child as the children in need census sees them: ids, dates and codes, and nothing anybody said.

The ids of a child's records are all different, whatever kind of record they are.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from ...models.codes import Category, Outcome

# Hackney's case system keeps one of these for each child, and has none for several categories.
FROM_HACKNEY = {
    "C1": Category.NEGLECT,
    "C2": Category.PHYSICAL,
    "C3": Category.EMOTIONAL,
    "C4": Category.SEXUAL,
}
SEVERAL = "MUL"

# What an initial conference came to: the keys of the standard safeguarding dataset, in plain words.
CONFERENCE_OUTCOMES = {
    "NFA": "No further action",
    "REFERRAL_TO_OTHER_AGENCY": "Referred to another agency",
    "SINGLE_ASSESSMENT": "A single assessment",
    "PROV_OF_SERVICES": "Services provided",
    "CP": "A child protection plan",
    "OTHER": "Something else",
}
_OUTCOME_KEYS = {
    Outcome.PLAN: "CP",
    Outcome.CONTINUE: "CP",
    Outcome.CHILD_IN_NEED: "PROV_OF_SERVICES",
    Outcome.OTHER_SUPPORT: "PROV_OF_SERVICES",
    Outcome.NO_ACTION: "NFA",
    Outcome.END: "OTHER",
    Outcome.ADJOURN: "OTHER",
}


@dataclass(frozen=True, kw_only=True)
class CensusEnquiry:
    """A section 47 enquiry, with the date of the initial conference it led to, if it did."""

    id: str
    started_on: date
    target_on: date | None = None
    conference_on: date | None = None
    conference_not_required: bool = False


@dataclass(frozen=True, kw_only=True)
class CensusConference:
    """An initial conference no section 47 enquiry of this authority led to, such as one for a transfer in."""

    id: str
    held_on: date


@dataclass(frozen=True, kw_only=True)
class CensusPlan:
    """A child protection plan and the dates of its reviews. It is open while ``ended_on`` is None."""

    id: str
    started_on: date
    ended_on: date | None = None
    initial_categories: frozenset[str] = frozenset()
    latest_categories: frozenset[str] = frozenset()
    reviews: tuple[date, ...] = ()


@dataclass(frozen=True, kw_only=True)
class CensusInNeedPlan:
    """A child in need plan. It is open while ``ended_on`` is None."""

    id: str
    started_on: date
    ended_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class CensusChild:
    """One child as the census sees them. ``plans_elsewhere`` counts earlier plans that are not recorded here."""

    la_child_id: str
    sex: str = "U"
    born_on: date | None = None
    expected_on: date | None = None
    died_on: date | None = None
    referred_on: date | None = None
    enquiries: tuple[CensusEnquiry, ...] = ()
    conferences: tuple[CensusConference, ...] = ()
    plans: tuple[CensusPlan, ...] = ()
    in_need_plans: tuple[CensusInNeedPlan, ...] = ()
    plans_elsewhere: int = 0


def reporting_code(categories: Collection[str]) -> str:
    """The one code the census takes: the category itself, or ``MUL`` for more than one. Worked out, never stored.

    :raises ValueError: for none, or one that is not among the four
    """
    found = {Category(category) for category in categories}
    if not found:
        raise ValueError("A child protection plan has at least one category.")
    return found.pop().value if len(found) == 1 else SEVERAL


def conference_outcome(outcome: str) -> str:
    """The dataset's key for what an initial conference decided about one child."""
    return _OUTCOME_KEYS[Outcome(outcome)]


def number_of_previous_plans(child: CensusChild, plan: CensusPlan) -> int:
    """How many plans the child had before this one, here and elsewhere; this one does not count."""
    return child.plans_elsewhere + sum(other.started_on < plan.started_on for other in child.plans)


def initial_conferences(child: CensusChild) -> list[tuple[str, date]]:
    """The id of the record and the date of every initial conference, after an enquiry or without one."""
    after_enquiries = [(each.id, each.conference_on) for each in child.enquiries if each.conference_on]
    return after_enquiries + [(each.id, each.held_on) for each in child.conferences]
