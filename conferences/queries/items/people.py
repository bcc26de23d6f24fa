"""How people are called in copies."""

from uuid import UUID

from ...models import Conference, Person


def called(person: Person | None) -> str:
    """What somebody is called: as they like it, or their name; a child not named yet is the baby."""
    if person is None:
        return ""
    return person.known_as or person.name or "The baby"


def role_of(person: Person) -> str:
    """Their job and organisation, where they are known."""
    return ", ".join(filter(None, (person.job, person.agency)))


def these(*ids: UUID | None) -> frozenset[UUID]:
    """Those that are there."""
    return frozenset(filter(None, ids))


def children_called(conference: Conference) -> dict[UUID, str]:
    """What each child of a conference is called. One query."""
    children = Person.objects.filter(conference=conference, child__isnull=False)
    return {child.child_id: called(child) for child in children}
