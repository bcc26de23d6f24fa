"""The feed over HTTP: what each parameter does, pages that stay, refusals that name what is wrong."""

import json
from datetime import time, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.utils import timezone

from chatr.testing.people import make_organisation

from ..models import FeedService, Schedule, Service, Taxonomy, Term, ThresholdLevel
from ..operations.listings import refresh
from ..operations.services import publish_entry, withdraw_service
from ..oruk import taxonomies
from ..queries import feed
from ..queries.entries import entry_of
from .feeding import HIDDEN, make_a_feed, verify
from .making import HACKNEY, NOW, bare, entry, publish, put_postcode

ROOT = "/oruk/v3/"
LISTS = ("services", "service_at_locations", "organizations", "taxonomies", "taxonomy_terms")


@pytest.fixture(autouse=True)
def anonymous_clock(monkeypatch):
    """The feed is read on the day after it was made."""
    monkeypatch.setattr(timezone, "now", lambda: NOW + timedelta(days=1))


@pytest.fixture
def made(together, next_door):
    return make_a_feed(together, next_door)


def ask(client, path: str, **asked):
    response = client.get(ROOT + path, asked)
    assert response.status_code == 200, response.content
    return response.json()


def names(client, path="services", **asked) -> set[str]:
    return {each["name"].removeprefix("Example ") for each in ask(client, path, per_page=500, **asked)["contents"]}


# The front


def test_behaviour_1_the_front_says_which_edition_it_is(client, db):
    response = client.get(ROOT)
    assert response["Access-Control-Allow-Origin"] == "*"
    assert response.json() == {
        "version": "HSDS-UK-3.0",
        "profile": "https://docs.openreferraluk.org/en/latest/",
        "openapi_url": "http://localhost:8000/oruk/v3/openapi.json",
    }


def test_nobody_needs_a_cookie_and_none_is_set(client, made):
    response = client.get(ROOT + "services")
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")


# Pages


@pytest.mark.parametrize(
    ("count", "page", "expected"),
    [
        (0, 1, (0, 0, 1, 0, True, True, True)),
        (0, 2, (0, 0, 2, 0, False, True, True)),
        (1, 1, (1, 1, 1, 1, True, True, False)),
        (3, 1, (3, 1, 1, 3, True, True, False)),
        (4, 1, (4, 2, 1, 3, True, False, False)),
        (4, 2, (4, 2, 2, 1, False, True, False)),
        (4, 3, (4, 2, 3, 0, False, True, True)),
        (4, 10**17, (4, 2, 10**17, 0, False, True, True)),
    ],
)
def test_behaviour_4_all_eight_fields_of_a_page_are_right(client, together, count, page, expected):
    for n in range(count):
        publish(together, bare(f"Example {n}"))
    found = ask(client, "services", per_page=3, page=page)
    fields = ("total_items", "total_pages", "page_number", "size", "first_page", "last_page", "empty")
    assert tuple(found[name] for name in fields) == expected
    assert list(found) == [*fields, "contents"]
    assert len(found["contents"]) == found["size"]


@pytest.mark.parametrize("per_page", [1, 2, 3, 5, 7, 100])
def test_pages_put_together_are_the_whole_list_in_its_order(client, made, per_page):
    whole = [each["id"] for each in ask(client, "services")["contents"]]
    assert whole == [str(service.pk) for service in made.values()]
    read, page = [], 1
    while not (found := ask(client, "services", per_page=per_page, page=page))["empty"]:
        read += [each["id"] for each in found["contents"]]
        page += 1
    assert read == whole


def test_paging_stays_while_entries_are_edited_withdrawn_and_added(client, together):
    made = [publish(together, bare(f"Example {n}")) for n in range(6)]
    read = [each["id"] for each in ask(client, "services", per_page=2, page=1)["contents"]]
    publish_entry(service=made[0], entry=entry_of(made[0]).but(alert="New"), by=None, now=NOW)
    withdraw_service(service=made[1], by=None, now=NOW)
    read += [each["id"] for each in ask(client, "services", per_page=2, page=2)["contents"]]
    publish(together, bare("Example new"))
    read += [each["id"] for each in ask(client, "services", per_page=2, page=3)["contents"]]
    assert read == [str(service.pk) for service in made]


@pytest.mark.parametrize("path", LISTS)
def test_a_page_asks_the_same_number_of_questions_however_long_it_is(client, made, path, django_assert_max_num_queries):
    for per_page in (1, 3):
        with django_assert_max_num_queries(4):
            ask(client, path, per_page=per_page)


