"""The letter that invites somebody: to their own part, in words that tell nobody else anything.

It names no child and no other person, says nothing of what the meeting is about, and holds only where and when this
person is expected. Somebody who opens it by mistake learns that there is a meeting.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from chatr.pdf import documents as pdf

from .wording import clock, day

BREAKS = "You can ask for a break at any time. Nothing is discussed while you are out."
CANNOT = "If you cannot come, or would like something to be different, tell the person who gave you this letter."


@dataclass(frozen=True)
class Expected:
    """One time this person is expected, and where: in a room, or on a call."""

    starts_at: datetime
    ends_at: datetime
    room: str = ""
    waiting_area: str = ""
    call: str = ""


def invitation(
    *,
    name: str,
    times: Sequence[Expected],
    arranged: Sequence[str] = (),
    address: str = "",
    written_on: date,
    from_whom: str,
) -> pdf.Document:
    """One person's invitation.

    :param address: only where post is safe for them
    :param arranged: the help that is arranged for them, in words
    :param from_whom: the chair's name, and what a chair is called here
    """
    blocks: list[pdf.Block] = []
    if address:
        blocks.append(pdf.Address((name, *address.splitlines())))
    blocks += [
        pdf.Paragraph(day(written_on)),
        pdf.Paragraph(f"Dear {name},"),
        pdf.Paragraph("You are invited to the meeting we talked about."),
    ]
    blocks += [pdf.Facts(tuple(_facts(one))) for one in times]
    if arranged:
        blocks += [pdf.Heading("What is arranged for you"), pdf.Bullets(tuple(arranged))]
    blocks += [pdf.Paragraph(BREAKS), pdf.Paragraph(CANNOT), pdf.Paragraph(from_whom)]
    return pdf.Document("Letter", blocks)


def _facts(one: Expected):
    yield "Day", day(one.starts_at)
    yield "Time", f"{clock(one.starts_at)} to {clock(one.ends_at)}"
    if one.call:
        yield "Join the call", one.call
    if one.room:
        yield "Room", one.room
    if one.waiting_area:
        yield "Please wait here", one.waiting_area
