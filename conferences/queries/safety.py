"""Who must be kept apart in a conference, and where everybody is meant to be."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ..models import Attendance, Attending, Conference, SafetyFlag, SafetyFlagKind

PLACED = (Attending.INVITED, Attending.PRESENT)


@dataclass(frozen=True)
class Flag:
    """Two people who must be kept apart, in no order."""

    person_a: UUID
    person_b: UUID
    kind: str = SafetyFlagKind.NOT_TOGETHER


@dataclass(frozen=True, kw_only=True)
class Placement:
    """Where a person is meant to be for one part: when, in which waiting area, room or call. Empty: nowhere said.

    People who are not invited, sent apologies or are excluded from a part have no placement in it.
    """

    person: UUID
    part: UUID
    starts_at: datetime
    ends_at: datetime
    waiting_area: str = ""
    room: str = ""
    call: str = ""


def flags_of(conference: Conference) -> list[SafetyFlag]:
    """All flags with their people, those in force first."""
    found = SafetyFlag.objects.filter(conference=conference).select_related("person_a", "person_b")
    return sorted(found, key=lambda flag: (flag.ended_at is not None, str(flag.pk)))


def flags_in_force(conference: Conference) -> list[Flag]:
    """Those that have not ended, as the rules take them."""
    found = SafetyFlag.objects.filter(conference=conference, ended_at=None)
    return [Flag(*one) for one in found.values_list("person_a_id", "person_b_id", "kind")]


def has_flag(conference: Conference, person_id: UUID) -> bool:
    """Whether somebody must be kept apart from this person, or must not learn where they are."""
    return any(person_id in (flag.person_a, flag.person_b) for flag in flags_in_force(conference))


def placements_of(conference: Conference) -> list[Placement]:
    """Where everybody who is invited or present is meant to be, as it is stored now."""
    found = Attendance.objects.filter(conference=conference, status__in=PLACED).select_related("part")
    return [placement(attendance) for attendance in found]


def placement(attendance: Attendance) -> Placement:
    """Where one person is meant to be for one part; their own waiting area goes before the part's."""
    part = attendance.part
    return Placement(
        person=attendance.person_id,
        part=part.pk,
        starts_at=part.starts_at,
        ends_at=part.ends_at,
        waiting_area="" if attendance.online else attendance.waits_in or part.waiting_area,
        room="" if attendance.online else part.place,
        call=part.call if attendance.online else "",
    )
