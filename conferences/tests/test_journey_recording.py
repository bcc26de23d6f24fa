"""Journey: the chair and the minute-taker type in one section; the second is shown both texts; with the network cut the
page says so; nothing is lost after signing in again."""

import re
import time

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.urls import reverse
from playwright.sync_api import expect

from chatr.accounts.models import User
from chatr.database.acting import acting_as
from chatr.testing.people import PASSWORD, give_second_factor, totp_code

from ..models import Assignment, Block, BlockVersion, Section
from ..views.base import SEEN_AT
from .making import NOW

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

expect.set_options(timeout=15_000)

SAVED = re.compile(r"^Saved \d\d:\d\d$")
SIGNED_OUT = "You have been signed out. Your text is still here, not saved."


@pytest.fixture
def address(cast, conference) -> str:
    """The family's section; the minute-taker is let in."""
    with acting_as(cast.chair.pk):
        Assignment.objects.create(
            conference=conference, user=cast.minute_taker, role="minute_taker", since=NOW, given_by=cast.chair
        )
        section = Section.objects.get(conference=conference, kind="family_know")
    return reverse("conferences:section", args=[conference.pk, section.pk])


def texts(cast) -> list[str]:
    with acting_as(cast.chair.pk):
        return list(Block.objects.order_by("position").values_list("words", flat=True))


def boxes(page):
    return page.get_by_role("textbox", name="Words")


def state(page):
    return page.locator("[data-state]")


def away(page, minutes: float) -> None:
    """For the server the person's last request was so long ago."""
    (cookie,) = [one for one in page.context.cookies() if one["name"] == "sessionid"]
    session = SessionStore(cookie["value"])
    session[SEEN_AT] = time.time() - 60 * minutes
    session.save()


