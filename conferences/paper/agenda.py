"""The agenda, and the sheet on which attendance is written down by hand."""

from collections.abc import Sequence
from dataclasses import dataclass

from chatr.pdf import documents as pdf

from ..models import SectionKind
from .wording import clock, day

# What people do, in the order in which they do it. The child's own words come first; the plan before the decision.
AGENDA = (
    "Welcome: who is here, how we keep this safe, breaks",
    *(SectionKind(kind).label for kind in list(SectionKind)[1:]),
)
BREAKS = "Anybody may ask for a break at any time. Nothing is discussed while the family is out."
NOT_HERE = "Meetings of the core group are recorded elsewhere."


@dataclass(frozen=True)
class PartOnPaper:
    """One part of the meeting, with the names of those in it and how each takes part."""

    number: int
    starts_at: object
    ends_at: object
    place: str
    people: Sequence[tuple[str, str]]


def agenda(*, on, kind: str, chair: str, chair_title: str, children: str, parts: Sequence[PartOnPaper]) -> pdf.Document:
    """For the people who run the meeting. It names who is in which part, so it is not for the family."""
    blocks: list[pdf.Block] = [
        pdf.Facts((("Meeting", kind), ("Day", day(on)), (chair_title, chair), ("About", children))),
        pdf.Paragraph(BREAKS),
    ]
    for part in parts:
        blocks.append(pdf.Heading(_title(part, len(parts))))
        if part.place:
            blocks.append(pdf.Facts((("Room", part.place),)))
        names = tuple(f"{name} ({how})" if how else name for name, how in part.people)
        blocks.append(pdf.Bullets(names) if names else pdf.Paragraph("Nobody is planned for this part yet."))
    blocks += [pdf.Heading("In this order"), pdf.Bullets(AGENDA), pdf.Paragraph(NOT_HERE)]
    return pdf.Document("Agenda", blocks, footer="For the chair and minute-taker")


def attendance_sheet(*, on, parts: Sequence[PartOnPaper]) -> pdf.Document:
    """A sheet for each part, to tick in the room and put in afterwards."""
    blocks: list[pdf.Block] = [pdf.Facts((("Day", day(on)),))]
    for n, part in enumerate(parts):
        if n:
            blocks.append(pdf.PageBreak())
        blocks.append(pdf.Heading(_title(part, len(parts))))
        rows = tuple((name, how, "", "", "") for name, how in part.people)
        if rows:
            blocks.append(pdf.Table(("Name", "How", "Here", "Came at", "Left at"), rows))
        else:
            blocks.append(pdf.Paragraph("Nobody is planned for this part yet."))
    return pdf.Document("Attendance", blocks, footer="For the chair and minute-taker")


def _title(part: PartOnPaper, count: int) -> str:
    times = f"{clock(part.starts_at)} to {clock(part.ends_at)}"
    return f"Part {part.number}, {times}" if count > 1 else times
