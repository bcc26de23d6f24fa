"""Wall-clock time in London, where every time in the portal is decided."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


class NoSuchTime(ValueError):
    """The clocks jump over this time, so no clock in London ever shows it."""


def local(day: date, at: time) -> datetime:
    """The moment a clock in London shows this time. An hour that comes twice in autumn means the first one.

    :raises NoSuchTime: for a time skipped in spring, such as 01:30 on 28 March 2027
    """
    moment = datetime.combine(day, at.replace(tzinfo=None, fold=0), tzinfo=LONDON)
    if moment.astimezone(UTC).astimezone(LONDON).time() != moment.time():
        raise NoSuchTime(f"{at:%H:%M} on {day.day} {day:%B %Y} does not exist: the clocks go forward over it.")
    return moment