def sign_in_by_hand(page, user: User) -> None:
    """Type e-mail address, password and the code the person's app shows."""
    page.get_by_label("E-mail address").fill(user.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("heading", name="The second step").wait_for()
    page.locator("#id_code").fill(totp_code(user))
    page.get_by_role("button", name="Sign in", exact=True).click()


def test_journey_5_two_people_in_one_section_lose_nothing(cast, address, open_page, axe):
    chair = open_page(cast.chair, width=820)
    chair.goto(address)
    boxes(chair).fill("We look after each other.")
    expect(state(chair)).to_have_text(SAVED)
    mina = open_page(cast.minute_taker, expect=("409 (Conflict)",))
    mina.goto(address)
    expect(mina.locator("[aria-current=page] + .section-list__mark")).to_have_text("written · Cleo Hart")
    with chair.expect_response(lambda answer: answer.url.endswith("/save/")):
        boxes(chair).fill("We look after each other. Nan lives next door.")
    expect(state(chair)).to_have_text(SAVED)

    boxes(mina).first.fill("We look after each other. Dad cooks.")
    expect(state(mina)).to_have_text("Not saved: somebody else changed this section")
    expect(mina.get_by_label("Your text, not saved")).to_have_value("We look after each other. Dad cooks.")
    expect(mina.locator("[data-theirs]")).to_have_text("We look after each other. Nan lives next door.")
    expect(mina.get_by_label("Your text, not saved")).to_be_focused()
    assert axe(mina) == []
    assert texts(cast) == ["We look after each other. Nan lives next door."]
    mina.get_by_role("button", name="Put this below your text").click()
    both = "We look after each other. Dad cooks.\n\nWe look after each other. Nan lives next door."
    expect(mina.get_by_label("Your text, not saved")).to_have_value(both)
    mina.get_by_role("button", name="Save", exact=True).click()
    expect(state(mina)).to_have_text(SAVED)
    expect(boxes(mina).first).to_have_value(both)
    assert texts(cast) == [both]
    with acting_as(cast.chair.pk):
        kept = list(BlockVersion.objects.values_list("words", "by__name"))
    assert kept == [("We look after each other. Nan lives next door.", "Cleo Hart")]


def test_journey_5_with_the_network_cut_and_signed_out_nothing_is_lost(cast, address, open_page, axe):
    page = open_page(cast.chair, width=820, expect=("ERR_INTERNET_DISCONNECTED", "401 (Unauthorized)"))
    page.goto(address)
    page.context.set_offline(True)
    boxes(page).fill("Typed while the network was gone.")
    expect(state(page)).to_have_text("Not saved: trying again")
    away(page, 16)
    page.context.set_offline(False)
    expect(page.get_by_role("alert").get_by_text(SIGNED_OUT)).to_be_visible()
    expect(state(page)).to_have_text("Not saved: you have been signed out")
    expect(boxes(page)).to_have_value("Typed while the network was gone.")
    assert axe(page) == []
    assert texts(cast) == []

    with page.expect_popup() as opened:
        page.get_by_role("link", name="Sign in (opens in a new tab)").click()
    sign_in_by_hand(opened.value, cast.chair)
    expect(opened.value.get_by_role("heading", name="You are signed in again")).to_be_visible()
    opened.value.close()
    page.evaluate("dispatchEvent(new Event('focus'))")
    expect(state(page)).to_have_text(SAVED, timeout=15_000)
    expect(page.get_by_text(SIGNED_OUT)).not_to_be_visible()
    assert texts(cast) == ["Typed while the network was gone."]


def test_somebody_else_signing_in_does_not_save_the_text_as_theirs(cast, address, open_page):
    page = open_page(cast.chair, expect=("401 (Unauthorized)",))
    page.goto(address)
    away(page, 16)
    boxes(page).fill("The chair's own typing.")
    expect(page.get_by_role("alert").get_by_text(SIGNED_OUT)).to_be_visible()
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Sign in (opens in a new tab)").click()
    give_second_factor(cast.minute_taker)
    sign_in_by_hand(opened.value, cast.minute_taker)
    expect(opened.value.get_by_role("heading", name="You are signed in again")).to_be_visible()
    page.evaluate("dispatchEvent(new Event('focus'))")
    expect(page.get_by_role("alert").get_by_text("Somebody else is signed in now.")).to_be_visible()
    expect(boxes(page)).to_have_value("The chair's own typing.")
    assert texts(cast) == []


def test_behaviour_37_idle_is_said_two_minutes_before_and_the_cursor_comes_back_after_signing_in(
    cast, address, open_page
):
    page = open_page(cast.chair, width=820)
    page.clock.install()
    page.goto(address)
    boxes(page).fill("A long text nobody wants to type twice.")
    page.clock.fast_forward(2_000)
    expect(state(page)).to_have_text(SAVED)
    page.reload()
    notice = page.get_by_role("alert")
    away(page, 13)
    page.clock.fast_forward(750_000)
    expect(notice.get_by_text(re.compile(r"You will be signed out at \d\d:\d\d unless you go on."))).to_be_visible()
    notice.get_by_role("button", name="Go on").click()
    expect(notice).not_to_be_visible()

    away(page, 13)
    page.clock.fast_forward(780_000)
    expect(notice.get_by_role("button", name="Go on")).to_be_visible()
    box = boxes(page).first
    box.focus()
    box.evaluate("(box) => box.setSelectionRange(7, 7)")
    away(page, 14.98)
    with page.expect_response(lambda answer: answer.url.endswith("/presence/")):
        page.clock.fast_forward(117_000)
    away(page, 16)
    page.clock.fast_forward(5_000)
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    sign_in_by_hand(page, cast.chair)
    box = boxes(page).first
    expect(box).to_be_focused()
    expect(box).to_have_value("A long text nobody wants to type twice.")
    assert box.evaluate("(box) => box.selectionStart") == 7
    assert page.url.endswith(address)


def test_typing_alone_keeps_somebody_signed_in(cast, address, open_page):
    page = open_page(cast.chair)
    page.goto(address)
    away(page, 14)
    with page.expect_response(lambda answer: answer.url.endswith("/save/")):
        boxes(page).press_sequentially("Still here.")
    expect(state(page)).to_have_text(SAVED)
    left = page.evaluate("async () => (await (await fetch('/conferences/presence/')).json()).left")
    assert left > 14 * 60
