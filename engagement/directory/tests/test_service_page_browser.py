"""A service's page and shortlists in a real browser: no faults, no scrolling sideways, on paper, without scripts."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from chatr.testing.people import make_organisation, make_person

from ..models import Availability, FrontDoor, Schedule
from ..operations.services import withdraw_service
from ..rules.entries import ContactLine, PhoneLine, Place, Price, Route
from .making import CITY, HACKNEY, bare, entry, publish

WIDTHS = (1280, 375)
LIST = "/services/shortlist/"

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def everything(**changes):
    """An entry in which nothing is left out, with long words and long addresses."""
    return entry(
        "Example counselling for children",
        **{
            "who_for": "Children who find things hard, and whoever brings them up.",
            "not_for": "Children in crisis today: ring the crisis line.",
            "alert": "The group on Tuesdays is full until Easter.",
            "cost": "paid",
            "prices": (Price("A session", Decimal("12.5"), "or what you can"),),
            "languages": ("tur", "ben", "yid"),
            "interpreters": "yes",
            "areas": (HACKNEY, CITY),
            "phones": (PhoneLine("020 7946 0001", "Mornings"),),
            "contacts": (ContactLine("Ana Example", "Manager", True),),
            "email": "hello.we.are.a.very.long.address.indeed@counselling.together.example.org",
            "url": "https://together.example.org/" + "a-long-address-" * 6,
            "family": Route(how="Ring us, or come in on a Monday.", phone="020 7946 0001"),
            "professional": Route(
                how="Send the form.",
                form_url="https://together.example.org/" + "form-" * 12,
                email="referrals@together.example.org",
                consent="yes",
                documents=("The form", "A short chronology"),
                what_next="We ring the family within a week and tell you when we have.",
            ),
            "places": (
                Place(name="Example House", address_1="1 Example Street", city="London", access={"step-free": "yes"}),
                Place(is_confidential=True, area=HACKNEY),
            ),
            **changes,
        },
    )


@pytest.fixture
def service(transactional_db):
    now = timezone.now()
    today = timezone.localdate(now)
    FrontDoor.objects.create(
        area_id=HACKNEY,
        name="Example front door",
        phone="020 7946 0500",
        hours="Monday to Friday, 9am to 5pm",
        out_of_hours_phone="020 7946 0999",
        url="https://hackney.example.org/worried",
        checked_on=date(2026, 11, 2),
    )
    made = publish(make_organisation("Example Families Together"), everything(), verified=now)
    Availability.objects.create(
        service=made, state="waiting", waiting_time="About 6 weeks", as_of=today, expires_on=today + timedelta(days=9)
    )
    for day in range(5):
        Schedule.objects.create(
            id=f"00000000-0000-4000-8000-00000000000{day}",
            service=made,
            day=day,
            opens_at="09:00",
            closes_at="17:30",
            term_time_only=day == 4,
        )
    return made


@pytest.fixture
def similar(service):
    return publish(service.organisation, bare("Example bare service", terms=("counselling",), is_sensitive=True))


def check(page, axe, address: str) -> None:
    """No faults and no sideways scroll by day and night, wide and narrow."""
    page.goto(address)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            assert axe(page) == [], (address, width, scheme)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, (address, width)
    assert page.locator("h1").count() == 1


def test_a_services_page_has_no_faults(page, axe, service, similar):
    check(page, axe, f"/services/{service.slug}/")
    check(page, axe, f"/services/{similar.slug}/")
    assert len(page.content().encode()) < 60_000


def test_a_withdrawn_services_page_has_no_faults(open_page, axe, service, similar):
    withdraw_service(service=service, by=None, now=timezone.now())
    check(open_page(expect=("410",)), axe, f"/services/{service.slug}/")


def test_a_visitor_puts_together_shares_and_clears_a_shortlist_without_scripts(open_page, service, similar):
    page = open_page(javascript=False)
    for each in (service, similar):
        page.goto(f"/services/{each.slug}/")
        page.get_by_role("button", name="Add to shortlist").click()
        assert page.get_by_text(f"{each.name} is on your shortlist.").count() == 1
    page.get_by_role("link", name="your shortlist").click()
    page.get_by_role("button", name="Make a link").click()
    address = page.locator(".secret").inner_text()
    other = open_page(javascript=False, expect=("404",))
    other.goto(address)
    assert other.get_by_role("heading", name="Services somebody chose").count() == 1
    assert other.get_by_text("Ring us, or come in on a Monday.").count() == 1
    page.goto(LIST)
    page.get_by_role("button", name="Take it back").click()
    other.reload()
    assert other.get_by_role("heading", name="This link does not work").count() == 1
    page.get_by_role("button", name="Clear the shortlist").click()
    assert page.get_by_text("Nothing is on it yet.").count() == 1


def test_did_this_help_is_pressed_and_thanked_without_scripts(open_page, service):
    page = open_page(javascript=False)
    page.goto(f"/services/{service.slug}/")
    page.get_by_role("button", name="this page helped").click()
    assert page.get_by_text("Thank you. We count the answers").count() == 1


def test_shortlists_have_no_faults(open_page, axe, service, similar):
    user = make_person("Ada Okafor", "ada@together.example.org", service.organisation)
    page = open_page(user, expect=("404", "422"))
    check(page, axe, LIST)
    for each in (service, similar):
        page.goto(f"/services/{each.slug}/")
        page.get_by_role("button", name="Add to shortlist").click()
    page.goto(LIST)
    page.get_by_role("button", name="Make a link").click()
    address = page.locator(".secret").inner_text()
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert axe(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    check(page, axe, LIST)
    check(page, axe, address)
    check(page, axe, "/services/shared/sample/")


def test_a_services_page_and_a_shortlist_print_on_a4_with_the_day_and_without_controls(open_page, service):
    page = open_page()
    page.goto(f"/services/{service.slug}/")
    page.get_by_role("button", name="Add to shortlist").click()
    page.emulate_media(media="print")
    shown = page.locator(".only-on-paper")
    assert shown.is_visible() and f"/services/{service.slug}/ on " in shown.inner_text()
    for control in ("Did this page help?", "Tell us if something here is wrong"):
        assert not page.get_by_text(control).first.is_visible()
    assert page.pdf(format="A4").startswith(b"%PDF")
    page.goto(LIST)
    assert page.get_by_text("As it was on").is_visible()
    assert page.get_by_text("Verified").first.is_visible()
    for control in page.get_by_role("button").all():
        assert not control.is_visible()


def test_leaving_a_sensitive_page_replaces_it(open_page, site, settings, similar):
    settings.EXIT_URL = f"{site}/about/"
    page = open_page()
    page.goto(site + "/")
    page.goto(f"/services/{similar.slug}/")
    assert "bare" not in page.title().lower()
    page.get_by_role("button", name="Exit this page").click()
    page.wait_for_url(f"{site}/about/")
    page.go_back()
    assert page.url == site + "/"
