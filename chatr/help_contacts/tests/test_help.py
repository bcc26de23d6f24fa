"""The page of numbers that help."""

import pytest
from django.urls import reverse

from chatr.help_contacts import reference
from chatr.help_contacts.models import HelpContact


def test_everybody_finds_the_numbers_in_one_query(client, db, django_assert_num_queries):
    with django_assert_num_queries(1):
        html = client.get("/help/").content.decode()
    assert 'href="tel:08001111"' in html
    assert 'href="sms:85258"' in html
    assert html.index("999") < html.index("Childline")


def test_a_number_staff_hid_stays_hidden(client, db):
    HelpContact.objects.filter(name="Shout").update(is_shown=False)
    reference.lay_down()
    assert "85258" not in client.get("/help/").content.decode()
    assert HelpContact.objects.filter(name="Shout").count() == 1


@pytest.mark.parametrize("count", [1, 3])
def test_more_numbers_cost_no_more_queries(client, db, django_assert_num_queries, count):
    for n in range(count):
        HelpContact.objects.create(name=f"Service {n}", number="020 7946 0000", what_for="x", hours="Weekdays")
    with django_assert_num_queries(1):
        client.get("/help/")


def test_staff_are_told_which_numbers_to_check(client, people, sign_in):
    sign_in(client, people.staff)
    assert "Help numbers to check" in client.get(reverse("admin:index")).content.decode()


def test_practitioners_cannot_change_numbers(client, people, sign_in):
    sign_in(client, people.person)
    assert client.get(reverse("admin:help_contacts_helpcontact_changelist")).status_code in (302, 403, 404)
