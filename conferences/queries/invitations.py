"""What goes into somebody's invitation, and how far the invitations of a conference are."""

from dataclasses import dataclass
from datetime import date

from chatr.pdf.documents import Document

from ..models import Arrangements, Conference, Copy, CopyKind, Person, PersonContact, SafeContact, SupportOutcome
from ..paper.invitation import Expected, invitation
from .items.people import called
from .meeting import PlannedSeat, everybody
from .names import person_name
from .safety import PLACED, placement

ARRANGED = (SupportOutcome.ARRANGED, SupportOutcome.BRIEFED)


def expected(person: Person, fallback: str = "") -> list[Expected]:
    """When and where a person is invited, in order of time; their own parts and nobody else's.

    :param fallback: the conference's place, for a part without a room of its own
    """
    found = person.attendances.filter(status__in=PLACED).select_related("part").order_by("part__starts_at")
    times = []
    for attendance in found:
        where = placement(attendance)
        room = "" if attendance.online else where.room or fallback
        times.append(Expected(where.starts_at, where.ends_at, room, where.waiting_area, where.call))
    return times


def arranged(person: Person) -> list[str]:
    """The help that is arranged for a person: its kind, and what it is."""
    found = person.supports.filter(outcome__in=ARRANGED).order_by("kind")
    return [f"{one.get_kind_display()}: {one.detail}" if one.detail else one.get_kind_display() for one in found]


def invitation_of(person: Person, *, on: date) -> Document:
    """A person's invitation as it would be now."""
    conference = person.conference
    place = Arrangements.objects.filter(conference=conference).first()
    return invitation(
        name=called(person),
        times=expected(person, place.place if place else ""),
        arranged=arranged(person),
        address=address_of(person),
        written_on=on,
        from_whom=f"{conference.chair.name}, {conference.team.chair_title}",
    )


def address_of(person: Person) -> str:
    """Where to post something to a person; empty where post is not safe."""
    contact = PersonContact.objects.filter(person=person).first()
    return contact.address if contact and contact.safe_contact == SafeContact.POST else ""


@dataclass(frozen=True)
class InvitationRow:
    """One person, and the last invitation made for them, if any."""

    person: Person
    copy: Copy | None
    is_invited: bool

    @property
    def name(self) -> str:
        return person_name(self.person)

    @property
    def standing(self) -> str:
        """How far it is, in a word or two."""
        if self.copy is None:
            return "Not prepared" if self.is_invited else "In no part yet"
        if self.copy.issued_at:
            return "Given out"
        return "Waits for a second person" if self.copy.previewed_at and self._waits else "Prepared"

    @property
    def _waits(self) -> bool:
        return self.copy.needs_second_person and self.copy.seconded_by_id is None


def invitation_rows(conference: Conference) -> list[InvitationRow]:
    """Everybody of a conference but those who are invited to nothing and were never written to. A few queries."""
    latest: dict = {}
    copies = Copy.objects.filter(conference=conference, kind=CopyKind.INVITATION, withdrawn_at=None)
    for copy in copies.order_by("prepared_at"):
        latest[copy.recipient_id] = copy
    seats: dict = {}
    for attendance in conference.attendances.all():
        seats.setdefault(attendance.person_id, []).append(attendance)
    return [
        InvitationRow(
            person,
            latest.get(person.pk),
            any(PlannedSeat(person, one).is_in for one in seats.get(person.pk, ())),
        )
        for person in everybody(conference)
    ]
