"""What the census will ask, checked while it can still be put right.

The numbers are those of the census's own validation, read in the validator that local authorities share. The database
refuses what must never be true of one plan; this finds the rest, and names the field to look at.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import permutations

from ...models.codes import Category
from .children import CensusChild, CensusInNeedPlan, CensusPlan, initial_conferences, number_of_previous_plans


@dataclass(frozen=True)
class Problem:
    """One thing to put right. ``about`` is the id of the record it concerns, empty when that is the child."""

    code: str
    sentence: str
    field: str
    about: str = ""


@dataclass(frozen=True)
class CensusRule:
    """One rule. ``find`` gives the ids of the records that break it, or an empty id for the child.

    A code that ends in Q is a query in the census: it may be right, and is looked at.
    """

    code: str
    field: str
    sentence: str
    find: Callable[[CensusChild], Iterable[str]]


def check(child: CensusChild) -> list[Problem]:
    """Everything the census would ask about this child, in the order of the rules; each record once a rule."""
    return [
        Problem(rule.code, rule.sentence, rule.field, about)
        for rule in RULES
        for about in dict.fromkeys(rule.find(child))
    ]


def _plans(broken: Callable[[CensusChild, CensusPlan], bool]) -> Callable[[CensusChild], Iterator[str]]:
    """Finds the plans of a child for which ``broken`` is true."""
    return lambda child: (plan.id for plan in child.plans if broken(child, plan))


def _is_weekend(day: date) -> bool:
    return day.weekday() > 4


def _is_unborn(child: CensusChild) -> bool:
    return child.expected_on is not None and child.born_on is None


def _within(day: date, span: CensusPlan | CensusInNeedPlan) -> bool:
    """Whether a day lies in a plan. Its last day does not count: there the next plan may start."""
    return span.started_on <= day and (span.ended_on is None or day < span.ended_on)


def _conferences_before_referral(child: CensusChild) -> Iterator[str]:
    return (id for id, held_on in initial_conferences(child) if child.referred_on and held_on < child.referred_on)


def _conferences_twice(child: CensusChild) -> Iterator[str]:
    dates = {enquiry.conference_on for enquiry in child.enquiries}
    return (conference.id for conference in child.conferences if conference.held_on in dates)


def _plans_beyond_conferences(child: CensusChild) -> list[str]:
    in_order = sorted(child.plans, key=lambda plan: plan.started_on)
    return [plan.id for plan in in_order[len(initial_conferences(child)) :]]


def _starts_apart_from_conference(child: CensusChild, plan: CensusPlan) -> bool:
    return plan.started_on not in {held_on for _, held_on in initial_conferences(child)}


def _open_beside_another(child: CensusChild) -> list[str]:
    still_open = [plan.id for plan in sorted(child.plans, key=lambda plan: plan.started_on) if plan.ended_on is None]
    return still_open[1:]


def _overlapping(child: CensusChild) -> Iterator[str]:
    # Unlike our own tables, the census counts the last day of a plan: the next one starts the day after.
    for earlier, later in permutations(child.plans, 2):
        if earlier.started_on <= later.started_on and (not earlier.ended_on or later.started_on <= earlier.ended_on):
            yield later.id


def _both_open(child: CensusChild) -> Iterator[str]:
    if any(plan.ended_on is None for plan in child.plans):
        yield from (plan.id for plan in child.in_need_plans if plan.ended_on is None)


def _in_need_started_within(child: CensusChild) -> Iterator[str]:
    for in_need in child.in_need_plans:
        if any(_within(in_need.started_on, plan) for plan in child.plans):
            yield in_need.id


def _started_within_in_need(child: CensusChild, plan: CensusPlan) -> bool:
    return any(_within(plan.started_on, in_need) for in_need in child.in_need_plans)


def no_valid_category(categories: Collection[str]) -> bool:
    """Whether there is no category, or one that is not among the four."""
    return not categories or not set(categories) <= set(Category.values)


RULES = (
    CensusRule(
        "1570",
        "LAchildID",
        "The local child id is longer than 20 characters.",
        lambda child: [""] if len(child.la_child_id) > 20 else [],
    ),
    CensusRule(
        "1580",
        "LAchildID",
        "The local child id has something other than letters and digits in it.",
        lambda child: [] if re.fullmatch("[A-Za-z0-9]+", child.la_child_id) else [""],
    ),
    CensusRule(
        "8750",
        "Sex",
        "The sex of an unborn child is recorded as not known (U).",
        lambda child: [""] if _is_unborn(child) and child.sex != "U" else [],
    ),
    CensusRule(
        "8615",
        "DateOfInitialCPC",
        "The initial conference is before the section 47 enquiry started.",
        lambda child: (
            each.id for each in child.enquiries if each.conference_on and each.conference_on < each.started_on
        ),
    ),
    CensusRule(
        "8870Q",
        "InitialCPCtarget",
        "The target date of the initial conference is a Saturday or Sunday.",
        lambda child: (each.id for each in child.enquiries if each.target_on and _is_weekend(each.target_on)),
    ),
    CensusRule(
        "8875",
        "DateOfInitialCPC",
        "The initial conference is on a Saturday or Sunday.",
        lambda child: (id for id, held_on in initial_conferences(child) if _is_weekend(held_on)),
    ),
    CensusRule(
        "1104", "DateOfInitialCPC", "The initial conference is before the referral.", _conferences_before_referral
    ),
    CensusRule(
        "2884",
        "DateOfInitialCPC",
        "The same initial conference is recorded twice: with a section 47 enquiry and without one.",
        _conferences_twice,
    ),
    CensusRule("2883", "CPPstartDate", "There are more plans than initial conferences.", _plans_beyond_conferences),
    CensusRule(
        "2885",
        "CPPstartDate",
        "The plan does not start on the day of an initial conference.",
        _plans(_starts_apart_from_conference),
    ),
    CensusRule(
        "1105",
        "CPPstartDate",
        "The plan starts before the referral.",
        _plans(lambda child, plan: bool(child.referred_on and plan.started_on < child.referred_on)),
    ),
    CensusRule(
        "8840",
        "CPPendDate",
        "The plan starts and ends on the same day.",
        _plans(lambda child, plan: plan.ended_on == plan.started_on),
    ),
    CensusRule(
        "8925",
        "CPPendDate",
        "The plan ends before it starts.",
        _plans(lambda child, plan: bool(plan.ended_on and plan.ended_on < plan.started_on)),
    ),
    CensusRule(
        "8841",
        "CPPreviewDate",
        "A review is on or before the day the plan started.",
        _plans(lambda child, plan: any(review <= plan.started_on for review in plan.reviews)),
    ),
    CensusRule(
        "8905",
        "InitialCategoryOfAbuse",
        "The plan has no category from the list at its start.",
        _plans(lambda child, plan: no_valid_category(plan.initial_categories)),
    ),
    CensusRule(
        "8910",
        "LatestCategoryOfAbuse",
        "The plan has no category from the list now.",
        _plans(lambda child, plan: no_valid_category(plan.latest_categories)),
    ),
    CensusRule(
        "8730",
        "NumberOfPreviousCPP",
        "The number of earlier plans is below 0.",
        _plans(lambda child, plan: number_of_previous_plans(child, plan) < 0),
    ),
    CensusRule(
        "8915",
        "CPPstartDate",
        "The plan starts after the child died.",
        _plans(lambda child, plan: bool(child.died_on and plan.started_on > child.died_on)),
    ),
    CensusRule(
        "8920",
        "CPPendDate",
        "The plan ends after the child died.",
        _plans(lambda child, plan: bool(child.died_on and plan.ended_on and plan.ended_on > child.died_on)),
    ),
    CensusRule("8935", "CPPendDate", "The child has more than one open plan.", _open_beside_another),
    CensusRule("8940", "CPPstartDate", "The plan starts while another one is running.", _overlapping),
    CensusRule("4001", "CINPlanEndDate", "A child in need plan is open beside a child protection plan.", _both_open),
    CensusRule(
        "4016",
        "CINPlanStartDate",
        "A child in need plan starts while a child protection plan is running.",
        _in_need_started_within,
    ),
    CensusRule(
        "4017",
        "CPPstartDate",
        "The plan starts while a child in need plan is running.",
        _plans(_started_within_in_need),
    ),
)
