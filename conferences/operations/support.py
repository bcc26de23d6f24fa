"""What people need to take part, what they were told beforehand, and what they chose."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from chatr.accounts.models import User
from chatr.accounts.operations.invitations import CannotInvite, invite_person
from chatr.accounts.operations.roles import ensure_role
from chatr.audit.operations import record
from chatr.notifications import operations as notifications
from chatr.workdays.clock import LONDON

from ..messages import advocates as messages
from ..models import (
    Assignment,
    AssignmentChild,
    AssignmentRole,
    Choice,
    ConferenceChild,
    Person,
    Preparation,
    SectionKind,
    Support,
    SupportOutcome,
)

ROLE = "agency_contributor"  # what lets somebody enter the area at all


class CannotSupport(Exception):
    """Why something about a person's support can't be kept, worded for whoever writes it down."""

    def __init__(self, message: str, *, field: str = ""):
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, kw_only=True)
class SupportFacts:
    """Help that was offered, and what came of it."""

    kind: str
    offered_on: date | None = None
    outcome: str = SupportOutcome.ASKED
    is_relative: bool = False
    detail: str = ""


@dataclass(frozen=True, kw_only=True)
class PreparationFacts:
    """The meeting with the chair beforehand, or that the person chose not to have one."""

    met_on: date | None = None
    declined: bool = False
    with_chair: bool = True
    reports_read_together: bool = False
    explained: Sequence[str] = ()
    questions: str = ""
    offer: str = ""


@transaction.atomic
def save_support(
    *, person: Person, facts: SupportFacts, by: User, now: datetime, support: Support | None = None
) -> Support:
    """Write down help somebody was offered, or what came of it since.

    :raises CannotSupport: for an offer on a day to come
    """
    if facts.offered_on and facts.offered_on > now.astimezone(LONDON).date():
        raise CannotSupport("This day has not come yet. Enter the day it was offered.", field="offered_on")
    support = support or Support(conference_id=person.conference_id, person=person)
    for name, value in vars(facts).items():
        setattr(support, name, value)
    support.save()
    details = {"person": str(person.pk), "kind": facts.kind, "outcome": facts.outcome}
    record("conferences.support_saved", person.conference, by=by, details=details)
    return support


@transaction.atomic
def remove_support(*, support: Support, by: User, now: datetime) -> None:
    """Take off what was written down by mistake."""
    details = {"person": str(support.person_id), "kind": support.kind}
    record("conferences.support_removed", support.conference, by=by, details=details)
    support.delete()


@transaction.atomic
def save_preparation(*, person: Person, facts: PreparationFacts, by: User, now: datetime) -> Preparation:
    """Write down that somebody met the chair beforehand, or chose not to. Either is theirs to choose.

    :raises CannotSupport: with neither or both, or for a day to come
    """
    if facts.declined == (facts.met_on is not None):
        raise CannotSupport("Enter the day you met, or say that they chose not to.", field="met_on")
    if facts.met_on and facts.met_on > now.astimezone(LONDON).date():
        raise CannotSupport("This day has not come yet. Write the meeting down once you have met.", field="met_on")
    found = Preparation.objects.filter(person=person).first()
    found = found or Preparation(conference_id=person.conference_id, person=person)
    found.met_on, found.declined, found.offer = facts.met_on, facts.declined, facts.offer
    # What belongs to a meeting is kept only where there was one.
    found.with_chair = facts.with_chair and not facts.declined
    found.reports_read_together = facts.reports_read_together and not facts.declined
    found.explained = [] if facts.declined else list(facts.explained)
    found.questions = facts.questions
    found.save()
    details = {"person": str(person.pk), "declined": facts.declined}
    record("conferences.preparation_saved", person.conference, by=by, details=details)
    return found


@transaction.atomic
def save_choices(*, person: Person, words: Mapping[str, str], by: User, now: datetime) -> None:
    """Keep what a person chose, in their own words; a choice left empty is none."""
    there = {choice.kind: choice for choice in person.choices.all()}
    for kind, said in words.items():
        choice = there.get(kind)
        if not said:
            if choice is not None:
                choice.delete()
            continue
        choice = choice or Choice(conference_id=person.conference_id, person=person, kind=kind)
        choice.words = said
        choice.save()
    details = {"person": str(person.pk), "kinds": sorted(kind for kind, said in words.items() if said)}
    record("conferences.choices_saved", person.conference, by=by, details=details)


# A child's advocate


@transaction.atomic
def let_advocate_in(*, child: ConferenceChild, email: str, by: User, now: datetime) -> Assignment:
    """Let a child's advocate in to write that child's own words, and to see nothing else. Call it acting as ``by``.

    The account is found or made; they are written to that something waits.

    :raises CannotSupport: for somebody let in to this conference already, or an account that was closed
    """
    try:
        user = invite_person(name="", email=email, by=by, reason=None, now=now)
    except CannotInvite as refusal:
        raise CannotSupport(str(refusal), field="email") from None
    conference = child.conference
    inside = Assignment.objects.live().filter(conference=conference, user=user).first()
    if user == by or inside is not None:
        raise CannotSupport("This person is let in to this conference already.", field="email")
    ensure_role(user=user, role=ROLE, by=by, tell=False)
    assignment = Assignment.objects.create(
        conference=conference,
        user=user,
        role=AssignmentRole.ADVOCATE,
        all_children=False,
        sections=[SectionKind.CHILD_WORDS],
        since=now,
        given_by=by,
    )
    AssignmentChild.objects.create(conference=conference, assignment=assignment, child=child)
    notifications.queue_many([messages.let_in(assignment)])
    record("conferences.advocate_let_in", conference, by=by, details={"child": str(child.pk), "user": str(user.pk)})
    return assignment


@transaction.atomic
def let_advocate_out(*, assignment: Assignment, by: User, now: datetime) -> None:
    """End an advocate's way in. What they wrote stays."""
    assignment.until = now
    assignment.save(update_fields=["until"])
    details = {"user": str(assignment.user_id)}
    record("conferences.advocate_let_out", assignment.conference, by=by, details=details)
