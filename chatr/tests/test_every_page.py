"""Every address of the portal in a real browser, with the example data, once for each kind of person who sees it
differently, on a desk and on a phone.

A new address makes ``test_every_address_is_walked_or_explained`` fail until ``walk.py`` walks it or says why not.
"""

import pytest
from django.urls import resolve

from .test_conventions import addresses
from .walk import EXPLAINED, OF_AREAS, ROLES, SAME_EVERYWHERE, Portal

DESK, PHONE = {"width": 1280, "height": 900}, {"width": 375, "height": 800}
ALONE = ("practitioner", *OF_AREAS)  # with many pages: each role's walk is a test of its own
LARGEST = 60_000  # bytes of HTML
# axe itself writes style elements while it looks, which the browser reports. The console is read before it looks.
BY_AXE = ("Applying inline style violates",)


def test_every_address_is_walked_or_explained(db):
    portal = Portal()
    ours = {path for role in (*ROLES, *OF_AREAS) for _, paths in portal.walks(role) for path in paths} - {
        "/unknown/page/"
    }
    staff = portal.staff_pages()
    walked = {resolve(path.partition("?")[0]).view_name for path in ours} | staff.keys()
    explained = set().union(*EXPLAINED.values())
    assert [name for name, path in staff.items() if not path] == [], "no record is in the right state"
    left = {name for _, name, _ in addresses()} - portal.closed_to_all() - SAME_EVERYWHERE - walked - explained
    assert sorted(left) == []
    assert sorted(explained & walked) == []


@pytest.fixture
def portal(transactional_db):
    return Portal()


@pytest.fixture
def faults(open_page, axe):
    """``faults(person, paths)``: what is wrong with the pages as this person sees them; of axe's only what is serious
    when ``serious_only``."""

    def faults(person, paths, *, serious_only: bool = False) -> list[str]:
        page, said = open_page(person, expect=(*BY_AXE, "the server responded with a status of 4")), []
        page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
        return [f"{path}: {fault}" for path in paths for fault in _faults_of(page, path, said, serious_only)]

    def _faults_of(page, path: str, said: list[str], serious_only: bool):
        said.clear()
        page.set_viewport_size(DESK)
        answer = page.goto(path)
        is_refused = "unknown" in path or answer.status == 410  # what is gone says so, on a page to walk
        if answer.status != 200 and not is_refused:
            yield f"it answers {answer.status}"
        if answer.request.redirected_from and "/password/reset/key/" not in path:
            yield f"it leads to {answer.url}"
        yield from (text for text in said if not is_refused)
        if (length := len(answer.body())) >= LARGEST:
            yield f"{length:,} bytes of HTML"
        if (headings := page.locator("h1").count()) != 1:
            yield f"{headings} main headings"
        if not page.title().strip():
            yield "no title"
        for size in (DESK, PHONE):
            page.set_viewport_size(size)
            for fault in axe(page):
                if not serious_only or "(serious)" in fault or "(critical)" in fault:
                    yield f"{size['width']} px: {fault}"
            if page.evaluate("document.documentElement.scrollWidth") > size["width"]:
                yield f"{size['width']} px: it scrolls sideways"

    return faults


def in_lines(found: list[str]) -> str:
    return "\n".join(["", *found])


@pytest.mark.browser
@pytest.mark.parametrize(
    "roles",
    [[role for role in ROLES if role not in ALONE], *([role] for role in ALONE)],
    ids=["everybody else", *ALONE],
)
def test_no_page_of_ours_has_a_fault(portal, faults, roles):
    found = [fault for role in roles for person, paths in portal.walks(role) for fault in faults(person, paths)]
    assert not found, in_lines(found)


@pytest.mark.browser
@pytest.mark.parametrize("part", range(2))
def test_no_page_of_staff_has_a_serious_fault(portal, faults, part):
    paths = sorted(portal.staff_pages().values())[part::2]
    found = faults(portal.administrator, paths, serious_only=True)
    assert not found, in_lines(found)
