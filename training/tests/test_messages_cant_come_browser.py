""" "I can't come" in a real browser: with and without JavaScript, at both widths, for a screen reader too."""

import pytest
from django.utils import timezone

from chatr.links import operations as links
from chatr.testing.people import make_people

from ..messages.cant_come import PURPOSE
from ..models import Booking
from .factories import RunFactory, book

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(("width", "javascript"), [(1280, True), (375, True), (375, False)])
def test_one_button_and_nothing_to_sign_in_to(open_page, axe, width, javascript):
    run = RunFactory()
    booking = book(make_people().person, run)
    starts_at = run.dates.get().starts_at
    path = f"/training/cant-come/{links.make(PURPOSE, str(booking.uuid), valid_until=starts_at)}/"
    page = open_page(width=width, javascript=javascript)
    page.goto(path)
    page.get_by_role("heading", name="Tell us you can't come", level=1).wait_for()
    assert not javascript or axe(page) == []  # axe needs JavaScript itself
    page.get_by_role("button", name="I can't come").press("Enter")
    page.get_by_role("heading", name="that you can't come", level=1).wait_for()
    assert not javascript or axe(page) == []
    booking = Booking.objects.get()
    assert booking.status == "cancelled"
    assert booking.ended_at <= timezone.now()


def test_a_link_that_does_not_work_helps(open_page, axe):
    page = open_page(width=375, expect=("404",))
    page.goto("/training/cant-come/nonsense/")
    page.get_by_role("heading", name="This link does not work", level=1).wait_for()
    assert axe(page) == []
