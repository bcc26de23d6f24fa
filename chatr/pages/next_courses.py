"""The next courses, for the home page. The training area provides them, so that the kernel knows nothing of training.

@register
def next_runs(now, limit):
    return [NextCourse("Introduction to trauma", run.starts_at, run.ends_at, "Online", "8 places left", url)]
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class NextCourse:
    """A run people can still get on: what, when, where and how many places, in words."""

    title: str
    starts_at: datetime
    ends_at: datetime
    where: str
    places: str
    url: str


Provider = Callable[[datetime, int], Iterable[NextCourse]]
_providers: list[Provider] = []


def register(provider: Provider) -> Provider:
    """Ask ``provider(now, limit)`` for the next courses. Registering twice does no harm."""
    if provider not in _providers:
        _providers.append(provider)
    return provider


def next_courses(now: datetime, limit: int = 3) -> list[NextCourse]:
    """The soonest courses of every provider."""
    found = [course for provider in _providers for course in provider(now, limit)]
    return sorted(found, key=lambda course: course.starts_at)[:limit]
