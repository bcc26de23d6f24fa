"""Finding a service in a real browser: the first journey, by keyboard, without JavaScript, on a phone, on paper."""

from datetime import datetime
from decimal import Decimal

import pytest
from django.utils import timezone

from chatr.testing.people import make_organisation

from ..operations.vocabulary import rebuild_words
from ..rules.entries import Place
from .making import CITY, HACKNEY, bare, entry, publish

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NOW = timezone.now()
VERIFIED = timezone.make_aware(datetime(2026, 10, 12, 10, 0))


def near(postcode: str, name: str = "Example House", **fields) -> Place:
    return Place(name=name, address_1="1 Example Street", city="London", postal_code=postcode, **fields)


@pytest.fixture
def services(db):
    """Counselling of several kinds, one of them without a stated age, one hidden, one in the City."""
    here, there = (
        make_organisation("Example Trust", "trust.example.org"),
        make_organisation("Example Aid", "aid.example.org"),
    )
    publish(here, entry("Counselling for children", places=(near("E8 1EA"),)), now=NOW, verified=VERIFIED)
    publish(here, entry("Counselling after loss", places=(near("N16 8BX"),), cost="paid"), now=NOW)
    publish(there, entry("Counselling in the City", areas=(CITY,), places=(near("EC2Y 8DS"),)), now=NOW)
    publish(there, bare("Counselling for anybody", terms=("counselling",)), now=NOW)
    publish(there, entry("Teenage counselling", minimum_age=Decimal(13), maximum_age=Decimal(19)), now=NOW)
    publish(
        there,
        entry("Counselling at a refuge", places=(Place(is_confidential=True, area=HACKNEY),), is_sensitive=True),
        now=NOW,
    )
    publish(
        there, entry("Housing advice", summary="A place to live.", description="Rent.", terms=("housing",)), now=NOW
    )
    rebuild_words()


def test_journey_1_a_mistyped_search_finds_the_right_service_and_says_why(page, site, services, axe):
    page.goto(site + "/services/")
    page.get_by_label("What do you need help with?").fill("conselling")
    page.get_by_label("The child’s age").fill("7")
    page.get_by_label("Where", exact=True).fill("e81dy")
    page.get_by_role("button", name="Find services").click()
    page.screenshot(path="/tmp/find-1280.png", full_page=True)
    assert page.get_by_text("Showing results for counselling").is_visible()
    first = page.locator(".row").first
    assert "Counselling for children" in first.inner_text()
    assert "Matches: age 7, counselling" in first.inner_text()
    assert "miles away" in first.inner_text()
    assert "Verified 12 October 2026" in first.inner_text()
    rows = page.locator(".row").all_inner_texts()
    assert [("Age not stated" in row) for row in rows].index(True) == len(rows) - 1
    assert not any("Teenage" in row or "Housing" in row for row in rows)
    assert axe(page) == []
    page.set_viewport_size({"width": 375, "height": 800})
    page.reload()
    page.screenshot(path="/tmp/find-375.png", full_page=True)
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    page.goto(site + "/services/")
    page.screenshot(path="/tmp/find-start-375.png", full_page=True)
    page.set_viewport_size({"width": 1280, "height": 800})
    page.screenshot(path="/tmp/find-start-1280.png", full_page=True)
    page.goto(site + "/services/map/")
    page.screenshot(path="/tmp/find-map-1280.png", full_page=True)
    page.set_viewport_size({"width": 375, "height": 800})
    page.screenshot(path="/tmp/find-map-375.png", full_page=True)
    page.goto(site + "/services/?age=abc&where=mars&distance=5&q=x")
    page.set_viewport_size({"width": 1280, "height": 800})
    page.screenshot(path="/tmp/find-bad-1280.png", full_page=True)
    page.goto(site + "/services/?need=housing&cost=paid&age=3")
    page.screenshot(path="/tmp/find-none-1280.png", full_page=True)
