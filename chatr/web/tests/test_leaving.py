"""Leaving a page at once, and hiding it, in a real browser."""

import pytest

WIDTHS = (1280, 375)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.urls("chatr.web.tests.example_pages"),
]


@pytest.fixture
def away(settings, site):
    """Where the exit leads in these tests: another page of the portal, so that nothing leaves this machine."""
    settings.EXIT_URL = f"{site}/about/"
    return settings.EXIT_URL


@pytest.fixture
def risky(page, site, away):
    """A page with both parts, reached from the home page."""
    page.goto(site + "/")
    page.goto(site + "/example/safety/")
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_both_parts_have_no_faults(risky, axe, scheme):
    risky.emulate_media(color_scheme=scheme)
    for width in WIDTHS:
        risky.set_viewport_size({"width": width, "height": 800})
        assert axe(risky) == []
        assert risky.evaluate("document.documentElement.scrollWidth") <= width
        risky.get_by_role("button", name="Hide this screen").click()
        assert [fault for fault in axe(risky) if "page-has-heading-one" not in fault] == []  # it is hidden, too
        risky.get_by_role("button", name="Hide this screen").click()


def test_the_exit_replaces_the_page_so_that_going_back_does_not_return_to_it(risky, away, site):
    risky.get_by_role("button", name="Exit this page").click()
    risky.wait_for_url(away)
    risky.go_back()
    assert risky.url == site + "/"


def test_shift_pressed_three_times_leaves_and_twice_does_not(risky, away, site):
    risky.keyboard.press("Shift")
    risky.keyboard.press("Shift")
    assert risky.get_by_text("Shift, press 1 more time to exit.").count() == 1
    risky.keyboard.type("a")
    assert risky.url == site + "/example/safety/"
    for _ in range(3):
        risky.keyboard.press("Shift")
    risky.wait_for_url(away)


def test_leaving_covers_the_page_at_once(risky, away):
    risky.route(away, lambda route: route.fulfill(status=204))  # the next page never comes
    risky.get_by_role("button", name="Exit this page").click()
    risky.locator(".govuk-exit-this-page-overlay").wait_for()
    assert not risky.locator("#secret").is_visible()
    assert risky.title() == "Loading."


def test_without_scripts_the_exit_is_a_link_and_there_is_no_button_that_does_nothing(open_page, site, away):
    page = open_page(javascript=False)
    page.goto(site + "/example/safety/")
    assert not page.locator("[data-hide-page]").is_visible()
    page.get_by_text("Exit this page").click()
    assert page.url == away


def test_hiding_takes_everything_out_of_sight_and_reach_and_brings_it_back(risky):
    words = risky.get_by_label("Your words")
    words.fill("I am worried about")
    risky.keyboard.press("F9")
    button = risky.get_by_role("button", name="Hide this screen")
    assert button.get_attribute("aria-pressed") == "true"
    assert not risky.locator("#secret").is_visible()
    assert not words.is_visible()
    assert "Ada" not in risky.title()
    assert risky.get_by_role("button", name="Exit this page").is_visible()
    assert "This screen is hidden." in risky.get_by_role("status").filter(has_text="screen").inner_text()
    risky.keyboard.press("Enter")  # the button has the focus
    assert button.get_attribute("aria-pressed") == "false"
    assert risky.locator("#secret").is_visible()
    risky.keyboard.press("F9")
    risky.keyboard.press("F9")
    assert words.input_value() == "I am worried about"
    assert "Ada" in risky.title()


def test_the_cursor_returns_to_where_it_was(risky):
    risky.get_by_label("Your words").focus()
    risky.keyboard.press("F9")
    risky.keyboard.press("F9")
    risky.keyboard.type("still here")
    assert risky.get_by_label("Your words").input_value() == "still here"


def test_the_exit_names_no_page_it_came_from(risky):
    assert risky.get_by_role("button", name="Exit this page").get_attribute("rel") == "nofollow noreferrer"
