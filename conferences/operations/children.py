"""The children of a conference: added by the council's own id, taken off again, put right, born."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Max, ProtectedError

from chatr.accounts.models import User
from chatr.audit.operations import record
from chatr.workdays.clock import LONDON

from ..models import (
    FOR_EACH_CHILD,
    OPEN_STATES,
    SECTION_ORDER,
    Child,
    ChildDetails,
    Conference,
    ConferenceChild,
    Person,
    PersonContact,
    PersonKind,
    Section,
    Sex,
    State,
)
from .clocks import set_clocks

ASK_THE_MANAGER = "A child with this local id is known here already. Ask the chairs' manager."
TWICE = "This child is in the list twice."


class CannotSchedule(Exception):
    """Why a conference can't be scheduled or changed, worded for the person who tries.

    ``field`` is the name of the form's field, ``child`` the place of the child in the list, from 1.
    """

    def __init__(self, message: str, *, field: str = "", child: int | None = None):
        super().__init__(message)
        self.field = field
        self.child = child


class MustConfirm(CannotSchedule):
    """Something unusual that can be meant: say so once more and it is done."""


@dataclass(frozen=True)
class ChildToBe:
    """A child as typed in: the council's id, what they are called, when they were born or are expected."""

    la_child_id: str
    name: str = ""
    known_as: str = ""
    born_on: date | None = None
    expected_on: date | None = None
    sex: str = Sex.NOT_KNOWN


def put_child(*, conference: Conference, child: ChildToBe, position: int) -> ConferenceChild:
    """Make a conference about a child: found by the exact local id in a record the person can open, or new.

    What is known about a child already goes before what was typed.

    :raises CannotSchedule: if the id belongs to a child known elsewhere, or is already in this conference
    """
    known = Child.objects.select_related("details").filter(la_child_id=child.la_child_id).first()
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
        raise CannotSchedule(TWICE, field="la_child_id", child=position) from None
    details = known.details if known else _details(found, child)
    Person.objects.create(
        conference=conference,
        kind=PersonKind.CHILD,
        child=inside,
        name=details.name,
        known_as=details.known_as,
        position=position,
    )
    return inside


def _details(found: Child, child: ChildToBe) -> ChildDetails:
    return ChildDetails.objects.create(
        child=found,
        name=child.name,
        known_as=child.known_as,
        born_on=child.born_on,
        expected_on=child.expected_on,
        sex=Sex.NOT_KNOWN if child.born_on is None else child.sex,
    )


def lay_out_sections(conference: Conference) -> None:
    """The fixed order of sections, those for each child once a child. Doing it twice changes nothing."""
    children = [None, *conference.children.order_by("position")]
    there = {(section.kind, section.child_id): section for section in conference.sections.all()}
    wanted = [
        (kind, child) for kind in SECTION_ORDER for child in (children[1:] if kind in FOR_EACH_CHILD else children[:1])
    ]
    new, moved = [], []
    for position, (kind, child) in enumerate(wanted, 1):
        section = there.get((kind, child and child.pk))
        if section is None:
            new.append(Section(conference=conference, kind=kind, child=child, position=position))
        elif section.position != position:
            section.position = position
            moved.append(section)
    Section.objects.bulk_create(new)
    Section.objects.bulk_update(moved, ["position"])


@transaction.atomic
def add_child(*, conference: Conference, child: ChildToBe, by: User, now: datetime) -> ConferenceChild:
    """Add a child to a conference that has not begun.

    :raises CannotSchedule: as :func:`put_child`, or once it has begun
    """
    conference = _not_begun(conference)
    last = conference.children.aggregate(last=Max("position"))["last"] or 0
    inside = put_child(conference=conference, child=child, position=last + 1)
    lay_out_sections(conference)
    set_clocks(conference=conference, by=by, now=now)
    record("conferences.child_added", conference, by=by, details={"child": str(inside.pk)})
    return inside


@transaction.atomic
def remove_child(*, child: ConferenceChild, by: User, now: datetime) -> None:
    """Take a child off a conference that has not begun, when nothing was written down about them here yet.

    A child no other conference knows is forgotten, so the local id can be used again.

    :raises CannotSchedule: for the only child, once it has begun, or when something is written down
    """
    conference = _not_begun(child.conference)
    if conference.children.count() == 1:
        raise CannotSchedule("A conference is about at least one child. Add the right one first.")
    record("conferences.child_removed", conference, by=by, details={"child": str(child.pk)})
    try:
        with transaction.atomic():
            PersonContact.objects.filter(person__child=child).delete()
            Person.objects.filter(child=child).delete()
            for rows in (child.relationships, child.strategy_discussions, child.clocks, child.sections):
                rows.all().delete()
            if hasattr(child, "enquiry"):
                child.enquiry.delete()
            child.delete()
    except ProtectedError:
        raise CannotSchedule(
            "Something is written down about this child here already, so they stay. Ask the chairs' manager."
        ) from None
    lay_out_sections(conference)
    set_clocks(conference=conference, by=by, now=now)


@transaction.atomic
def correct_child(
    *,
    child: ConferenceChild,
    name: str,
    known_as: str,
    born_on: date | None,
    expected_on: date | None,
    sex: str,
    died_on: date | None = None,
    by: User,
    now: datetime,
) -> None:
    """Put right what is known about a child, or write down that an unborn child was born, which starts their clocks.

    Records that were signed and copies that were given out keep the words they had.

    :raises CannotSchedule: with neither date, without the birth date of a child who was born, or with a day of death
        that cannot be
    """
    details = ChildDetails.objects.select_for_update().get(child_id=child.child_id)
    if born_on is None and (expected_on is None or details.born_on is not None):
        raise CannotSchedule(
            "Enter the date of birth." if details.born_on else "Enter the date of birth, or the expected date.",
            field="born_on" if details.born_on else "expected_on",
        )
    if died_on and (born_on is None or not born_on <= died_on <= now.astimezone(LONDON).date()):
        raise CannotSchedule("A child has died on or after the day of birth, and not after today.", field="died_on")
    was_born = details.born_on is None and born_on is not None
    details.name, details.known_as = name, known_as
    details.born_on, details.expected_on = born_on, expected_on or details.expected_on
    details.sex, details.died_on = sex if born_on else Sex.NOT_KNOWN, died_on
    details.save()
    people = Person.objects.filter(child__child_id=child.child_id, conference__state__in=OPEN_STATES)
    people.update(name=name, known_as=known_as)
    # Each conference about the child that the person can open: a plan made before birth has a limit after it.
    for conference in Conference.objects.filter(children__child_id=child.child_id).distinct().order_by("scheduled_at"):
        set_clocks(conference=conference, by=by, now=now)
    born = {"born_on": f"{born_on:%Y-%m-%d}"} if was_born else {}
    record("conferences.birth_recorded" if was_born else "conferences.child_corrected", child, by=by, details=born)


def _not_begun(conference: Conference) -> Conference:
    """The conference, held for this transaction.

    :raises CannotSchedule: once it has begun
    """
    conference = Conference.objects.select_for_update().get(pk=conference.pk)
    if conference.state != State.SCHEDULED:
        raise CannotSchedule("The conference has begun, so its children stay as they are.")
    return conference
