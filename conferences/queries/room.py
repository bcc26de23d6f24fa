"""Who is in the room, which part runs, whether there is a break."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ..models import Attendance, Attending, Break, Conference, ConferencePart, PersonKind


@dataclass(frozen=True)
class Professional:
    """A professional in the room: their discipline, and whether they have had direct contact with the child."""

    discipline: str
    had_direct_contact: bool


def parts_of(conference: Conference) -> list[ConferencePart]:
    """The parts of a conference in their order."""
    return list(conference.parts.order_by("number"))


def current_part(conference: Conference, now: datetime) -> ConferencePart | None:
    """The part that runs; if nobody started one, the part planned for now; otherwise none."""
    return running(parts_of(conference), now)


def running(parts: list[ConferencePart], now: datetime) -> ConferencePart | None:
    """The same, of parts that are loaded already."""
    begun = [part for part in parts if part.began_at and not part.ended_at]
    planned = [part for part in parts if not part.began_at and part.starts_at <= now < part.ends_at]
    return next(iter(reversed(begun)), None) or next(iter(planned), None)


def open_break(conference: Conference) -> Break | None:
    """The break that is on, if any."""
    return conference.breaks.filter(ended_at=None).select_related("asked_by").first()


def attendances_of(conference: Conference) -> dict[UUID, dict[UUID, Attendance]]:
    """Each part's attendances by person; parts without any are not in it."""
    found = {}
    for attendance in conference.attendances.select_related("person"):
        found.setdefault(attendance.part_id, {})[attendance.person_id] = attendance
    return found


def in_the_room(part: ConferencePart | None) -> tuple[list, list]:
    """The attendances of those present in a part, and of those kept out of it, in the order of people."""
    if part is None:
        return [], []
    rows = part.attendances.filter(status__in=[Attending.PRESENT, Attending.EXCLUDED]).select_related("person")
    rows = sorted(rows, key=lambda row: (row.person.kind == "professional", row.person.position, row.person.name))
    return (
        [row for row in rows if row.status == Attending.PRESENT],
        [row for row in rows if row.status == Attending.EXCLUDED],
    )


def professionals_present(conference: Conference) -> dict[UUID, list[Professional]]:
    """The professionals present in each part."""
    rows = conference.attendances.filter(status=Attending.PRESENT, person__kind=PersonKind.PROFESSIONAL)
    found = {}
    for part, *known in rows.values_list("part_id", "person__discipline", "person__had_direct_contact"):
        found.setdefault(part, []).append(Professional(*known))
    return found
