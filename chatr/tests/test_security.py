"""What protects people from the first day: headers, cookies, sign-in, and settings that refuse nonsense."""

import json
import os
import re
import subprocess
import sys
from html.parser import HTMLParser

import pytest
from cryptography.fernet import Fernet
from django.conf import settings as portal_settings
from django.test import Client

from chatr.testing.people import PASSWORD

PRODUCTION = {
    "SITE_URL": "https://portal.example.org",
    "SECRET_KEY": "a-secret-of-this-portal-alone-0123456789-abcdefghijklmnop",
    "FIELD_KEYS": Fernet.generate_key().decode(),
}
FORM_PAGES = ("/accounts/login/", "/accounts/signup/", "/accounts/password/reset/")
PUBLIC_PAGES = ("/", "/training/", "/help/", "/no-such-page-anywhere/", *FORM_PAGES)
SIGNED_IN_PAGES = ("/accounts/me/", "/accounts/sessions/", "/accounts/2fa/", "/training/bookings/")
STAFF_PAGES = ("/admin/", "/admin/audit/auditevent/", "/admin/workdays/bankholiday/add/")
LOGIN = "/accounts/login/"


# Settings


def start(script: str, **environment: str) -> subprocess.CompletedProcess:
    """Run a line of Python under the portal's settings, as a new process with only this environment."""
    kept = {name: os.environ[name] for name in ("PATH", "DATABASE_URL", "REDIS_URL") if name in os.environ}
    environment = kept | {"DJANGO_SETTINGS_MODULE": "chatr.settings"} | environment
    command = [sys.executable, "-c", script]
    return subprocess.run(command, env=environment, cwd=portal_settings.BASE_DIR, capture_output=True, text=True)


@pytest.fixture(scope="module")
def production() -> dict:
    """The plain settings of a portal at https://portal.example.org."""
    script = (
        "import json; from django.conf import settings as s;"
        "print(json.dumps({n: getattr(s, n) for n in dir(s) if n.isupper()}, default=str))"
    )
    done = start(script, **PRODUCTION)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture
def production_client(production, settings):
    """A visitor of the portal with its production security settings; ``secure=True`` speaks https."""
    for name, value in production.items():
        if name.startswith(("SECURE_", "SESSION_COOKIE_", "CSRF_")) or name in ("ALLOWED_HOSTS", "X_FRAME_OPTIONS"):
            setattr(settings, name, value)
    return Client(HTTP_HOST="portal.example.org")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"SECRET_KEY": ""}, "Set SECRET_KEY"),
        ({"SECRET_KEY": "example-secret-key-for-local-use-only-0123456789abcdefghij"}, "Set SECRET_KEY"),
        ({"SECRET_KEY": "example-of-any-kind"}, "Set SECRET_KEY"),
        ({"FIELD_KEYS": ""}, "Set FIELD_KEYS"),
        ({"FIELD_KEYS": "nw2Hwmb4jmUDEbBbNYQ3Zt2LbBqBNHn2NrsAWXYHbUs="}, "Set FIELD_KEYS"),
        ({"SITE_URL": "http://portal.example.org"}, "must start with https://"),
        ({"SITE_URL": "portal.example.org"}, "SITE_URL must be like"),
        ({"SITE_URL": "https://portal.example.org/portal"}, "SITE_URL must be like"),
        ({"SITE_URL": "ftp://portal.example.org"}, "SITE_URL must be like"),
        ({"EXIT_URL": "http://weather.example.org"}, "EXIT_URL must be a full address"),
        ({"SITE_URL": "https://localhost.example.org", "DEBUG": "1"}, "DEBUG can only be on"),
        ({"DEBUG": "1"}, "DEBUG can only be on"),
    ],
)
def test_the_portal_refuses_to_start_on_nonsense(changed, said):
    done = start("import chatr.settings", **PRODUCTION | changed)
    assert done.returncode != 0
    assert said in done.stderr


@pytest.mark.parametrize("name", ["SECRET_KEY", "FIELD_KEYS"])
def test_the_portal_refuses_to_start_without_a_secret(name):
    done = start("import chatr.settings", **{key: value for key, value in PRODUCTION.items() if key != name})
    assert done.returncode != 0
    assert f"Set {name}" in done.stderr


