"""Who must sign in with a second step, what they can reach without it, and how they get it."""

import time

import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from cryptography.fernet import Fernet
from django.core.management import call_command
from django.test import Client
from django.urls import resolve, reverse
from django.utils import timezone

from chatr.accounts import rules
from chatr.accounts.adapter import SecondFactorAdapter
from chatr.accounts.models import Role, RoleGrant
from chatr.accounts.permissions import NEEDS_SECOND_FACTOR
from chatr.testing.people import PASSWORD, give_second_factor, make_person

pytestmark = pytest.mark.django_db
STEP = "/accounts/second-step/"


def app_shows(key: str) -> str:
    """The code an authenticator app with this secret shows now."""
    return format_hotp_value(hotp_value(key, next(yield_hotp_counters_from_time())))


def totp_code(user) -> str:
    """What the person's app shows now."""
    stored = Authenticator.objects.get(user=user, type="totp").data["secret"]
    return app_shows(SecondFactorAdapter().decrypt(stored))


def with_password_only(client, user):
    """A session that was opened with a password and nothing else."""
    client.force_login(user, backend="chatr.accounts.backends.PersonBackend")
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "password", "at": time.time(), "email": user.email}]
    session[f"{AUTHENTICATION_METHODS_SESSION_KEY}_user"] = str(user.pk)
    session.save()
    return client


def is_stopped(client, path) -> bool:
    response = client.get(path)
    return response.status_code == 302 and response.url.startswith(STEP)


ASKED = (
    "programme_staff",
    "programme_administrator",
    "conference_chair",
    "minute_taker",
    "chairs_manager",
    "agency_contributor",
    "moderator",
    "safeguarding_lead",
)


@pytest.mark.parametrize("role", ASKED)
@pytest.mark.parametrize("path", ["/", "/accounts/me/", "/admin/", "/accounts/me/data/"])
def test_a_role_that_needs_it_sees_nothing_without_it(client, role, path):
    user = make_person("Eve", "eve@x.example.org", None, role)
    assert is_stopped(with_password_only(client, user), path)


@pytest.mark.parametrize("role", [None, "trainer", "facilitator"])
def test_other_people_are_not_asked(client, role):
    user = make_person("Ada", "ada@x.example.org", None, *([role] if role else []))
    assert not is_stopped(with_password_only(client, user), "/accounts/me/")


def test_every_starting_role_is_asked_exactly_when_a_permission_of_it_needs_it():
    for role in Role.objects.all():
        user = make_person("P", f"{role.code}@x.example.org", None, role.code)
        assert user.needs_second_factor == bool(NEEDS_SECOND_FACTOR & set(role.permissions)), role.code


def test_visitors_are_not_asked(client):
    assert client.get("/").status_code == 200


def test_a_session_with_a_second_factor_goes_everywhere(client, sign_in, people):
    sign_in(client, people.staff)
    assert client.get("/admin/").status_code == 200
    assert client.get("/accounts/me/").status_code == 200


def test_what_was_wanted_is_kept_and_nothing_else(client):
    user = make_person("Eve", "eve@x.example.org", None, "programme_staff")
    with_password_only(client, user)
    assert client.get("/admin/?q=1").url == f"{STEP}?next=%2Fadmin%2F%3Fq%3D1"
    assert client.post("/admin/").url == STEP


@pytest.mark.parametrize("name", ["mfa_index", "mfa_activate_totp", "mfa_add_webauthn", "accounts:second-factor"])
def test_what_setting_it_up_takes_is_open(client, name):
    user = make_person("Eve", "eve@x.example.org", None, "programme_staff")
    assert client.get(reverse(name)).status_code == 302
    assert with_password_only(client, user).get(reverse(name)).status_code == 200


def test_staff_with_codes_only_are_never_sent_round_in_circles(client, monkeypatch):
    user = make_person("Eve", "eve@x.example.org", None, "programme_staff")
    user.set_unusable_password()
    user.save()
    with_password_only(client, user)
    at = time.time()
    monkeypatch.setattr(time, "time", lambda: at + 400)
    response = client.get(reverse("mfa_activate_totp"), follow=True)
    assert response.status_code == 200
    assert "Confirm that it is you" in response.content.decode()


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_health_is_open(client, path):
    user = make_person("Eve", "eve@x.example.org", None, "programme_staff")
    assert with_password_only(client, user).get(path).status_code != 302


