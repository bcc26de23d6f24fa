"""What people are called on the pages of those who may read the record. Never for titles, logs or messages."""

from collections.abc import Iterable

from ..models import ConferenceChild, Person


def child_name(child: ConferenceChild) -> str:
    """What a child is called; load it with ``select_related("child__details")``."""
    details = getattr(child.child, "details", None)
    return (details and (details.known_as or details.name)) or f"Child {child.position}"


def person_name(person: Person) -> str:
    """A person's name with what says who they are: ``Pat Example, School or college``."""
    role = person.job or (person.get_discipline_display() if person.discipline else "")
    return f"{person.name}, {role}" if role else person.name


def listed(names: Iterable[str]) -> str:
    """``Ana``, ``Ana and Ben``, ``Ana, Ben and Cem``."""
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last
