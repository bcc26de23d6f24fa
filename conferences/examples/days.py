"""Days around today that a conference can be held on."""

from dataclasses import dataclass
from datetime import date, datetime, time

from chatr.workdays.clock import LONDON, local
from chatr.workdays.queries import bank_holidays
from chatr.workdays.rules import nth_working_day_after, nth_working_day_before

from ..rules.timescales import holidays_around


@dataclass(frozen=True)
class Days:
    """Counts working days from today, back with a minus."""

    now: datetime

    @property
    def today(self) -> date:
        return self.now.astimezone(LONDON).date()

    def day(self, working_days: int) -> date:
        """The day so many working days from today; the last one before it for none, so that it is in the past."""
        holidays = bank_holidays(*holidays_around(self.today))
        count = nth_working_day_after if working_days > 0 else nth_working_day_before
        return count(self.today, abs(working_days) or 1, holidays)

    def at(self, working_days: int, hour: int = 10, minute: int = 0) -> datetime:
        """A time on that day."""
        return local(self.day(working_days), time(hour, minute))
