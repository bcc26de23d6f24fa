"""An entry goes into the tables and comes back as it was; the listing says the same; hidden places stay hidden."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from ..models import ConfidentialAddress, Listing, ListingPlace, Location, Service
from ..operations.listings import refresh
from ..operations.services import CannotPublish, publish_entry, start_service, withdraw_service
from ..queries.entries import entry_of
from ..rules.entries import ContactLine, Entry, PhoneLine, Place, Price
from .making import CITY, HACKNEY, NOW, bare, entry, publish, put_postcode

FULL = entry(
    prices=(Price("A session", Decimal("12.5"), "per hour"), Price(amount_description="what you can")),
    languages=("tur", "ben"),
    phones=(PhoneLine("020 7946 0001", "Mornings"),),
    contacts=(ContactLine("Ana Example", "Manager", True),),
    areas=(HACKNEY, CITY),
    terms=("counselling", "children", "online"),
    places=(Place(name="Example House", postal_code="E8 1DY", access={"step-free": "yes", "hearing-loop": "no"}),),
    interpreters="yes",
)


@pytest.fixture(autouse=True)
def postcode(db):
    put_postcode("E8 1DY", 51.545, -0.055)


def without_ids(this: Entry) -> Entry:
    places = tuple(replace(each, id="", area="", latitude=None, longitude=None) for each in this.places)
    return this.but(places=places)


def test_an_entry_comes_back_as_it_was(together):
    service = publish(together, FULL)
    assert without_ids(entry_of(service)) == FULL
    assert Entry.from_json(FULL.as_json()) == FULL


def test_writing_the_same_entry_again_keeps_ids_and_changes_nothing_else(together):
    service = publish(together, FULL)
    before = {model: sorted(model.objects.values_list("pk")) for model in (Listing, Location)}
    phone = service.phones.get().pk
    publish_entry(service=service, entry=entry_of(service), by=None, now=NOW)
    assert {model: sorted(model.objects.values_list("pk")) for model in (Listing, Location)} == before
    assert service.phones.get().pk == phone


def test_the_listing_says_not_stated_where_nobody_said(together):
    listing = publish(together, bare()).listing
    silent = ("ages", "areas", "for_family", "for_professional", "cost", "languages", "open_at", "space")
    assert {name: getattr(listing, name) for name in silent} == dict.fromkeys(silent)
    assert (listing.access, listing.lacks_access, listing.has_places) == ([], [], False)


def test_the_listing_says_what_was_stated(together):
    listing = publish(together, FULL).listing
    assert (listing.ages.lower, listing.ages.upper, listing.cost) == (5, 11, "free")
    assert (listing.for_family, listing.for_professional) == (True, True)
    assert (listing.access, listing.lacks_access) == (["step-free"], ["hearing-loop"])
    assert listing.places.get().gss == HACKNEY
    assert listing.places.get().bng == pytest.approx((534988, 184726), abs=300)


def test_a_place_that_becomes_confidential_leaves_the_public_tables(together):
    service = publish(together, FULL)
    location = service.at_locations.get().location
    hidden = FULL.but(places=(Place(id=str(location.pk), is_confidential=True, area=HACKNEY),))
    publish_entry(service=service, entry=hidden, by=None, now=NOW)
    location.refresh_from_db()
    assert (location.postal_code, location.bng, location.name) == ("", None, "")
    assert ConfidentialAddress.objects.get().postcode == "E8 1DY"
    assert not ListingPlace.objects.exists()
    assert Listing.objects.get().hidden_in == [HACKNEY]


def test_the_database_refuses_an_address_on_a_confidential_place(together):
    with pytest.raises(IntegrityError, match="confidential_places_have_no_address"), transaction.atomic():
        Location.objects.create(organisation=together, is_confidential=True, area_id=HACKNEY, postal_code="E8 1DY")


def test_a_draft_has_no_listing_and_a_withdrawn_one_loses_it(together):
    draft = start_service(organisation=together, name="Example draft", by=None, now=NOW)
    with pytest.raises(CannotPublish):
        withdraw_service(service=draft, by=None, now=NOW)
    refresh(service=draft, now=NOW)
    assert not Listing.objects.exists()
    service = publish(together, FULL)
    withdraw_service(service=service, by=None, now=NOW)
    assert not Listing.objects.exists()
    service.refresh_from_db()
    assert service.state == Service.State.ARCHIVED


def test_a_listing_is_verified_until_four_weeks_after_it_was_due(together):
    service = publish(together, FULL, verified=NOW)
    for days, verified in ((0, True), (91 + 28, True), (91 + 29, False)):
        refresh(service=service, now=NOW + timedelta(days=days))
        assert Listing.objects.get().is_verified is verified, days


def test_names_that_are_pages_of_ours_are_not_addresses_of_services(together):
    assert start_service(organisation=together, name="Pathways", by=None, now=NOW).slug != "pathways"
