"""When a protection plan may start, continue and end: the entry rules of the census, before the database refuses."""

from collections.abc import Collection
from datetime import date

from ..models import Outcome, Plan
from .census.checks import check
from .census.children import CensusChild, CensusEnquiry, CensusPlan

# The rest of the census's rules are about whole histories, and are shown to those who send the return.
_ASKED_HERE = {"1104", "1105", "8615", "8750", "8840", "8841", "8905", "8910", "8915", "8920", "8925", "8935"}


def plan_problem(
    outcome: str,
    *,
    held_on: date,
    categories: Collection[str],
    open_plan: Plan | None,
    details,
    enquiry=None,
) -> str:
    """Why this outcome can't stand for this child, as a sentence that follows their name; empty when it can.

    :param details: the child's dates and sex (``ChildDetails``)
    :param enquiry: the section 47 enquiry, if this conference follows from one (``Section47``)
    """
    if outcome == Outcome.PLAN and open_plan is not None:
        return f"a plan started on {_day(open_plan.started_on)} and has not ended, so another one can't start."
    if outcome in (Outcome.CONTINUE, Outcome.END) and open_plan is None:
        return "no plan is open here, so none can continue or end."
    if outcome in (Outcome.CONTINUE, Outcome.END) and held_on <= open_plan.started_on:
        return f"a review comes after the day the plan started, {_day(open_plan.started_on)}."
    plans = _plans(outcome, held_on, frozenset(categories), open_plan)
    found = check(
        CensusChild(
            la_child_id="0",
            sex=details.sex,
            born_on=details.born_on,
            expected_on=details.expected_on,
            died_on=details.died_on,
            referred_on=getattr(enquiry, "referral_on", None),
            enquiries=_enquiries(enquiry, held_on),
            plans=plans,
        )
    )
    sentence = next((one.sentence for one in found if one.code in _ASKED_HERE), "")
    return sentence[:1].lower() + sentence[1:]


def _plans(outcome: str, held_on: date, categories: frozenset[str], open_plan: Plan | None) -> tuple[CensusPlan, ...]:
    """The child's plan as it would stand."""
    if outcome == Outcome.PLAN:
        return (CensusPlan(id="p", started_on=held_on, initial_categories=categories, latest_categories=categories),)
    if outcome not in (Outcome.CONTINUE, Outcome.END):
        return ()
    ends = outcome == Outcome.END
    return (
        CensusPlan(
            id="p",
            started_on=open_plan.started_on,
            ended_on=held_on if ends else None,
            initial_categories=frozenset(open_plan.initial_categories),
            latest_categories=frozenset(open_plan.latest_categories) if ends else categories,
            reviews=(held_on,),
        ),
    )


def _enquiries(enquiry, held_on: date) -> tuple[CensusEnquiry, ...]:
    return (CensusEnquiry(id="e", started_on=enquiry.started_on, conference_on=held_on),) if enquiry else ()


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
