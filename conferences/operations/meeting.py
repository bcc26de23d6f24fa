"""Planning who is in which part, where they wait and how they join, so that nobody meets who must not."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from chatr.accounts.models import User
from chatr.audit.operations import record

from ..models import Attendance, Attending, Conference, ConferencePart, Person
from ..queries.safety import flags_in_force, placements_of
from ..rules.safety import conflicts

PLANNED = (Attending.INVITED, Attending.NOT_INVITED)


class CannotPlan(Exception):
    """Why the meeting can't be planned so, worded for whoever plans it."""

    def __init__(self, message: str, *, field: str = ""):
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class PartFacts:
    """When a part is, and where: a room, a waiting area, the link of a call."""

    starts_at: datetime
    ends_at: datetime
    place: str = ""
    waiting_area: str = ""
    call: str = ""


@dataclass(frozen=True)
class Seat:
    """How one person takes part in one part: whether they are invited, online or not, where they wait."""

    invited: bool
    online: bool = False
    waits_in: str = ""


@transaction.atomic
def add_part(*, conference: Conference, facts: PartFacts, by: User, now: datetime) -> ConferencePart:
    """Plan another part, after the others.

    :raises CannotPlan: if it ends before it starts
    """
    Conference.objects.select_for_update().get(pk=conference.pk)
    last = conference.parts.aggregate(last=Max("number"))["last"] or 0
    part = ConferencePart(conference=conference, number=last + 1)
    _set(part, facts)
    part.save(force_insert=True)
    record("conferences.part_added", part, by=by, details={"number": part.number})
    return part


@transaction.atomic
def change_part(*, part: ConferencePart, facts: PartFacts, by: User, now: datetime) -> None:
    """Change when and where a part is.

    :raises CannotPlan: if it ends before it starts, or people who must be kept apart would meet
    """
    part = ConferencePart.objects.select_for_update(of=("self",)).get(pk=part.pk)
    _set(part, facts)
    part.save()
    _refuse_meetings(part.conference)
    record("conferences.part_changed", part, by=by, details={"number": part.number})


@transaction.atomic
def remove_part(*, part: ConferencePart, by: User, now: datetime) -> None:
    """Take a planned part off. The others keep their numbers.

    :raises CannotPlan: for the only part, or one that has begun or in which somebody's attendance is written down
    """
    part = ConferencePart.objects.select_for_update(of=("self",)).get(pk=part.pk)
    if part.began_at or part.attendances.exclude(status__in=PLANNED).exists() or part.blocks.exists():
        raise CannotPlan("Something is written down about this part already, so it stays.")
    if not part.conference.parts.exclude(pk=part.pk).exists():
        raise CannotPlan("A conference has at least one part.")
    record("conferences.part_removed", part, by=by, details={"number": part.number})
    part.attendances.all().delete()
    part.delete()


def _set(part: ConferencePart, facts: PartFacts) -> None:
    if facts.ends_at <= facts.starts_at:
        raise CannotPlan("It must end after it starts.", field="ends")
    for name in PartFacts.__dataclass_fields__:
        setattr(part, name, getattr(facts, name))


@transaction.atomic
def seat_people(*, part: ConferencePart, seats: Mapping[UUID, Seat], by: User, now: datetime) -> None:
    """Say who is invited to a part, who joins online and where each waits. Who is there already stays as marked.

    :raises CannotPlan: when two people who must be kept apart would meet: in the part, a waiting area, a room or a call
    """
    part = ConferencePart.objects.select_for_update(of=("self",)).get(pk=part.pk)
    there = {row.person_id: row for row in part.attendances.select_for_update(of=("self",))}
    known = set(Person.objects.filter(conference=part.conference_id, pk__in=seats).values_list("pk", flat=True))
    for person_id in known:
        seat, row = seats[person_id], there.get(person_id)
        if row is None:
            row = Attendance(conference_id=part.conference_id, part=part, person_id=person_id)
        elif row.status not in PLANNED:
            continue
        row.status = Attending.INVITED if seat.invited else Attending.NOT_INVITED
        row.online, row.waits_in = seat.online and seat.invited, seat.waits_in if seat.invited else ""
        row.save()
    _refuse_meetings(part.conference)
    invited = sum(seats[person_id].invited for person_id in known)
    record("conferences.people_seated", part, by=by, details={"number": part.number, "invited": invited})


def _refuse_meetings(conference: Conference) -> None:
    """Whoever plans sees whom the flag is about; nothing of it is in any invitation."""
    found = conflicts(flags_in_force(conference), placements_of(conference))
    if not found:
        return
    first = found[0]
    names = dict(Person.objects.filter(pk__in=(first.person_a, first.person_b)).values_list("pk", "name"))
    raise CannotPlan(
        f"{names[first.person_a]} and {names[first.person_b]} must be kept apart, and would be in the same "
        f"{first.where}. Give them separate parts, waiting areas, rooms and calls."
    )
