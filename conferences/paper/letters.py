"""Letters: to the child, the plan for the family, the decision letter. Plain sentences around what was cleared."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from chatr.pdf import documents as pdf

from ..models import CopyKind
from . import record, wording
from .items import Frame, Item
from .wording import NEUTRAL, day


def compose(kind: str, frame: Frame, items: Sequence[Item]) -> pdf.Document:
    """The document of one copy. It says what the frame and these items say, and nothing else.

    :param kind: a ``CopyKind``
    """
    blocks = {
        CopyKind.RECORD: record.blocks,
        CopyKind.CHILD_LETTER: _to_the_child,
        CopyKind.FAMILY_PLAN: _plan,
        CopyKind.DECISION_LETTER: _decisions,
    }[kind]
    if kind != CopyKind.RECORD:
        items = _as_amended(items)
    return pdf.Document(title=wording.TITLES[kind], blocks=tuple(blocks(frame, items)), footer=NEUTRAL)


def _as_amended(items: Sequence[Item]) -> list[Item]:
    """The plan as it reads now: a letter says the new words, where they were cleared, and not the old ones beside."""
    new = {(item.about, item.code): item.text("new") for item in items if item.key.kind == "amendment"}
    return [
        replace(item, rows=tuple(row._replace(text=new.get((item.key, row.code), row.text)) for row in item.rows))
        for item in items
    ]


def _of(items: Sequence[Item], kind: str) -> list[Item]:
    return [item for item in items if item.key.kind == kind]


# To the child


def _to_the_child(frame: Frame, items: Sequence[Item]) -> Iterator[pdf.Block]:
    """Only what is about this child and no other, and what everybody may know of the next meetings."""
    mine = [item for item in items if item.children == {frame.child}]
    yield pdf.Paragraph(day(frame.written_on))
    yield pdf.Paragraph(f"Dear {frame.name},")
    if frame.personal:
        yield pdf.Paragraph(frame.personal)
    yield pdf.Heading("What we talked about")
    yield pdf.Paragraph(
        f"On {day(frame.held_on)} some people had a meeting about you and your family. "
        "They want you to be safe and well."
    )
    if frame.talked_about:
        yield pdf.Paragraph(frame.talked_about)
    for item in mine:
        if item.is_childs_words and item.words:
            yield pdf.Words("You told us", item.words)
    for decision in _of(mine, "decision"):
        yield pdf.Paragraph(wording.TO_A_CHILD[decision.code])
    sentences = [_sentence(action) for action in _of(mine, "planaction") if action.text("plain_words")]
    days = " and on ".join(one.text("on") for one in _of(items, "nextdate"))
    meetings = [f"People meet again on {days}."] if days else []
    if sentences or meetings:
        yield pdf.Heading("What happens now")
        yield pdf.Bullets(tuple(sentences + meetings))
    yield pdf.Heading("Who you can ask")
    for lead in _leads(mine):
        yield pdf.Paragraph(f"You can ask {lead} anything about this letter.")
    yield pdf.Paragraph(f"You can also ask {frame.chair}, who led the meeting. {wording.NOT_RIGHT}")
    yield from _help(frame)


def _sentence(action: Item) -> str:
    """What is done, in the plan's own plain words, and by which day."""
    by = action.text("due_on")
    return f"{action.text('plain_words')}" + (f"\nBy {by}." if by else "")


def _leads(items: Sequence[Item]) -> list[str]:
    return list(dict.fromkeys(one.text("name") for one in _of(items, "coregroupmember") if one.text("lead")))


def _help(frame: Frame) -> Iterator[pdf.Block]:
    if frame.help:
        yield pdf.Heading("If you want to talk to somebody else")
        yield pdf.Bullets(tuple(f"{one.name}: {one.number}. {one.what_for} {one.hours}." for one in frame.help))


# The plan for the family


