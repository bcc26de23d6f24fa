"""How the levels of a document's new version stand for those of the one before. Plain values."""

from collections.abc import Mapping


class NotMatched(Exception):
    """A level in use has no level in the new document to stand for it."""


def matched(old: Mapping[int, int], new: Mapping[int, int], *, in_use: set[int]) -> dict[int, int]:
    """For each old level the new one in the same place. ``old`` and ``new`` are ids of levels by their place.

    :raises NotMatched: when a level in use has no counterpart; the text names its place
    """
    for place, level in sorted(old.items()):
        if level in in_use and place not in new:
            raise NotMatched(
                f"Services or pathways are at level {place} of the document before, and this one has no level {place}."
            )
    return {level: new[place] for place, level in old.items() if place in new}
