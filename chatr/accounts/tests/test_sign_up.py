"""Signing up, verifying in this browser or another, and coming back to where one was going."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import reverse

from chatr.accounts.models import User
from chatr.testing.people import PASSWORD, make_person

from .mailbox import mails_to, path_of, secret

pytestmark = pytest.mark.django_db
RUN = "/training/runs/INTRO-2027-01/book/"
EMAIL = "grace@new.example.org"


def sign_up(client, *, email=EMAIL, password=PASSWORD, next=RUN, **fields):
    return client.post(
        reverse("account_signup"),
        {"name": "Grace Ì. Adeyemi", "email": email, "password1": password, "next": next} | fields,
    )


def open_link(client, email=EMAIL):
    return client.post(path_of(secret(email, "activate_url")))


def test_signing_up_keeps_the_name_as_written_and_asks_for_the_mailbox(client):
    response = sign_up(client, email="Grace@New.Example.org")
    assert response.url == reverse("account_email_verification_sent")
    user = User.objects.get()
    assert (user.name, user.email, user.landing_path) == ("Grace Ì. Adeyemi", EMAIL, RUN)
    assert not EmailAddress.objects.get(user=user).verified
    assert len(mails_to(EMAIL)) == 1


def test_a_name_is_needed(client):
    assert sign_up(client, name="").status_code == 200
    assert not User.objects.exists()


def test_a_password_is_not_needed(client):
    sign_up(client, password="")
    assert not User.objects.get().has_usable_password()


def test_a_weak_password_is_refused(client):
    assert "too short" in sign_up(client, password="ten-minus").content.decode()
    assert not User.objects.exists()


def test_opening_the_link_changes_nothing_until_the_button_is_pressed(client):
    sign_up(client)
    Client().get(path_of(secret(EMAIL, "activate_url")))
    assert not EmailAddress.objects.get().verified


def test_verified_in_another_browser_signing_in_there_lands_on_that_very_run(client):
    sign_up(client)
    other = Client()
    response = open_link(other)
    assert response.url == f"{reverse('account_login')}?next=%2Ftraining%2Fruns%2FINTRO-2027-01%2Fbook%2F"
    response = other.post(response.url, {"login": EMAIL, "password": PASSWORD})
    assert response.url == RUN
    assert User.objects.get().landing_path == ""


def test_verified_in_the_same_browser_goes_straight_on(client):
    sign_up(client)
    assert open_link(client).url == RUN
    assert client.get(reverse("accounts:my-account")).status_code == 200


def test_verified_elsewhere_a_bare_sign_in_still_lands_on_the_run(client):
    sign_up(client)
    open_link(Client())
    response = Client().post(reverse("account_login"), {"login": EMAIL, "password": PASSWORD})
    assert response.url == RUN


def test_a_code_works_for_somebody_without_a_password_and_keeps_the_way(client):
    sign_up(client, password="")
    other = Client()
    where = open_link(other).url.partition("?")[2]
    other.post(f"{reverse('account_request_login_code')}?{where}", {"email": EMAIL, "next": RUN})
    response = other.post(reverse("account_confirm_login_code"), {"code": secret(EMAIL, "code"), "next": RUN})
    assert response.url == RUN


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example.org/",
        "//evil.example.org/",
        "///evil.example.org",
        "/\\evil.example.org",
        "\\\\evil.example.org",
        "javascript:alert(1)",
        "http:evil.example.org",
        "training/",
        "/x\n//evil.example.org",
        "/" + "a" * 400,
    ],
)
def test_nobody_is_sent_to_another_site(client, elsewhere):
    sign_up(client, next=elsewhere)
    assert User.objects.get().landing_path == ""
    assert open_link(Client()).url == reverse("account_login")


def test_a_used_link_does_not_work_twice(client):
    sign_up(client)
    open_link(Client())
    assert Client().post(path_of(secret(EMAIL, "activate_url"))).status_code == 404


def test_a_forged_link_does_not_work(client):
    sign_up(client)
    link = path_of(secret(EMAIL, "activate_url"))
    assert Client().post(link[:-4] + "abc/").status_code == 404
    assert not EmailAddress.objects.get().verified


def test_an_old_link_does_not_work(client, settings):
    sign_up(client)
    settings.ACCOUNT_EMAIL_CONFIRMATION_EXPIRE_DAYS = 0
    assert Client().post(path_of(secret(EMAIL, "activate_url"))).status_code == 404


# The first browser


def test_continue_says_plainly_that_the_link_was_not_opened(client):
    sign_up(client)
    response = client.post(reverse("accounts:continue"), follow=True)
    assert "has not been opened yet" in response.content.decode()
    assert "_auth_user_id" not in client.session


def test_continue_goes_on_once_the_link_was_opened_elsewhere(client):
    sign_up(client)
    open_link(Client())
    assert client.post(reverse("accounts:continue")).url == RUN
    assert client.get(reverse("accounts:my-account")).status_code == 200


def test_continue_asks_for_a_sign_in_once_somebody_signed_in_elsewhere(client):
    """Whoever typed a stranger's address never gets in by waiting for its owner to prove the mailbox."""
    sign_up(client)
    owner = Client()
    owner.post(reverse("account_request_login_code"), {"email": EMAIL})
    owner.post(reverse("account_confirm_login_code"), {"code": secret(EMAIL, "code")})
    response = client.post(reverse("accounts:continue"))
    assert response.url.startswith(reverse("account_login"))
    assert "_auth_user_id" not in client.session


