"""The watched browser must itself notice what it watches for."""

import pytest

from chatr.testing import browsing
from chatr.testing.people import make_people

pytestmark = pytest.mark.browser


def visit_of(chromium, site, **options) -> browsing.Visit:
    return browsing.Visit(chromium, site, **{"width": 375, "javascript": True, "expect": ()} | options)


def test_a_page_opens_signed_in_or_not(open_page):
    people = make_people()
    visitor, staff = open_page(), open_page(people.staff)
    assert visitor.goto("/").status == 200
    assert staff.goto("/admin/").status == 200
    assert "/accounts/login/" in (visitor.goto("/admin/") and visitor.url)


def test_console_errors_and_missing_files_are_noticed_unless_expected(chromium, site):
    visit = visit_of(chromium, site)
    visit.page.goto("/no-such-page/")
    visit.page.evaluate("console.error('broken')")
    visit.close()
    assert any("404" in problem for problem in visit.problems)
    assert any("broken" in problem for problem in visit.problems)
    forgiving = visit_of(chromium, site, expect=("404",))
    forgiving.page.goto("/no-such-page/")
    forgiving.close()
    assert not [problem for problem in forgiving.problems if "no-such-page" in problem]


def test_an_uncaught_error_is_noticed(chromium, site):
    visit = visit_of(chromium, site)
    visit.page.goto("/robots.txt")
    visit.page.evaluate("setTimeout(() => { throw new Error('uncaught') })")
    visit.page.wait_for_timeout(100)
    visit.close()
    assert any("uncaught" in problem for problem in visit.problems)


def test_a_request_to_another_host_is_noticed(chromium, site):
    visit = visit_of(chromium, site)
    visit.context.route("http://elsewhere.example.org/**", lambda route: route.fulfill(body="hello"))
    visit.page.goto("/robots.txt")
    visit.page.goto("http://elsewhere.example.org/")
    visit.close()
    assert any("request to another host: http://elsewhere.example.org/" in problem for problem in visit.problems)


def test_axe_finds_a_picture_without_words(chromium, site):
    visit = visit_of(chromium, site)
    visit.page.set_content("<html lang=en><title>x</title><main><h1>x</h1><img src=''></main></html>")
    found = browsing.axe(visit.page)
    visit.close()
    assert [fault for fault in found if fault.startswith("image-alt (critical)")]


def test_without_javascript_no_script_runs(open_page):
    page = open_page(javascript=False)
    page.goto("/")
    assert "js-enabled" not in page.locator("body").get_attribute("class")
