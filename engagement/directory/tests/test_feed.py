"""What the feed's rows say after each change: nothing hidden, and times that move when they should and only then."""

import json
from datetime import time, timedelta
from uuid import uuid4

import pytest

from ..models import Availability, ConfidentialAddress, FeedPlace, FeedService, Profile, Schedule, Service
from ..operations.feed import drop_gone
from ..operations.listings import refresh
from ..operations.services import publish_entry, start_service, withdraw_service
from ..oruk.places import short_location
from ..queries.entries import entry_of
from ..rules.entries import ContactLine, Place
from .feeding import HIDDEN, two_places, verify
from .making import CITY, NOW, bare, entry, publish, put_postcode

LATER = NOW + timedelta(days=2, microseconds=123456)
SAID = "2026-10-14T09:00:00.123Z"


@pytest.fixture(autouse=True)
def postcodes(db):
    put_postcode("E8 1DY", 51.545, -0.055)
    put_postcode("EC2V 7HH", 51.5155, -0.0922, gss=CITY)


def row(service) -> FeedService:
    return FeedService.objects.get(pk=service.pk)


def whole(service) -> dict:
    return json.loads(row(service).whole)


def times(service) -> tuple:
    found = row(service)
    return found.last_modified, found.changed_at


def everything() -> str:
    rows = [*FeedService.objects.order_by("number").values(), *FeedPlace.objects.order_by("number").values()]
    return json.dumps(rows, default=str)


def test_refreshing_again_changes_no_byte_and_no_time(together):
    service = publish(together, verified=NOW)
    before = everything()
    refresh(service=service, now=NOW + timedelta(hours=3))
    publish_entry(service=service, entry=entry_of(service), by=None, now=NOW + timedelta(hours=4))
    assert everything() == before


def test_an_edit_alone_moves_only_last_modified(together):
    service = publish(together, verified=NOW)
    publish_entry(service=service, entry=entry_of(service).but(alert="New"), by=None, now=LATER)
    said = whole(service)
    assert (said["last_modified"], said["assured_date"], said["alert"]) == (SAID, "2026-10-12", "New")
    assert json.loads(row(service).item)["last_modified"] == SAID
    assert times(service) == (LATER.replace(microsecond=123000), LATER)


def test_verifying_moves_assured_date_and_not_last_modified(together):
    service = publish(together)
    assert "assured_date" not in whole(service)
    verify(service, LATER)
    said = whole(service)
    assert (said["last_modified"], said["assured_date"]) == ("2026-10-12T09:00:00.000Z", "2026-10-14")
    assert times(service) == (NOW, LATER)


def test_live_hours_and_space_move_last_modified_and_space_is_left_out_once_it_lapsed(together):
    service = publish(together)
    Schedule.objects.create(id=uuid4(), service=service, day=6, opens_at=time(20), closes_at=time(0))
    Availability.objects.create(service=service, state="space", as_of=NOW.date(), expires_on=NOW.date())
    refresh(service=service, now=NOW + timedelta(hours=1))
    said = whole(service)
    hours = {key: said["schedules"][0][key] for key in ("freq", "byday", "opens_at", "closes_at")}
    assert hours == {"freq": "WEEKLY", "byday": "SU", "opens_at": "20:00", "closes_at": "00:00"}
    assert said["x_availability"] == {"state": "space", "as_of": "2026-10-12", "expires_on": "2026-10-12"}
    assert said["last_modified"] == "2026-10-12T10:00:00.000Z"
    refresh(service=service, now=LATER)
    assert "x_availability" not in whole(service)
    assert whole(service)["last_modified"] == SAID


def test_numbers_are_given_once_and_only_grow(together):
    first, second = publish(together), publish(together, bare())
    numbers = row(first).number, row(second).number
    assert numbers[0] < numbers[1]
    withdraw_service(service=first, by=None, now=NOW)
    publish_entry(service=Service.objects.get(pk=first.pk), entry=entry(), by=None, now=LATER)
    assert (row(first).number, row(second).number) == numbers
    assert row(publish(together, bare("Example third"))).number > numbers[1]


def test_behaviour_9_a_withdrawn_service_is_inactive_for_90_days_with_its_name_alone_then_gone(together):
    service = publish(together, verified=NOW)
    place = service.at_locations.get().pk
    withdraw_service(service=service, by=None, now=LATER)
    said = whole(service)
    assert said.keys() == {"id", "organization_id", "name", "status", "organization", "last_modified"}
    assert (said["status"], said["last_modified"]) == ("inactive", SAID)
    left = FeedPlace.objects.get()
    assert (left.pk, json.loads(left.whole)["status"], left.bng, left.areas) == (place, "inactive", None, None)
    last_day, gone = LATER.date() + timedelta(days=89), LATER.date() + timedelta(days=90)
    for rows in (FeedService, FeedPlace):
        assert (rows.objects.sent(last_day).count(), rows.objects.sent(gone).count()) == (1, 0)
    refresh(service=service, now=LATER + timedelta(days=89))
    assert row(service).gone_on == gone
    assert drop_gone(now=LATER + timedelta(days=89)) == 0
    assert drop_gone(now=LATER + timedelta(days=90)) == 2
    refresh(service=service, now=LATER + timedelta(days=91))
    assert not FeedService.objects.exists()


