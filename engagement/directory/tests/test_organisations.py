"""What the portal does with an organisation the public reads in its services, in the same moment."""

import json

import pytest
from django.test import Client
from django.urls import reverse

from chatr.accounts.models import Organisation
from chatr.accounts.operations.organisations import (
    CannotChangeOrganisation,
    merge_organisations,
    open_organisation_again,
    save_organisation,
    suspend_organisation,
)
from chatr.testing.people import make_organisation

from ..models import FeedService, Listing, Location, OrganisationIdentifier, Profile, Service
from ..operations.services import publish_entry
from ..queries.staff import without_editor
from .making import NOW, entry, publish, put_postcode

LATER = NOW.replace(hour=15)


@pytest.fixture(autouse=True)
def postcode(db):
    put_postcode("E8 1DY", 51.545, -0.055)


@pytest.fixture
def service(together):
    return publish(together, entry("Example counselling"))


@pytest.fixture
def of_next_door(next_door):
    return publish(next_door, entry("Example of next door"))


def read_in_public(service) -> str:
    """All the public has of who gives a service: its listing, and the feed."""
    listing, feed = Listing.objects.get(service=service), FeedService.objects.get(service=service)
    return f"{listing.card} {listing.terms_text} {feed.item} {feed.whole}"


def page(service):
    return Client().get(reverse("directory:service", args=[service.slug]))


def test_a_new_name_is_in_search_and_feed_at_once_and_the_next_organisation_keeps_its_own(
    service, of_next_door, together, staff
):
    before = read_in_public(of_next_door)
    together.name = "Example Renamed Together"
    save_organisation(organisation=together, by=staff, now=LATER)
    assert "Example Families Together" not in read_in_public(service)
    assert "Example Renamed Together" in Listing.objects.get(service=service).terms_text
    assert "Example Renamed Together" in FeedService.objects.get(service=service).whole
    assert FeedService.objects.get(service=service).last_modified == LATER
    assert read_in_public(of_next_door) == before


def test_the_staff_page_that_renames_it_does_so_too(client, sign_in, service, together, staff):
    sign_in(client, staff)
    fields = {"name": "Example By Staff", "sector": "school", "borough": "hackney", "email_domains": ""}
    assert client.post(reverse("admin:accounts_organisation_change", args=[together.pk]), fields).status_code == 302
    assert "Example By Staff" in read_in_public(service)


def test_services_of_a_suspended_organisation_leave_the_public_and_come_back_with_it(
    service, of_next_door, together, editor, staff
):
    suspend_organisation(organisation=together, reason="Under review", by=staff, now=LATER)
    assert list(Listing.objects.values_list("service", flat=True)) == [of_next_door.pk]
    feed = json.loads(FeedService.objects.get(service=service).whole)
    assert feed["status"] == "inactive"
    assert entry().description not in str(feed)
    gone = page(service)
    assert gone.status_code == 410
    assert entry().description not in gone.content.decode()
    assert not Service.objects.editable_by(editor).exists()
    assert service not in without_editor()

    open_organisation_again(organisation=together, by=staff, now=LATER)
    assert page(service).status_code == 200
    assert Listing.objects.filter(service=service).exists()
    assert json.loads(FeedService.objects.get(service=service).whole)["status"] == "active"
    assert Service.objects.editable_by(editor).get() == service


def test_what_staff_publish_for_a_suspended_organisation_stays_hidden(service, together, staff):
    suspend_organisation(organisation=together, reason="Under review", by=staff, now=NOW)
    publish_entry(service=service, entry=entry("Example other words"), by=staff, now=LATER)
    assert not Listing.objects.exists()
    assert page(service).status_code == 410


def test_two_organisations_made_one_keep_every_service_place_and_number(
    service, of_next_door, together, next_door, staff
):
    theirs = Profile.objects.get(organisation=next_door)
    theirs.website, theirs.email = "https://nextdoor.example.org", "hello@nextdoor.example.org"
    theirs.save()
    ours = Profile.objects.get(organisation=together)
    ours.email = "hello@together.example.org"
    ours.save()
    OrganisationIdentifier.objects.create(
        id=next_door.pk, organisation=next_door, scheme="GB-CHC", identifier_type="Charity number", identifier="1000"
    )
    merge_organisations(kept=together, duplicate=next_door, by=staff, now=LATER)

    assert set(Service.objects.filter(organisation=together)) == {service, of_next_door}
    assert Location.objects.filter(organisation=together).count() == 2
    assert OrganisationIdentifier.objects.get().organisation == together
    ours = Profile.objects.get()
    assert (ours.organisation, ours.website, ours.email) == (
        together,
        "https://nextdoor.example.org",
        "hello@together.example.org",
    )
    assert "Next Door" not in read_in_public(of_next_door)
    assert Listing.objects.get(service=of_next_door).organisation_id == together.pk
    for each in (service, of_next_door):
        assert "1000" in FeedService.objects.get(service=each).whole


def test_an_organisation_made_one_with_its_parent_is_not_part_of_itself(together, next_door, staff):
    between = make_organisation("Example Between", "between.example.org")
    for organisation, parent in ((together, between), (between, next_door), (next_door, None)):
        Profile.objects.create(organisation=organisation, description="Example.", parent=parent)
    merge_organisations(kept=together, duplicate=next_door, by=staff, now=NOW)
    assert Profile.objects.get(organisation=together).parent is None
    assert Profile.objects.get(organisation=between).parent == together


def test_a_merge_that_is_refused_leaves_what_the_public_reads(service, of_next_door, together, next_door, staff):
    before = read_in_public(service), read_in_public(of_next_door)
    suspend_organisation(organisation=together, reason="Under review", by=staff, now=NOW)
    with pytest.raises(CannotChangeOrganisation):
        merge_organisations(kept=together, duplicate=next_door, by=staff, now=LATER)
    open_organisation_again(organisation=together, by=staff, now=NOW)
    assert (read_in_public(service), read_in_public(of_next_door)) == before
    assert Organisation.objects.filter(pk=next_door.pk).exists()
