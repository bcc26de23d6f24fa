"""Hours, space, closing and hiding are public the moment an editor saves them; the referral route is not."""

from datetime import date, time, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from chatr.audit.models import AuditEvent
from chatr.notifications.models import Message

from ..models import (
    Availability,
    ConfidentialAddress,
    FeedPlace,
    FeedService,
    Listing,
    ListingPlace,
    Location,
    Revision,
    Service,
)
from ..operations.live import (
    CannotChange,
    ChangedMeanwhile,
    Session,
    close_service,
    hide_address,
    reopen_service,
    set_hours,
    set_space,
)
from ..queries.live import space_said
from ..rules.entries import Place
from ..rules.live import mark
from .making import HACKNEY, NOW, entry, make_editor, publish, put_postcode

SECRET = Place(name="Rowan House Refuge", address_1="77 Quiet Street", city="London", postal_code="E8 1DY")
MONDAY, FRIDAY = 0, 4


@pytest.fixture(autouse=True)
def postcode(db):
    put_postcode("E8 1DY", 51.545, -0.055)


@pytest.fixture
def service(together):
    return publish(together)


def fresh(service):
    return Service.objects.get(pk=service.pk)


def test_hours_are_in_the_search_at_once_and_saying_none_is_not_stated(service, editor):
    nine, one, two, five = time(9), time(13), time(14), time(17)
    sessions = [Session(MONDAY, nine, one), Session(MONDAY, two, five), Session(FRIDAY, time(20), time(0))]
    set_hours(service=service, sessions=sessions, by=editor, now=NOW)
    day = 24 * 60
    assert Listing.objects.get().open_at == [(540, 780), (840, 1020), (4 * day + 1200, 5 * day)]
    set_hours(service=service, sessions=[], by=editor, now=NOW)
    assert Listing.objects.get().open_at is None
    assert AuditEvent.objects.filter(action="directory.hours_changed").count() == 2


def test_hours_past_midnight_in_one_line_are_refused_with_what_to_do(service, editor):
    with pytest.raises(CannotChange, match="add a line for the next day"):
        set_hours(service=service, sessions=[Session(FRIDAY, time(20), time(2))], by=editor, now=NOW)
    assert not service.schedules.exists()


def test_hours_at_a_place_of_another_service_are_refused(service, editor, together):
    elsewhere = publish(together, entry("Example other")).at_locations.get()
    with pytest.raises(CannotChange, match="Choose a place"):
        set_hours(service=service, sessions=[Session(0, time(9), time(10), at=elsewhere.pk)], by=editor, now=NOW)


def test_hours_that_begin_later_count_from_their_day(service, editor):
    later = NOW.date() + timedelta(days=7)
    set_hours(service=service, sessions=[Session(0, time(9), time(10), valid_from=later)], by=editor, now=NOW)
    assert Listing.objects.get().open_at is None
    assert Listing.objects.get().refresh_on == later


def test_space_is_public_at_once_and_holds_for_28_days(service, editor):
    set_space(service=service, state="waiting", waiting_time="6 weeks", expires_on=None, by=editor, now=NOW)
    assert Listing.objects.get().space == "waiting"
    assert Listing.objects.get().space_until == NOW.date() + timedelta(days=28)
    assert Availability.objects.get().as_of == NOW.date()
    set_space(service=service, state="", waiting_time="", expires_on=None, by=editor, now=NOW)
    assert Listing.objects.get().space is None


@pytest.mark.parametrize("days", [-1, 367])
def test_space_that_is_over_or_holds_for_ever_is_refused(service, editor, days):
    with pytest.raises(CannotChange) as refusal:
        day = NOW.date() + timedelta(days=days)
        set_space(service=service, state="space", waiting_time="", expires_on=day, by=editor, now=NOW)
    assert refusal.value.field == "expires_on"
    assert not Availability.objects.exists()


def test_closed_for_august_is_public_and_opens_by_itself(service, editor):
    start, end = NOW.date(), NOW.date() + timedelta(days=31)
    close_service(service=service, closed_from=start, reopens_on=end, note="Summer.", by=editor, now=NOW)
    assert Listing.objects.get().is_closed
    assert Listing.objects.get().refresh_on == end
    reopen_service(service=service, by=editor, now=NOW)
    assert not Listing.objects.get().is_closed
    assert fresh(service).closed_note == ""


def test_closed_without_an_end_stays_so(service, editor):
    close_service(service=service, closed_from=NOW.date(), reopens_on=None, note="", by=editor, now=NOW)
    assert Listing.objects.get().is_closed


@pytest.mark.parametrize("reopens", [date(2026, 10, 20), date(2026, 10, 1)])
def test_opening_before_closing_is_refused(service, editor, reopens):
    with pytest.raises(CannotChange) as refusal:
        close_service(service=service, closed_from=date(2026, 10, 20), reopens_on=reopens, note="", by=editor, now=NOW)
    assert refusal.value.field == "reopens_on"
    assert fresh(service).closed_from is None


