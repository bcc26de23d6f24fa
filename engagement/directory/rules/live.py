"""What is public the moment it is saved, as plain values: its mark, and how it reads beside what a colleague saved."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass
from datetime import date, time
from hashlib import sha256
from uuid import UUID

from chatr.web.templatetags.portal import short_day

from .closing import closing_in_words
from .opening import opening_hours


@dataclass(frozen=True)
class Session:
    """One stretch of opening in a week; a day may have several. 0 is Monday, 0:00 closes at midnight."""

    day: int
    opens_at: time
    closes_at: time
    valid_from: date | None = None
    valid_to: date | None = None
    term_time_only: bool = False
    notes: str = ""
    at: UUID | None = None  # a place of the service, by the id of its ServiceAtLocation


@dataclass(frozen=True)
class Space:
    """Whether it takes people. An empty state: nobody says."""

    state: str = ""
    waiting_time: str = ""
    expires_on: date | None = None


@dataclass(frozen=True)
class Closing:
    """From when it is closed for a while, until when, and why. No first day: it is open."""

    closed_from: date | None = None
    reopens_on: date | None = None
    note: str = ""


Said = list[Session] | Space | Closing


def mark(said: Said) -> str:
    """A short mark of what was said, so that a page can tell later whether it still says so."""
    plain = [astuple(each) for each in said] if isinstance(said, list) else astuple(said)
    return sha256(json.dumps(plain, default=str).encode()).hexdigest()[:12]


def in_order(sessions: Iterable[Session]) -> list[Session]:
    """Each once, as a week goes."""
    return sorted(dict.fromkeys(sessions), key=lambda each: (each.day, each.opens_at, each.closes_at, str(each)))


def hours_in_lines(sessions: list[Session], places: Mapping[str, str], today: date) -> tuple[str, ...]:
    """A line for days with the same hours, place by place. ``places`` are names by ``Session.at`` as text."""
    lines = []
    for at in dict.fromkeys(each.at for each in sessions):
        start = f"{places[str(at)]}: " if at and str(at) in places else ""
        here = opening_hours([each for each in sessions if each.at == at], today)
        lines += [f"{start}{each.days}: {'; '.join(each.times)}" for each in here]
    return tuple(lines)


def space_in_lines(space: Space, states: Mapping[str, str]) -> tuple[str, ...]:
    """Its state by name, how long people wait, until when it holds."""
    if not space.state:
        return ()
    holds = (f"Holds until {short_day(space.expires_on)}",) if space.expires_on else ()
    return (states[space.state], *filter(None, (space.waiting_time,)), *holds)


def closing_in_lines(closing: Closing, today: date) -> tuple[str, ...]:
    """As the public reads it."""
    return (closing_in_words(closing.closed_from, closing.reopens_on, closing.note, today) or "Open.",)
