"""England's bank holidays from the portal's first year to five years ahead."""

from django.utils import timezone
from holidays import country_holidays

from .models import BankHoliday

FIRST_YEAR = 2025  # dates before it are never counted from


def lay_down() -> None:
    """Add the bank holidays of each year that has none yet; a year staff have edited is left as it is."""
    this_year = timezone.localdate().year
    years = set(range(FIRST_YEAR, this_year + 6)) - set(BankHoliday.objects.values_list("date__year", flat=True))
    found = country_holidays("GB", subdiv="ENG", years=years) if years else {}
    BankHoliday.objects.bulk_create(
        [
            BankHoliday(date=day, name=name.replace("(observed)", "(substitute day)"))
            for day, name in sorted(found.items())
            if day.weekday() < 5
        ],
        ignore_conflicts=True,
    )
