"""Taking over another directory's feed from a real HTTP server: ours, and one with mistakes."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO
from threading import Thread
from uuid import UUID, uuid4

import pytest
from django.core.management import CommandError, call_command

from chatr.accounts.models import Organisation
from chatr.testing.people import make_organisation, make_person, sign_in

from ..harvest import reading
from ..harvest.mapping import Known, entry_from
from ..harvest.reading import CannotHarvest, read_feed
from ..models import FeedService, Listing, Location, OrganisationIdentifier, Revision, Service, Source, SourceRecord
from ..operations import harvesting
from ..operations.harvesting import harvest
from ..operations.revisions import approve_revision
from ..operations.services import publish_entry
from ..queries.entries import entry_of
from ..rules.entries import Entry, PhoneLine, Place
from .feeding import make_a_feed
from .making import HACKNEY, NOW, put_postcode

LATER = NOW + timedelta(days=7)
FRONT = {"version": "HSDS-UK-3.0", "profile": "https://example.org/", "openapi_url": "https://example.org/o.json"}


@contextmanager
def serving(answers: dict) -> Iterator[str]:
    """A web server of this machine that answers each address with a value as JSON, with bytes, or with a redirect."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            found = answers.get(self.path, 404)
            self.send_response(found if isinstance(found, int) else 302 if isinstance(found, str) else 200)
            if isinstance(found, str):
                self.send_header("Location", found)
            self.end_headers()
            if not isinstance(found, int | str):
                self.wfile.write(found if isinstance(found, bytes) else json.dumps(found).encode())

        def log_message(self, *args):
            """Silence."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def page(*contents, **facts) -> dict:
    return {"total_pages": 1, "page_number": 1, "contents": list(contents)} | facts


def said(name: str = "Example far club", pk: str = "", **changes) -> dict:
    """A service of another directory."""
    base = {
        "id": pk or str(uuid4()),
        "name": name,
        "status": "active",
        "description": "Somewhere to go.",
        "organization": {"id": str(uuid4()), "name": "Example Far Away", "description": "Help."},
    }
    return base | changes


def feed_of(*services: dict) -> dict:
    return {
        "/": FRONT,
        "/services?page=1": page(*services),
        **{f"/services/{each['id']}": each for each in services},
    }


@pytest.fixture
def staff(db):
    home = make_organisation("Example Programme", "programme.example.org")
    return make_person("Sana Staff", "sana@programme.example.org", home, "programme_staff")


def take(answers: dict, staff, *, write: bool = True, now=NOW):
    with serving(answers) as url:
        feed = read_feed(url)
        return harvest(address="http://far.example.org/oruk/v3", feed=feed, by=staff, now=now, write=write)


def approved(service: Service, staff) -> Service:
    return approve_revision(revision=service.revisions.waiting().get(), by=staff, now=NOW)


def test_our_own_feed_comes_back_as_it_was(client, together, next_door, staff):
    made = make_a_feed(together, next_door)
    entries = {name: entry_of(service) for name, service in made.items() if name != "gone"}
    answers = {"/": client.get("/oruk/v3/").json()}
    for number in (1, 2, 3, 4):
        answers[f"/services?page={number}"] = client.get(f"/oruk/v3/services?per_page=2&page={number}").json()
    for service in made.values():
        answers[f"/services/{service.pk}"] = client.get(f"/oruk/v3/services/{service.pk}").json()
    Service.objects.all().delete()
    Location.objects.all().delete()
    done = take(answers, staff)
    assert (done.count(harvesting.NEW), done.problems) == (6, [])
    for service in Service.objects.all():
        assert not Listing.objects.filter(pk=service.pk).exists()
        approved(service, staff)
    back = {each.name: entry_of(each) for each in Service.objects.all()}
    assert back["Example refuge"].places == ()
    for entry in entries.values():
        places = tuple(replace(place, id="") for place in entry.places if not place.is_confidential)
        mine = back[entry.name]
        again = tuple(replace(place, id="") for place in mine.places)
        assert [(p.name, p.postal_code, p.area, p.latitude) for p in again] == [
            (p.name, p.postal_code, p.area, p.latitude) for p in places
        ]
        silent = {"places": (), "url": "", "contacts": (), "languages": ()}
        assert mine.but(**silent) == entry.but(**silent)
        assert set(mine.contacts) == {each for each in entry.contacts if each.is_public}
    assert {each.organisation for each in Service.objects.all()} == {together, next_door}
    assert FeedService.objects.count() == 6


def test_a_dry_run_says_it_all_and_writes_nothing(staff):
    done = take(feed_of(said(), said("Example other club")), staff, write=False)
    assert done.count(harvesting.NEW) == 2
    for model in (Service, Source, SourceRecord, Revision):
        assert not model.objects.exists()
    assert not Organisation.objects.filter(name="Example Far Away").exists()


def test_what_is_new_waits_for_staff_and_says_where_it_came_from(staff):
    far = said()
    take(feed_of(far), staff)
    service = Service.objects.get()
    assert (service.state, service.version, service.organisation.name) == ("draft", 0, "Example Far Away")
    assert not service.organisation.memberships.exists()
    assert service.revisions.waiting().get().submitted_by == staff
    kept = SourceRecord.objects.get()
    assert (kept.external_id, kept.source.harvested_at) == (UUID(far["id"]), NOW)
    assert Entry.from_json(kept.taken).name == "Example far club"


def test_harvesting_again_changes_nothing(staff):
    answers = feed_of(said())
    take(answers, staff)
    before = (Revision.objects.get().edit, Service.objects.get().version)
    done = take(answers, staff, now=LATER)
    assert done.steps == [(harvesting.SAME, "Example far club")]
    assert (Revision.objects.get().edit, Service.objects.get().version) == before


def test_a_field_only_they_changed_is_taken_and_one_edited_here_stays(staff):
    far = said(phones=[{"id": str(uuid4()), "number": "020 7946 0001"}])
    take(feed_of(far), staff)
    service = approved(Service.objects.get(), staff)
    mine = entry_of(service).but(phones=(PhoneLine("020 7946 0009"),), summary="Ours.")
    publish_entry(service=service, entry=mine, by=None, now=NOW)
    done = take(feed_of(far | {"alert": "New there"}), staff, now=LATER)
    assert done.steps == [(harvesting.CHANGED, "Example far club")]
    service.refresh_from_db()
    assert entry_of(service) == mine.but(alert="New there")
    assert not Revision.objects.open().exists()


def test_a_field_changed_on_both_sides_waits_for_staff_and_what_is_public_stays(staff):
    far = said()
    take(feed_of(far), staff)
    service = approved(Service.objects.get(), staff)
    publish_entry(service=service, entry=entry_of(service).but(description="Ours."), by=None, now=NOW)
    answers = feed_of(far | {"description": "Theirs.", "alert": "New"})
    done = take(answers, staff, now=LATER)
    assert done.steps == [(f"{harvesting.CONFLICT} (What it does)", "Example far club")]
    service.refresh_from_db()
    assert (service.description, service.alert) == ("Ours.", "New")
    waiting = Revision.objects.waiting().get()
    assert waiting.entry["description"] == "Theirs."
    assert take(answers, staff, now=LATER).steps == [(harvesting.SAME, "Example far club")]
    assert approved(service, staff).description == "Theirs."


def test_while_somebody_is_writing_a_change_it_is_left_for_next_time(staff):
    far = said()
    take(feed_of(far), staff)
    revision = Revision.objects.get()
    Revision.objects.update(entry=revision.entry | {"alert": "Staff are at it"})
    changed = feed_of(far | {"alert": "Theirs"})
    assert take(changed, staff).steps == [(harvesting.HELD, "Example far club")]
    service = approved(Service.objects.get(), staff)
    assert service.alert == "Staff are at it"
    assert take(changed, staff).steps == [(f"{harvesting.CONFLICT} (To know at once)", "Example far club")]


def test_what_is_missing_is_told_and_stays_public(staff):
    far, other = said(), said("Example other club")
    take(feed_of(far, other), staff)
    for service in Service.objects.all():
        approved(service, staff)
    for answers, what in (
        (feed_of(other), [harvesting.GONE]),
        (feed_of(other), []),
        (feed_of(far, other), [harvesting.BACK]),
        (feed_of(far | {"status": "inactive"}, other), [harvesting.GONE]),
    ):
        steps = take(answers, staff, now=LATER).steps
        assert [step for step, _ in steps if step != harvesting.SAME] == what
    assert SourceRecord.objects.get(external_id=far["id"]).gone_at == LATER
    assert Service.objects.published().count() == 2


def test_nothing_is_missing_from_a_feed_that_could_not_be_read_to_its_end(staff):
    far = said()
    take(feed_of(far), staff)
    broken = {"/": FRONT, "/services?page=1": page(total_pages=2), "/services?page=2": 500}
    broken["/services?page=1"] = page(said("Example other club"), total_pages=2)
    done = take(broken, staff)
    assert harvesting.GONE not in {what for what, _ in done.steps}
    assert "Page 2 could not be read: it answered 500." in done.problems


def test_organisations_are_known_by_number_then_by_source_then_by_name(staff, together, next_door):
    OrganisationIdentifier.objects.create(
        id=uuid4(), organisation=together, scheme="GB-CHC", identifier_type="Charity number", identifier="0000007"
    )
    number = {"identifier_scheme": "GB-CHC", "identifier_type": "Charity number", "identifier": "0000 007"}
    by_number = {"id": str(uuid4()), "name": "Another name", "organization_identifiers": [number]}
    take(feed_of(said("Example one", organization=by_number)), staff)
    by_source = {"id": by_number["id"], "name": "A third name"}
    by_name = {"id": str(uuid4()), "name": "example next door"}
    take(feed_of(said("Example two", organization=by_source), said("Example three", organization=by_name)), staff)
    found = dict(Service.objects.values_list("name", "organisation"))
    assert found == {"Example one": together.pk, "Example two": together.pk, "Example three": next_door.pk}


def test_a_place_hidden_here_is_never_proposed_with_their_address(staff):
    put_postcode("E8 1DY", 51.545, -0.055)
    address = {"address_1": "1 Example Street", "city": "London", "postal_code": "E8 1DY"}
    where = {"location": {"id": str(uuid4()), "location_type": "physical", "name": "House", "addresses": [address]}}
    far = said(service_at_locations=[where])
    take(feed_of(far), staff)
    service = approved(Service.objects.get(), staff)
    place = entry_of(service).places[0]
    hidden = Place(id=place.id, is_confidential=True, area=HACKNEY)
    publish_entry(service=service, entry=entry_of(service).but(places=(hidden,)), by=None, now=NOW)
    moved = where | {"location": where["location"] | {"name": "New House"}}
    take(feed_of(far | {"service_at_locations": [moved]}), staff, now=LATER)
    assert entry_of(service).places[0].is_confidential
    assert not Revision.objects.open().exists()


def test_a_place_keeps_its_id_when_the_feed_says_something_new_of_the_service(staff):
    put_postcode("E8 1DY", 51.545, -0.055)
    address = {"address_1": "1 Example Street", "city": "London", "postal_code": "E8 1DY"}
    far = said(service_at_locations=[{"location": {"name": "House", "addresses": [address]}}])
    take(feed_of(far), staff)
    service = approved(Service.objects.get(), staff)
    at = service.at_locations.get().pk
    take(feed_of(far | {"alert": "New"}), staff, now=LATER)
    service.refresh_from_db()
    assert (service.alert, service.at_locations.get().pk) == ("New", at)


# Feeds with mistakes

WRONG = {
    "name": 7,
    "minimum_age": "5",
    "maximum_age": float("inf"),
    "url": "javascript:alert(1)",
    "email": ["a@b.example.org"],
    "cost_options": {"amount": 5},
    "phones": [None, 3, {"number": 5}, {"number": " "}],
    "languages": "tur",
    "attributes": [{"taxonomy_term": []}, {"taxonomy_term": {"id": 5, "name": None}}],
    "service_areas": [{"uri": None}],
    "service_at_locations": [{"location": None}, {"location": {"latitude": "x", "accessibility": 5, "addresses": [5]}}],
    "x_referral_routes": [{"audience": ["family"], "documents": "x"}],
    "contacts": [{"name": {}}],
    "organization": [],
    "funding": [{"source": 5}],
}


@pytest.mark.parametrize("name", WRONG)
def test_a_field_of_the_wrong_type_is_passed_over(staff, name):
    bad = said("Example odd") | {name: WRONG[name]}
    done = take(feed_of(bad, said("Example good")), staff)
    assert done.count(harvesting.NEW) == (1 if name in ("name", "organization") else 2)
    for service in Service.objects.all():
        approved(service, staff)


def test_reading_is_strict_about_every_value_at_once():
    found = entry_from(WRONG | {"name": "A\0" + "b" * 300}, Known())
    assert found == Entry(name="A" + "b" * 119, places=(Place(),))


def test_one_service_that_cannot_be_read_leaves_the_others(staff):
    good, bad, odd, twice = said("Example good"), said("Example bad"), said("Example odd"), said("Example twice")
    answers = feed_of(good, bad, odd, twice, twice | {"name": "Example second"}, {"id": "abc"})
    answers[f"/services/{bad['id']}"] = b"<html>"
    answers[f"/services/{odd['id']}"] = good
    done = take(answers, staff)
    assert sorted(name for _, name in done.steps) == ["Example good", "Example second"]
    assert done.problems == [
        f"{bad['id']} could not be read: its answer is not JSON.",
        f"{odd['id']} could not be read: the answer is of another service.",
        f"{twice['id']} is in the list twice; the first is used.",
        "A service without a usable id was passed over.",
    ]


def test_pages_that_go_round_in_a_circle_end():
    far = said()
    answers = feed_of(far) | {f"/services?page={n}": page(far, total_pages=99) for n in range(1, 100)}
    with serving(answers) as url:
        feed = read_feed(url)
    assert (len(feed.services), feed.is_whole) == (1, False)
    assert feed.problems == ["Page 2 repeats what came before, so reading stopped there."]


def test_a_list_without_end_ends(monkeypatch):
    monkeypatch.setattr(reading, "MOST_SERVICES", 3)
    answers = {"/": FRONT} | {f"/services?page={n}": page(said(), total_pages=99) for n in range(1, 100)}
    with serving(answers) as url:
        feed = read_feed(url)
    assert len(feed.services) == 4
    assert feed.problems[-1] == "The list is too long, so reading stopped."


@pytest.mark.parametrize(
    ("answers", "why"),
    [
        ({"/": 500}, "answered 500"),
        ({"/": b"\xff\xfe not json"}, "not JSON"),
        ({"/": b"[" * 100_000}, "not JSON"),
        ({"/": []}, "does not say HSDS-UK-3.0"),
        ({"/": {"version": "HSDS-UK-1.0"}}, "does not say HSDS-UK-3.0"),
        ({"/": b" " * (reading.MOST_BYTES + 1)}, "too long"),
        ({"/": "http://127.0.0.2:1/"}, "another address"),
        ({"/": "ftp://127.0.0.1/"}, "another address"),
        ({"/": "/"}, "answered 302"),
        ({"/": FRONT}, "answered 404"),
        ({"/": FRONT, "/services?page=1": b"{"}, "not JSON"),
    ],
)
def test_a_feed_that_cannot_be_read_is_refused_in_words(answers, why):
    with serving(answers) as url, pytest.raises(CannotHarvest, match=why):
        read_feed(url)


@pytest.mark.parametrize(
    "address",
    ["", "far", "file:///etc/passwd", "ftp://far.example.org", "http://", "http://a:b@c.example.org", "http://a:x"],
)
def test_only_web_addresses_are_read(address):
    with pytest.raises(CannotHarvest, match="address of the feed"):
        read_feed(address)


def test_the_command_shows_first_and_writes_for_a_member_of_staff(staff):
    with serving(feed_of(said())) as url:
        shown = StringIO()
        call_command("harvest_oruk", url, stdout=shown)
        assert "Example far club: new, waits for staff." in shown.getvalue()
        assert "Nothing was written" in shown.getvalue()
        assert not Service.objects.exists()
        for by in (None, "nobody@example.org"):
            with pytest.raises(CommandError, match="Name a member of staff"):
                call_command("harvest_oruk", url, write=True, by=by)
        call_command("harvest_oruk", url, write=True, by=staff.email, stdout=StringIO())
        assert Service.objects.get().name == "Example far club"
        assert Source.objects.get().url == url
    with pytest.raises(CommandError, match="does not answer"):
        call_command("harvest_oruk", url)


def test_staff_see_what_came_from_where_and_what_is_missing_there(client, staff):
    far, other = said(), said("Example other club")
    take(feed_of(far, other), staff)
    take(feed_of(other), staff, now=LATER)
    sign_in(client, staff)
    sources = client.get("/admin/directory/source/").content.decode()
    assert "http://far.example.org/oruk/v3" in sources
    records = "/admin/directory/sourcerecord/"
    missing = client.get(records, {"gone_at__isempty": "0"}).content.decode()
    assert "Example far club" in missing
    assert "Example other club" not in missing
    one = SourceRecord.objects.get(external_id=far["id"])
    assert far["id"] in client.get(f"{records}{one.pk}/change/").content.decode()
    url = f"/admin/directory/source/{one.source_id}/change/"
    client.post(url, {"name": "Far directory", "licence": "Open Government Licence v3.0"})
    assert (Source.objects.get().name, Source.objects.get().licence) == (
        "Far directory",
        "Open Government Licence v3.0",
    )
