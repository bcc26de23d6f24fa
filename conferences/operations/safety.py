"""Flags between two people who must be kept apart. They end; they are never removed."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from chatr.accounts.models import User
from chatr.audit.operations import record
from chatr.workdays.clock import LONDON

from ..models import Conference, Person, SafetyFlag, State


class CannotFlag(Exception):
    """Why a flag can't be kept, worded for whoever raises it."""

    def __init__(self, message: str, *, field: str = ""):
        super().__init__(message)
        self.field = field


@transaction.atomic
def add_flag(
    *,
    conference: Conference,
    person_a: UUID,
    person_b: UUID,
    kind: str,
    reason: str,
    review_on: date | None,
    by: User,
    now: datetime,
) -> SafetyFlag:
    """Keep two people apart from now on. After signing too, because it decides who is given what.

    :raises CannotFlag: for one person twice, somebody of another conference, a pair that is flagged so already, a day
        of review that has passed, or once the conference is cancelled
    """
    conference = Conference.objects.select_for_update().get(pk=conference.pk)
    if conference.state == State.CANCELLED:
        raise CannotFlag("This conference was cancelled.")
    if person_a == person_b:
        raise CannotFlag("Choose two different people", field="person_b")
    if Person.objects.filter(conference=conference, pk__in=(person_a, person_b)).count() != 2:
        raise CannotFlag("Choose two people of this conference", field="person_b")
    if review_on and review_on < now.astimezone(LONDON).date():
        raise CannotFlag("This day has passed. Enter a day to look at it again.", field="review_on")
    pair = Q(person_a=person_a, person_b=person_b) | Q(person_a=person_b, person_b=person_a)
    if conference.safety_flags.filter(pair, kind=kind, ended_at=None).exists():
        raise CannotFlag("These two are flagged so already.", field="person_b")
    flag = SafetyFlag.objects.create(
        conference=conference,
        person_a_id=person_a,
        person_b_id=person_b,
        kind=kind,
        reason=reason,
        review_on=review_on,
    )
    record("conferences.safety_flag_added", conference, by=by, details={"flag": str(flag.pk), "kind": kind})
    return flag


@transaction.atomic
def end_flag(*, flag: SafetyFlag, by: User, now: datetime) -> None:
    """Say that two people need not be kept apart any more. That they once were stays written down.

    :raises CannotFlag: if it ended already
    """
    flag = SafetyFlag.objects.select_for_update(of=("self",)).select_related("conference").get(pk=flag.pk)
    if flag.ended_at:
        raise CannotFlag("This ended already.")
    flag.ended_at = now
    flag.save(update_fields=["ended_at"])
    details = {"flag": str(flag.pk), "kind": flag.kind}
    record("conferences.safety_flag_ended", flag.conference, by=by, details=details)
