"""The meeting as it happens: parts, breaks, who is there, who is kept out, how each child takes part, the quorum."""

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate

from chatr.accounts.models import User
from chatr.audit.operations import record

from ..models import (
    Attendance,
    Attending,
    Break,
    Conference,
    ConferenceChild,
    ConferencePart,
    Participation,
    ParticipationCode,
    Person,
    PersonKind,
    Reason,
    State,
)
from ..queries.room import current_part
from ..queries.safety import flags_in_force
from ..rules.quorum import quorum_now, twice_running
from ..rules.safety import must_not_meet
from . import states
from .clocks import set_clocks
from .explanations import explain


class CannotRecord(Exception):
    """Why something about the meeting can't be written down, worded for the person who tries."""

    def __init__(self, message: str, *, field: str = ""):
        super().__init__(message)
        self.field = field


@transaction.atomic
def begin_part(*, part: ConferencePart, by: User, now: datetime) -> ConferencePart:
    """A part begins; the one before it ends, with its break. With the first the conference is held, today.

    :raises CannotRecord: if it has begun already, or at a weekend
    """
    conference = Conference.objects.get(pk=part.conference_id)
    if conference.held_on is None and conference.state in (State.SCHEDULED, State.DRAFT):
        try:  # somebody begins it in the room, so a bank holiday needs no second question
            states.begin(conference=conference, held_on=localdate(now), bank_holiday_confirmed=True, by=by, now=now)
        except states.CannotChangeState as refusal:
            raise CannotRecord(str(refusal)) from None
    part = _locked(part)
    if part.began_at:
        raise CannotRecord("This part has begun already.")
    for other in ConferencePart.objects.filter(conference=part.conference_id, began_at__isnull=False, ended_at=None):
        end_part(part=other, by=by, now=now)
    part.began_at = now
    part.save(update_fields=["began_at"])
    record("conferences.part_began", part, by=by, details={"number": part.number})
    return part


@transaction.atomic
def end_part(*, part: ConferencePart, by: User, now: datetime) -> ConferencePart:
    """A part ends, and a break in it.

    :raises CannotRecord: if it has not begun, or ended already
    """
    part = _locked(part)
    if part.began_at is None or part.ended_at:
        raise CannotRecord("This part is not going on.")
    for pause in part.breaks.filter(ended_at=None):
        _end(pause, by, now)
    part.ended_at = now
    part.save(update_fields=["ended_at"])
    record("conferences.part_ended", part, by=by, details={"number": part.number})
    return part


@transaction.atomic
def start_break(*, conference: Conference, asked_by: Person | None = None, by: User, now: datetime) -> Break:
    """A pause. Nothing is discussed until it ends; what is saved meanwhile is shown to the chair.

    :raises CannotRecord: outside a part, or if there is a break already
    """
    part = current_part(conference, now)
    if part is None:
        raise CannotRecord("Begin a part of the meeting first.")
    pause = Break(conference=conference, part=part, asked_by=asked_by, started_at=now)
    try:
        with transaction.atomic():
            pause.save(force_insert=True)
    except IntegrityError:
        raise CannotRecord("There is a break already.") from None
    record("conferences.break_started", pause, by=by, details={"part": part.number})
    return pause


@transaction.atomic
def end_break(*, conference: Conference, by: User, now: datetime) -> Break:
    """Everybody is back.

    :raises CannotRecord: if there is no break
    """
    pause = Break.objects.select_for_update(of=("self",)).filter(conference=conference, ended_at=None).first()
    if pause is None:
        raise CannotRecord("The break is over already.")
    return _end(pause, by, now)


def _end(pause: Break, by: User, now: datetime) -> Break:
    pause.ended_at = now
    pause.save(update_fields=["ended_at"])
    record("conferences.break_ended", pause, by=by, details={"seconds": int((now - pause.started_at).total_seconds())})
    return pause


def _locked(part: ConferencePart) -> ConferencePart:
    return ConferencePart.objects.select_for_update(of=("self",)).get(pk=part.pk)


@transaction.atomic
def mark_attendance(
    *, part: ConferencePart, person: Person, status: str, readmits: bool = False, by: User, now: datetime
) -> Attendance:
    """Whether a person is in a part: invited, present, apologies or not invited.

    :param readmits: whether ``by`` may let somebody in again whom the chair kept out
    :raises CannotRecord: for an exclusion, which has a reason of its own; or where two people must not meet
    """
    if status == Attending.EXCLUDED:
        raise CannotRecord("Say why they are kept out, and for how long at least.")
    _take_turns(part)
    found = _attendance(part, person)
    if found.status == Attending.EXCLUDED and not readmits:
        raise CannotRecord("The chair kept this person out of this part. Only the chair lets them in again.")
    if status == Attending.PRESENT:
        _keep_apart(part, person)
    old, found.status = found.status, status
    found.save()
    details = {"part": part.number, "person": str(person.pk), "status": status, "before": old}
    record("conferences.attendance_marked", found, by=by, details=details)
    _recount(part.conference_id, by, now)
    return found


def _take_turns(part: ConferencePart) -> None:
    """The quorum is counted after each change, so two people who mark somebody at once go one after the other."""
    Conference.objects.select_for_update(of=("self",)).get(pk=part.conference_id)


