"""What is recorded here about a child, as the census sees it."""

from dataclasses import dataclass
from uuid import UUID

from ...models import ConferenceChild, ConferenceKind, Plan
from ...queries.census import ChildRows
from .checks import Problem, check
from .children import CensusChild, CensusConference, CensusEnquiry, CensusPlan

FIRST_CONFERENCES = (ConferenceKind.INITIAL, ConferenceKind.PRE_BIRTH, ConferenceKind.TRANSFER_IN)


@dataclass(frozen=True)
class ToCheck:
    """One child with what to put right, each with the conference to open for it."""

    la_child_id: str
    problems: list[tuple[Problem, UUID]]


def census_child(rows: ChildRows) -> CensusChild:
    """The child as the census sees them. Child in need plans are kept elsewhere, so none are among these."""
    details = getattr(rows.child, "details", None)
    enquiries = [one.enquiry for one in rows.conferences if hasattr(one, "enquiry")]
    return CensusChild(
        la_child_id=rows.child.la_child_id,
        sex=details.sex if details else "U",
        born_on=details and details.born_on,
        expected_on=details and details.expected_on,
        died_on=details and details.died_on,
        referred_on=min((one.referral_on for one in enquiries if one.referral_on), default=None),
        enquiries=tuple(_enquiry(one) for one in rows.conferences if hasattr(one, "enquiry")),
        conferences=tuple(
            CensusConference(id=str(one.pk), held_on=one.conference.held_on)
            for one in rows.conferences
            if _first_held_on(one) and not hasattr(one, "enquiry")
        ),
        plans=tuple(_plan(plan, rows.conferences) for plan in rows.plans),
    )


def to_check(rows: ChildRows) -> ToCheck:
    """What the census would ask about this child, and where to put it right."""
    latest = rows.conferences[-1].conference_id
    where = {str(plan.pk): plan.opened_at_id for plan in rows.plans}
    for one in rows.conferences:
        where |= {str(one.pk): one.conference_id}
        if hasattr(one, "enquiry"):
            where |= {str(one.enquiry.pk): one.conference_id}
    problems = [(problem, where.get(problem.about, latest)) for problem in check(census_child(rows))]
    return ToCheck(rows.child.la_child_id, problems)


def _enquiry(one: ConferenceChild) -> CensusEnquiry:
    return CensusEnquiry(
        id=str(one.enquiry.pk),
        started_on=one.enquiry.started_on,
        target_on=next((limit.due_on for limit in one.limits), None),
        conference_on=_first_held_on(one),
        conference_not_required=one.enquiry.icpc_not_required,
    )


def _first_held_on(one: ConferenceChild):
    return one.conference.held_on if one.conference.kind in FIRST_CONFERENCES else None


def _plan(plan: Plan, conferences: list[ConferenceChild]) -> CensusPlan:
    reviews = (one.conference.held_on for one in conferences if one.conference.kind == ConferenceKind.REVIEW)
    return CensusPlan(
        id=str(plan.pk),
        started_on=plan.started_on,
        ended_on=plan.ended_on,
        initial_categories=frozenset(plan.initial_categories),
        latest_categories=frozenset(plan.latest_categories),
        reviews=tuple(
            day for day in reviews if day and day > plan.started_on and (plan.ended_on is None or day <= plan.ended_on)
        ),
    )