def test_continue_without_a_sign_up_asks_to_sign_in(client):
    assert client.post(reverse("accounts:continue")).url == reverse("account_login")


def test_continue_is_a_button_not_a_link(client):
    assert client.get(reverse("accounts:continue")).status_code == 405


def test_the_link_is_sent_again_but_not_within_three_minutes(client, settings):
    sign_up(client)
    client.post(reverse("accounts:continue"), {"again": "yes"})
    assert len(mails_to(EMAIL)) == 1
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"confirm_email": "9/m/key"}
    client.post(reverse("accounts:continue"), {"again": "yes"})
    assert len(mails_to(EMAIL)) == 2


# Strangers learn nothing


def test_signing_up_with_a_known_address_looks_the_same_and_tells_its_owner(client):
    make_person("Ada", "ada@mill.example.org")
    fresh, known = sign_up(client), sign_up(Client(), email="ADA@mill.example.org")
    assert (fresh.status_code, fresh.url) == (known.status_code, known.url)
    assert User.objects.count() == 2
    assert [m.subject for m in mails_to("ada@mill.example.org")] == ["You have an account already"]


def test_the_pages_after_signing_up_are_the_same_for_known_and_unknown(client):
    make_person("Ada", "ada@mill.example.org")
    other = Client()
    sign_up(client)
    sign_up(other, email="ada@mill.example.org")
    pages = [each.post(reverse("accounts:continue"), follow=True).content.decode() for each in (client, other)]
    told_apart_by = rf'{EMAIL}|ada@mill.example.org|nonce="[^"]*"|csrfmiddlewaretoken" value="[^"]*"'
    first, second = (re.sub(told_apart_by, "…", each) for each in pages)
    assert first == second


@pytest.mark.parametrize("name", ["account_reset_password", "account_request_login_code"])
def test_asking_for_a_code_or_a_reset_looks_the_same_for_known_and_unknown(name):
    make_person("Ada", "ada@mill.example.org")
    answers = [Client().post(reverse(name), {"email": e}) for e in ("ada@mill.example.org", "nobody@mill.example.org")]
    assert {(a.status_code, a.url) for a in answers} == {(302, answers[0].url)}
    assert [m.subject for m in mails_to("nobody@mill.example.org")] == ["There is no account with this e-mail address"]


def test_a_wrong_password_and_an_unknown_address_get_the_same_sentence():
    make_person("Ada", "ada@mill.example.org")
    pages = [
        Client().post(reverse("account_login"), {"login": each, "password": "wrong wrong"}).content.decode()
        for each in ("ada@mill.example.org", "nobody@mill.example.org")
    ]
    assert all("do not go together" in each for each in pages)


