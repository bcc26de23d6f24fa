"""What one reader may be shown of a record: what is cleared, what is withheld, and what about them matters."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from ..models import (
    AssignmentChild,
    AssignmentRole,
    Attendance,
    Attending,
    Clearance,
    Conference,
    Person,
    PersonContact,
    PersonKind,
    Relationship,
    SafetyFlagKind,
    Withholding,
)
from ..paper.items import Key
from ..paper.matching import Secret, names
from .safety import Flag, flags_in_force

Times = tuple[datetime, datetime] | None


@dataclass(frozen=True, kw_only=True)
class Reader:
    """A person as the reader of a copy.

    ``children`` are those they may be told about (None: all); ``excluded`` the parts they were kept out of, with when
    each was; ``absent`` the parts they were not invited to; ``apart`` people they must not meet; ``no_address`` people
    whose address they must not learn; ``secrets`` what must not be said to them.
    """

    person: UUID
    kind: str
    child: UUID | None = None
    children: frozenset[UUID] | None = None
    excluded: dict[UUID, Times] = field(default_factory=dict)
    absent: frozenset[UUID] = frozenset()
    apart: frozenset[UUID] = frozenset()
    no_address: frozenset[UUID] = frozenset()
    secret_contacts: frozenset[UUID] = frozenset()
    cleared: frozenset[Key] = frozenset()
    reasoned: frozenset[Key] = frozenset()  # cleared although a child did not agree, with the chair's reason
    withheld: frozenset[Key] = frozenset()
    secrets: tuple[Secret, ...] = ()

    @property
    def is_flagged(self) -> bool:
        """Whether they must be kept apart from somebody, or somebody from them."""
        return bool(self.apart or self.no_address)


def readers_of(conference: Conference) -> list[Person]:
    """Everybody who may get a copy, in the order of the conference: children, family, supporters, professionals."""
    order = [PersonKind.CHILD, PersonKind.FAMILY, PersonKind.SUPPORTER, PersonKind.PROFESSIONAL]
    people = Person.objects.filter(conference=conference).select_related("user")
    return sorted(people, key=lambda person: (order.index(person.kind), person.position, str(person.pk)))


def withholdings_from(person: Person) -> dict[Key, Withholding]:
    """What is withheld from a person, and why."""
    found = Withholding.objects.filter(person=person).select_related("decided_by", "seconded_by")
    return {Key(one.object_type, one.object_id): one for one in found}


def clearances_for(person: Person) -> dict[Key, Clearance]:
    """What was cleared for a person, by whom and when."""
    found = Clearance.objects.filter(person=person).select_related("by")
    return {Key(one.object_type, one.object_id): one for one in found}


def reader_of(person: Person) -> Reader:
    """Everything about a person that decides what they may be shown."""
    conference = person.conference
    parts = list(Attendance.objects.filter(person=person).select_related("part"))
    flags = flags_in_force(conference)
    contacts = list(PersonContact.objects.filter(conference=conference).select_related("person"))
    no_address = _others(flags, person.pk, SafetyFlagKind.NO_ADDRESS)
    hidden = {one.person_id for one in contacts if one.address_is_secret and one.person_id != person.pk}
    withheld = frozenset(
        Key(*key) for key in Withholding.objects.filter(person=person).values_list("object_type", "object_id")
    )
    cleared = clearances_for(person)
    kept = hidden | no_address | {one.person_id for one in contacts if Key("personcontact", one.pk) in withheld}
    return Reader(
        person=person.pk,
        kind=person.kind,
        child=person.child_id,
        children=_children_of(person),
        excluded={one.part_id: _times(one) for one in parts if one.status == Attending.EXCLUDED},
        absent=frozenset(one.part_id for one in parts if one.status == Attending.NOT_INVITED),
        apart=_others(flags, person.pk, SafetyFlagKind.NOT_TOGETHER),
        no_address=no_address,
        secret_contacts=frozenset(hidden | no_address),
        cleared=frozenset(cleared) - withheld,
        reasoned=frozenset(key for key, one in cleared.items() if one.despite_child_because),
        withheld=withheld,
        secrets=(
            *(secret for one in contacts if one.person_id in kept for secret in _secrets_of(one)),
            *_names_withheld(person, withheld),
            *(other_children_of(person) if person.kind == PersonKind.CHILD else ()),
        ),
    )


def _others(flags: list[Flag], person_id: UUID, kind: str) -> frozenset[UUID]:
    return frozenset(
        other
        for flag in flags
        if flag.kind == kind
        for one, other in ((flag.person_a, flag.person_b), (flag.person_b, flag.person_a))
        if one == person_id
    )


def _times(attendance: Attendance) -> Times:
    """When a part was; as planned, where nobody wrote down when it began."""
    part = attendance.part
    began = part.began_at or part.starts_at
    return began, part.ended_at or max(part.ends_at, began)


def _children_of(person: Person) -> frozenset[UUID] | None:
    """A child: themself. Family and supporters: those they are written down as somebody to. A professional: those they
    were let in for, or all when nothing says otherwise."""
    if person.kind == PersonKind.CHILD:
        return frozenset({person.child_id})
    if person.kind != PersonKind.PROFESSIONAL:
        return frozenset(Relationship.objects.filter(person=person).values_list("child_id", flat=True))
    if person.user_id is None:
        return None
    named = AssignmentChild.objects.filter(
        assignment__conference=person.conference_id,
        assignment__user=person.user_id,
        assignment__role=AssignmentRole.CONTRIBUTOR,
    ).values_list("child_id", flat=True)
    return frozenset(named) or None


def _secrets_of(contact: PersonContact) -> list[Secret]:
    whose = contact.person.name
    wanted = (("address", contact.address), ("phone", contact.phone), ("email", contact.email))
    labels = {"address": "the address", "phone": "the phone number", "email": "the e-mail address"}
    return [Secret(kind, value, f"{labels[kind]} of {whose}") for kind, value in wanted if value.strip()]


def _names_withheld(reader: Person, withheld: frozenset[Key]) -> list[Secret]:
    """The names of those whose being there is withheld: nothing else should give them away."""
    rows = Attendance.objects.filter(
        conference=reader.conference_id, pk__in=[key.id for key in withheld if key.kind == "attendance"]
    ).exclude(person=reader)
    return [
        secret
        for row in rows.select_related("person")
        for secret in names(row.person.name, row.person.known_as, f"the name of {row.person.name}")
    ]


def other_children_of(person: Person) -> list[Secret]:
    """How the brothers and sisters of a child of the conference may be named, to the child."""
    others = Person.objects.filter(conference=person.conference_id, child__isnull=False).exclude(pk=person.pk)
    return [secret for other in others for secret in names(other.name, other.known_as, other.known_as or other.name)]


def matrix_of(conference: Conference) -> dict[tuple[UUID, Key], str]:
    """What was decided for each person and thing: ``cleared`` or ``withheld``. Two queries."""
    cells = ("person_id", "object_type", "object_id")
    cleared = Clearance.objects.filter(conference=conference).values_list(*cells)
    withheld = Withholding.objects.filter(conference=conference).values_list(*cells)
    return {(person, Key(*key)): "cleared" for person, *key in cleared} | {
        (person, Key(*key)): "withheld" for person, *key in withheld
    }


@dataclass(frozen=True)
class Reading:
    """One person with how many things are cleared for them and withheld from them."""

    person: Person
    cleared: int
    withheld: int


def readings_of(conference: Conference) -> list[Reading]:
    """Everybody who may get a copy, with what was decided for them. Three queries."""
    marks = matrix_of(conference)
    counts: dict[tuple[UUID, str], int] = {}
    for (person, _), mark in marks.items():
        counts[person, mark] = counts.get((person, mark), 0) + 1
    return [
        Reading(person, counts.get((person.pk, "cleared"), 0), counts.get((person.pk, "withheld"), 0))
        for person in readers_of(conference)
    ]


def withholdings_of(conference: Conference) -> list[Withholding]:
    """Everything withheld in a conference, those no second person has looked at first."""
    found = Withholding.objects.filter(conference=conference).select_related("person", "decided_by", "seconded_by")
    return sorted(found, key=lambda one: (one.seconded_by_id is not None, one.decided_at, str(one.pk)))
