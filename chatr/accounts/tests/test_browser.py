"""Accounts in a real browser: joining, the second step, and every page of ours at two widths."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse
from django.utils import timezone

from chatr.accounts.models import Membership, Organisation
from chatr.accounts.operations import erasure, invitations
from chatr.testing.people import PASSWORD, make_organisation, make_people, make_person

from .mailbox import secret
from .test_second_factor import app_shows

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
EMAIL = "grace@mill-lane.example.org"


@pytest.fixture
def everybody(transactional_db):
    return make_people()


def link_to(email: str, name: str, site: str) -> str:
    return re.sub(r"^https?://[^/]+", site, secret(email, name))


def sign_up(page, path="/accounts/me/"):
    page.goto(f"/accounts/signup/?next={path}")
    page.get_by_label("Your name").fill("Grace Adeyemi")
    page.get_by_label("Work e-mail address").fill(EMAIL)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Create account").click()
    page.get_by_role("heading", name="Check your e-mail").wait_for()


@pytest.mark.parametrize("javascript", [True, False])
def test_sign_up_open_the_link_in_another_browser_and_go_on_in_the_first(open_page, site, axe, javascript):
    make_organisation("Mill Lane School", "mill-lane.example.org")
    first, second = open_page(javascript=javascript), open_page(javascript=javascript)
    sign_up(first)
    first.get_by_role("button", name="I have opened the link").click()
    first.get_by_text("has not been opened yet").wait_for()
    second.goto(link_to(EMAIL, "activate_url", site))
    second.get_by_role("button", name="Yes, this is my address").click()
    second.wait_for_url("**/accounts/login/?next=%2Faccounts%2Fme%2F")
    first.get_by_role("button", name="I have opened the link").click()
    first.wait_for_url("**/accounts/me/")
    assert first.get_by_text("Confirmed").count() >= 1
    second.get_by_label("E-mail address").fill(EMAIL)
    second.get_by_label("Password").fill(PASSWORD)
    second.get_by_role("button", name="Sign in", exact=True).click()
    second.wait_for_url("**/accounts/me/")


def test_saying_where_one_works_by_keyboard_alone(open_page, everybody):
    user = make_person("Grace", "grace@elsewhere.example.org")
    page = open_page(user)
    page.goto("/accounts/organisation/?next=/accounts/me/name/")
    page.get_by_label("Your organisation").focus()
    page.keyboard.type("Canal")
    page.keyboard.press("Tab")  # the way to ask for one that is not in the list
    page.keyboard.press("Tab")
    page.keyboard.type("Youth worker")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Your name").wait_for()
    assert Membership.objects.get(user=user).organisation == everybody.next_organisation


def test_a_known_organisation_is_offered_instead_of_a_second_one(open_page, everybody):
    page = open_page(make_person("Grace", "grace@elsewhere.example.org"))
    page.goto("/accounts/organisation/new/")
    page.get_by_label("The organisation's name").fill("the mill lane school")
    page.get_by_label("Kind of service").select_option("school")
    page.get_by_label("Hackney", exact=True).check()
    page.get_by_label("Your job role").fill("Teacher")
    page.get_by_role("button", name="Ask for it to be added").click()
    page.get_by_role("link", name="Choose Mill Lane School").click()
    chosen = page.get_by_label("Your organisation").evaluate("box => box.selectedOptions[0].textContent")
    assert chosen.strip() == "Mill Lane School"


def test_staff_set_up_an_app_and_go_on_to_the_page_they_wanted(open_page, everybody, axe):
    user = make_person("Gus", "gus@programme.example.org", None, "programme_staff")
    page = open_page()
    page.goto("/accounts/login/?next=/accounts/me/")
    page.get_by_label("E-mail address").fill(user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_text("Your role lets you see things about other people").wait_for()
    page.get_by_role("button", name="Set up an app").click()
    assert axe(page) == []
    page.get_by_text("I cannot scan the picture").click()
    page.get_by_role("textbox", name="Code").fill(app_shows(page.locator("strong.secret").inner_text()))
    page.get_by_role("button", name="Start using the app").click()
    page.get_by_role("heading", name="Recovery codes").wait_for()
    assert axe(page) == []
    code = page.locator(".codes li").first.inner_text()
    page.get_by_role("button", name="I have kept them: continue").click()
    page.wait_for_url("**/accounts/me/")

    other = open_page()
    other.goto("/accounts/login/?next=/accounts/me/")
    other.get_by_label("E-mail address").fill(user.email)
    other.get_by_label("Password").fill(PASSWORD)
    other.get_by_role("button", name="Sign in", exact=True).click()
    other.wait_for_url("**/2fa/authenticate/**")
    assert axe(other) == []
    other.locator("#id_code").fill(code)
    other.locator("main form button[type=submit]").first.click()
    other.wait_for_url("**/accounts/me/")


def test_a_passkey_is_added_and_signs_in_by_itself(open_page, everybody):
    page = open_page(everybody.person)
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    options |= {"isUserVerified": True, "automaticPresenceSimulation": True}
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    page.goto("/accounts/2fa/webauthn/add/")
    page.get_by_label("Name").fill("Work laptop")
    if page.locator("#id_passwordless").count():
        page.locator("#id_passwordless").check()
    page.locator("main form button[type=submit], main form button").last.click()
    page.get_by_role("heading", name="Recovery codes").wait_for()
    assert Authenticator.objects.filter(user=everybody.person, type="webauthn").exists()
    page.get_by_role("button", name="Sign out").click()
    page.goto("/accounts/login/?next=/accounts/me/")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("**/accounts/me/")


def test_accepting_an_invitation(open_page, everybody, axe):
    user = invitations.invite_person(
        name="Tara", email="tara@t.example.org", by=everybody.staff, reason="to teach Introduction to trauma"
    )
    token = invitations.make_link(user, now=timezone.now())
    page = open_page(expect=("410",))
    page.goto(reverse("accounts:accept-invitation", args=[token]))
    assert axe(page) == []
    page.get_by_role("button", name="Accept and sign in").click()
    page.wait_for_url("**/accounts/organisation/")
    page.goto(reverse("accounts:accept-invitation", args=[token]))
    page.get_by_text("accepted this invitation already").wait_for()
    assert axe(page) == []


@pytest.mark.parametrize("width", [1280, 375])
def test_no_accessibility_fault_on_any_page_of_an_account(open_page, everybody, axe, width):
    person = everybody.person
    waiting = make_organisation("Clapton Nursery", status=Organisation.Status.PENDING)
    mine = Membership.objects.create(user=person, organisation=waiting, valid_from=timezone.localdate())
    page = open_page(person, width=width)
    names = ["my-account", "change-name", "download-my-data", "erasure", "where-you-work", "request-organisation"]
    paths = [reverse(f"accounts:{name}") for name in [*names, "second-factor", "confirm-it-is-you"]]
    paths += [reverse(f"accounts:{name}", args=[mine.pk]) for name in ("change-job", "leave-organisation")]
    paths += [reverse(name) for name in ("account_email", "account_change_password", "mfa_index", "usersessions_list")]
    faults = {path: axe(page) for path in paths if page.goto(path)}
    erasure.ask_for_erasure(user=person, now=timezone.now())
    faults |= {f"{path} once asked": axe(page) for path in (paths[0], paths[3]) if page.goto(path)}
    page.goto(reverse("accounts:request-organisation"))
    page.get_by_role("button", name="Ask for it to be added").click()
    faults["with errors"] = axe(page)
    wide = page.evaluate("() => document.documentElement.scrollWidth > innerWidth")
    assert {path: found for path, found in faults.items() if found} == {}
    assert not wide


@pytest.mark.parametrize("width", [1280, 375])
def test_no_accessibility_fault_on_the_ways_in(open_page, axe, width):
    page = open_page(width=width)
    paths = ["login/", "signup/", "password/reset/", "login/code/", "confirm-email/", "inactive/"]
    faults = {path: axe(page) for path in paths if page.goto(f"/accounts/{path}")}
    assert {path: found for path, found in faults.items() if found} == {}
