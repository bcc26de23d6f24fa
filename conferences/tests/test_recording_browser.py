"""The recording page in a real browser."""

import pytest
from django.urls import reverse

from chatr.database.acting import acting_as

from ..models import Section, SectionKind
from .making import make_professional, make_relative

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def address(conference, kind=SectionKind.FAMILY_KNOW) -> str:
    with acting_as(conference.chair.pk):
        section = Section.objects.filter(conference=conference, kind=kind).order_by("position").first()
    return reverse("conferences:section", args=[conference.pk, section.pk])


def test_pictures(cast, conference, open_page, axe):
    make_relative(conference)
    make_professional(conference)
    for width in (1280, 820, 375):
        page = open_page(cast.chair, width=width)
        page.goto(address(conference, SectionKind.CHILD_WORDS))
        page.screenshot(path=f"/tmp/rec-{width}.png", full_page=True)
        assert axe(page) == []
        page.goto(reverse("conferences:room", args=[conference.pk]))
        page.screenshot(path=f"/tmp/room-{width}.png", full_page=True)
        assert axe(page) == []