def test_hiding_an_address_takes_it_from_every_public_row_at_once(together, editor):
    service = publish(together, entry(places=(SECRET,)))
    location = Location.objects.get()
    hide_address(location=location, area=HACKNEY, by=editor, now=NOW)
    assert not ListingPlace.objects.exists()
    assert Listing.objects.get().hidden_in == [HACKNEY]
    public = [*Listing.objects.values_list(), *FeedService.objects.values_list(), *FeedPlace.objects.values_list()]
    events = [*AuditEvent.objects.values_list("details"), *Message.objects.values_list()]
    for word in ("Rowan", "Quiet Street", "E8 1DY", "51.545"):
        assert word not in str([public, events, *Location.objects.values_list()])
    assert ConfidentialAddress.objects.get().address == "Rowan House Refuge, 77 Quiet Street, London"
    hide_address(location=location, area=HACKNEY, by=editor, now=NOW)
    assert ConfidentialAddress.objects.get().postcode == "E8 1DY"
    assert service.at_locations.count() == 1


def test_hiding_an_address_hides_it_for_every_service_there(together, editor):
    first = publish(together, entry(places=(SECRET,)))
    shared = Place(id=str(first.at_locations.get().location_id), **{k: v for k, v in vars(SECRET).items() if k != "id"})
    publish(together, entry("Example second", places=(shared,)))
    hide_address(location=Location.objects.get(), area=HACKNEY, by=editor, now=NOW)
    assert [each.hidden_in for each in Listing.objects.all()] == [[HACKNEY], [HACKNEY]]


def test_hiding_without_a_borough_is_refused(service, editor):
    with pytest.raises(CannotChange, match="borough"):
        hide_address(location=Location.objects.get(), area="", by=editor, now=NOW)
    assert not Location.objects.get().is_confidential


# The pages


@pytest.fixture
def mine(client, sign_in, editor):
    return sign_in(client, editor)


def url(name, service, *more):
    return reverse(f"directory:{name}", args=[service.pk, *more])


def say(client, address, data):
    """Open a page, fill its boxes, save it."""
    return client.post(address, {"seen": client.get(address).context["form"]["seen"].value()} | data)


def line(number, **boxes):
    return {f"sessions-{number}-{box}": value for box, value in boxes.items()}


def test_hours_are_typed_as_people_write_them(mine, service):
    data = line(0, day="4", opens_at="2pm", closes_at="midnight") | line(1, day="5", opens_at="0:00", closes_at="2.30")
    say(mine, url("hours", service), data | {"sessions-rows": "2"})
    assert list(service.schedules.order_by("day").values_list("day", "opens_at", "closes_at")) == [
        (4, time(14), time(0)),
        (5, time(0), time(2, 30)),
    ]


def test_hours_that_are_wrong_are_kept_as_typed_and_said_beside_the_box(mine, service, editor):
    set_hours(service=service, sessions=[Session(0, time(9), time(10))], by=editor, now=NOW)
    data = line(0, day="4", opens_at="8pm", closes_at="2am") | line(1, opens_at="soon", closes_at="9")
    response = mine.post(url("hours", service), data | {"sessions-rows": "2"})
    errors = response.context["form"].errors
    assert {"sessions-0-closes_at", "sessions-1-day", "sessions-1-opens_at"} <= set(errors)
    assert "Past midnight" in errors["sessions-0-closes_at"][0]
    assert 'value="soon"' in response.content.decode()
    assert service.schedules.get().opens_at == time(9)


def test_another_line_of_hours_keeps_what_was_typed(mine, service):
    data = line(0, day="4", opens_at="8pm") | {"sessions-rows": "1", "add-sessions": "Add another line"}
    page = mine.post(url("hours", service), data).content.decode()
    assert 'value="8pm"' in page
    assert 'name="sessions-1-opens_at"' in page


def test_space_and_closing_from_their_pages(mine, service):
    say(mine, url("space", service), {"state": "full", "waiting_time": "“long” <b>"})
    assert Listing.objects.get().space == "full"
    day = timezone.localdate() + timedelta(days=10)
    start = {f"closed_from_{n}": value for n, value in enumerate((day.day, day.month, day.year))}
    say(mine, url("close-service", service), start | {"note": "August"})
    assert fresh(service).closed_from == day
    page = mine.get(url("my-service", service)).content.decode()
    assert "&lt;b&gt;" in page
    assert "Closed from" in page
    mine.post(url("reopen-service", service))
    assert fresh(service).closed_from is None


def test_a_closing_that_makes_no_sense_is_said_beside_the_box(mine, service):
    data = {"closed_from_0": 2, "closed_from_1": 8, "closed_from_2": 2027}
    data |= {"reopens_on_0": 1, "reopens_on_1": 8, "reopens_on_2": 2027}
    response = mine.post(url("close-service", service), data)
    assert "reopens_on" in response.context["form"].errors
    assert fresh(service).closed_from is None


def test_an_address_is_hidden_from_its_page(mine, service):
    location = Location.objects.get()
    assert "E8 1DY" in mine.get(url("hide-address", service, location.pk)).content.decode()
    mine.post(url("hide-address", service, location.pk), {"area": HACKNEY})
    assert Location.objects.get().is_confidential
    assert "E8 1DY" not in mine.get(url("my-service", service)).content.decode()


