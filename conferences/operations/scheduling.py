"""Opening a conference and changing its arrangements: when, where, who chairs, and who is let in."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from chatr.accounts.models import User
from chatr.audit.operations import record
from chatr.workdays.clock import LONDON
from chatr.workdays.queries import bank_holidays

from ..models import (
    Arrangements,
    Assignment,
    AssignmentRole,
    Conference,
    ConferenceKind,
    ConferencePart,
    Mode,
    Reason,
    Team,
    TeamMember,
    TeamRole,
)
from ..queries.access import manages
from ..rules.access import is_open
from ..rules.scheduling import ask_about, why_not_that_day
from .children import (
    ASK_THE_MANAGER,
    CannotSchedule,
    ChildToBe,
    MustConfirm,
    add_child,
    lay_out_sections,
    put_child,
)
from .clocks import set_clocks
from .explanations import explain, take_back
from .report_requests import move_due_dates

__all__ = ["ASK_THE_MANAGER", "CannotSchedule", "ChildToBe", "MustConfirm", "add_child", "schedule_conference"]

NOT_INDEPENDENT = "Whoever wrote the social work report or manages the case does not chair. Choose another chair."


@transaction.atomic
def schedule_conference(
    *,
    team: Team,
    kind: str,
    scheduled_at: datetime,
    minutes: int,
    chair: User,
    children: Sequence[ChildToBe],
    by: User,
    now: datetime,
    mode: str = Mode.IN_PERSON,
    place: str = "",
    joining: str = "",
    previous: Conference | None = None,
    report_author: User | None = None,
    independence_reason: str = "",
    notified_on: date | None = None,
    bank_holiday_meant: bool = False,
    key: UUID | None = None,
) -> Conference:
    """Write a conference down and let its creator and its chair in. Call it acting as ``by``.

    :param minutes: how long it is planned to take
    :param independence_reason: why a chair who is involved in the case chairs all the same; a manager's to give
    :param key: of the form that was sent; the same one sent twice is one conference
    :raises CannotSchedule: without a child, if a child is known in a record the person cannot open, if the chair is
        not independent, or for a day no conference is held on
    :raises MustConfirm: for a bank holiday, unless it is meant
    """
    if not children:
        raise CannotSchedule("Add at least one child.", field="children")
    _refuse_outsiders(team, chair)
    _refuse_day(scheduled_at, now, bank_holiday_meant)
    conference = Conference(
        team=team,
        kind=kind,
        scheduled_at=scheduled_at,
        minutes=minutes,
        mode=mode,
        chair=chair,
        previous=previous,
        notified_on=notified_on if kind == ConferenceKind.TRANSFER_IN else None,
        created_by=by,
        created_at=now,
    )
    overridden_by = _keep_independent(conference, report_author, independence_reason, by)
    if overridden_by:  # the database takes it from somebody who manages a conference that is there already
        conference.report_author = conference.independence_overridden_by = None
    if key is not None:
        conference.pk = key
    try:
        with transaction.atomic():
            conference.save(force_insert=True)
    except IntegrityError:
        sent_before = Conference.objects.filter(pk=key, created_by=by).first()
        if sent_before is None:
            raise CannotSchedule("Your answers came in part. Look at them again, then continue.") from None
        return sent_before
    _let_in(conference, chair, by, now)
    Arrangements.objects.create(conference=conference, place=place, joining=joining)
    for position, child in enumerate(children, 1):
        put_child(conference=conference, child=child, position=position)
    lay_out_sections(conference)
    _first_part(conference)
    if overridden_by:
        conference.report_author, conference.independence_overridden_by = report_author, overridden_by
        conference.save(update_fields=["report_author", "independence_overridden_by"])
        explain(conference=conference, kind=Reason.INDEPENDENCE, words=independence_reason, by=by, now=now)
    set_clocks(conference=conference, by=by, now=now)
    record(
        "conferences.scheduled",
        conference,
        by=by,
        details={"kind": kind, "children": len(children), "chair": str(chair.pk)},
    )
    return conference


class _OnlyTrying(Exception):
    pass


def try_to_schedule(**answers) -> None:
    """Meet every refusal that :func:`schedule_conference` would meet, and keep nothing.

    :raises CannotSchedule: as there
    """
    try:
        with transaction.atomic():
            schedule_conference(**answers)
            raise _OnlyTrying
    except _OnlyTrying:
        pass


@transaction.atomic
def change_arrangements(
    *,
    conference: Conference,
    scheduled_at: datetime,
    minutes: int,
    mode: str,
    place: str,
    joining: str,
    notes: str,
    report_author: User | None,
    notified_on: date | None,
    mother_not_medically_fit: bool,
    by: User,
    now: datetime,
    independence_reason: str = "",
    bank_holiday_meant: bool = False,
) -> None:
    """Change when, where and how a conference meets. Its parts move with it, and its clocks are worked out again.

    :raises CannotSchedule: once it is closed, if the chair is not independent, for a day no conference is held on, or
        without the day of the notification of a transfer
    :raises MustConfirm: for a bank holiday, unless it is meant
    """
    conference = Conference.objects.select_for_update(of=("self",)).select_related("chair").get(pk=conference.pk)
    if not is_open(conference):
        raise CannotSchedule("This conference is closed, so its arrangements stay as they are.")
    if scheduled_at != conference.scheduled_at:
        _refuse_day(scheduled_at, now, bank_holiday_meant)
    if conference.kind == ConferenceKind.TRANSFER_IN and notified_on is None:
        raise CannotSchedule("Enter the date of the written notification.", field="notified_on")
    _move_parts(conference, scheduled_at, minutes)
    details = {"from": f"{conference.scheduled_at:%Y-%m-%d}", "to": f"{scheduled_at:%Y-%m-%d}"}
    conference.scheduled_at, conference.minutes, conference.mode = scheduled_at, minutes, mode
    conference.notified_on = notified_on if conference.kind == ConferenceKind.TRANSFER_IN else None
    conference.mother_not_medically_fit = mother_not_medically_fit
    _keep_independent(conference, report_author, independence_reason, by)
    conference.save()
    arrangements = Arrangements.objects.get(conference=conference)
    arrangements.place, arrangements.joining, arrangements.notes = place, joining, notes
    arrangements.save()
    if conference.independence_overridden_by is None:
        take_back(conference=conference, kind=Reason.INDEPENDENCE, by=by, now=now)
    elif independence_reason:
        explain(conference=conference, kind=Reason.INDEPENDENCE, words=independence_reason, by=by, now=now)
    set_clocks(conference=conference, by=by, now=now)
    move_due_dates(conference=conference, by=by, now=now)
    record("conferences.rearranged", conference, by=by, details=details | {"mode": mode, "minutes": minutes})


def _refuse_outsiders(team: Team, chair: User) -> None:
    if not TeamMember.objects.live().filter(team=team, user=chair, role=TeamRole.CHAIR).exists():
        raise CannotSchedule("Choose somebody who chairs in this team.", field="chair")


def _refuse_day(scheduled_at: datetime, now: datetime, bank_holiday_meant: bool) -> None:
    day = scheduled_at.astimezone(LONDON).date()
    if why_not := why_not_that_day(day, now.astimezone(LONDON).date()):
        raise CannotSchedule(why_not, field="day")
    if not bank_holiday_meant and (ask := ask_about(day, bank_holidays(day, day))):
        raise MustConfirm(ask, field="bank_holiday_meant")


def _keep_independent(conference: Conference, report_author: User | None, reason: str, by: User) -> User | None:
    """Whoever wrote the report or manages the case does not chair, unless a manager says why, in print.

    Gives the manager who says so, or said so before. Source: Working Together through Cheshire East and Leeds: the
    chair is independent of the management of the case.
    """
    conference.report_author = report_author
    if report_author is None or report_author != conference.chair:
        if conference.independence_overridden_by_id and not manages(by, conference):
            raise CannotSchedule(
                "A manager wrote down why this chair chairs. Only a manager changes it.", field="chair"
            )
        conference.independence_overridden_by = None
    elif not conference.independence_overridden_by_id or reason:
        if not manages(by, conference) or by == conference.chair:
            raise CannotSchedule(NOT_INDEPENDENT, field="chair")
        if not reason.strip():
            raise CannotSchedule(
                "Write why this chair, although involved in the case. It is printed in the record.",
                field="independence_reason",
            )
        conference.independence_overridden_by = by
    return conference.independence_overridden_by


def _let_in(conference: Conference, chair: User, by: User, now: datetime) -> None:
    """The creator first, whom the database lets in because they created it; then the chair, if that is another.

    A manager of the team needs no assignment: the team is theirs.
    """
    fields = {"conference": conference, "since": now, "given_by": by}
    if by != chair and not manages(by, conference):
        Assignment.objects.create(user=by, role=AssignmentRole.MINUTE_TAKER, **fields)
    Assignment.objects.create(user=chair, role=AssignmentRole.CHAIR, **fields)


def _first_part(conference: Conference) -> None:
    """One part of the planned length; most conferences need no other."""
    ends_at = conference.scheduled_at + timedelta(minutes=conference.minutes)
    ConferencePart.objects.create(conference=conference, number=1, starts_at=conference.scheduled_at, ends_at=ends_at)


def _move_parts(conference: Conference, scheduled_at: datetime, minutes: int) -> None:
    """Let the parts that have not begun follow the conference; a single one also takes its length."""
    parts = list(conference.parts.filter(began_at=None))
    by_how_much = scheduled_at - conference.scheduled_at
    for part in parts:
        part.starts_at, part.ends_at = part.starts_at + by_how_much, part.ends_at + by_how_much
    if len(parts) == 1 and conference.parts.count() == 1:
        parts[0].ends_at = parts[0].starts_at + timedelta(minutes=minutes)
    ConferencePart.objects.bulk_update(parts, ["starts_at", "ends_at"])
