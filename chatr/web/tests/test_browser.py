"""Every page of the kernel in a real browser: nothing axe-core objects to, no console error, nothing too wide."""

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.urls import reverse

from chatr.testing.people import give_second_factor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDTHS = (1280, 375)
FOR_ALL = ("/", "/about/", "/contact/", "/privacy/", "/accessibility/", "/cookies/", "/help/")
WAYS_IN = ("/conferences/", "/have-your-say/")
STRANGERS = (
    "account_login",
    "account_signup",
    "account_request_login_code",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key_done",
    "account_email_verification_sent",
    "account_inactive",
)
SIGNED_IN = (
    "account_email",
    "account_change_password",
    "account_reauthenticate",
    "account_logout",
    "usersessions_list",
    "mfa_index",
    "mfa_list_webauthn",
    "mfa_add_webauthn",
)
WITH_SECOND_STEP = ("mfa_index", "mfa_deactivate_totp", "mfa_generate_recovery_codes", "mfa_view_recovery_codes")


@pytest.fixture
def faultless(axe):
    """``faultless(page)``: at both widths nothing to object to, one main heading, and nothing that scrolls sideways."""

    def check(page):
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            assert axe(page) == [], page.url
            assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url
        assert page.locator("h1").count() == 1, page.url

    return check


def test_public_pages(page, site, faultless):
    for path in FOR_ALL + WAYS_IN:
        page.goto(site + path)
        faultless(page)


@pytest.mark.parametrize("scheme", ["dark"])
def test_pages_by_night(page, site, faultless, scheme):
    page.emulate_media(color_scheme=scheme)
    for path in ("/", "/about/", "/help/", "/accounts/login/", "/accounts/signup/"):
        page.goto(site + path)
        faultless(page)
    page.get_by_role("button", name="Create account").click()
    faultless(page)


def test_pages_for_those_without_an_account(page, site, faultless):
    for name in STRANGERS:
        page.goto(site + reverse(name))
        faultless(page)
    for path in ("/accounts/password/reset/key/1-set/", "/accounts/confirm-email/unknown/"):
        page.goto(site + path)
        assert "This link no longer works" in page.content()
        faultless(page)


def test_pages_about_ones_own_account(open_page, site, people, faultless):
    page = open_page(people.person)
    for name in SIGNED_IN:
        page.goto(site + reverse(name))
        faultless(page)


def test_pages_about_the_second_step(open_page, site, people, faultless):
    page = open_page(people.person)
    page.goto(site + reverse("mfa_activate_totp"))
    assert page.locator(".qr svg").count() == 1
    faultless(page)
    give_second_factor(people.person)
    RecoveryCodes.activate(people.person)
    page = open_page(people.person)
    for name in WITH_SECOND_STEP:
        page.goto(site + reverse(name))
        faultless(page)


def test_errors_of_a_form_lead_to_its_boxes(page, site, faultless):
    page.goto(site + reverse("account_signup"))
    page.get_by_label("Work e-mail address").fill("not an address")
    page.get_by_role("button", name="Create account").click()
    assert page.title().startswith("Error: ")
    faultless(page)
    assert page.get_by_label("Work e-mail address").input_value() == "not an address"
    page.get_by_role("link", name="Enter your name").click()
    assert page.evaluate("document.activeElement.id") == "id_name"


def test_a_page_that_is_not_there(open_page, site, faultless):
    page = open_page(expect=("404",))
    page.goto(site + "/no/such/page/")
    faultless(page)


def test_the_keyboard_reaches_the_words_at_once(page, site):
    page.goto(site + "/about/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to main content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_pages_work_without_javascript(open_page, site):
    page = open_page(javascript=False)
    page.goto(site + "/accounts/login/")
    assert not page.get_by_role("button", name="Use a passkey").is_visible()
    assert "Passkeys need JavaScript" in page.content()
    page.goto(site + "/about/")
    page.get_by_role("link", name="Have your say", exact=True).click()
    assert page.get_by_role("heading", level=1).inner_text() == "Have your say"


def test_paper_is_black_on_white_with_the_address_and_the_day(page, site):
    page.emulate_media(media="print", color_scheme="dark")
    page.goto(site + "/about/")
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert not page.locator(".band").is_visible()
    assert f"Printed from {site}/about/ on " in page.locator(".only-on-paper").inner_text()
