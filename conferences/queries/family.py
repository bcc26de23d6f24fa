"""The children and people of a conference, as its pages show them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from chatr.accounts.models import User

from ..models import (
    Assignment,
    AssignmentRole,
    Child,
    ChildDetails,
    Choice,
    Conference,
    ConferenceChild,
    Person,
    PersonKind,
    Relationship,
    Support,
    TeamMember,
    TeamRole,
)


def chairs_for(user: User) -> list[TeamMember]:
    """Everybody who chairs now in a team the person belongs to, with their name and team."""
    mine = TeamMember.objects.live().filter(user=user).values("team")
    found = TeamMember.objects.live().filter(team__in=mine, role=TeamRole.CHAIR).select_related("user", "team")
    return sorted(found, key=lambda member: (member.team.name, member.user.name, str(member.pk)))


def manages_a_team(user: User) -> bool:
    """Whether the person manages some team."""
    return TeamMember.objects.live().filter(user=user, role=TeamRole.MANAGER).exists()


def known_children(local_ids: Iterable[str]) -> dict[str, ChildDetails]:
    """Those of these local ids that belong to children in records the person can open, with what is known of them."""
    found = Child.objects.filter(la_child_id__in=set(local_ids)).select_related("details")
    return {child.la_child_id: child.details for child in found if hasattr(child, "details")}


def children_of(conference: Conference) -> list[ConferenceChild]:
    """The children of a conference in their order, with their details."""
    return list(conference.children.select_related("child__details").order_by("position"))


@dataclass(frozen=True)
class PersonRow:
    """A person in the list of a conference: who they are to its children, and how they are reached."""

    person: Person
    relationships: list[Relationship]

    @property
    def has_parental_responsibility(self) -> bool:
        return any(one.parental_responsibility == "yes" for one in self.relationships)


def people_of(conference: Conference) -> dict[str, list[PersonRow]]:
    """Everybody of a conference by kind, children first. Four queries, however many they are."""
    people = (
        Person.objects.filter(conference=conference)
        .select_related("child__child__details", "contact", "user")
        .order_by("position")
    )
    related: dict = {}
    for one in Relationship.objects.filter(conference=conference).select_related("child__child__details"):
        related.setdefault(one.person_id, []).append(one)
    found: dict[str, list[PersonRow]] = {kind: [] for kind in PersonKind.values}
    for person in sorted(people, key=lambda person: (person.position, person.name.casefold(), str(person.pk))):
        mine = sorted(related.get(person.pk, ()), key=lambda one: one.child.position)
        found[person.kind].append(PersonRow(person, mine))
    return found


def advocates_of(person: Person) -> list[Assignment]:
    """Who is let in to write the words of the child this person is."""
    if person.child_id is None:
        return []
    found = Assignment.objects.live().filter(role=AssignmentRole.ADVOCATE, for_children__child_id=person.child_id)
    return list(found.select_related("user").order_by("since"))


@dataclass(frozen=True)
class LastTime:
    """What a person chose and needed at the conference before this one, to ask about, never to copy."""

    on: date
    choices: list[Choice]
    supports: list[Support]


def last_time(person: Person) -> LastTime | None:
    """What the person they were carried from chose; None when there was nothing, or it can't be seen."""
    if person.carried_from_id is None:
        return None
    before = Person.objects.select_related("conference").filter(pk=person.carried_from_id).first()
    if before is None:
        return None
    choices, supports = list(before.choices.order_by("kind")), list(before.supports.order_by("kind"))
    if not choices and not supports:
        return None
    held = before.conference.held_on or before.conference.scheduled_at.date()
    return LastTime(held, choices, supports)
