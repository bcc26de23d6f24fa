"""Everything in a record that may stand in a copy, as plain items in a fixed order; or just those asked for by key.

A kind of row that is not read here can't get into any copy. What goes to the chair alone is not read here.
"""

from collections.abc import Collection
from uuid import UUID

from ...models import Conference
from ...paper.items import Item, Key
from . import meeting, plans, words

# Each kind: which of its rows there are, and what one becomes. The order is that of a copy.
KINDS = meeting.KINDS | words.KINDS | plans.KINDS | words.LATER_KINDS


def items_of(conference: Conference, only: Collection[Key] | None = None) -> list[Item]:
    """The items of a record. Call it acting as somebody who reads it.

    :param only: just these; nothing else is read from the database
    """
    if only is None:
        asked = {kind: rows(conference) for kind, (rows, _) in KINDS.items()}
    else:
        ids: dict[str, set[UUID]] = {}
        for key in only:
            ids.setdefault(key.kind, set()).add(key.id)
        asked = {kind: rows(conference).filter(pk__in=ids[kind]) for kind, (rows, _) in KINDS.items() if kind in ids}
    made = (KINDS[kind][1](row) for kind, rows in asked.items() for row in rows)
    return [item for item in made if item.says_something]
