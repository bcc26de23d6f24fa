"""The words of copies and letters that are the same for everybody, in short sentences."""

from datetime import date, datetime

from chatr.web.templatetags import portal

from ..models import CopyKind, Outcome

NEUTRAL = "Some information may be left out of any copy."
TITLES = {
    CopyKind.RECORD: "Conference record",
    CopyKind.CHILD_LETTER: "Letter",
    CopyKind.FAMILY_PLAN: "Plan",
    CopyKind.DECISION_LETTER: "Letter",
    CopyKind.INVITATION: "Letter",
}
TO_A_CHILD = {
    Outcome.PLAN: "The people at the meeting decided that you need a child protection plan. This means that adults "
    "work together, and check with each other, so that you are safe.",
    Outcome.CONTINUE: "The people at the meeting decided that your child protection plan goes on. The adults keep "
    "working together so that you are safe.",
    Outcome.END: "The people at the meeting decided that you do not need a child protection plan any more.",
    Outcome.CHILD_IN_NEED: "The people at the meeting decided that you and your family get extra help.",
    Outcome.OTHER_SUPPORT: "The people at the meeting decided that you and your family get some other help.",
    Outcome.NO_ACTION: "The people at the meeting decided that nothing more needs to happen now.",
    Outcome.ADJOURN: "The people at the meeting did not decide yet. They meet again.",
}
NOT_RIGHT = "If something in here is not right, tell us. What you say is kept beside it, even if we do not agree."
COMPLAIN = (
    "If you are not happy with what was decided, or with how it was done, tell the chair or ask anybody who works "
    "with you how to complain to the council. While this is looked into, the decision stands."
)


def filename(kind: str) -> str:
    """The name of the file, the same for everybody."""
    return f"{TITLES[kind]}.pdf"


def day(moment: date | datetime) -> str:
    """``Monday 23 March 2026``."""
    return portal.day(moment)


def clock(moment: datetime) -> str:
    """``9:30am``."""
    return portal.clock_time(moment)
