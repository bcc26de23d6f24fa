from datetime import date

from django.utils import timezone

from chatr.workdays.models import BankHoliday
from chatr.workdays.queries import bank_holidays
from chatr.workdays.reference import lay_down


def test_englands_bank_holidays_are_there_from_the_first_year_to_five_ahead(db):
    this_year = timezone.localdate().year
    years = BankHoliday.objects.values_list("date__year", flat=True)
    assert set(years) >= set(range(2025, this_year + 6))
    in_2027 = {"01-01", "03-26", "03-29", "05-03", "05-31", "08-30", "12-27", "12-28"}
    assert {f"{day:%m-%d}" for day in bank_holidays(date(2027, 1, 1), date(2027, 12, 31))} == in_2027


def test_bank_holidays_include_both_ends_and_nothing_beyond(db):
    assert bank_holidays(date(2027, 3, 26), date(2027, 3, 29)) == {date(2027, 3, 26), date(2027, 3, 29)}
    assert bank_holidays(date(2027, 3, 27), date(2027, 3, 28)) == frozenset()


def test_laying_down_again_changes_nothing(db):
    before = list(BankHoliday.objects.order_by("date").values_list("date", "name"))
    lay_down()
    assert list(BankHoliday.objects.order_by("date").values_list("date", "name")) == before


def test_what_staff_changed_stays(db):
    BankHoliday.objects.filter(date="2027-05-03").update(date="2027-05-07", name="Early May, moved")
    BankHoliday.objects.filter(date="2027-08-30").delete()
    lay_down()
    assert bank_holidays(date(2027, 5, 1), date(2027, 5, 30)) == {date(2027, 5, 7)}
    assert not BankHoliday.objects.filter(date="2027-08-30").exists()