@pytest.mark.django_db(transaction=True)
def test_journey_3_hours_are_live_while_the_old_route_stays(open_page, editor, service, neighbour, sign_in):
    public = Client()
    page = open_page(editor)
    page.goto(url("my-service", service))
    page.get_by_role("link", name="Change opening hours").click()
    page.get_by_label("Day").first.select_option("Tuesday")
    page.get_by_label("Opens").first.fill("9:30")
    page.get_by_label("Closes").first.fill("1pm")
    page.get_by_role("button", name="Save, public at once").click()
    page.get_by_role("button", name="Change the entry").click()
    page.get_by_role("link", name="How people get in").click()
    page.get_by_label("How to ask").nth(1).fill("Write to the new address.")
    page.get_by_role("button", name="Save and see all parts").click()
    page.get_by_role("button", name="Check what changes").click()
    assert page.get_by_text("Send the form.").is_visible()
    assert page.get_by_text("Write to the new address.").is_visible()
    page.get_by_role("button", name="Send to programme staff").click()
    assert page.get_by_text("Waiting for staff").is_visible()
    shown = public.get(reverse("directory:service", args=[service.slug])).content.decode()
    assert "9:30am to 1pm" in shown
    assert "Send the form." in shown
    assert "Write to the new address." not in shown
    assert Revision.objects.get().state == Revision.State.SUBMITTED
    theirs = sign_in(Client(), neighbour)
    assert theirs.get(url("check-service", service)).status_code == 404
    assert theirs.post(url("check-service", service), {"edit": "1"}).status_code == 404


CLOSES = {"closed_from_0": 1, "closed_from_1": 8, "closed_from_2": 2027}
CONFLICTS = [
    (
        "hours",
        line(0, day="0", opens_at="9", closes_at="10", notes="What I typed") | {"sessions-rows": "1"},
        line(0, day="1", opens_at="9", closes_at="10", notes="What the colleague typed") | {"sessions-rows": "1"},
    ),
    ("space", {"state": "full", "waiting_time": "What I typed"}, {"waiting_time": "What the colleague typed"}),
    ("close-service", CLOSES | {"note": "What I typed"}, {"note": "What the colleague typed"}),
]


@pytest.fixture
def colleague(sign_in, together):
    return sign_in(Client(), make_editor("Colin Colleague", "colin@together.example.org", together))


def public(service) -> str:
    """What is said of it now."""
    space = Availability.objects.filter(service=service).values_list("waiting_time", flat=True)
    return str([*space, *service.schedules.values_list("notes", flat=True), fresh(service).closed_note])


@pytest.mark.parametrize(("name", "typed", "theirs"), CONFLICTS)
def test_an_edit_conflict_shows_both_texts_and_overwrites_neither(mine, colleague, service, name, typed, theirs):
    address = url(name, service)
    opened = mine.get(address).context["form"]["seen"].value()
    say(colleague, address, typed | theirs)
    answer = mine.post(address, typed | {"seen": opened})
    page = answer.content.decode()
    assert answer.status_code == 409
    for words in ("What I typed", "What the colleague typed", "Somebody else changed this"):
        assert words in page
    assert "What the colleague typed" in public(service)
    assert "What I typed" in str([box.value() for box in answer.context["form"]])
    again = answer.context["form"]["seen"].value()
    assert mine.post(address, typed | {"seen": again}).status_code == 302
    assert "What I typed" in public(service)


@pytest.mark.parametrize(("name", "typed", "theirs"), CONFLICTS)
def test_two_who_say_the_same_are_no_conflict(mine, colleague, service, name, typed, theirs):
    address = url(name, service)
    opened = mine.get(address).context["form"]["seen"].value()
    say(colleague, address, typed)
    assert mine.post(address, typed | {"seen": opened}).status_code == 302


@pytest.mark.parametrize("seen", ["", "nonsense"])
def test_a_page_that_lost_what_it_was_opened_with_asks_rather_than_overwrites(mine, service, seen):
    answer = mine.post(url("space", service), {"state": "full", "seen": seen})
    assert answer.status_code == 409
    assert not Availability.objects.exists()


def test_what_is_wrong_is_said_first_and_the_mark_of_the_page_is_kept(mine, colleague, service):
    address = url("space", service)
    opened = mine.get(address).context["form"]["seen"].value()
    say(colleague, address, {"state": "waiting"})
    wrong = mine.post(address, {"state": "full", "expires_on_0": "31", "seen": opened})
    assert wrong.status_code == 200
    assert wrong.context["form"]["seen"].value() == opened


@pytest.mark.django_db(transaction=True)
def test_two_editors_saying_different_things_at_the_same_moment_lose_nothing(run_threads, service, editor):
    seen = mark(space_said(service))

    def say_it(state):
        set_space(service=service, state=state, waiting_time="", expires_on=None, by=editor, now=NOW, seen=seen)

    results = run_threads([lambda: say_it("full"), lambda: say_it("space")])
    assert sorted(map(type, results), key=str) == [type(None), ChangedMeanwhile]
    assert Availability.objects.get().state == ("full" if results[0] is None else "space")
