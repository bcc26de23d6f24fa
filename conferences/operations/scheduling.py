"""Opening a conference: its children, its sections in their fixed order, its first part, and who is let in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction

from chatr.accounts.models import User
from chatr.audit.operations import record

from ..models import (
    FOR_EACH_CHILD,
    SECTION_ORDER,
    Arrangements,
    Assignment,
    AssignmentRole,
    Child,
    ChildDetails,
    Conference,
    ConferenceChild,
    ConferenceKind,
    ConferencePart,
    Mode,
    Person,
    PersonKind,
    Section,
    Sex,
    Team,
)
from ..queries.access import manages

ASK_THE_MANAGER = "A child with this local id is known here already. Ask the chairs' manager."


class CannotSchedule(Exception):
    """Why a conference can't be scheduled, worded for the person who tries."""

    def __init__(self, message: str, *, field: str = "", child: int | None = None):
        super().__init__(message)
        self.field = field
        self.child = child


@dataclass(frozen=True)
class ChildToBe:
    """A child as typed in: the council's id, what they are called, when they were born or are expected."""

    la_child_id: str
    name: str = ""
    known_as: str = ""
    born_on: date | None = None
    expected_on: date | None = None
    sex: str = Sex.NOT_KNOWN


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
    notified_on: date | None = None,
) -> Conference:
    """Write a conference down and let its creator and its chair in. Call it acting as ``by``.

    :param minutes: how long it is planned to take
    :raises CannotSchedule: without a child, if a child is known in a record the person cannot open, or if the chair is
        not independent
    """
    if not children:
        raise CannotSchedule("Add at least one child.", field="children")
    if report_author is not None and report_author == chair:
        raise CannotSchedule(
            "Whoever wrote the social work report or manages the case does not chair. Choose another chair.",
            field="chair",
        )
    conference = Conference(
        team=team,
        kind=kind,
        scheduled_at=scheduled_at,
        minutes=minutes,
        mode=mode,
        chair=chair,
        previous=previous,
        report_author=report_author,
        notified_on=notified_on if kind == ConferenceKind.TRANSFER_IN else None,
        created_by=by,
        created_at=now,
    )
    conference.save(force_insert=True)
    _let_in(conference, chair, by, now)
    Arrangements.objects.create(conference=conference, place=place, joining=joining)
    for position, child in enumerate(children, 1):
        add_child(conference=conference, child=child, position=position)
    _lay_out(conference)
    record(
        "conferences.scheduled",
        conference,
        by=by,
        details={"kind": kind, "children": len(children), "chair": str(chair.pk)},
    )
    return conference


def _let_in(conference: Conference, chair: User, by: User, now: datetime) -> None:
    """The creator first, whom the database lets in because they created it; then the chair, if that is another.

    A manager of the team needs no assignment: the team is theirs.
    """
    fields = {"conference": conference, "since": now, "given_by": by}
    if by != chair and not manages(by, conference):
        Assignment.objects.create(user=by, role=AssignmentRole.MINUTE_TAKER, **fields)
    Assignment.objects.create(user=chair, role=AssignmentRole.CHAIR, **fields)


def add_child(*, conference: Conference, child: ChildToBe, position: int) -> ConferenceChild:
    """Make a conference about a child: found by the exact local id in a record the person can open, or new.

    :raises CannotSchedule: if the id belongs to a child known elsewhere, or is already in this conference
    """
    known = Child.objects.filter(la_child_id=child.la_child_id).first()
    try:
        with transaction.atomic():
            found = known or Child.objects.create(la_child_id=child.la_child_id)
    except IntegrityError:
        raise CannotSchedule(ASK_THE_MANAGER, field="la_child_id", child=position) from None
    try:
        with transaction.atomic():
            inside = ConferenceChild(conference=conference, child=found, position=position)
            inside.save(force_insert=True)
    except IntegrityError:
        raise CannotSchedule("This child is in the list twice.", field="la_child_id", child=position) from None
    if known is None:
        ChildDetails.objects.create(
            child=found,
            name=child.name,
            known_as=child.known_as,
            born_on=child.born_on,
            expected_on=child.expected_on,
            sex=Sex.NOT_KNOWN if child.born_on is None else child.sex,
        )
    Person.objects.create(
        conference=conference,
        kind=PersonKind.CHILD,
        child=inside,
        name=child.name,
        known_as=child.known_as,
        position=position,
    )
    return inside


def _lay_out(conference: Conference) -> None:
    """The fixed order of sections, those for each child once a child; and one part of the planned length."""
    children = list(conference.children.order_by("position"))
    wanted = [(kind, child) for kind in SECTION_ORDER for child in (children if kind in FOR_EACH_CHILD else [None])]
    Section.objects.bulk_create(
        Section(conference=conference, kind=kind, child=child, position=position)
        for position, (kind, child) in enumerate(wanted, 1)
    )
    ConferencePart.objects.create(
        conference=conference,
        number=1,
        starts_at=conference.scheduled_at,
        ends_at=conference.scheduled_at + timedelta(minutes=conference.minutes),
    )