def _plan(frame: Frame, items: Sequence[Item]) -> Iterator[pdf.Block]:
    actions = [action for action in _of(items, "planaction") if action.text("plain_words")]
    yield pdf.Paragraph(f"For {frame.name}. This is what was planned at the conference on {day(frame.held_on)}.")
    if frame.personal:
        yield pdf.Paragraph(frame.personal)
    together = [action for action in actions if action.child is None]
    if together:
        yield pdf.Heading("For the whole family")
        yield from _actions(together)
    for child, name in frame.children:
        its = [action for action in actions if action.child == child]
        if its:
            yield pdf.Heading(f"For {name}")
            yield from _actions(its)
    yield from _next(items)
    yield from _who_to_ask(frame, items)


def _actions(actions: Sequence[Item]) -> Iterator[pdf.Block]:
    for action in actions:
        told = (
            ("What", action.text("plain_words")),
            ("Who does it", action.text("owner")),
            ("By when", action.text("due_on")),
            ("If it does not happen", action.text("contingency")),
        )
        yield pdf.Facts(tuple((label, text) for label, text in told if text))


# The decision letter


def _decisions(frame: Frame, items: Sequence[Item]) -> Iterator[pdf.Block]:
    for contact in _of(items, "personcontact"):
        if contact.person == frame.recipient and contact.text("address"):
            yield pdf.Address((frame.name, *contact.text("address").splitlines()))
    yield pdf.Paragraph(day(frame.written_on))
    yield pdf.Paragraph(f"Dear {frame.name},")
    yield pdf.Paragraph(f"This letter says what was decided at the conference on {day(frame.held_on)}.")
    if frame.personal:
        yield pdf.Paragraph(frame.personal)
    for child, name in frame.children:
        its = [item for item in items if item.child == child]
        if its:
            yield pdf.Heading(name)
            yield from _one_child(its)
    together = [item for item in _of(items, "planaction") if item.child is None]
    if together:
        yield pdf.Heading("The plan for the whole family")
        yield _outline(together)
    yield from _next(items)
    yield pdf.Heading("If you disagree, or something is not right")
    yield pdf.Paragraph(f"{wording.COMPLAIN} {wording.NOT_RIGHT}")
    yield pdf.Paragraph(f"{frame.chair}\n{frame.chair_title}")


def _one_child(items: Sequence[Item]) -> Iterator[pdf.Block]:
    for decision in _of(items, "decision"):
        told = [(row.label, row.text) for row in decision.rows if row.code in ("outcome", "categories", "reasons")]
        yield pdf.Facts(tuple((label, text) for label, text in told if text))
    actions = _of(items, "planaction")
    if actions:
        yield pdf.Heading("The outline of the plan", 2)
        yield _outline(actions)
    for lead in _leads(items):
        yield pdf.Facts((("Lead practitioner", lead),))


def _outline(actions: Sequence[Item]) -> pdf.Bullets:
    return pdf.Bullets(
        tuple(
            "\n".join(
                filter(
                    None,
                    (one.text("plain_words") or one.text("action"), ", ".join(filter(None, (_who(one), _by(one))))),
                )
            )
            for one in actions
        )
    )


def _who(action: Item) -> str:
    return action.text("owner")


def _by(action: Item) -> str:
    return f"by {action.text('due_on')}" if action.text("due_on") else ""


# In more than one


def _next(items: Sequence[Item]) -> Iterator[pdf.Block]:
    dates = _of(items, "nextdate")
    if dates:
        yield pdf.Heading("When people meet next")
        yield pdf.Facts(
            tuple((one.text("what"), "\n".join(filter(None, (one.text("on"), one.text("place"))))) for one in dates)
        )


def _who_to_ask(frame: Frame, items: Sequence[Item]) -> Iterator[pdf.Block]:
    yield pdf.Heading("Who you can ask")
    for lead in _leads(items):
        yield pdf.Paragraph(f"{lead}, the lead practitioner.")
    yield pdf.Paragraph(f"{frame.chair}, who chaired the conference. {wording.NOT_RIGHT} {wording.COMPLAIN}")
    yield from _help(frame)
