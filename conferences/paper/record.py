"""The record as one reader gets it: the sections in their fixed order, each with what was cleared and no more.

A section, a child's name or a table stands there only when something in it was cleared, so that what was left out
leaves no gap, no empty heading and no jump in a number.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby

from chatr.pdf import documents as pdf

from ..models import SECTION_ORDER, SectionKind
from .items import Frame, Item
from .wording import day

IN_ORDER = (
    *("attendance", "break", "support", "personcontact", "explanation", "participation", "block"),
    *("agencyreport", "reportpart", "actionreview", "planaction", "decision", "dissent", "coregroupmember"),
    *("nextdate", "amendment", "accuracychallenge"),
)


def blocks(frame: Frame, items: Sequence[Item]) -> Iterator[pdf.Block]:
    """The record, block after block."""
    yield pdf.Facts(
        (
            ("Copy for", frame.name),
            ("Conference", frame.conference),
            ("Held on", day(frame.held_on)),
            (frame.chair_title, frame.chair),
        )
    )
    if frame.personal:
        yield pdf.Paragraph(frame.personal)
    for kind in SECTION_ORDER:
        inside = [item for item in items if item.section == kind and item.about is None]
        if inside:
            yield pdf.Heading(SectionKind(kind).label)
            yield from _section(frame, inside, items)


def _section(frame: Frame, inside: Sequence[Item], items: Sequence[Item]) -> Iterator[pdf.Block]:
    yield from _kinds([item for item in inside if item.child is None], items)
    for child, name in frame.children:
        its = [item for item in inside if item.child == child]
        if its:
            yield pdf.Heading(name, 2)
            yield from _kinds(its, items)


def _kinds(inside: Sequence[Item], items: Sequence[Item]) -> Iterator[pdf.Block]:
    for kind, found in groupby(sorted(inside, key=lambda item: IN_ORDER.index(item.key.kind)), _kind):
        group = list(found)
        if kind == "attendance":
            yield _who_was_there(group)
        elif kind == "coregroupmember":
            yield pdf.Facts((("Core group", "\n".join(_member(one) for one in group)),))
        else:
            for item in group:
                yield from shown(item)
        for item in group:
            yield from _beside(item, items)


def _kind(item: Item) -> str:
    return item.key.kind


def shown(item: Item) -> Iterator[pdf.Block]:
    """One item as it stands in a copy."""
    if item.words and item.own_words:
        yield pdf.Words(item.who, item.words)
    elif item.words:
        yield pdf.Paragraph(item.words, label=item.who)
    rows = tuple((row.label, row.text) for row in item.rows if row.text)
    if rows:
        yield pdf.Facts(rows)


def _beside(item: Item, items: Sequence[Item]) -> Iterator[pdf.Block]:
    """Corrections, amendments and challenges, where they were cleared, after the text they belong to."""
    for other in items:
        if other.about == item.key:
            yield from shown(other)
            yield from _beside(other, items)


def _who_was_there(group: Sequence[Item]) -> pdf.Table:
    """A line a person, whatever parts they were in: parts have numbers, and a number missing would tell."""
    lines: dict[object, list[Item]] = {}
    for item in group:
        lines.setdefault(item.person, []).append(item)
    rows = []
    for its in lines.values():
        how = list(dict.fromkeys(item.text("status") for item in its))
        notes = [row.text for item in its for row in item.rows if row.code == "note" and row.text]
        rows.append((its[0].text("name"), its[0].text("role"), "\n".join([*how, *notes])))
    return pdf.Table(("Name", "Who they are", "At the conference"), tuple(rows))


def _member(item: Item) -> str:
    return ", ".join(filter(None, (item.text("name"), item.text("role"), item.text("lead"))))
