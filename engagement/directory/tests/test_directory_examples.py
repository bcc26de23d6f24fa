"""The example directory has something in every state, is of today, and hides what the real one would hide."""

from datetime import timedelta

import pytest
from django.db.models import Q
from django.utils import timezone

from chatr.examples.operations import load_examples

from .. import examples
from ..models import (
    ConfidentialAddress,
    FrontDoor,
    Keeper,
    Listing,
    Location,
    Pathway,
    Postcode,
    Revision,
    Service,
    Suggestion,
    Term,
    ThresholdFramework,
)
from ..queries.pathways import dead_steps
from ..rules.postcodes import compact

NOW = timezone.now()
TODAY = timezone.localdate(NOW)


@pytest.fixture
def portal(db, settings):
    settings.SITE_URL = "http://localhost:8000"
    settings.LOCAL = True
    load_examples(now=NOW)


def shown():
    return Listing.objects.shown(TODAY)


def test_every_need_has_a_service_and_every_state_is_there(portal):
    of_need = set(Term.objects.of("need").values_list("code", flat=True))
    found = {code for terms in shown().values_list("terms", flat=True) for code in terms}
    assert of_need - found == set()
    assert {"free", "paid", None} == set(shown().values_list("cost", flat=True))
    assert {"space", "waiting", "full", None} == set(shown().values_list("space", flat=True))
    for condition in (
        Q(ages=None),
        Q(areas=None),
        Q(is_closed=True),
        Q(is_sensitive=True, hidden_in__len__gt=0, has_places=False),
        Q(verified_on=TODAY, is_verified=True),
        Q(verified_on=None, is_verified=False),
        Q(verified_on__lt=TODAY - timedelta(days=365), is_verified=False),
        Q(has_places=False),
        Q(access__contains=["step-free"]),
        Q(lacks_access__contains=["step-free"]),
        Q(open_at=None),
    ):
        assert shown().filter(condition).exists(), condition
        assert shown().exclude(condition).exists(), condition
    for days in (14, 28):
        assert shown().filter(verified_on=TODAY - timedelta(days=91 + days), is_verified=True).exists()


def test_proposals_and_suggestions_are_there_in_every_state(portal):
    assert set(Revision.objects.values_list("state", flat=True)) == set(Revision.State.values)
    assert Revision.objects.waiting().filter(service__state="draft").exists()
    assert Revision.objects.waiting().filter(service__state="published").exists()
    assert Suggestion.objects.open().exists()
    assert Suggestion.objects.exclude(answered_at=None).exists()
    assert set(Service.objects.values_list("state", flat=True)) == set(Service.State.values)
    assert Service.objects.exclude(merged_into=None).exists()
    assert Keeper.objects.get().user.email == "staff@example.org"


def test_thresholds_of_both_areas_and_pathways_are_shown(portal):
    current = ThresholdFramework.objects.current(TODAY)
    assert {each.area.name for each in current} == {"Hackney", "City of London"}
    assert ThresholdFramework.objects.count() == 4
    assert FrontDoor.objects.count() == 7
    assert set(Pathway.objects.values_list("is_published", flat=True)) == {True, False}
    assert len(dead_steps(TODAY)) == 1


def test_every_postcode_is_one_we_know_in_the_borough_it_says(portal):
    for place in Location.objects.exclude(postal_code=""):
        known = Postcode.objects.get(code=compact(place.postal_code))
        assert known.gss == place.area_id, place


def test_everybody_in_it_is_made_up(portal):
    assert not Service.objects.exclude(name__startswith="Example ").exists()
    assert not ConfidentialAddress.objects.exists()
    assert not Location.objects.filter(is_confidential=False).exclude(
        Q(name__startswith="Example ") | Q(kind="virtual")
    )


def test_loading_again_does_nothing(portal):
    before = Service.objects.count()
    assert examples.load(now=NOW + timedelta(days=1)) is False
    assert load_examples(now=NOW + timedelta(days=1)) is False
    assert Service.objects.count() == before
