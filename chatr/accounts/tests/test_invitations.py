"""Inviting people who have no account, and their accepting."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from chatr.accounts.models import User
from chatr.accounts.operations import invitations
from chatr.accounts.operations.invitations import CannotInvite, InvitationRefused, accept_invitation, invite_person
from chatr.audit.models import AuditEvent
from chatr.links import operations as links
from chatr.notifications import kinds, rendering
from chatr.notifications.models import Message
from chatr.testing.people import PASSWORD, make_organisation, make_person

from .mailbox import mails_to, secret

pytestmark = pytest.mark.django_db
EMAIL = "tara@trainers.example.org"


def now():
    return timezone.now()


def invite(people, email=EMAIL, reason="teaching Introduction to trauma", name="Tara") -> User:
    return invite_person(name=name, email=email, by=people.staff, reason=reason)


def page_of(user, at=None) -> str:
    return reverse("accounts:accept-invitation", args=[invitations.make_link(user, now=at or now())])


def accept(client, url, **fields):
    return client.post(url, {"name": "Tara Quinn", "password": ""} | fields)


def test_inviting_makes_an_account_nobody_can_use_yet_and_writes_once(people):
    first, again = invite(people), invite(people, email="TARA@trainers.example.org ")
    assert first == again
    assert not first.has_usable_password() and first.invited_at
    assert not EmailAddress.objects.get(user=first).verified
    assert AuditEvent.objects.filter(action="accounts.invited").count() == 1
    assert len(mails_to(EMAIL)) == 1


def test_a_second_reason_is_told_until_they_accept(people):
    user = invite(people)
    invite(people, reason="teaching Trauma in schools")
    assert len(mails_to(EMAIL)) == 2
    accept_invitation(token=invitations.make_link(user, now=now()), name="Tara", password="", now=now())
    invite(people, reason="teaching something else")
    assert len(mails_to(EMAIL)) == 2


def test_somebody_with_an_account_is_found_and_not_written_to(people):
    assert invite(people, email=people.person.email) == people.person
    assert not mails_to(people.person.email)
    people.person.refresh_from_db()
    assert people.person.name == "Ada Okafor"


def test_somebody_who_signed_up_but_never_proved_the_mailbox_is_invited(client, people):
    client.post(reverse("account_signup"), {"name": "Mallory", "email": EMAIL, "password1": PASSWORD})
    user = invite(people)
    assert user.invited_at and not user.has_usable_password()
    assert mails_to(EMAIL)[-1].kind == invitations.KIND


def test_a_closed_account_is_not_invited(people):
    User.objects.filter(pk=people.person.pk).update(is_active=False)
    with pytest.raises(CannotInvite):
        invite(people, email=people.person.email)


def test_the_mail_says_why_and_keeps_no_live_link(people):
    invite(people)
    message = Message.objects.get()
    rendered = rendering.render(message, kinds.get(message.kind).compose(message, now()))
    assert "What for: teaching Introduction to trauma." in rendered.text
    assert "[[accept]]" in rendered.text and "/accounts/invitation/" not in rendered.text
    assert rendered.secrets["accept"].startswith("http://localhost:8000/accounts/invitation/")


def test_the_mail_is_not_sent_to_somebody_who_has_accepted_meanwhile(people):
    user = invite(people)
    EmailAddress.objects.filter(user=user).update(verified=True)
    message = Message.objects.get()
    with pytest.raises(kinds.Suppress):
        kinds.get(message.kind).compose(message, now())


def test_opening_the_page_changes_nothing(client, people):
    user = invite(people)
    page = client.get(page_of(user))
    assert page.status_code == 200 and page.context["form"].initial["name"] == "Tara"
    assert not EmailAddress.objects.get(user=user).verified
    assert "_auth_user_id" not in client.session


def test_accepting_verifies_names_joins_and_signs_in(client, people):
    mill = make_organisation("Trainers", "trainers.example.org")
    user = invite(people)
    accept(client, page_of(user), password=PASSWORD)
    user.refresh_from_db()
    assert user.name == "Tara Quinn" and user.check_password(PASSWORD)
    assert EmailAddress.objects.get(user=user).verified
    assert user.memberships.get().organisation == mill
    assert client.get(reverse("accounts:my-account")).status_code == 200


def test_a_password_is_not_needed_but_a_weak_one_is_refused(client, people):
    user = invite(people)
    url = page_of(user)
    assert accept(client, url, password="short").status_code == 200
    assert not EmailAddress.objects.get(user=user).verified
    assert accept(client, url).status_code == 302
    user.refresh_from_db()
    assert not user.has_usable_password()


def test_a_link_works_once(client, people):
    user = invite(people)
    url = page_of(user)
    accept(client, url)
    other = Client()
    response = accept(other, url, name="Somebody else", password=PASSWORD)
    assert response.status_code == 410
    assert "_auth_user_id" not in other.session
    user.refresh_from_db()
    assert (user.name, user.has_usable_password()) == ("Tara Quinn", False)


def test_a_second_unused_link_is_no_way_into_an_accepted_account(client, people):
    user = invite(people)
    spare = page_of(user)
    accept(client, page_of(user))
    assert Client().get(spare).status_code == 410
    assert accept(Client(), spare, password=PASSWORD).status_code == 410


@pytest.mark.parametrize(
    "spoil",
    [
        lambda t: t[:-2] + "xx",
        lambda t: "x",
        lambda t: links.make("another", "subject", valid_until=now() + timedelta(1)),
    ],
)
def test_a_forged_link_or_one_for_something_else_is_refused(client, people, spoil):
    token = invitations.make_link(invite(people), now=now())
    assert client.get(reverse("accounts:accept-invitation", args=[spoil(token)])).status_code == 410


def test_a_link_ends_after_thirty_days(people):
    user = invite(people)
    made = now()
    token = invitations.make_link(user, now=made)
    assert invitations.invited_person(token, now=made + timedelta(days=29, hours=23)) == user
    with pytest.raises(InvitationRefused):
        invitations.invited_person(token, now=made + timedelta(days=30, seconds=2))


def test_a_link_to_a_closed_account_is_refused(client, people):
    user = invite(people)
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert client.get(page_of(user)).status_code == 410


def test_an_invited_person_may_simply_sign_in_with_a_code(client, people):
    user = invite(people)
    client.post(reverse("account_request_login_code"), {"email": EMAIL})
    client.post(reverse("account_confirm_login_code"), {"code": secret(EMAIL, "code")})
    assert EmailAddress.objects.get(user=user).verified
    assert client.get(reverse("accounts:my-account")).status_code == 200


def test_an_invited_person_who_signs_up_instead_is_led_to_the_account_there_is(client, people):
    user = invite(people)
    client.post(reverse("account_signup"), {"name": "Tara Q", "email": EMAIL, "password1": PASSWORD})
    assert User.objects.filter(email=EMAIL).count() == 1
    assert mails_to(EMAIL)[-1].subject == "You have an account already"
    user.refresh_from_db()
    assert not user.has_usable_password()


def test_a_taken_invitation_is_worded(client, people):
    make_person("X", "x@x.example.org")
    response = client.get(reverse("accounts:accept-invitation", args=["nonsense"]))
    assert "sign in with a code" in response.content.decode()


def test_whoever_writes_to_them_in_their_own_words_has_no_other_mail_sent(people):
    user = invite(people, reason=None)
    assert user.invited_at and mails_to(EMAIL) == []
