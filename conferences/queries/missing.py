"""What a record still needs before it can be signed, in plain words."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from ..models import Conference


@dataclass(frozen=True)
class Missing:
    """One thing that signing asks for, and the page where it is put right.

    ``code`` names the rule; ``child_id`` is the ``ConferenceChild`` it is about, or None.
    """

    code: str
    sentence: str
    child_id: UUID | None = None
    url_name: str = "record"


def missing(conference: Conference, today: date) -> list[Missing]:
    """Everything that keeps this record from being signed, in the order of the record. Empty: it can be signed."""
    found = []
    if conference.held_on is None:
        found.append(Missing("held_on", "The day the conference was held.", url_name="room"))
    elif conference.held_on > today:
        found.append(Missing("held_on", "The conference has not been held yet.", url_name="room"))
    decided = set(conference.decisions.values_list("child_id", flat=True))
    for child in conference.children.select_related("child__details").order_by("position"):
        if child.pk not in decided:
            name = child.child.details.name
            found.append(Missing("decision", f"A decision for {name}.", child.pk, "decisions"))
    return found
