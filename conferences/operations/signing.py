"""Signing a record: once, by its chair or by whoever covers for them, over exactly what they saw."""

import json
from datetime import date, datetime

from django.db import IntegrityError, transaction

from chatr.accounts.models import User
from chatr.audit.operations import record
from chatr.workdays.clock import LONDON

from ..models import (
    OPEN_STATES,
    Assignment,
    AssignmentRole,
    Conference,
    ConferenceKind,
    Outcome,
    Plan,
    Reason,
    SignedRecord,
    State,
)
from ..queries.missing import missing
from ..queries.plans import ChildHere, children_here
from ..queries.signed import as_text, canonical, changed_parts, fingerprint, sha256, staff_of
from ..rules.plans import plan_problem
from .clocks import set_clocks


class CannotSign(Exception):
    """Why a record can't be signed, worded for the person who tries; ``field`` is where it shows."""

    def __init__(self, message: str, *, field: str | None = None):
        super().__init__(message)
        self.field = field


class HasChanged(CannotSign):
    """Somebody changed the record since it was looked at."""


@transaction.atomic
def sign_record(*, conference: Conference, by: User, now: datetime, version: str, name: str) -> SignedRecord:
    """Sign a record: store it as it is with its hash, start, continue and end plans, set the clocks, close it.

    Call it acting as ``by``, the chair or whoever covers for them, who has just shown who they are.

    :param version: the fingerprint (``queries.signed``) of the record as the signer saw it
    :param name: the signer's name as they typed it
    :raises HasChanged: if it is not the record they saw
    :raises CannotSign: for anybody else, while anything is missing, or if a plan can't stand
    """
    conference = Conference.objects.select_for_update(of=("self",)).select_related("team").get(pk=conference.pk)
    if conference.state not in OPEN_STATES:
        raise CannotSign("This record is closed already.")
    for_chair = _signs_for_chair(conference, by)
    if " ".join(name.split()).casefold() != " ".join(by.name.split()).casefold():
        raise CannotSign(f"Type your name as it stands in your account: {by.name}", field="name")
    still = missing(conference, now.astimezone(LONDON).date())
    if still:
        raise CannotSign(f"The record is not complete yet. Missing: {still[0].sentence}.")
    content = canonical(conference)
    changed = changed_parts(version, fingerprint(content))
    if changed:
        raise HasChanged(f"The record was changed since you opened this page: {', '.join(changed)}. Look at it again.")
    children = children_here(conference)
    for sentence in plan_problems(children, conference.held_on):
        raise CannotSign(sentence)
    signed = _store(conference, content, by, now, for_chair)
    for here in children:
        _keep_plan(conference, here)
    set_clocks(conference=conference, by=by, now=now)
    record(
        "conferences.signed",
        conference,
        by=by,
        details={"sha256": conference.content_sha256, "for_chair": for_chair, "children": len(children)},
    )
    return signed


def plan_problems(children: list[ChildHere], held_on: date | None) -> list[str]:
    """Why the plans that were decided can't stand, a sentence each; none before it is known when it was held."""
    found = []
    for here in children:
        if here.decision is None or held_on is None:
            continue
        problem = plan_problem(
            here.decision.outcome,
            held_on=held_on,
            categories=here.decision.categories,
            open_plan=here.plan,
            details=here.child.child.details,
            enquiry=getattr(here.child, "enquiry", None),
        )
        if problem:
            found.append(f"For {here.name}, {problem}")
    return found


def _signs_for_chair(conference: Conference, by: User) -> bool:
    """Whether somebody signs in the chair's stead.

    :raises CannotSign: if they are neither the chair nor covering for them with a reason
    """
    roles = set(Assignment.objects.live().filter(conference=conference, user=by).values_list("role", flat=True))
    if by.pk == conference.chair_id and AssignmentRole.CHAIR in roles:
        return False
    if AssignmentRole.COVER not in roles:
        raise CannotSign("Only the chair signs, or whoever covers for them.")
    if by.pk == conference.report_author_id:
        raise CannotSign("Whoever wrote the social work report or manages the case does not sign.")
    if not conference.explanations.filter(kind=Reason.COVER_SIGNS).exists():
        raise CannotSign(
            "Nobody has written down why somebody else signs for the chair. Let them cover again, with why."
        )
    return True


def _store(conference: Conference, content: str, by: User, now: datetime, for_chair: bool) -> SignedRecord:
    signature = {
        "name": by.name,
        "role": conference.team.chair_title,
        "for_chair": for_chair,
        "at": now.isoformat(),
        "staff": staff_of(content),
    }
    whole = as_text({"record": json.loads(content), "signature": signature})
    signed = SignedRecord(
        conference=conference, content=whole, signer_name=by.name, signer_role=conference.team.chair_title
    )
    signed.save(force_insert=True)
    conference.state, conference.version = State.SIGNED, conference.version + 1
    conference.signed_at, conference.signed_by, conference.signed_for_chair = now, by, for_chair
    conference.content_sha256 = sha256(whole)
    try:
        with transaction.atomic():
            conference.save()
    except IntegrityError:
        raise CannotSign("Without a quorum the record needs the ground on which the conference went ahead.") from None
    return signed


def _keep_plan(conference: Conference, here: ChildHere) -> None:
    """Start, continue or end a child's plan as it was decided.

    :raises CannotSign: if another conference started one for the child meanwhile
    """
    decision, plan = here.decision, here.plan
    if decision.outcome == Outcome.PLAN:
        plan = Plan(
            child_id=here.child.child_id,
            opened_at=conference,
            started_on=conference.held_on,
            initial_categories=decision.categories,
            latest_categories=decision.categories,
            other_authority=conference.kind == ConferenceKind.TRANSFER_IN,
        )
    elif decision.outcome == Outcome.CONTINUE:
        plan.latest_categories = decision.categories
    elif decision.outcome == Outcome.END:
        plan.ended_on, plan.ended_at = conference.held_on, conference
    else:
        return
    try:
        with transaction.atomic():
            plan.save()
    except IntegrityError as refusal:
        raise CannotSign(f"For {here.name}, {_in_words(refusal)}") from None


def _in_words(refusal: IntegrityError) -> str:
    """A refusal of the database in words; never its own, which may quote the row."""
    diagnosis = getattr(refusal.__cause__, "diag", None)
    return {
        "one_open_plan_of_a_child": "another conference has just started a plan. Open that one first.",
        "one_plan_of_a_child_at_a_time": "there is another plan on that day already.",
        "a_plan_ends_after_it_starts": "a plan ends after the day it started.",
        "a_plan_has_categories": "a plan needs at least one category.",
    }.get(getattr(diagnosis, "constraint_name", ""), "the plan can’t be kept as decided. Check its dates.")
