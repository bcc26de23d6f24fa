"""A document as part of a page."""

import pytest

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.urls("chatr.web.tests.example_pages"),
]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_document_on_a_page_has_no_faults(page, site, axe, scheme):
    page.emulate_media(color_scheme=scheme)
    page.goto(site + "/example/document/")
    for width in (1280, 375):
        page.set_viewport_size({"width": width, "height": 800})
        assert axe(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    words = page.get_by_text("أريد أن يكون أطفالي بأمان")
    assert words.evaluate("element => getComputedStyle(element).direction") == "rtl"
