"""The kinds of message there are. Each area registers its own: what goes into one, and whether it still holds."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.db.models import Q


class Suppress(Exception):
    """The message is no longer true, so it is never sent. The text says why, for staff."""


class Hold(Exception):
    """Something is missing, so the message waits and is looked at again. The text says what, for staff."""


@dataclass(frozen=True)
class CalendarPart:
    """One calendar entry: a whole iCalendar object with one VEVENT, whose METHOD is ``method``."""

    method: str
    content: bytes
    filename: str = "invite.ics"
    sequence: int = 0


@dataclass(frozen=True)
class Composed:
    """What goes into one message.

    ``context`` fills ``templates/emails/<kind code>.txt``. ``secret_links`` are shown there as
    ``{{ secret_links.name }}``; their values reach the mail server and are never kept. ``subject`` and ``text``
    are given only by a kind whose words were written beforehand and that has no template.
    """

    context: dict = field(default_factory=dict)
    secret_links: dict[str, str] = field(default_factory=dict)
    calendar: list[CalendarPart] | None = None
    subject: str = ""
    text: str = ""


@dataclass(frozen=True)
class Kind:
    """A kind of message: its code, such as ``training/booking_confirmed``, its name for staff, and how it is composed.

    ``compose(message, now)`` reads the record as it is and returns a ``Composed``, or raises ``Suppress`` or ``Hold``.
    It changes nothing that matters: it is also called to preview a message. Who gets a ``private`` kind is nobody
    else's business: the staff pages leave it out, and its area shows what became of it.
    """

    code: str
    name: str
    compose: Callable[[object, datetime], Composed]
    private: bool = False


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Make a kind known. Registering the same code again replaces it."""
    _kinds[kind.code] = kind


def get(code: str) -> Kind:
    """The kind with this code.

    :raises LookupError: when no area has registered it
    """
    try:
        return _kinds[code]
    except KeyError:
        raise LookupError(f"There is no kind of message called {code!r}.") from None


def name_of(code: str) -> str:
    """The kind's name for staff; the code itself when nobody registers it any more."""
    return _kinds[code].name if code in _kinds else code


def all_kinds() -> list[Kind]:
    """Every kind, by its name."""
    return sorted(_kinds.values(), key=lambda kind: kind.name)


def are_private() -> Q:
    """Which messages are left out of the staff pages: those of private kinds, and of areas that are switched off."""
    private = Q(kind__in=[kind.code for kind in _kinds.values() if kind.private])
    for area in settings.CLOSED_AREAS:
        private |= Q(kind__startswith=f"{area}/")
    return private