def test_signing_out_is_open(client):
    user = make_person("Eve", "eve@x.example.org", None, "programme_staff")
    with_password_only(client, user).post(reverse("account_logout"))
    assert "_auth_user_id" not in client.session


def test_a_session_older_than_the_role_is_asked_too(client):
    user = make_person("Eve", "eve@x.example.org")
    with_password_only(client, user)
    assert not is_stopped(client, "/accounts/me/")
    RoleGrant.objects.create(user=user, role=Role.objects.get(code="programme_staff"))
    assert is_stopped(client, "/accounts/me/")


def test_a_role_that_ended_no_longer_asks(client):
    user = make_person("Eve", "eve@x.example.org", None, "programme_staff")
    RoleGrant.objects.update(ended_at=timezone.now())
    assert not is_stopped(with_password_only(client, user), "/accounts/me/")


def test_having_a_device_is_not_enough_it_must_have_been_used_in_this_session(client):
    user = make_person("Eve", "eve@x.example.org", None, "programme_staff")
    give_second_factor(user)
    with_password_only(client, user)
    assert is_stopped(client, "/admin/")
    response = client.get(f"{STEP}?next=/admin/")
    assert response.url == f"{reverse('mfa_reauthenticate')}?next=%2Fadmin%2F"
    assert client.post(response.url, {"code": totp_code(user), "next": "/admin/"}).url == "/admin/"
    assert client.get("/admin/").status_code == 200


def test_somebody_elses_second_step_in_the_same_browser_does_not_count(client, sign_in, people):
    sign_in(client, people.staff)
    client.force_login(people.admin, backend="chatr.accounts.backends.PersonBackend")
    assert is_stopped(client, "/admin/")


def test_it_costs_no_query_once_done(client, sign_in, people, rf, django_assert_num_queries):
    sign_in(client, people.staff)
    request = rf.get("/")
    request.session, request.user = client.session, people.staff
    request.session.get("loaded")
    with django_assert_num_queries(0):
        assert rules.signed_in_with_second_factor(request)


# Setting it up and using it


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("account_confirm_login_code", []),
        ("account_email", []),
        ("account_set_password", []),
        ("mfa_activate_totp", []),
        ("mfa_add_webauthn", []),
        ("mfa_remove_webauthn", [1]),
        ("mfa_view_recovery_codes", []),
    ],
)
def test_our_own_version_of_a_page_answers_at_its_address(name, args):
    assert resolve(reverse(name, args=args)).func.view_class.__module__.startswith("chatr.accounts.")


def test_setting_up_an_app_after_signing_in_needs_no_further_code(client):
    user = make_person("Eve", "eve@x.example.org", None, "programme_staff")
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD, "next": "/admin/"})
    client.get(f"{STEP}?next=/admin/")
    page = client.get(reverse("mfa_activate_totp"))
    code = app_shows(page.context["form"].secret)
    response = client.post(reverse("mfa_activate_totp"), {"code": code})
    assert response.url == reverse("mfa_view_recovery_codes")
    assert client.get(response.url).context["carry_on"] == "/admin/"
    assert client.get("/admin/").status_code == 200


def test_a_wrong_code_sets_nothing_up(client):
    user = make_person("Eve", "eve@x.example.org", None, "programme_staff")
    with_password_only(client, user).get(reverse("mfa_activate_totp"))
    client.post(reverse("mfa_activate_totp"), {"code": "000000"})
    assert not Authenticator.objects.exists()
    assert is_stopped(client, "/admin/")


def test_signing_in_asks_for_the_second_step(client):
    user = make_person("Eve", "eve@x.example.org", None, "programme_staff")
    give_second_factor(user)
    response = client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD, "next": "/admin/"})
    assert response.url == reverse("mfa_authenticate")
    assert "_auth_user_id" not in client.session
    assert client.post(response.url, {"code": totp_code(user)}).url == "/admin/"


def test_a_code_is_good_once(client):
    user = make_person("Eve", "eve@x.example.org", None, "programme_staff")
    give_second_factor(user)
    code = totp_code(user)
    for each in (client, other := Client()):
        each.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
        each.post(reverse("mfa_authenticate"), {"code": code})
    assert "_auth_user_id" in client.session
    assert "_auth_user_id" not in other.session


