"""The recording page in a real browser: saved as one types, by keyboard, without scripts, with the network cut."""

import re
from contextlib import contextmanager
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from chatr.database.acting import acting_as

from ..models import Block, Section, SectionKind
from ..operations.room import begin_part, exclude, mark_attendance
from ..operations.words import save_section, seal_block
from ..rules.words import Words
from .making import NOW, make_conference, make_professional, make_relative

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

expect.set_options(timeout=15_000)

SAVED = re.compile(r"^Saved \d\d:\d\d$")
OFFLINE = ("ERR_INTERNET_DISCONNECTED",)
ARABIC = "\N{ARABIC LETTER ALEF}\N{ARABIC LETTER NOON}\N{ARABIC LETTER ALEF}"


def section_of(conference, kind=SectionKind.FAMILY_KNOW) -> Section:
    with acting_as(conference.chair.pk):
        found = Section.objects.filter(conference=conference, kind=kind).select_related("conference")
        return found.order_by("position").first()


def address(conference, kind=SectionKind.FAMILY_KNOW) -> str:
    return reverse("conferences:section", args=[conference.pk, section_of(conference, kind).pk])


def write(conference, text: str, kind=SectionKind.FAMILY_KNOW, *, seal=False, **more) -> Block:
    section, words = section_of(conference, kind), Words(uuid4(), text, **more)
    with acting_as(conference.chair.pk):
        save_section(section=section, version=section.version, blocks=[words], by=conference.chair, now=timezone.now())
        block = Block.objects.get(pk=words.id)
        return seal_block(block=block, by=conference.chair, now=timezone.now()) if seal else block


def texts(conference) -> list[str]:
    with acting_as(conference.chair.pk):
        found = Block.objects.filter(conference=conference, removed_at=None).order_by("position")
        return list(found.values_list("words", flat=True))


def boxes(page):
    return page.get_by_role("textbox", name="Words")


def state(page):
    return page.locator("[data-state]")


@contextmanager
def saving(page):
    """Something is done that is saved by itself; afterwards the server has answered."""
    with page.expect_response(lambda answer: answer.url.endswith("/save/") and answer.request.method == "POST"):
        yield


def test_what_is_typed_is_saved_by_itself_and_the_page_says_so(cast, conference, open_page):
    page = open_page(cast.chair)
    page.goto(address(conference))
    expect(state(page)).to_have_text("Nothing written yet")
    boxes(page).fill("We look after each other.")
    expect(state(page)).to_have_text(SAVED)
    assert texts(conference) == ["We look after each other."]
    with saving(page):
        boxes(page).press_sequentially(" Always.")
    expect(state(page)).to_have_text(SAVED)
    page.reload()
    expect(boxes(page).first).to_have_value("We look after each other. Always.")
    assert texts(conference) == ["We look after each other. Always."]


def test_with_the_network_cut_it_says_not_saved_and_saves_when_it_is_back(cast, conference, open_page):
    page = open_page(cast.chair, expect=OFFLINE)
    page.goto(address(conference))
    page.context.set_offline(True)
    boxes(page).fill("Typed in a cellar.")
    expect(state(page)).to_have_text("Not saved: trying again")
    assert texts(conference) == []
    page.context.set_offline(False)
    expect(state(page)).to_have_text(SAVED)
    expect(boxes(page)).to_have_value("Typed in a cellar.")
    assert texts(conference) == ["Typed in a cellar."]


def test_leaving_with_unsaved_words_asks_first(cast, conference, open_page):
    page = open_page(cast.chair, expect=OFFLINE)
    page.goto(address(conference))
    page.context.set_offline(True)
    boxes(page).press_sequentially("Not saved")
    expect(state(page)).to_have_text("Not saved: trying again")
    page.on("dialog", lambda dialog: dialog.dismiss())
    with page.expect_event("dialog") as asked:
        page.get_by_role("link", name="The whole record").click()
    expect(boxes(page)).to_have_value("Not saved")
    assert asked.value.type == "confirm"
    warns = "() => !dispatchEvent(new Event('beforeunload', {cancelable: true}))"
    assert page.evaluate(warns)
    page.context.set_offline(False)
    expect(state(page)).to_have_text(SAVED)
    assert not page.evaluate(warns)


