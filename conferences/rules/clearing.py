"""Which things of a record one reader may be shown. Pure: ``queries.clearing`` and ``queries.items`` load what is
stored.

Nothing is cleared by itself. Some things can't be cleared for somebody at all, a child's words need the child's word or
the chair's reason, and others are only left out when many are cleared together, for the chair to look at one by one.
Sources: withholding and exclusion, Wales Safeguarding Procedures 3 parts 8 and 14; leaving out by an allow-list alone.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from ..models import Attending, PersonKind
from ..paper.items import Item, Key
from ..paper.matching import found
from ..queries.clearing import Reader

WITHHELD = "It is withheld from them."
EXCLUDED = "It belongs to a part they were kept out of."
SECRET = "They must not learn this."
ANOTHER_CHILD = "It is about another child."
NOT_BESIDE = "Clear the text it belongs to first."
CHILDS_WORDS = "The child has not agreed that they read this."


class Skipped(NamedTuple):
    """Something left out when much is cleared together, and why."""

    item: Item
    why: str


class Line(NamedTuple):
    """One thing as the chair decides about it for one reader."""

    item: Item
    cleared: bool
    withheld: bool
    never: str  # why it can't be cleared, other than being withheld
    caution: str  # what to look at before it is cleared
    asks_why: bool  # a child's words the child did not give this reader


Record = Mapping[Key, Item]


def origins(item: Item, record: Record) -> list[Item]:
    """The item and what it stands beside, step by step."""
    chain = [item]
    while chain[-1].about in record and record[chain[-1].about] not in chain:
        chain.append(record[chain[-1].about])
    return chain


def why_never(item: Item, reader: Reader, record: Record, cleared: Collection[Key] | None = None) -> str:
    """Why this can't be cleared for this reader, in words; empty when it can.

    :param cleared: what counts as cleared for them, when it is more or less than is stored
    """
    chain = origins(item, record)
    if any(each.key in reader.withheld for each in chain):
        return WITHHELD
    if any(in_excluded_part(each, reader) for each in chain):
        return EXCLUDED
    if item.key.kind == "personcontact" and item.person in reader.secret_contacts:
        return SECRET
    if reader.kind == PersonKind.CHILD and not item.children <= {reader.child}:
        return ANOTHER_CHILD
    if item.about is not None and item.about not in (reader.cleared if cleared is None else cleared):
        return NOT_BESIDE
    return ""


def in_excluded_part(item: Item, reader: Reader) -> bool:
    """Whether it was said, or happened, in a part this reader was kept out of. Their own exclusion they may read.

    Words without a part count by when they were written down.
    """
    if item.key.kind == "attendance" and item.person == reader.person:
        return False
    if item.part is not None:
        return item.part in reader.excluded
    if item.key.kind != "block" or item.said_at is None:
        return False
    return any(times[0] <= item.said_at <= times[1] for times in reader.excluded.values() if times)


def needs_reason(item: Item, reader: Reader, record: Record) -> bool:
    """Whether these are a child's words that the child did not give to this reader, so that the chair must say why.

    What a child is asked is whether a parent may read them, which speaks for the family. For anybody else the chair
    writes down that the child was asked, or why not. Their own words a child may always read.
    """
    return any(
        each.is_childs_words
        and not (reader.child is not None and each.children == {reader.child})
        and not (reader.kind == PersonKind.FAMILY and each.parent_may_read)
        for each in origins(item, record)
    )


def why_by_itself(item: Item, reader: Reader, record: Record) -> str:
    """Why this is not cleared together with all the rest, but by itself if at all; empty when it may be."""
    if needs_reason(item, reader, record):
        return CHILDS_WORDS
    if item.key.kind == "personcontact":
        return "Addresses and numbers are cleared one by one."
    if reader.children is not None and not item.children <= reader.children:
        return "It is about a child they are not written down as somebody to."
    named = found(item.everything, reader.secrets)
    if named:
        return f"It names {', '.join(named)}."
    if item.part is not None and item.part in reader.absent:
        return "It belongs to a part they were not invited to."
    if item.code == Attending.EXCLUDED and item.person != reader.person:
        return "It says why somebody was kept out of a part."
    if item.key.kind == "support" and item.person != reader.person:
        return "It says what help somebody else needed."
    if item.in_break:
        return "It was written down during a break."
    if item.key.kind == "attendance" and item.person in reader.apart:
        return "They must be kept apart from this person."
    return ""


def may_be_shown(item: Item, reader: Reader, record: Record) -> bool:
    """Whether this may really go into a copy now: it is cleared, and nothing that changed since forbids it."""
    if item.key not in reader.cleared or why_never(item, reader, record):
        return False
    return item.key in reader.reasoned or not needs_reason(item, reader, record)


def shared_with_all(items: Sequence[Item], reader: Reader) -> tuple[list[Item], list[Skipped]]:
    """What can be cleared for a reader in one act, and what is left for the chair to look at, each with why.

    What is cleared already is in neither. What stands beside a text comes after it in ``items``.
    """
    record = {item.key: item for item in items}
    cleared = set(reader.cleared)
    together: list[Item] = []
    left: list[Skipped] = []
    for item in items:
        if item.key in reader.cleared:
            continue
        why = why_never(item, reader, record, cleared) or why_by_itself(item, reader, record)
        if why:
            left.append(Skipped(item, why))
        else:
            together.append(item)
            cleared.add(item.key)
    return together, left


def lines(items: Sequence[Item], reader: Reader) -> list[Line]:
    """Every item as the chair decides about it."""
    record = {item.key: item for item in items}
    found_lines = []
    for item in items:
        never = why_never(item, reader, record, record.keys())
        found_lines.append(
            Line(
                item=item,
                cleared=item.key in reader.cleared,
                withheld=item.key in reader.withheld,
                never="" if item.key in reader.withheld else never,
                caution="" if never else why_by_itself(item, reader, record),
                asks_why=not never and needs_reason(item, reader, record),
            )
        )
    return found_lines
