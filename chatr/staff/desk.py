"""The desk: today's work, above everything else. Each area registers its panels from its ``admin.py``."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest


@dataclass(frozen=True)
class Row:
    """One piece of work: what it is, where to do it, a note in muted text and a state in a tag."""

    text: str
    url: str = ""
    note: str = ""
    tag: str = ""


@dataclass(frozen=True)
class Link:
    """Where the whole list is."""

    text: str
    url: str


@dataclass(frozen=True)
class Panel:
    """A titled list of work. ``empty_text`` is what it says when there is none."""

    title: str
    rows: Sequence[Row]
    empty_text: str
    link: Link | None = None


PanelFunction = Callable[[HttpRequest, datetime], Panel | None]
_registered: list[tuple[int, PanelFunction]] = []


def register(panel: PanelFunction, *, place: int = 50) -> PanelFunction:
    """Show ``panel(request, now)`` on the desk, lower ``place`` first. It answers None to a person it is not for."""
    _registered.append((place, panel))
    return panel


def panels(request: HttpRequest, now: datetime) -> list[Panel]:
    """Every panel for the person asking, in their places."""
    in_order = sorted(_registered, key=lambda pair: pair[0])
    return [panel for _, make in in_order if (panel := make(request, now)) is not None]