def test_per_page_has_a_most(client, made):
    assert ask(client, "services", per_page=1_000_000)["size"] == len(made)
    assert "500" in json.dumps(ask(client, "openapi.json")["components"]["parameters"]["per_page"])


# Refusals

WRONG = [
    *(("page", value) for value in ("0", "-1", "abc", "", "1.5", "9" * 30, "1\0")),
    *(("per_page", value) for value in ("0", "-3", "x")),
    *(("minimum_age", value) for value in ("x", "-1", "nan", "Infinity", "")),
    *(("maximum_age", "x"), ("age", "seven"), ("proximity", "-5"), ("proximity", "nan"), ("proximity", "5e9")),
    *(("taxonomy_id", "abc"), ("taxonomy_term_id", "1"), ("organization_id", "\0")),
    *(("day", "Someday"), ("start_time", "25:00"), ("end_time", "9"), ("start_time", "24:01")),
    *(("postcode", "London"), ("postcode", "ZZ9 9ZZ"), ("postcode", "E8 1DY\0")),
    *(("search", "a\0b"), ("search", "a" * 201), ("modified_after", "yesterday"), ("modified_after", "0001-01-01T")),
    *(("modified_after", "0001-01-01T00:00:00+14:00"), ("format", "xml"), ("full", "maybe"), ("minimal", "1")),
]


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_behaviour_7_a_wrong_parameter_is_refused_by_its_name(client, made, name, value):
    asked = {name: value} | ({"postcode": "E8 1DY"} if name == "proximity" else {})
    response = client.get(ROOT + "service_at_locations", asked)
    assert response.status_code == 400
    assert response.json()["parameter"] == name
    assert response.json()["error"].startswith(f"{name}: ")
    assert response["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("page=1&page=2", "page"),
        ("proximity=500", "proximity"),
        ("format=ndjson&page=2", "page"),
        ("full=true&minimal=true", "minimal"),
    ],
)
def test_parameters_that_contradict_each_other_are_refused(client, db, query, name):
    response = client.get(f"{ROOT}service_at_locations?{query}")
    assert (response.status_code, response.json()["parameter"]) == (400, name)


@pytest.mark.parametrize("path", LISTS)
def test_behaviour_7_an_unknown_id_and_what_is_no_id_are_not_found_in_json(client, made, path):
    for pk in (str(uuid4()), "abc", "1", "%00", "é"):
        response = client.get(f"{ROOT}{path}/{pk}")
        assert (response.status_code, response.json()) == (404, {"error": "Not Found"}), pk
        assert response["Access-Control-Allow-Origin"] == "*"


