"""Charts as people see, hear and print them."""

import pytest

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.urls("chatr.web.tests.example_pages"),
]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_charts_have_no_faults_by_day_and_night(page, site, axe, scheme):
    page.emulate_media(color_scheme=scheme)
    page.goto(site + "/example/charts/")
    for width in (1280, 375):
        page.set_viewport_size({"width": width, "height": 800})
        assert axe(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_each_picture_is_named_by_its_sentence_and_followed_by_its_numbers(page, site):
    page.goto(site + "/example/charts/")
    assert page.get_by_role("img").count() == page.locator(".chart table").count() == 4
    named = "the lowest GPs with 0, and 1 is fewer than 5."
    assert page.get_by_role("img", name=named).count() == 1
    assert page.get_by_role("row", name="Police fewer than 5").count() == 1


def test_no_words_in_a_picture_leave_it_or_stand_on_each_other(page, site):
    page.set_viewport_size({"width": 375, "height": 800})
    page.goto(site + "/example/charts/")
    for picture in page.locator(".chart__picture").all():
        frame = picture.bounding_box()
        boxes = [text.bounding_box() for text in picture.locator("text").all()]
        assert all(box["x"] >= frame["x"] - 1 for box in boxes)
        assert all(box["x"] + box["width"] <= frame["x"] + frame["width"] + 1 for box in boxes)
        for place, one in enumerate(boxes):
            for other in boxes[place + 1 :]:
                apart = one["x"] + one["width"] <= other["x"] or other["x"] + other["width"] <= one["x"]
                assert (
                    apart or one["y"] + one["height"] <= other["y"] + 4 or other["y"] + other["height"] <= one["y"] + 4
                )