def test_secrets_are_encrypted_at_rest():
    user = make_person("Eve", "eve@x.example.org")
    stored = TOTP.activate(user, "JBSWY3DPEHPK3PXP").instance.data["secret"]
    assert "JBSWY3DPEHPK3PXP" not in stored
    assert SecondFactorAdapter().decrypt(stored) == "JBSWY3DPEHPK3PXP"


def test_secrets_move_to_the_newest_key_and_still_work(settings, capsys, as_owner):
    user = make_person("Eve", "eve@x.example.org")
    give_second_factor(user)
    shown, old = totp_code(user), settings.FIELD_KEYS
    settings.FIELD_KEYS = [Fernet.generate_key().decode(), *old]
    with as_owner():  # who alone can rotate what is behind row-level security
        call_command("rotate_field_keys")
    assert "mfa.Authenticator.data: 1 values rotated" in capsys.readouterr().out
    settings.FIELD_KEYS = settings.FIELD_KEYS[:1]
    assert totp_code(user) == shown
    with as_owner():
        call_command("rotate_field_keys")
    assert "mfa.Authenticator.data: 0 values rotated" in capsys.readouterr().out


def test_the_last_device_of_staff_stays_a_practitioners_may_go(client, sign_in, people):
    sign_in(client, people.staff)
    client.post(reverse("mfa_deactivate_totp"))
    assert Authenticator.objects.filter(user=people.staff, type="totp").exists()
    give_second_factor(people.person)
    other = sign_in(Client(), people.person)
    other.post(reverse("mfa_deactivate_totp"))
    assert not Authenticator.objects.filter(user=people.person).exists()


def test_the_last_passkey_of_staff_stays(client, people):
    key = Authenticator.objects.create(
        user=people.staff, type="webauthn", data={"name": "Key", "credential": {}, "passwordless": False}
    )
    with_password_only(client, people.staff)
    client.post(reverse("mfa_remove_webauthn", args=[key.pk]))
    assert Authenticator.objects.filter(pk=key.pk).exists()


# Showing who one is


def request_of(client, user, rf):
    request = rf.get("/")
    request.session, request.user = client.session, user
    return request


def test_signing_in_counts_as_confirmed_for_five_minutes(client, rf, people, monkeypatch):
    with_password_only(client, people.person)
    request = request_of(client, people.person, rf)
    assert rules.recently_confirmed(request)
    at = time.time()
    monkeypatch.setattr(time, "time", lambda: at + 299)
    assert rules.recently_confirmed(request)
    monkeypatch.setattr(time, "time", lambda: at + 301)
    assert not rules.recently_confirmed(request)


def test_later_a_password_is_asked_for_and_the_page_comes_back(client, people, monkeypatch):
    with_password_only(client, people.person)
    at = time.time()
    monkeypatch.setattr(time, "time", lambda: at + 400)
    page = reverse("accounts:download-my-data")
    ask = client.get(page).url
    assert ask == f"{reverse('account_reauthenticate')}?next=%2Faccounts%2Fme%2Fdata%2F"
    assert client.post(ask, {"password": "wrong", "next": page}).status_code == 200
    assert client.post(ask, {"password": PASSWORD, "next": page}).url == page
    assert client.get(page).status_code == 200


def test_somebody_with_codes_only_signs_in_again(client, people, monkeypatch):
    people.person.set_unusable_password()
    people.person.save()
    with_password_only(client, people.person)
    at = time.time()
    monkeypatch.setattr(time, "time", lambda: at + 400)
    ask = client.post(reverse("accounts:download-my-data")).url
    assert ask.startswith(reverse("accounts:confirm-it-is-you"))
    page = client.get(ask)
    response = client.post(reverse("account_logout"), {"next": page.context["sign_in_again"]})
    assert response.url == f"{reverse('account_request_login_code')}?next=%2Faccounts%2Fme%2Fdata%2F"


@pytest.mark.parametrize("name", ["account_email", "account_set_password", "mfa_activate_totp", "mfa_add_webauthn"])
def test_an_unattended_session_changes_no_way_in(client, people, monkeypatch, name):
    people.person.set_unusable_password()
    people.person.save()
    with_password_only(client, people.person)
    at = time.time()
    monkeypatch.setattr(time, "time", lambda: at + 400)
    for ask in (client.get, client.post):
        assert ask(reverse(name)).url.startswith(reverse("accounts:confirm-it-is-you"))
