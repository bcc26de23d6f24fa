"""Adding to a signed record: an amendment, or that somebody says something is not accurate. Nothing is changed."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from chatr.accounts.models import User
from chatr.audit.operations import record
from chatr.workdays.clock import LONDON

from ..models import (
    SIGNED_STATES,
    AccuracyChallenge,
    Amendment,
    Block,
    ChallengeOutcome,
    Conference,
    ConferenceChild,
    Person,
)
from ..queries.amending import item_to_amend


class CannotAmend(Exception):
    """Why nothing can be added, worded for the person who tries; ``field`` is where it shows."""

    def __init__(self, message: str, *, field: str | None = None):
        super().__init__(message)
        self.field = field


@transaction.atomic
def amend(
    *, conference: Conference, object_id: UUID, field: str, new: str, reason: str, by: User, now: datetime
) -> Amendment:
    """Add an amendment to one text of a signed record. The signed text stays, and this stands beside it.

    Its ``old`` is what the text says with the amendments before this one. Copies that were given out are re-issued.

    :raises CannotAmend: before it is signed, without a reason, if nothing changes, or for what can't be amended
    """
    conference = _signed(conference)
    item = item_to_amend(conference, object_id, field)
    if item is None:
        raise CannotAmend("This can’t be amended.")
    if not new.strip():
        raise CannotAmend("Write what it should say", field="new")
    if new == item.words_now:
        raise CannotAmend("This is what it says already", field="new")
    if not reason.strip():
        raise CannotAmend("Write why it is amended", field="reason")
    last = conference.amendments.aggregate(last=Max("number"))["last"] or 0
    amendment = Amendment(
        conference=conference,
        child_id=item.child_id,
        number=last + 1,
        object_type=item.object_type,
        object_id=object_id,
        field=field,
        old=item.words_now,
        new=new,
        reason=reason,
        by=by,
        at=now,
    )
    amendment.save(force_insert=True)
    record(
        "conferences.amended",
        conference,
        by=by,
        details={"number": amendment.number, "type": item.object_type, "id": str(object_id), "field": field},
    )
    return amendment


@transaction.atomic
def challenge(
    *,
    conference: Conference,
    person: Person,
    child: ConferenceChild | None,
    block: Block | None,
    words: str,
    received_on: date,
    by: User,
    now: datetime,
) -> AccuracyChallenge:
    """Write down, word for word, that somebody says something is not accurate. It stands beside the text for good.

    :param block: the words it is about; None for the record as a whole
    :raises CannotAmend: before the record is signed, without words, or for a day to come or before it was signed
    """
    conference = _signed(conference)
    if not words.strip():
        raise CannotAmend("Write what they say, word for word", field="words")
    if received_on > now.astimezone(LONDON).date():
        raise CannotAmend("Enter today or a day in the past", field="received_on")
    if received_on < conference.held_on:
        raise CannotAmend("Enter a day on or after the conference", field="received_on")
    found = AccuracyChallenge(
        conference=conference,
        person=person,
        child_id=block.child_id if block else child and child.pk,
        block=block,
        words=words,
        received_on=received_on,
    )
    found.save(force_insert=True)
    record("conferences.accuracy_challenged", conference, by=by, details={"challenge": str(found.pk)})
    return found


@transaction.atomic
def answer_challenge(
    *, challenge: AccuracyChallenge, outcome: str, response: str, by: User, now: datetime
) -> AccuracyChallenge:
    """Answer it: the record was amended, or stays. Either way what they said stays beside it.

    :raises CannotAmend: without an answer, or if it was answered already
    """
    found = AccuracyChallenge.objects.select_for_update().get(pk=challenge.pk)
    if found.outcome != ChallengeOutcome.WAITING:
        raise CannotAmend("This was answered already.")
    if outcome not in (ChallengeOutcome.AMENDED, ChallengeOutcome.STANDS):
        raise CannotAmend("Choose what happened", field="outcome")
    if not response.strip():
        raise CannotAmend("Write your answer", field="response")
    found.outcome, found.response, found.answered_at = outcome, response, now
    found.save()
    record(
        "conferences.challenge_answered",
        found.conference,
        by=by,
        details={"challenge": str(found.pk), "outcome": outcome},
    )
    return found


def _signed(conference: Conference) -> Conference:
    conference = Conference.objects.select_for_update().get(pk=conference.pk)
    if conference.state not in SIGNED_STATES:
        raise CannotAmend("This record is not signed yet: change it instead.")
    return conference