def test_a_draft_is_never_in_the_feed(together):
    draft = start_service(organisation=together, name="Example draft", by=None, now=NOW)
    refresh(service=draft, now=NOW)
    assert not FeedService.objects.exists()


def test_outside_the_days_it_is_shown_a_service_is_not_published(together):
    later = publish(together, bare("Example later"))
    Service.objects.filter(pk=later.pk).update(visible_to=NOW.date())
    refresh(service=later, now=NOW + timedelta(days=1))
    assert whole(later)["status"] == "inactive"
    assert row(later).gone_on == NOW.date() + timedelta(days=91)
    early = start_service(organisation=together, name="Example early", by=None, now=NOW)
    Service.objects.filter(pk=early.pk).update(visible_from=NOW.date() + timedelta(days=1))
    early.refresh_from_db()
    publish_entry(service=early, entry=bare("Example early"), by=None, now=NOW)
    assert not FeedService.objects.filter(pk=early.pk).exists()
    refresh(service=early, now=NOW + timedelta(days=1))
    assert whole(early)["status"] == "active"


def test_temporarily_closed_while_it_is(together):
    service = publish(together)
    for days, status in ((0, "active"), (1, "temporarily closed"), (2, "temporarily closed"), (3, "active")):
        Service.objects.filter(pk=service.pk).update(
            closed_from=NOW.date() + timedelta(days=1), reopens_on=NOW.date() + timedelta(days=3)
        )
        refresh(service=service, now=NOW + timedelta(days=days))
        assert whole(service)["status"] == json.loads(row(service).item)["status"] == status
        assert json.loads(FeedPlace.objects.get().whole)["status"] == status


def test_journey_2_changing_a_hidden_address_changes_no_byte(together):
    service = publish(together, bare(places=(HIDDEN,)))
    location = service.at_locations.get().location
    ConfidentialAddress.objects.create(location=location, address="1 Hidden Street", postcode="E8 1DY")
    before = everything()
    ConfidentialAddress.objects.update(postcode="EC2V 7HH")
    refresh(service=service, now=LATER)
    assert everything() == before
    assert str(location.pk) not in before
    assert whole(service)["x_address_not_shown_in"][0]["name"] == "Hackney"
    with pytest.raises(ValueError, match="confidential"):
        short_location(location)


def test_a_place_that_becomes_confidential_leaves_nothing_of_its_address(together):
    service = publish(together)
    at = service.at_locations.get()
    hidden = entry(places=(Place(id=str(at.location_id), is_confidential=True, area=CITY),))
    publish_entry(service=service, entry=hidden, by=None, now=LATER)
    said = everything()
    for word in ("E8 1DY", "Example Street", "Example House", "51.545", str(at.location_id)):
        assert word not in said
    assert json.loads(FeedPlace.objects.get(pk=at.pk).item)["status"] == "inactive"


def test_a_place_left_stays_inactive_so_that_pages_stay_as_they_were(together):
    service = publish(together, entry(places=two_places()))
    first, second = FeedPlace.objects.order_by("number")
    keep = entry_of(service).places[1:]
    publish_entry(service=service, entry=entry(places=keep), by=None, now=LATER)
    now = list(FeedPlace.objects.order_by("number"))
    assert [each.pk for each in now] == [first.pk, second.pk]
    assert [json.loads(each.item)["status"] for each in now] == ["inactive", "active"]
    assert now[0].gone_on == LATER.date() + timedelta(days=90)


def test_private_contacts_are_not_published(together):
    people = (ContactLine("Ana Example", "Manager", True), ContactLine("Private Example", "Worker", False))
    service = publish(together, entry(contacts=people))
    assert [each["name"] for each in whole(service)["contacts"]] == ["Ana Example"]
    assert "Private" not in everything()


def test_three_state_facts_are_left_out_where_nobody_said(together):
    silent = whole(publish(together, bare()))
    named = {"minimum_age", "x_any_age", "x_cost", "cost_options", "x_interpreters", "languages", "x_referral_routes"}
    assert named.isdisjoint(silent)
    said = whole(publish(together, bare("Example stated", any_age=True, cost="free", interpreters="no")))
    assert (said["x_any_age"], said["x_cost"], said["x_interpreters"]) == (True, "free", False)
    assert [(each["option"], each["amount"]) for each in said["cost_options"]] == [("Free", 0)]


def test_the_person_who_verified_is_not_named(together):
    Profile.objects.create(organisation=together, description="Help.", email="office@together.example.org")
    service = publish(together, verified=NOW)
    assert whole(service)["assurer_email"] == "office@together.example.org"
