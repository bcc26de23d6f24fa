"""Quarters of a year: the stretches of time figures are about."""

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class Quarter:
    """Three months of a calendar year, from their first day to their last."""

    first: date
    last: date

    def __str__(self) -> str:
        return f"{self.first:%B} to {self.last:%B %Y}"

    @property
    def code(self) -> str:
        """As it stands in an address: ``2026-01-01``."""
        return self.first.isoformat()


def quarter_of(day: date) -> Quarter:
    """The quarter a day lies in."""
    first = date(day.year, day.month - (day.month - 1) % 3, 1)
    return Quarter(first, _next(first) - timedelta(days=1))


def quarters_before(today: date, how_many: int = 8) -> list[Quarter]:
    """The last quarters that are over, latest first."""
    found = [quarter_of(quarter_of(today).first - timedelta(days=1))]
    while len(found) < how_many:
        found.append(quarter_of(found[-1].first - timedelta(days=1)))
    return found


def _next(first: date) -> date:
    return date(first.year, first.month + 3, 1) if first.month < 10 else date(first.year + 1, 1, 1)
