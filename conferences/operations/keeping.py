"""Holding records, saying how long they are kept, and letting one go when two people agree. Nothing goes by itself."""

from datetime import date, datetime

from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from chatr.accounts.models import User
from chatr.audit.operations import record
from chatr.database.acting import acting_as_job

from ..models import Conference, DisposalProposal, KeepingRule, LegalHold
from ..queries.keeping import past_keeping, to_propose
from ..rules import keeping as rules

JOB = "keeping"
REFUSED = {
    "held_records_stay": "A legal hold keeps this record. Nothing was removed.",
    "kept_as_long_as_the_rule_says": "By the rule that holds now, this has to be kept longer. Nothing was removed.",
    "two_people_agree": "Two different people have to agree. Nothing was removed.",
    "proposals_stay": "This was decided already. Nothing was removed.",
}


class CannotHold(Exception):
    """Why a hold can't be placed or lifted, worded for the person who tries."""


class CannotKeep(Exception):
    """Why a rule can't be agreed, worded for the person who tries."""

    def __init__(self, message: str, *, field: str | None = None):
        super().__init__(message)
        self.field = field


class CannotDispose(Exception):
    """Why a record stays, worded for the person who agreed that it goes."""


# Holds


@transaction.atomic
def place_hold(*, conference: Conference, reason: str, by: User, now: datetime) -> LegalHold:
    """Keep a record whatever any rule says, until the hold is lifted. Call it acting as ``by``.

    :raises CannotHold: without a reason
    """
    if not reason.strip():
        raise CannotHold("Write why this record must be kept.")
    hold = LegalHold.objects.create(conference=conference, placed_by=by, placed_at=now, reason=reason)
    record("conferences.hold_placed", conference, by=by, details={"hold": str(hold.pk)})
    return hold


@transaction.atomic
def lift_hold(*, hold: LegalHold, by: User, now: datetime) -> None:
    """End a hold. The record can be proposed again; nothing else happens.

    :raises CannotHold: if it was lifted before
    """
    lifted = LegalHold.objects.filter(pk=hold.pk, lifted_at=None).update(lifted_by=by, lifted_at=now)
    if not lifted:
        raise CannotHold("This hold was lifted already.")
    record("conferences.hold_lifted", hold.conference, by=by, details={"hold": str(hold.pk)})


# Rules


@transaction.atomic
def agree_rule(
    *, kind: str, years: int, trigger: str, authority: str, in_force_from: date, by: User, now: datetime
) -> KeepingRule:
    """Say how long something is kept, and on whose authority. A rule is never changed: a later one takes its place.

    :raises CannotKeep: without an authority, for a day before today, or one that has a rule already
    """
    if not authority.strip():
        raise CannotKeep("Enter who says so: the schedule or policy, and its date.", field="authority")
    if in_force_from < timezone.localdate(now):
        raise CannotKeep("A rule starts today or later.", field="in_force_from")
    try:
        with transaction.atomic():
            rule = KeepingRule.objects.create(
                kind=kind,
                years=years,
                trigger=trigger,
                authority=authority.strip(),
                agreed_by=by,
                in_force_from=in_force_from,
            )
    except IntegrityError:
        raise CannotKeep("There is a rule from that day already. Choose another day.", field="in_force_from") from None
    details = {"kind": kind, "years": years, "from": trigger, "in_force_from": in_force_from.isoformat()}
    record("conferences.keeping_rule_agreed", rule, by=by, details=details)
    return rule


# Proposals


def propose(*, now: datetime) -> tuple[int, int]:
    """Propose what was kept long enough, by dates alone, and give how many were proposed and how many are held.

    Doing it again the same day proposes nothing new. What is held stays untouched, and managers see it reported.
    """
    today = timezone.localdate(now)
    with acting_as_job(JOB):
        kept_on = sum(one.held for one in past_keeping(today))
        new = [
            DisposalProposal(
                conference_id=one.conference, rule_id=one.rule, proposed_on=today, kept_until=one.kept_until
            )
            for one in to_propose(today, declined_before=now - rules.ASK_AGAIN_AFTER)
        ]
        DisposalProposal.objects.bulk_create(new)
        if new or kept_on:
            record("conferences.disposal_proposed", None, by=None, details={"proposed": len(new), "held": kept_on})
    return len(new), kept_on


@transaction.atomic
def agree(*, proposal: DisposalProposal, by: User, now: datetime) -> bool:
    """Agree that a record goes. The first person only agrees; with the second, another one, it is disposed of at once.

    :return: whether it is gone
    :raises CannotDispose: for the same person again, while a hold keeps it, while the rule in force asks for longer,
        or when it was decided already
    """
    proposal = DisposalProposal.objects.select_for_update(of=("self",)).get(pk=proposal.pk)
    if proposal.declined_at or proposal.disposed_at:
        raise CannotDispose(REFUSED["proposals_stay"])
    if not rules.may_agree(by, proposal):
        raise CannotDispose("You agreed already. Somebody else has to agree too.")
    is_second = rules.is_second(proposal)
    which = "second" if is_second else "first"
    try:
        with transaction.atomic():
            setattr(proposal, f"{which}_by", by)
            setattr(proposal, f"{which}_at", now)
            proposal.save(update_fields=[f"{which}_by", f"{which}_at"])
            if is_second:
                with connection.cursor() as cursor:
                    cursor.execute("SELECT dispose_of(%s)", [proposal.pk])
    except DatabaseError as refusal:
        why = getattr(getattr(refusal.__cause__, "diag", None), "constraint_name", None)
        if why not in REFUSED:
            raise
        raise CannotDispose(REFUSED[why]) from None
    details = {"conference": str(proposal.conference_id), "rule": str(proposal.rule_id)}
    record("conferences.disposed" if is_second else "conferences.disposal_agreed", proposal, by=by, details=details)
    return is_second


@transaction.atomic
def decline(*, proposal: DisposalProposal, by: User, now: datetime) -> None:
    """Say that a record stays. It is not proposed again for a year.

    :raises CannotDispose: when it was decided already
    """
    open_still = DisposalProposal.objects.filter(pk=proposal.pk, declined_at=None, disposed_at=None)
    if not open_still.update(declined_at=now):
        raise CannotDispose(REFUSED["proposals_stay"])
    record("conferences.disposal_declined", proposal, by=by, details={"conference": str(proposal.conference_id)})
