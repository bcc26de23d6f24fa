"""Reads of the bank holidays."""

from datetime import date

from .models import BankHoliday


def bank_holidays(start: date, end: date) -> frozenset[date]:
    """England's bank holidays from ``start`` to ``end``, both included."""
    return frozenset(BankHoliday.objects.filter(date__range=(start, end)).values_list("date", flat=True))