@pytest.mark.parametrize("site", ["http://localhost:8000", "http://127.0.0.1:8000", "http://[::1]:8000"])
def test_locally_it_starts_with_nothing_set(site):
    done = start("from chatr.settings import LOCAL, DEBUG; print(LOCAL, DEBUG)", SITE_URL=site)
    assert done.stdout.split() == ["True", "False"], done.stderr


def test_a_broken_field_key_stops_every_command():
    done = start(
        "import django; django.setup(); from django.core.management import call_command; call_command('check')",
        **PRODUCTION | {"FIELD_KEYS": "not-a-fernet-key"},
    )
    assert done.returncode != 0
    assert "FIELD_KEYS must hold one or more Fernet keys" in done.stderr


def test_production_cookies_are_secure_and_bound_to_the_host(production):
    for cookie in ("SESSION", "CSRF"):
        assert production[f"{cookie}_COOKIE_SECURE"] is True
        assert production[f"{cookie}_COOKIE_HTTPONLY"] is True
        assert production[f"{cookie}_COOKIE_SAMESITE"] == "Lax"
        assert production[f"{cookie}_COOKIE_NAME"].startswith("__Host-")
    assert production["ALLOWED_HOSTS"] == ["portal.example.org"]
    assert production["DEBUG"] is False


# Headers