def test_nothing_is_kept_in_the_browsers_own_storage(cast, conference, open_page):
    page = open_page(cast.chair)
    page.goto(address(conference))
    boxes(page).fill("Only in the page and on the server.")
    expect(state(page)).to_have_text(SAVED)
    kept = page.evaluate(
        "async () => [localStorage.length, sessionStorage.length, (await indexedDB.databases()).length,"
        " (await caches.keys()).length, document.cookie]"
    )
    assert kept == [0, 0, 0, 0, ""]


def test_behaviour_40_a_long_paste_is_saved_and_one_that_is_too_long_is_refused_and_stays(cast, conference, open_page):
    page = open_page(cast.chair, expect=("400 (Bad Request)",))
    page.goto(address(conference))
    boxes(page).fill("y" * 50_000)
    expect(state(page)).to_have_text(SAVED)
    assert texts(conference) == ["y" * 50_000]
    with saving(page):
        boxes(page).fill("z" * 200_000)
    expect(state(page)).to_have_text("Not saved: something needs changing")
    expect(page.locator("[data-fault]:visible")).to_contain_text("at most 100,000 fit here")
    assert len(boxes(page).input_value()) == 200_000
    assert texts(conference) == ["y" * 50_000]
    boxes(page).fill("short")
    expect(state(page)).to_have_text(SAVED)
    expect(page.locator("[data-fault]:visible")).to_have_count(0)


def test_behaviour_40_markup_emoji_and_arabic_are_shown_as_they_were_said(cast, conference, open_page):
    text = f"<script>document.title = 'broken'</script> \N{GRINNING FACE}\n{ARABIC}"
    write(conference, text, seal=True)
    write(conference, ARABIC, seal=True)
    page = open_page(cast.chair)
    page.goto(address(conference))
    shown = page.locator(".words__text")
    assert shown.first.evaluate("(place) => place.textContent") == text
    assert "broken" not in page.title()
    assert shown.nth(1).evaluate("(place) => getComputedStyle(place).direction") == "rtl"
    assert shown.first.evaluate("(place) => getComputedStyle(place).whiteSpaceCollapse") == "preserve"


def test_words_are_read_back_closed_and_corrected(cast, conference, open_page):
    page = open_page(cast.chair)
    page.goto(address(conference, SectionKind.CHILD_WORDS))
    boxes(page).fill("I like it at Nan's on Monday.")
    page.get_by_label("May a parent read this?").select_option("Yes")
    page.get_by_role("button", name="Read back, and they agreed").click()
    expect(page.get_by_text("Read back to them, and they agreed.")).to_be_visible()
    expect(page.get_by_text("A parent may read it: yes.")).to_be_visible()
    page.get_by_text("Add a correction").click()
    with saving(page):
        page.get_by_role("textbox", name="Correction").fill("It was Tuesday.")
    assert texts(conference) == ["I like it at Nan's on Monday.", "It was Tuesday."]
    with acting_as(cast.chair.pk):
        correction = Block.objects.exclude(corrects=None).get()
        assert correction.author_kind == "child"
    page.goto(reverse("conferences:record", args=[conference.pk]))
    expect(page.get_by_text("Correction", exact=True)).to_be_visible()


def test_everything_is_within_reach_of_the_keyboard(cast, conference, open_page):
    page = open_page(cast.chair)
    page.goto(address(conference, SectionKind.SAFETY))
    boxes(page).focus()
    page.keyboard.type("Seats were chosen first.")
    page.keyboard.press("Alt+Enter")
    expect(boxes(page)).to_have_count(2)
    with saving(page):
        page.keyboard.press("Control+s")
    page.keyboard.press("Alt+PageDown")
    expect(page.get_by_role("heading", level=1)).to_contain_text("in their own words")
    page.keyboard.press("Alt+PageUp")
    expect(boxes(page).first).to_have_value("Seats were chosen first.")
    expect(state(page)).to_have_text(SAVED)


def test_words_taken_out_are_gone_from_the_section_and_can_be_put_back_before_leaving(cast, conference, open_page):
    write(conference, "On second thoughts.")
    page = open_page(cast.chair)
    page.goto(address(conference))
    out = page.get_by_label("Take these words out").first
    with saving(page):
        out.check()
    assert texts(conference) == []
    with saving(page):
        out.uncheck()
    expect(state(page)).to_have_text(SAVED)
    page.reload()
    expect(boxes(page).first).to_have_value("On second thoughts.")