def test_two_sign_ups_in_the_same_moment_make_one_account(client, monkeypatch):
    from chatr.accounts.forms import SignUpForm

    make_person("Ada", "ada@mill.example.org")
    monkeypatch.setattr(SignUpForm, "validate_unique_email", lambda self, value: value)  # as if it was not there yet
    assert sign_up(client, email="ada@mill.example.org").url == reverse("account_email_verification_sent")
    assert User.objects.count() == 1


# Codes and addresses nobody has proved


def test_a_code_proves_the_mailbox_and_drops_a_password_a_stranger_may_have_chosen(client):
    sign_up(client, password="a stranger's choice")
    owner = Client()
    owner.post(reverse("account_request_login_code"), {"email": EMAIL})
    owner.post(reverse("account_confirm_login_code"), {"code": secret(EMAIL, "code")})
    assert EmailAddress.objects.get().verified
    assert not User.objects.get().has_usable_password()


def test_a_code_keeps_the_password_of_an_address_proved_before(client):
    person = make_person("Ada", "ada@mill.example.org")
    client.post(reverse("account_request_login_code"), {"email": person.email})
    client.post(reverse("account_confirm_login_code"), {"code": secret(person.email, "code")})
    person.refresh_from_db()
    assert person.check_password(PASSWORD)


def test_a_reset_by_mail_proves_the_mailbox(client):
    sign_up(client)
    other = Client()
    other.post(reverse("account_reset_password"), {"email": EMAIL})
    form = other.get(path_of(secret(EMAIL, "password_reset_url"))).url
    other.post(form, {"password1": "three odd words", "password2": "three odd words"})
    assert EmailAddress.objects.get().verified
    assert other.post(reverse("account_login"), {"login": EMAIL, "password": "three odd words"}).url == RUN


def test_a_wrong_code_is_refused_and_three_end_it(client):
    person = make_person("Ada", "ada@mill.example.org")
    client.post(reverse("account_request_login_code"), {"email": person.email})
    for _ in range(3):
        client.post(reverse("account_confirm_login_code"), {"code": "XXXXXX"})
    client.post(reverse("account_confirm_login_code"), {"code": secret(person.email, "code")})
    assert "_auth_user_id" not in client.session


# Limits


def test_the_sixth_wrong_password_for_one_address_is_not_even_looked_at(client):
    person = make_person("Ada", "ada@mill.example.org")
    for _ in range(5):
        client.post(reverse("account_login"), {"login": person.email, "password": "wrong wrong"})
    response = client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    assert "too many tries" in response.content.decode()


def test_the_21st_sign_up_in_a_minute_from_one_address_is_refused(client):
    answers = [sign_up(client, email=f"p{n}@new.example.org", name="").status_code for n in range(21)]
    assert answers[-1] == 429


def test_a_visitor_cannot_choose_their_address_for_the_limits(client):
    person = make_person("Ada", "ada@mill.example.org")
    for n in range(10):
        client.post(
            reverse("account_login"),
            {"login": f"p{n}@x.example.org", "password": "wrong wrong"},
            headers={"X-Forwarded-For": f"10.0.0.{n}"},
        )
    response = client.post(
        reverse("account_login"),
        {"login": person.email, "password": PASSWORD},
        headers={"X-Forwarded-For": "10.0.0.99"},
    )
    assert "too many tries" in response.content.decode()


def test_behind_our_proxy_the_address_is_the_one_it_wrote(client, settings, rf):
    from chatr.accounts.adapter import AccountAdapter

    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    request = rf.get("/", headers={"X-Forwarded-For": "6.6.6.6, 203.0.113.7"})
    assert AccountAdapter(request).get_client_ip(request) == "203.0.113.7"


def test_signing_in_changes_the_session(client):
    person = make_person("Ada", "ada@mill.example.org")
    client.get(reverse("account_login"))
    session = client.session
    session["planted"] = True
    session.save()
    before = client.session.session_key
    client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    assert client.session.session_key != before


def test_a_closed_account_cannot_sign_in(client):
    person = make_person("Ada", "ada@mill.example.org")
    User.objects.update(is_active=False)
    client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    client.post(reverse("account_request_login_code"), {"email": person.email})
    assert "_auth_user_id" not in client.session
    assert not any("code" in m.secret_values for m in mails_to(person.email))