def test_production_answers_over_https_alone_and_says_so_for_two_years(production_client, db):
    redirect = production_client.get("/robots.txt")
    assert (redirect.status_code, redirect["Location"]) == (301, "https://portal.example.org/robots.txt")
    answer = production_client.get("/robots.txt", secure=True)
    assert answer["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains; preload"


def test_health_is_answered_without_https_too(production_client, db):
    assert production_client.get("/healthz").status_code == 200


def test_the_session_cookie_in_production(production_client, production, people):
    production_client.post(LOGIN, {"login": people.person.email, "password": PASSWORD}, secure=True)
    cookie = production_client.cookies[production["SESSION_COOKIE_NAME"]]
    assert (cookie["secure"], cookie["httponly"], cookie["samesite"], cookie["path"], cookie["domain"]) == (
        True,
        True,
        "Lax",
        "/",
        "",
    )


@pytest.mark.parametrize("path", PUBLIC_PAGES)
def test_every_answer_carries_the_privacy_headers(client, db, path):
    answer = client.get(path)
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    for power in ("camera", "geolocation", "microphone", "payment", "usb"):
        assert f"{power}=()" in answer["Permissions-Policy"]


@pytest.mark.parametrize("path", SIGNED_IN_PAGES)
def test_signed_in_pages_stay_out_of_every_cache(client, sign_in, people, path):
    assert "no-store" in sign_in(client, people.person).get(path)["Cache-Control"]


class Inline(HTMLParser):
    """Collects what a strict policy would block: scripts without the nonce, styles and handlers in the HTML."""

    def __init__(self, nonce: str | None):
        super().__init__()
        self.nonce, self.blocked = nonce, []

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        runs = attrs.get("type", "text/javascript") in ("text/javascript", "module")
        if tag == "script" and runs and "src" not in attrs and (not self.nonce or attrs.get("nonce") != self.nonce):
            self.blocked.append("script without nonce")
        if tag == "style":
            self.blocked.append("style element")
        self.blocked += [f"{tag} {name}" for name in attrs if name == "style" or name.startswith("on")]
        if any(str(value).strip().lower().startswith("javascript:") for value in attrs.values()):
            self.blocked.append(f"{tag} javascript:")


def check_policy(answer) -> str | None:
    """The nonce of a page whose policy is strict and whose HTML keeps to it."""
    policy = dict(part.split(" ", 1) for part in answer["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == policy["object-src"] == policy["base-uri"] == "'none'"
    assert policy["frame-ancestors"] == "'none'"
    assert policy["form-action"] == "'self'"
    assert policy["style-src"] == "'self'"
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert not re.search(r"https?:|\*|data:|blob:", answer["Content-Security-Policy"])
    found = re.fullmatch(r"'self'(?: 'nonce-([\w+/=-]+)')?", policy["script-src"])
    assert found, policy["script-src"]
    page = Inline(found[1])
    page.feed(answer.content.decode())
    assert page.blocked == []
    return found[1]


@pytest.mark.parametrize("path", PUBLIC_PAGES)
def test_public_pages_keep_a_strict_policy_with_a_new_nonce_each_time(client, db, path):
    nonces = [check_policy(client.get(path)) for _ in range(2)]
    assert nonces[0] and nonces[0] != nonces[1]


@pytest.mark.parametrize("path", SIGNED_IN_PAGES)
def test_signed_in_pages_keep_a_strict_policy(client, sign_in, people, path):
    assert check_policy(sign_in(client, people.person).get(path))


@pytest.mark.parametrize("path", STAFF_PAGES)
def test_staff_pages_keep_a_strict_policy(client, sign_in, people, path):
    check_policy(sign_in(client, people.admin).get(path))


# Hosts, forgery, redirects


@pytest.mark.parametrize("host", ["elsewhere.example.org", "localhost.example.org", "localhost@elsewhere.example.org"])
@pytest.mark.parametrize("path", ["/", "/accounts/password/reset/", "/healthz"])
def test_another_host_name_is_refused(client, db, path, host):
    assert client.get(path, HTTP_HOST=host).status_code == 400


def test_a_forwarded_host_name_is_not_believed(client, people, mailoutbox):
    headers = {"HTTP_X_FORWARDED_HOST": "elsewhere.example.org"}
    assert client.get(LOGIN, **headers).wsgi_request.get_host() == "testserver"


@pytest.mark.parametrize("path", FORM_PAGES)
def test_a_form_sent_without_our_token_is_refused(db, path):
    client = Client(enforce_csrf_checks=True)
    assert client.post(path, {"login": "a@example.org", "email": "a@example.org"}).status_code == 403


@pytest.mark.parametrize(
    "elsewhere", ["https://elsewhere.example.org/", "//elsewhere.example.org/", "javascript:alert(1)"]
)
def test_signing_in_never_leads_to_another_site(client, people, elsewhere):
    answer = client.post(LOGIN, {"login": people.person.email, "password": PASSWORD, "next": elsewhere})
    assert answer.status_code == 302
    assert answer["Location"].startswith("/") and not answer["Location"].startswith("//")


# Signing in


def test_signing_in_changes_the_session_so_that_a_planted_one_is_worth_nothing(client, people):
    session = client.session
    session["planted"] = "yes"
    session.save()
    planted = session.session_key
    client.post(LOGIN, {"login": people.person.email, "password": PASSWORD})
    assert client.session["_auth_user_id"] == str(people.person.pk)
    assert client.session.session_key != planted
    attacker = Client()
    attacker.cookies[portal_settings.SESSION_COOKIE_NAME] = planted
    assert "_auth_user_id" not in attacker.session


def test_after_five_wrong_passwords_even_the_right_one_must_wait(client, people):
    def attempt(person, password):
        client.post(LOGIN, {"login": person.email, "password": password})
        return "_auth_user_id" in client.session

    assert not any(attempt(people.person, f"wrong password {n}") for n in range(5))
    assert not attempt(people.person, PASSWORD)
    assert attempt(people.colleague, PASSWORD)  # somebody else at the same address is not shut out


def test_four_wrong_passwords_are_forgiven(client, people):
    for n in range(4):
        client.post(LOGIN, {"login": people.person.email, "password": f"wrong password {n}"})
    client.post(LOGIN, {"login": people.person.email, "password": PASSWORD})
    assert "_auth_user_id" in client.session


def test_signing_out_ends_the_session_itself(client, people):
    client.post(LOGIN, {"login": people.person.email, "password": PASSWORD})
    kept = client.session.session_key
    client.post("/accounts/logout/")
    again = Client()
    again.cookies[portal_settings.SESSION_COOKIE_NAME] = kept
    assert again.get("/accounts/me/").status_code == 302


def test_a_sign_in_page_never_tells_who_has_an_account(client, people):
    def said(email):
        page = client.post(LOGIN, {"login": email, "password": "not the password"}).content.decode()
        return re.search(r"error-summary__list.*?</ul>", page, re.DOTALL)[0]

    assert said(people.person.email) == said("nobody@mill-lane.example.org")