def test_a_break_starts_from_the_section_with_everything_saved_first(cast, conference, open_page):
    with acting_as(cast.chair.pk):
        begin_part(part=conference.parts.get(), by=cast.chair, now=NOW)
    page = open_page(cast.chair)
    page.goto(address(conference))
    boxes(page).fill("Before the break.")
    page.get_by_role("button", name="Start a break").click()
    expect(page.get_by_text("Nothing is discussed until everybody is back.")).to_be_visible()
    assert texts(conference) == ["Before the break."]
    with saving(page):
        boxes(page).last.fill("During it.")
    page.get_by_role("button", name="Everybody is back").click()
    expect(page.get_by_role("button", name="Start a break")).to_be_visible()
    with acting_as(cast.chair.pk):
        marked = dict(Block.objects.values_list("words", "in_break"))
    assert {words: marked[words] for words in texts(conference)} == {"Before the break.": False, "During it.": True}


def test_the_screen_is_hidden_at_once_and_what_was_typed_is_still_there(cast, conference, open_page):
    page = open_page(cast.chair, width=820)
    page.goto(address(conference))
    with saving(page):
        boxes(page).fill("Not for the person who just came in.")
    page.keyboard.press("F9")
    expect(boxes(page)).to_have_count(0)
    expect(page.get_by_role("link", name="The room")).to_have_count(0)
    page.keyboard.press("F9")
    expect(boxes(page)).to_have_value("Not for the person who just came in.")
    expect(state(page)).to_have_text(SAVED)


@pytest.mark.parametrize("width", [1280, 820, 375])
def test_recording_pages_fit_every_screen_and_have_no_faults(cast, conference, open_page, axe, width):
    rosa, dan = make_relative(conference), make_relative(conference, "Dan Example")
    sam = make_professional(conference, "Sam Example", "social_care")
    with acting_as(cast.chair.pk):
        part = conference.parts.get()
        begin_part(part=part, by=cast.chair, now=timezone.now())
        for person in (rosa, sam):
            mark_attendance(part=part, person=person, status="present", by=cast.chair, now=timezone.now())
        exclude(
            part=part,
            person=dan,
            ground="conflict",
            minimum_minutes=30,
            views_obtained="By telephone.",
            by=cast.chair,
            now=timezone.now(),
        )
    write(conference, "We have been through a lot, and we are still here.", author_kind="family", person_id=rosa.pk)
    block = write(conference, "Our own words.\nOn two lines.", author_kind="family", person_id=rosa.pk, seal=True)
    with acting_as(cast.chair.pk):
        review = make_conference(cast, kind="review", ids="R", previous=conference)
    places = [
        address(conference),
        address(review),
        address(conference, SectionKind.CHILD_WORDS),
        address(conference, SectionKind.FACTS),
        *(reverse(f"conferences:{name}", args=[conference.pk]) for name in ("record", "room", "settle-quorum")),
        reverse("conferences:exclude", args=[conference.pk, part.pk, dan.pk]),
        reverse("conferences:take-part", args=[conference.pk, section_of(conference, "child_words").child_id]),
        reverse("conferences:signed-in-again"),
    ]
    page = open_page(cast.chair, width=width)
    for place in places:
        page.goto(place)
        assert axe(page) == []
        assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"), place
        expect(page.get_by_role("heading", level=1)).to_have_count(1)
        assert len(page.content()) < 60_000, place
    assert block.sealed_at


def test_without_scripts_a_section_is_written_saved_and_two_texts_are_put_together(cast, conference, open_page, axe):
    page = open_page(cast.chair, javascript=False, expect=("409 (Conflict)",))
    page.goto(address(conference))
    boxes(page).fill("First.")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(state(page)).to_have_text(SAVED)
    other = open_page(cast.chair, javascript=False)
    other.goto(address(conference))
    boxes(other).first.fill("Theirs.")
    other.get_by_role("button", name="Save", exact=True).click()
    boxes(page).first.fill("Mine.")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("heading", name="Somebody else changed this section")).to_be_visible()
    expect(page.get_by_label("Your text, not saved")).to_have_value("Mine.")
    expect(page.locator("[data-theirs]")).to_have_text("Theirs.")
    page.get_by_label("Your text, not saved").fill("Mine. Theirs.")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(state(page)).to_have_text(SAVED)
    assert texts(conference) == ["Mine. Theirs."]
