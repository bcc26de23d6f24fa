"""What's next for a person: each area tells its part, and the home page shows them together in order of date.

An area registers from its own ``whats_next.py``, which is found by itself::

    @register
    def my_runs(user, now):
        return [Item(run.starts_at, "Introduction to trauma", "See your booking", booking.get_absolute_url())]
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from chatr.workdays.clock import LONDON


@dataclass(frozen=True)
class Item:
    """One thing to come: when (a moment, or a day), what, and the one thing to do about it."""

    when: datetime | date
    title: str
    action: str
    url: str
    note: str = ""
    ends_at: datetime | None = None

    @property
    def has_time(self) -> bool:
        return isinstance(self.when, datetime)


Provider = Callable[[object, datetime], Iterable[Item]]
_providers: list[Provider] = []


def register(provider: Provider) -> Provider:
    """Ask ``provider(user, now)`` for items whenever a person opens the home page. Registering twice does no harm."""
    if provider not in _providers:
        _providers.append(provider)
    return provider


def items(user, now: datetime) -> list[Item]:
    """Everything that is next for the person, soonest first; a whole day comes before the moments in it."""
    return sorted((item for provider in _providers for item in provider(user, now)), key=_moment)


def _moment(item: Item) -> datetime:
    return item.when if item.has_time else datetime.combine(item.when, time.min, tzinfo=LONDON)
