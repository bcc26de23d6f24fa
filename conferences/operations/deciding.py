"""What is decided for each child, and who disagrees."""

from collections.abc import Collection
from datetime import datetime

from django.db import IntegrityError, transaction

from chatr.accounts.models import User
from chatr.audit.operations import record

from ..models import OPEN_STATES, Conference, ConferenceChild, Decision, Dissent, Person, Plan
from ..rules import deciding as rules
from .clocks import set_clocks


class CannotDecide(Exception):
    """Why a decision or a dissent can't be kept, worded for the person who tries; ``field`` is where it shows."""

    def __init__(self, message: str, *, field: str | None = None):
        super().__init__(message)
        self.field = field


@transaction.atomic
def decide(
    *,
    child: ConferenceChild,
    outcome: str,
    threshold_met: bool,
    categories: Collection[str],
    reasons: str,
    family_view: str = "",
    family_view_not_given: bool = False,
    by: User,
    now: datetime,
) -> Decision:
    """Write down, or write anew, the decision for one child. Call it acting as the chair, or whoever covers for them.

    :raises CannotDecide: if it contradicts itself or can't be decided here, without reasons, or once it is signed
    """
    conference = held(child.conference)
    has_plan = Plan.objects.filter(child_id=child.child_id, ended_on=None).exists()
    found = rules.problem(
        outcome,
        allowed=rules.outcomes(conference.kind, has_plan=has_plan),
        threshold_met=threshold_met,
        categories=categories,
        quorate=conference.quorate,
    )
    if found:
        field, sentence = found
        raise CannotDecide(sentence, field=field)
    if not reasons.strip():
        raise CannotDecide("Write why this was decided", field="reasons")
    if family_view.strip() and family_view_not_given:
        raise CannotDecide(
            "Either write what the family thinks, or say that they chose not to say.", field="family_view"
        )
    decision = Decision.objects.filter(child=child).first() or Decision(conference=conference, child=child)
    decision.outcome, decision.threshold_met = outcome, threshold_met
    decision.categories = [code for code in rules.CATEGORY_ORDER if code in categories]
    decision.reasons, decision.family_view = reasons, family_view
    decision.family_view_not_given = family_view_not_given
    try:
        with transaction.atomic():
            decision.save()
    except IntegrityError:
        raise CannotDecide("Somebody else decided this just now. Open the page again.") from None
    set_clocks(conference=conference, by=by, now=now)
    record(
        "conferences.decided",
        conference,
        by=by,
        details={"child": str(child.pk), "outcome": outcome, "categories": decision.categories},
    )
    return decision


@transaction.atomic
def record_dissent(
    *,
    conference: Conference,
    person: Person,
    child: ConferenceChild | None,
    formal: bool,
    words: str,
    next_step: str,
    dissent: Dissent | None = None,
    by: User,
    now: datetime,
) -> Dissent:
    """Write down that somebody disagrees, in their own words, and what happens with it; or put it right (``dissent``).

    The decision stands. It is about one child, or about all of them where ``child`` is None.

    :raises CannotDecide: without words or a next step, or once the record is signed
    """
    held(conference)
    if not words.strip():
        raise CannotDecide("Write what they say, in their own words", field="words")
    if not next_step.strip():
        raise CannotDecide("Write what happens next", field="next_step")
    dissent = dissent or Dissent(conference=conference)
    dissent.person, dissent.child, dissent.formal = person, child, formal
    dissent.words, dissent.next_step = words, next_step
    dissent.save()
    record(
        "conferences.dissent_recorded",
        conference,
        by=by,
        details={"dissent": str(dissent.pk), "person": str(person.pk), "formal": formal},
    )
    return dissent


@transaction.atomic
def remove_dissent(*, dissent: Dissent, by: User, now: datetime) -> None:
    """Take away a dissent written down by mistake, before the record is signed.

    :raises CannotDecide: once it is signed
    """
    conference = held(dissent.conference)
    record("conferences.dissent_removed", conference, by=by, details={"dissent": str(dissent.pk)})
    dissent.delete()


def held(conference: Conference) -> Conference:
    """The conference as it stands now, kept open while something in it changes.

    :raises CannotDecide: once it is closed
    """
    conference = Conference.objects.select_for_update().get(pk=conference.pk)
    if conference.state not in OPEN_STATES:
        raise CannotDecide("This record is closed. Add an amendment instead.")
    return conference
