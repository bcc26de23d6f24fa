"""What was explained in a conference."""

from uuid import UUID

from ..models import Conference, Explanation

# The kind of an explanation, and the child it is about or None.
Key = tuple[str, UUID | None]


def explanations_of(conference: Conference) -> dict[Key, Explanation]:
    """Every explanation of a conference by its kind and its child's id (None where it is about the whole)."""
    return {(found.kind, found.child_id): found for found in conference.explanations.select_related("by")}
