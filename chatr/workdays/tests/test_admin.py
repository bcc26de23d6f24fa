import pytest

from chatr.audit.models import AuditEvent
from chatr.workdays.models import BankHoliday

LIST = "/admin/workdays/bankholiday/"


def test_staff_add_a_bank_holiday_and_it_is_audited(client, sign_in, people):
    sign_in(client, people.staff).post(f"{LIST}add/", {"date": "2027-06-18", "name": "A coronation"})
    assert BankHoliday.objects.get(date="2027-06-18").name == "A coronation"
    assert AuditEvent.objects.filter(object_type="workdays.bankholiday", actor_id=people.staff.pk).count() == 1


def test_a_second_one_on_the_same_day_is_refused_in_words(client, sign_in, people):
    response = sign_in(client, people.staff).post(f"{LIST}add/", {"date": "2027-03-26", "name": "Good Friday"})
    assert b"There is already a bank holiday on this date." in response.content
    assert BankHoliday.objects.filter(date="2027-03-26").count() == 1


def test_staff_remove_one_that_was_moved(client, sign_in, people):
    holiday = BankHoliday.objects.get(date="2027-05-03")
    sign_in(client, people.staff).post(f"{LIST}{holiday.pk}/delete/", {"post": "yes"})
    assert not BankHoliday.objects.filter(date="2027-05-03").exists()


@pytest.mark.parametrize("who", ["person", "trainer"])
def test_others_may_not(client, sign_in, people, who):
    response = sign_in(client, getattr(people, who)).post(f"{LIST}add/", {"date": "2027-06-18", "name": "Mine"})
    assert response.status_code in (302, 403)
    assert not BankHoliday.objects.filter(date="2027-06-18").exists()


def test_the_list_keeps_one_query_count(client, sign_in, people, keeps_one_query_count):
    sign_in(client, people.staff)
    days = iter(range(1, 9))
    keeps_one_query_count(
        lambda: BankHoliday.objects.create(date=f"2040-01-0{next(days)}", name="x"), lambda: client.get(LIST)
    )