def test_every_answer_is_open_to_scripts_of_any_site(client, made):
    there = f"{ROOT}services/{made['full'].pk}"
    etag = client.get(there)["ETag"]
    for response, status in (
        (client.get(ROOT + "nowhere"), 404),
        (client.get("/oruk/"), 404),
        (client.get("/oruk/v3"), 301),
        (client.get(ROOT + "services?page=0"), 400),
        (client.post(ROOT + "services"), 405),
        (client.delete(there), 405),
        (client.get(there, headers={"If-None-Match": etag}), 304),
        (client.head(there), 200),
        (client.options(there), 200),
        (client.get(ROOT + "services?format=ndjson"), 200),
    ):
        assert response.status_code == status
        assert response["Access-Control-Allow-Origin"] == "*"
        if status >= 400:
            assert "error" in response.json()
    assert client.options(there)["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"


def test_an_error_of_ours_is_json_too(client, made, monkeypatch):
    monkeypatch.setattr(feed, "page_of", lambda *args: 1 / 0)
    client.raise_request_exception = False
    response = client.get(ROOT + "services")
    assert (response.status_code, response.json()) == (500, {"error": "Internal Server Error"})
    assert response["Access-Control-Allow-Origin"] == "*"


def test_other_pages_are_not_opened(client, db):
    assert "Access-Control-Allow-Origin" not in client.get("/")


@pytest.mark.parametrize("path", ["openapi.json", *LISTS])
def test_a_slash_at_the_end_changes_nothing(client, made, path):
    assert client.get(ROOT + path + "/").content == client.get(ROOT + path).content


def test_who_has_it_already_is_told_so_until_it_changes(client, made):
    there = f"{ROOT}services/{made['full'].pk}"
    first = client.get(there)
    assert first["Cache-Control"] == "public, max-age=60"
    for headers in ({"If-None-Match": first["ETag"]}, {"If-Modified-Since": first["Last-Modified"]}):
        again = client.get(there, headers=headers)
        assert (again.status_code, again.content) == (304, b"")
    verify(made["full"], NOW + timedelta(days=1))
    for headers in ({"If-None-Match": first["ETag"]}, {"If-Modified-Since": first["Last-Modified"]}):
        assert client.get(there, headers=headers).status_code == 200


# Filters


def test_trap_5_minimum_and_maximum_age_are_literal_and_age_is_ours(client, together):
    for name, low, high in (("baby", 0, 2), ("school", 5, 11), ("open", 7, None), ("teens", Decimal("12.5"), 18)):
        publish(together, bare(f"Example {name}", minimum_age=low, maximum_age=high))
    publish(together, bare("Example any", any_age=True))
    publish(together, bare("Example silent"))
    assert names(client, minimum_age=7) == {"open", "teens"}
    assert names(client, maximum_age=11) == {"baby", "school"}
    assert names(client, age=7) == {"school", "open", "any", "silent"}
    assert names(client, age="0.5") == {"baby", "any", "silent"}
    assert names(client, age=[1, 2]) == {"baby", "any", "silent"}
    assert names(client, age=[2, 7]) == {"any", "silent"}
    assert names(client, minimum_age=5, maximum_age=11) == {"school"}


def test_terms_levels_languages_and_access_are_found_by_their_ids(client, made):
    need, access = Term.objects.get(code="counselling"), Term.objects.get(code="step-free")
    level = taxonomies.level_id(ThresholdLevel.objects.get().pk)
    turkish, bengali = taxonomies.language_id("tur"), taxonomies.language_id("ben")
    full = {"counselling “für alle”"}
    for pk in (level, turkish, access.pk):
        assert names(client, taxonomy_term_id=pk) == full
    assert names(client, taxonomy_term_id=need.pk) == full | {"closed club", "two places"}
    assert names(client, taxonomy_term_id=[need.pk, turkish]) == full
    assert names(client, taxonomy_term_id=bengali) == names(client, taxonomy_term_id=uuid4()) == set()
    needs = Taxonomy.objects.get(code="need").pk
    assert names(client, taxonomy_id=needs) == full | {"closed club", "two places"}
    assert names(client, taxonomy_id=[needs, taxonomies.LANGUAGES_ID]) == full
    assert names(client, taxonomy_id=uuid4()) == set()


def test_every_term_a_service_names_can_be_fetched_and_filters(client, made):
    whole = ask(client, f"services/{made['full'].pk}")
    at = ask(client, "service_at_locations", full="true")["contents"][0]
    linked = whole["attributes"] + [a for f in at["location"]["accessibility"] for a in f.get("attributes", ())]
    assert len(linked) == 7
    for each in linked:
        term = each["taxonomy_term"]
        if term.get("code") != "xyz":  # a language not in our list is still found by its service
            assert ask(client, f"taxonomy_terms/{term['id']}") == term
            assert "counselling “für alle”" in names(client, taxonomy_term_id=term["id"])
        assert ask(client, f"taxonomies/{term['taxonomy_id']}")["name"] == term["taxonomy"]


def test_a_term_above_finds_what_is_under_one_below(client, together):
    above = Term.objects.get(code="counselling")
    below = Term.objects.create(
        id=uuid4(), taxonomy=above.taxonomy, parent=above, code="play-therapy", name="Play therapy", description="Play."
    )
    publish(together, bare(terms=("play-therapy",)))
    assert names(client, taxonomy_term_id=above.pk) == names(client, taxonomy_term_id=below.pk) == {"bare service"}
    assert names(client, "taxonomy_terms", parent_id=above.pk) == {"Play therapy"}
    assert "Play therapy" not in names(client, "taxonomy_terms", top_only="true")
    assert "Play therapy" in names(client, "taxonomy_terms", taxonomy_id=above.taxonomy_id)
    assert "Online" not in names(client, "taxonomy_terms", taxonomy_id=above.taxonomy_id)


def test_search_finds_any_form_of_a_word(client, made):
    assert names(client, search="counsellors session") == {"counselling “für alle”", "closed club", "two places"}
    assert names(client, search="club -counsellor") == set()
    assert names(client, search="the") == set()
    assert names(client, search="  ") == names(client)


def test_day_and_times_are_those_of_one_session(client, together):
    service = publish(together, bare())
    for day, opens, closes in ((0, 9, 12), (0, 12, 17), (2, 18, 0), (5, 22, 0), (6, 0, 2)):
        Schedule.objects.create(id=uuid4(), service=service, day=day, opens_at=time(opens), closes_at=time(closes))
    refresh(service=service, now=NOW)
    publish(together, bare("Example silent"))
    for asked, found in (
        ({"day": "MO"}, True),
        ({"day": "mo"}, True),
        ({"day": "TU"}, False),
        ({"start_time": "18:00"}, True),
        ({"start_time": "22:01"}, False),
        ({"day": "MO", "start_time": "09:00", "end_time": "17:00"}, True),
        ({"day": "MO", "start_time": "09:30"}, False),
        ({"day": "MO", "end_time": "16:59"}, False),
        ({"day": "WE", "end_time": "00:00"}, True),
        ({"day": "SU", "end_time": "02:00"}, True),
        ({"day": "SA", "start_time": "22:00"}, True),
    ):
        assert names(client, **asked) == ({"bare service"} if found else set()), asked


def test_filters_narrow_one_another(client, made):
    together = made["full"].organisation_id
    assert names(client, organization_id=together) == {"counselling “für alle”", "bare service", "refuge"}
    assert names(client, organization_id=together, age=7, search="help") == {"bare service", "refuge"}
    assert names(client, organization_id=uuid4()) == set()


def test_a_postcode_finds_those_that_serve_its_borough_or_do_not_say(client, together):
    put_postcode("E8 1DY", 51.545, -0.055)
    put_postcode("N1 1AA", 51.5386, -0.1, gss="E09000019")
    publish(together, entry("Example here"))
    publish(together, entry("Example silent", areas=()))
    publish(together, entry("Example elsewhere", areas=("E09000019",)))
    publish(together, entry("Example online", areas=(), places=()))
    assert names(client, "service_at_locations", postcode="e81dy") == {"here", "silent"}
    assert names(client, "service_at_locations", postcode="N1  1AA") == {"silent", "elsewhere"}
    assert names(client, "service_at_locations", postcode="E8 1DY", proximity=100) == {"here", "silent"}
    assert names(client, "service_at_locations", postcode="N1 1AA", proximity=3000) == set()
    assert names(client, "service_at_locations", postcode="N1 1AA", proximity=3500) == {"silent", "elsewhere"}


def test_hours_at_a_hidden_place_lead_to_no_place(client, together):
    service = publish(together, bare("Example refuge", places=(HIDDEN,)))
    hours = {"day": 1, "opens_at": time(9), "closes_at": time(10)}
    Schedule.objects.create(id=uuid4(), service=service, at_location=service.at_locations.get(), **hours)
    refresh(service=service, now=NOW)
    said = ask(client, f"services/{service.pk}")
    assert "service_at_location_id" not in said["schedules"][0] and "service_at_locations" not in said


def test_a_hidden_place_is_near_no_postcode_and_in_no_answer(client, together):
    put_postcode("E8 1DY", 51.545, -0.055)
    service = publish(together, bare(places=(HIDDEN,), areas=(HACKNEY,)))
    assert names(client, "service_at_locations") == set()
    assert names(client, "service_at_locations", postcode="E8 1DY", proximity=9_999_999) == set()
    assert client.get(f"{ROOT}service_at_locations/{service.at_locations.get().pk}").status_code == 404


def test_behaviour_9_modified_after_finds_what_changed_itself_or_nested_and_nothing_else(client, made):
    at = NOW + timedelta(hours=1)
    assert names(client, modified_after=NOW.isoformat()) == names(client)
    assert names(client, modified_after=at.isoformat()) == set()
    at_location = made["two places"].at_locations.first()
    Schedule.objects.create(
        id=uuid4(), service=made["two places"], at_location=at_location, day=1, opens_at=time(9), closes_at=time(10)
    )
    refresh(service=made["two places"], now=at)
    verify(made["bare"], at)
    withdraw_service(service=Service.objects.get(pk=made["online"].pk), by=None, now=at)
    refresh(service=made["full"], now=at)
    for moment in ("2026-10-12T10:00:00.000Z", "2026-10-12T11:00:00+01:00", "2026-10-12T10:00:00"):
        assert names(client, modified_after=moment) == {"two places", "bare service", "online"}
    assert names(client, modified_after="2026-10-12T10:00:00.001Z") == set()
    assert client.get(ROOT + "services?modified_after=2026-10-12T11:00:00+01:00").json()["total_items"] == 3
    assert names(client, "service_at_locations", modified_after=at.isoformat()) == {"two places", "online"}
    status = {each["name"]: each["status"] for each in ask(client, "services", modified_after=at)["contents"]}
    assert status["Example online"] == "inactive"


def test_behaviour_9_a_change_is_found_by_the_moment_before_it_however_close(client, together):
    publish(together, bare(), now=NOW + timedelta(microseconds=123_456))
    said = ask(client, "services")["contents"][0]["last_modified"]
    for moment, found in (("09:00:00.123400Z", 1), (said[11:], 1), ("09:00:00.123457Z", 0)):
        assert ask(client, "services", modified_after=f"2026-10-12T{moment}")["total_items"] == found, moment


def test_behaviour_9_a_withdrawn_service_is_not_found_after_90_days(client, made, monkeypatch):
    there = f"{ROOT}services/{made['gone'].pk}"
    assert client.get(there).json()["status"] == "inactive"
    monkeypatch.setattr(timezone, "now", lambda: NOW + timedelta(days=89))
    assert client.get(there).status_code == 200
    monkeypatch.setattr(timezone, "now", lambda: NOW + timedelta(days=90))
    assert client.get(there).status_code == 404
    assert "club that ended" not in names(client)


def test_a_withdrawn_service_is_found_by_nothing_about_it(client, made):
    assert "club that ended" in names(client)
    assert "club that ended" in names(client, organization_id=made["gone"].organisation_id)
    assert "club that ended" not in names(client, search="club ended")


# Shapes asked for


def test_minimal_full_and_listed(client, made):
    first = {shape: ask(client, "services", **{shape: "true"})["contents"][0] for shape in ("minimal", "full")}
    assert first["minimal"].keys() == {"id", "name", "status", "last_modified"}
    assert first["full"] == ask(client, f"services/{made['full'].pk}")
    listed = ask(client, "services", full="false")["contents"][0]
    assert "service_areas" not in listed
    assert listed["organization"].keys() >= {"id", "name", "description", "parent_organization_id"}
    place = ask(client, "service_at_locations", minimal="true")["contents"][0]
    assert place.keys() == {"id", "service_id", "name", "status", "last_modified"}


def test_ndjson_is_the_whole_list_in_its_order_batch_by_batch(client, made, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(feed, "A_BATCH", 2)
    response = client.get(ROOT + "services?format=ndjson")
    assert response["Content-Type"] == "application/x-ndjson"
    with django_assert_num_queries(5):  # seven rows and the end
        lines = b"".join(response.streaming_content).splitlines()
    assert [json.loads(line) for line in lines] == ask(client, "services")["contents"]


def test_ndjson_reads_no_further_than_it_sends(made, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(feed, "A_BATCH", 2)
    lines = feed.everything(FeedService.objects.all(), "item")
    with django_assert_num_queries(1):
        next(lines), next(lines)


def test_organisations_are_those_with_a_service_and_those_above_them(client, made):
    make_organisation("Example Without Services", "without.example.org")
    assert names(client, "organizations") == {"Families Together", "Next Door"}
    together = made["full"].organisation_id
    whole = ask(client, f"organizations/{together}")
    assert whole["website"] == "https://together.example.org/%C3%BCber%20uns?q=%C3%A4"
    assert whole["organization_identifiers"][0]["identifier"] == "0000001"
    assert whole in ask(client, "organizations", full="true")["contents"]
    assert whole == ask(client, f"services/{made['full'].pk}")["organization"]


def test_web_addresses_are_written_in_letters_every_reader_takes(client, made):
    said = ask(client, f"services/{made['full'].pk}")
    assert said["url"] == "https://xn--bcher-kva.example.org/a%20b?name=%C3%BC#top"
    assert said["minimum_age"] == 0.5 and said["maximum_age"] == 11
    assert said["cost_options"][0]["amount"] == 12.5


def test_the_document_names_exactly_what_each_address_takes(client, made):
    """Each parameter it names does something: a wrong value of each is refused, and one it does not name is not."""
    document = ask(client, "openapi.json")
    for path in LISTS:
        taken = {each["$ref"].split("/")[-1] for each in document["paths"][f"/{path}"]["get"]["parameters"]}
        for name in document["components"]["parameters"]:
            status = client.get(ROOT + path, {name: "\0"}).status_code
            assert status == (400 if name in taken else 200), (path, name)