def _attendance(part: ConferencePart, person: Person) -> Attendance:
    found = Attendance.objects.select_for_update(of=("self",)).filter(part=part, person=person).first()
    return found or Attendance(conference_id=part.conference_id, part=part, person=person)


def _keep_apart(part: ConferencePart, person: Person) -> None:
    apart = must_not_meet(flags_in_force(part.conference), person.pk)
    if part.attendances.filter(person__in=apart, status=Attending.PRESENT).exists():
        raise CannotRecord("Somebody is here who must not be in one part with this person. Use separate parts.")


@transaction.atomic
def exclude(
    *,
    part: ConferencePart,
    person: Person,
    ground: str,
    minimum_minutes: int,
    views_obtained: str,
    by: User,
    now: datetime,
) -> Attendance:
    """The chair keeps a person out of a part: why, for how long at least, and how they are heard all the same.

    :raises CannotRecord: without one of these, or for a child
    """
    if person.kind == PersonKind.CHILD:
        raise CannotRecord("A child is not kept out. Mark whether they are in this part, and write how they take part.")
    if not views_obtained.strip():
        raise CannotRecord("Say how their views are heard all the same.", field="views_obtained")
    if not ground:
        raise CannotRecord("Choose why they are kept out.", field="ground")
    _take_turns(part)
    found = _attendance(part, person)
    found.status, found.ground, found.minimum_minutes = Attending.EXCLUDED, ground, minimum_minutes
    found.views_obtained, found.decided_by_chair = views_obtained, True
    found.save()
    details = {"part": part.number, "person": str(person.pk), "ground": ground, "minutes": minimum_minutes}
    record("conferences.person_excluded", found, by=by, details=details)
    _recount(part.conference_id, by, now)
    return found


@transaction.atomic
def set_participation(
    *, child: ConferenceChild, code: str, how: str, by_whom: str, next_step: str, by: User, now: datetime
) -> Participation:
    """How a child took part, who helped them, and what is done next.

    :raises CannotRecord: where a child's views were not conveyed and nothing is done next
    """
    if code in (ParticipationCode.PN0, ParticipationCode.PN7) and not next_step.strip():
        raise CannotRecord("Say what is done next, so that this child is heard.", field="next_step")
    found = Participation.objects.filter(child=child).first() or Participation(
        conference_id=child.conference_id, child=child
    )
    found.code, found.how, found.by_whom, found.next_step = code, how, by_whom, next_step
    found.save()
    record("conferences.participation_set", found, by=by, details={"child": str(child.pk), "code": code})
    return found


@transaction.atomic
def settle_quorum(
    *,
    conference: Conference,
    grounds: Sequence[str] = (),
    reason: str = "",
    interim_plan: str = "",
    by: User,
    now: datetime,
) -> Conference:
    """Write down whether enough agencies are here; if not, why the chair goes ahead and what holds until the next.

    :raises CannotRecord: without a quorum and without ground, reason and interim plan, or twice running
    """
    conference = Conference.objects.select_for_update(of=("self",)).select_related("previous").get(pk=conference.pk)
    quorate = quorum_now(conference).quorate
    if not quorate:
        _insist_on_grounds(conference, grounds, reason, interim_plan)
        explain(conference=conference, kind=Reason.INQUORATE, words=reason, by=by, now=now)
        explain(conference=conference, kind=Reason.INTERIM_PLAN, words=interim_plan, by=by, now=now)
    _settle(conference, quorate, [] if quorate else list(grounds), by, now)
    return conference


def _insist_on_grounds(conference: Conference, grounds: Sequence[str], reason: str, interim_plan: str) -> None:
    if not grounds:
        raise CannotRecord("Choose on what ground it goes ahead without a quorum.", field="grounds")
    previous = conference.previous
    if twice_running(conference.kind, grounds, previous.quorate if previous else None):
        raise CannotRecord(
            "The conference before this one had no quorum either, so this one can’t go ahead without: set a new date. "
            "Only a pre-birth conference, or one where too few agencies know the child, may.",
            field="grounds",
        )
    if not reason.strip():
        raise CannotRecord("Say why it goes ahead all the same.", field="reason")
    if not interim_plan.strip():
        raise CannotRecord("Write the interim plan: what keeps the child safe till the next one.", field="interim_plan")


def _recount(conference_id, by: User, now: datetime) -> None:
    """Keep what is stored in step with who is there: a quorum that is lost has to be settled by the chair."""
    conference = Conference.objects.select_for_update(of=("self",)).get(pk=conference_id)
    if quorum_now(conference).quorate:
        _settle(conference, True, [], by, now)
    elif conference.quorate:
        _settle(conference, None, [], by, now)


def _settle(conference: Conference, quorate: bool | None, grounds: list[str], by: User, now: datetime) -> None:
    if (conference.quorate, sorted(conference.inquorate_grounds)) == (quorate, sorted(grounds)):
        return
    conference.quorate, conference.inquorate_grounds = quorate, grounds
    conference.save(update_fields=["quorate", "inquorate_grounds"])
    record("conferences.quorum_settled", conference, by=by, details={"quorate": quorate, "grounds": grounds})
    set_clocks(conference=conference, by=by, now=now)
