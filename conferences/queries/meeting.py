"""The meeting as it is planned: its parts, and how each person takes part in each."""

from dataclasses import dataclass

from ..models import Assignment, AssignmentRole, Attendance, Attending, Conference, ConferencePart, Person, TeamMember
from .family import children_of, people_of
from .names import child_name, listed, person_name

IN_IT = (Attending.INVITED, Attending.PRESENT, Attending.APOLOGIES)


@dataclass(frozen=True)
class PlannedSeat:
    """One person and one part: how they take part in it, if anything is planned."""

    person: Person
    attendance: Attendance | None

    @property
    def is_in(self) -> bool:
        """Whether they are to be in it."""
        return self.attendance is not None and self.attendance.status in IN_IT

    @property
    def is_marked(self) -> bool:
        """Whether something was marked in the room, which a plan does not change."""
        return self.attendance is not None and self.attendance.status not in (
            Attending.INVITED,
            Attending.NOT_INVITED,
        )

    @property
    def name(self) -> str:
        return person_name(self.person)


@dataclass(frozen=True)
class PlannedPart:
    """A part with everybody of the conference, in the order of people."""

    part: ConferencePart
    seats: list[PlannedSeat]

    @property
    def invited(self) -> list[PlannedSeat]:
        return [seat for seat in self.seats if seat.is_in]


def everybody(conference: Conference) -> list[Person]:
    """All the people of a conference: children, family, supporters, professionals."""
    return [row.person for rows in people_of(conference).values() for row in rows]


def planned_parts(conference: Conference) -> list[PlannedPart]:
    """Every part with everybody's seat. A handful of queries, however many they are."""
    people = everybody(conference)
    seats: dict = {}
    for attendance in conference.attendances.all():
        seats[attendance.part_id, attendance.person_id] = attendance
    return [
        PlannedPart(part, [PlannedSeat(person, seats.get((part.pk, person.pk))) for person in people])
        for part in conference.parts.order_by("number")
    ]


def children_named(conference: Conference) -> str:
    """The children's names in one line."""
    return listed([child_name(child) for child in children_of(conference)])


def team_members(conference: Conference, *roles: str) -> list[TeamMember]:
    """Who does these things in the team now, by name."""
    found = TeamMember.objects.live().filter(team=conference.team_id, role__in=roles).select_related("user")
    return sorted(found, key=lambda member: (member.user.name.casefold(), str(member.pk)))


def let_in(conference: Conference) -> list[Assignment]:
    """Who chairs, covers and takes the minutes now."""
    roles = (AssignmentRole.CHAIR, AssignmentRole.COVER, AssignmentRole.MINUTE_TAKER)
    found = Assignment.objects.live().filter(conference=conference, role__in=roles).select_related("user")
    return sorted(found, key=lambda one: (roles.index(one.role), one.user.name.casefold()))
