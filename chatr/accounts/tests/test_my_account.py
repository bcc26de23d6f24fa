"""A person's own account: what they see, change, download, and have erased."""

import json

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from chatr.accounts import queries
from chatr.accounts.models import ErasureRequest, Membership, User
from chatr.accounts.operations import erasure
from chatr.accounts.operations.erasure import CannotErase
from chatr.audit.models import AuditEvent
from chatr.notifications import kinds
from chatr.notifications.models import Message
from chatr.testing.people import PASSWORD, give_second_factor, make_organisation

pytestmark = pytest.mark.django_db


def now():
    return timezone.now()


def test_the_page_shows_where_one_works_and_which_one_acts_for(client, sign_in, people):
    Membership.objects.create(user=people.person, organisation=make_organisation("Canal"), valid_from=now().date())
    sign_in(client, people.person)
    page = client.get(reverse("accounts:my-account")).content.decode()
    assert "Mill Lane School" in page and "Canal" in page
    assert page.count("Waiting for programme staff") == 1
    assert "Act for Canal" in page and "Act for Mill Lane School" not in page


def test_switching_between_two(client, sign_in, people):
    canal = Membership.objects.create(
        user=people.person, organisation=make_organisation("Canal"), valid_from=now().date()
    )
    sign_in(client, people.person)
    client.post(reverse("accounts:choose-membership", args=[canal.pk]))
    people.person.refresh_from_db()
    assert queries.membership_for_booking(people.person) == canal


def test_the_page_costs_the_same_with_more_memberships(client, sign_in, people, keeps_one_query_count):
    sign_in(client, people.person)
    count = iter(range(99))

    def add():
        Membership.objects.create(
            user=people.person, organisation=make_organisation(f"Org {next(count)}"), valid_from=now().date()
        )

    keeps_one_query_count(add, lambda: client.get(reverse("accounts:my-account")))


def test_a_name_is_kept_as_written(client, sign_in, people):
    sign_in(client, people.person)
    client.post(reverse("accounts:change-name"), {"name": "Ọládélé O’Connor-Śmith"})
    people.person.refresh_from_db()
    assert people.person.name == "Ọládélé O’Connor-Śmith"


def test_a_changed_address_counts_only_once_its_mailbox_is_shown(client, sign_in, people):
    sign_in(client, people.person)
    client.post(reverse("account_email"), {"email": "new@mill-lane.example.org", "action_add": ""})
    people.person.refresh_from_db()
    assert people.person.email == "ada@mill-lane.example.org"


def test_signing_out_everywhere_else(client, people):
    other = Client()
    for each in (client, other):
        each.post(reverse("account_login"), {"login": people.person.email, "password": PASSWORD})
    assert UserSession.objects.filter(user=people.person).count() == 2
    client.post(reverse("usersessions_list"))
    assert client.get(reverse("accounts:my-account")).status_code == 200
    assert other.get(reverse("accounts:my-account")).status_code == 302


# Data


def test_the_download_holds_ones_own_data_and_nobody_elses(client, sign_in, people):
    sign_in(client, people.person)
    response = client.post(reverse("accounts:download-my-data"))
    assert "attachment" in response["Content-Disposition"]
    text = response.content.decode()
    mine = json.loads(text)["accounts"]
    assert (mine["name"], mine["where_you_work"][0]["organisation"]) == ("Ada Okafor", "Mill Lane School")
    assert "Ben Carter" not in text and "ben@" not in text
    assert AuditEvent.objects.filter(action="accounts.data_downloaded", actor_id=people.person.pk).count() == 1


def test_the_download_never_holds_a_secret(client, sign_in, people):
    give_second_factor(people.person)
    sign_in(client, people.person)
    text = client.post(reverse("accounts:download-my-data")).content.decode()
    assert "secret" not in text and people.person.password not in text


def test_looking_at_the_page_downloads_nothing(client, sign_in, people):
    sign_in(client, people.person)
    client.get(reverse("accounts:download-my-data"))
    assert not AuditEvent.objects.filter(action="accounts.data_downloaded").exists()


# Erasure


def test_asking_tells_staff_and_the_person_and_can_be_taken_back(client, sign_in, people):
    sign_in(client, people.person)
    url = reverse("accounts:erasure")
    client.post(url)
    client.post(url)
    request = ErasureRequest.objects.get()
    assert sorted(Message.objects.values_list("to_email", flat=True)) == sorted(
        [settings.PROGRAMME_EMAIL, people.person.email]
    )
    assert list(queries.open_erasure_requests()) == [request]
    assert "You asked us to erase" in client.get(reverse("accounts:my-account")).content.decode()
    client.post(url, {"withdraw": "yes"})
    assert queries.open_erasure_request(people.person) is None
    message = Message.objects.get(to_email=settings.PROGRAMME_EMAIL)
    with pytest.raises(kinds.Suppress):
        kinds.get(message.kind).compose(message, now())


def test_somebody_else_cannot_take_it_back(client, sign_in, people):
    erasure.ask_for_erasure(user=people.person, now=now())
    sign_in(client, people.colleague)
    client.post(reverse("accounts:erasure"), {"withdraw": "yes"})
    assert queries.open_erasure_request(people.person)


def test_asking_twice_is_asking_once(people):
    first = erasure.ask_for_erasure(user=people.person, now=now())
    assert erasure.ask_for_erasure(user=people.person, now=now()) == first
    assert AuditEvent.objects.filter(action="accounts.erasure_asked_for").count() == 1


def test_erasing_leaves_nobody(client, people):
    client.post(reverse("account_login"), {"login": people.person.email, "password": PASSWORD})
    give_second_factor(people.person)
    erasure.ask_for_erasure(user=people.person, now=now())
    erasure.erase_account(user=people.person, by=people.admin, reason="asked", now=now())
    gone = User.objects.get(pk=people.person.pk)
    assert (gone.name, gone.is_active, gone.has_usable_password()) == ("", False, False)
    assert "ada" not in gone.email and gone.email.endswith(".invalid")
    assert not EmailAddress.objects.filter(user=gone).exists()
    assert not Authenticator.objects.filter(user=gone).exists()
    assert not queries.live_memberships(gone)
    assert gone.memberships.get().job_role == ""
    assert queries.open_erasure_request(gone) is None
    assert client.get(reverse("accounts:my-account")).status_code == 302
    assert AuditEvent.objects.filter(action="accounts.erased").count() == 1
    assert User.objects.get(pk=people.colleague.pk).name == "Ben Carter"


def test_the_address_of_an_erased_person_is_free_again(client, people):
    erasure.erase_account(user=people.person, by=people.admin, reason="asked", now=now())
    client.post(reverse("account_signup"), {"name": "Ada", "email": "ada@mill-lane.example.org", "password1": ""})
    assert User.objects.filter(email="ada@mill-lane.example.org").count() == 1


def test_nobody_erases_themselves_or_anybody_twice(people):
    with pytest.raises(CannotErase, match="own account"):
        erasure.erase_account(user=people.admin, by=people.admin, reason="asked", now=now())
    erasure.erase_account(user=people.person, by=people.admin, reason="asked", now=now())
    with pytest.raises(CannotErase, match="already"):
        erasure.erase_account(user=people.person, by=people.admin, reason="asked", now=now())


def test_staff_who_are_erased_hold_no_role(people):
    erasure.erase_account(user=people.staff, by=people.admin, reason="left", now=now())
    assert not User.objects.get(pk=people.staff.pk).permissions
