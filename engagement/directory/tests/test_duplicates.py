"""Entries that look like one are found with their reasons; two made one lose nothing, lead on, and only once."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from chatr.audit.models import AuditEvent
from chatr.notifications.models import Message
from chatr.notifications.operations import preview

from ..models import (
    Availability,
    ConfidentialAddress,
    FeedService,
    Listing,
    Lookalike,
    NotADuplicate,
    OrganisationIdentifier,
    Pathway,
    PathwayStep,
    Revision,
    Schedule,
    Service,
    ServiceDay,
    SharedShortlist,
    ShortlistItem,
    Source,
    SourceRecord,
    StepService,
    Suggestion,
    ThresholdFramework,
    Verification,
)
from ..operations.duplicates import CannotMerge, Seen, look_for_lookalikes, merge_services, say_they_are_two
from ..operations.services import publish_entry, withdraw_service
from ..queries.duplicates import alike_organisations, lookalikes
from ..queries.entries import entry_of
from ..rules.duplicates import Likeness, sides
from ..rules.entries import PhoneLine, Place, Route
from .making import HACKNEY, NOW, bare, entry, publish, put_postcode


@pytest.fixture(autouse=True)
def postcodes(db):
    put_postcode("E8 1DY", 51.545, -0.055)


@pytest.fixture
def twins(together, next_door):
    """One service, written down by two organisations."""
    phones = (PhoneLine("020 7946 0001"),)
    one = publish(together, entry("Bereavement counselling", phones=phones))
    other = publish(
        next_door, entry("Bereavement Counselling Service", phones=(PhoneLine("0207 946 0001", "Mornings"),))
    )
    return one, other


def merge(keep, other, staff, choices=None, **changes):
    for each in (keep, other):
        each.refresh_from_db()
    arguments = {
        "keep": keep,
        "other": other,
        "choices": choices or {},
        "seen": Seen(keep.version, other.version),
        "by": staff,
        "now": NOW,
    }
    return merge_services(**arguments | changes)


def test_one_service_written_down_twice_is_found_with_the_reasons(twins):
    look_for_lookalikes(by=None, now=NOW)
    found = lookalikes().get()
    assert {found.first, found.second} == set(twins)
    assert found.reasons == ["name", "phone", "postcode"]


def test_services_of_one_house_and_one_phone_are_not_taken_for_one(together):
    for name in ("Example youth club", "Example counselling", "Example food bank"):
        publish(together, entry(name, phones=(PhoneLine("020 7946 0001"),), url="https://together.example.org/"))
    look_for_lookalikes(by=None, now=NOW)
    assert not lookalikes().exists()


def test_a_hidden_place_is_nothing_two_entries_can_share(together, next_door):
    hidden = (Place(is_confidential=True, area=HACKNEY),)
    for organisation, name in ((together, "Example refuge"), (next_door, "Example safe house")):
        service = publish(organisation, bare(name, places=hidden))
        ConfidentialAddress.objects.create(
            location=service.at_locations.get().location, address="9 Example Lane", postcode="E5 0XX"
        )
    look_for_lookalikes(by=None, now=NOW)
    assert not Lookalike.objects.exists()


def test_the_editors_of_the_one_that_went_are_told_where_it_leads(twins, staff, editor, neighbour):
    keep, other = twins
    merge(keep, other, staff)
    message = Message.objects.get(kind="directory/services_merged")
    assert message.recipient == neighbour
    text = preview(message, now=NOW).text
    for said in (other.name, keep.name, "Example Families Together", f"/services/{keep.slug}/"):
        assert said in text
    keep.refresh_from_db()
    with pytest.raises(CannotMerge, match="merged already"):
        merge(keep, other, staff)
    assert Message.objects.count() == 1


def test_drafts_withdrawn_and_merged_services_are_not_listed(twins):
    look_for_lookalikes(by=None, now=NOW)
    withdraw_service(service=twins[0], by=None, now=NOW)
    assert not lookalikes().exists()
    look_for_lookalikes(by=None, now=NOW)
    assert not Lookalike.objects.exists()


def test_what_staff_said_are_two_is_never_listed_again(twins, staff):
    look_for_lookalikes(by=None, now=NOW)
    one, other = twins
    say_they_are_two(one=other, other=one, by=staff, now=NOW)
    say_they_are_two(one=one, other=other, by=staff, now=NOW)
    look_for_lookalikes(by=None, now=NOW)
    assert NotADuplicate.objects.count() == 1
    assert not Lookalike.objects.exists()
    with pytest.raises(CannotMerge):
        say_they_are_two(one=one, other=one, by=staff, now=NOW)


@pytest.mark.parametrize(
    ("name", "shares", "is_one"),
    [
        (1.0, set(), True),
        (0.85, set(), False),
        (0.85, {"postcode"}, True),
        (0.65, {"phone"}, True),
        (0.3, {"phone", "url"}, True),
        (0.3, {"phone"}, False),
        (0.3, {"postcode", "email"}, False),
        (0.7, {"organisation", "phone", "url", "postcode"}, False),
        (0.8, {"organisation", "phone"}, True),
    ],
)
def test_how_alike_is_alike_enough(name, shares, is_one):
    assert bool(Likeness(name, frozenset(shares)).score) is is_one


def test_merging_keeps_the_kept_words_and_fills_what_they_leave_out(twins, staff):
    keep, other = twins
    before = entry_of(keep)
    publish_entry(
        service=other,
        entry=entry_of(other).but(alert="Closed in August.", summary="Theirs.", languages=("tur",)),
        by=None,
        now=NOW,
    )
    merge(keep, other, staff, {"phones": "both"})
    merged = entry_of(Service.objects.get(pk=keep.pk))
    assert (merged.name, merged.summary, merged.places) == (before.name, before.summary, before.places)
    assert (merged.alert, merged.languages) == ("Closed in August.", ("tur",))
    assert [phone.number for phone in merged.phones] == ["020 7946 0001", "0207 946 0001"]


def test_merging_chosen_field_by_field_takes_the_others_words(twins, staff):
    keep, other = twins
    publish_entry(
        service=other, entry=entry_of(other).but(professional=Route(how="Ring."), places=()), by=None, now=NOW
    )
    fields = {side.field for side in sides(entry_of(keep), entry_of(Service.objects.get(pk=other.pk)))}
    assert fields == {"name", "professional", "phones", "places"}
    merge(keep, other, staff, {"name": "other", "professional": "other", "places": "other"})
    merged = entry_of(Service.objects.get(pk=keep.pk))
    assert (merged.name, merged.professional, merged.places) == (other.name, Route(how="Ring."), ())


def test_the_other_leads_to_the_kept_one_and_is_inactive_in_the_feed(twins, staff):
    keep, other = twins
    merge(keep, other, staff)
    other.refresh_from_db()
    assert (other.state, other.merged_into) == (Service.State.ARCHIVED, keep)
    assert not Listing.objects.filter(service=other).exists()
    assert '"status": "inactive"' in FeedService.objects.get(service=other).item.replace('":"', '": "')
    event = AuditEvent.objects.get(action="directory.services_merged")
    assert (event.object_id, event.details["other"], event.actor_id) == (str(keep.pk), str(other.pk), staff.pk)


def test_everything_that_led_to_the_other_leads_to_the_kept_one(twins, staff, editor, neighbour):
    keep, other = twins
    framework = ThresholdFramework.objects.create(area_id=HACKNEY, title="Example framework")
    pathway = Pathway.objects.create(title="Example", slug="example", framework=framework, summary="A way.")
    alone = PathwayStep.objects.create(pathway=pathway, order=1, title="First", entry="Now")
    both = PathwayStep.objects.create(pathway=pathway, order=2, title="Then", entry="Later")
    for step, service in ((alone, other), (both, other), (both, keep)):
        StepService.objects.create(step=step, service=service)
    for user, service in ((editor, other), (neighbour, other), (neighbour, keep)):
        ShortlistItem.objects.create(user=user, service=service, added_at=NOW)
    Suggestion.objects.create(service=other, topic="other", words="Wrong number", made_at=NOW)
    shared = SharedShortlist.objects.create(
        digest="x", services=[other.pk, keep.pk], made_at=NOW, ends_at=NOW + timedelta(days=1)
    )
    ServiceDay.objects.create(service=keep, day=date(2026, 10, 1), views=3, helped=1)
    ServiceDay.objects.create(service=other, day=date(2026, 10, 1), views=4, did_not_help=1)
    ServiceDay.objects.create(service=other, day=date(2026, 10, 2), views=5)
    source = Source.objects.create(name="Next directory", url="https://next.example.org/")
    SourceRecord.objects.create(source=source, external_id=other.pk, service=other, taken={}, theirs={}, read_at=NOW)
    merge(keep, other, staff)
    assert set(StepService.objects.values_list("step", "service")) == {(alone.pk, keep.pk), (both.pk, keep.pk)}
    assert set(ShortlistItem.objects.values_list("user", "service")) == {(editor.pk, keep.pk), (neighbour.pk, keep.pk)}
    assert Suggestion.objects.get().service == keep
    shared.refresh_from_db()
    assert shared.services == [keep.pk]
    days = ServiceDay.objects.filter(service=keep).order_by("day")
    assert [(day.views, day.helped, day.did_not_help) for day in days] == [(7, 1, 1), (5, 0, 0)]
    assert not ServiceDay.objects.filter(service=other).exists()
    assert SourceRecord.objects.get().service == keep


def test_hours_and_space_are_taken_where_the_kept_one_has_none(twins, staff):
    keep, other = twins

    Schedule.objects.create(id=uuid4(), service=other, day=0, opens_at="09:00", closes_at="17:00")
    Availability.objects.create(service=other, state="space", as_of=date(2026, 10, 1), expires_on=date(2026, 11, 1))
    merge(keep, other, staff)
    assert keep.schedules.get().day == 0
    assert keep.availability.state == "space"
    assert Listing.objects.get(service=keep).space == "space"


def test_merging_verifies_nothing(twins, staff):
    keep, other = twins
    Verification.objects.create(service=other, method="page", at=NOW)
    merge(keep, other, staff)
    assert not Verification.objects.filter(service=keep).exists()
    assert Listing.objects.get(service=keep).verified_on is None


def test_chains_lead_to_the_last(twins, staff, together):
    a, b = twins
    c = publish(together, entry("Bereavement counselling for all"))
    merge(b, a, staff)
    merge(c, b, staff)
    assert set(Service.objects.exclude(merged_into=None).values_list("pk", "merged_into")) == {
        (a.pk, c.pk),
        (b.pk, c.pk),
    }


def test_a_hidden_place_taken_over_keeps_its_hidden_address(twins, staff):
    keep, other = twins
    hidden = (Place(is_confidential=True, area=HACKNEY),)
    publish_entry(service=other, entry=entry_of(other).but(places=hidden), by=None, now=NOW)
    ConfidentialAddress.objects.create(
        location=other.at_locations.get().location, address="9 Example Lane", postcode="E5 0XX"
    )
    merge(keep, other, staff, {"places": "other"})
    place = keep.at_locations.get().location
    assert (place.organisation, place.is_confidential) == (keep.organisation, True)
    assert place.confidential_address.postcode == "E5 0XX"
    assert "E5 0XX" not in str(list(AuditEvent.objects.values()))


@pytest.mark.parametrize("spoilt", ["changed", "withdrawn", "merged", "waiting", "itself"])
def test_what_can_no_longer_be_merged_is_refused_and_nothing_is_written(twins, staff, together, spoilt):
    keep, other = twins
    seen = Seen(keep.version, other.version)
    words = {
        "changed": "changed since you looked",
        "withdrawn": "is not public",
        "merged": "was merged already",
        "waiting": "waits for staff",
        "itself": "two different",
    }[spoilt]
    match spoilt:
        case "changed":
            publish_entry(service=other, entry=entry_of(other), by=None, now=NOW)
        case "withdrawn":
            withdraw_service(service=other, by=None, now=NOW)
        case "merged":
            merge(publish(together, entry("Example third")), other, staff)
        case "waiting":
            Revision.objects.create(
                service=other, state="submitted", base_version=1, entry={}, edited_at=NOW, submitted_at=NOW
            )
        case "itself":
            other = keep
    before = list(Service.objects.order_by("pk").values())
    with pytest.raises(CannotMerge, match=words):
        merge_services(keep=keep, other=other, choices={}, seen=seen, by=staff, now=NOW)
    assert list(Service.objects.order_by("pk").values()) == before


def test_organisations_that_look_like_one_are_listed(twins, together, next_door):

    assert alike_organisations() == []
    for organisation, number in ((together, "0123 456"), (next_door, "123456")):
        OrganisationIdentifier.objects.create(
            id=uuid4(), organisation=organisation, scheme="GB-CHC", identifier_type="Charity number", identifier=number
        )
    [pair] = alike_organisations()
    assert pair["same_number"]
    assert {pair["first"][1], pair["second"][1]} == {str(together), str(next_door)}
    look_for_lookalikes(by=None, now=NOW)
    assert "identifier" in lookalikes().get().reasons
