"""Every answer of every address of the feed, against the schemas of Open Referral UK 3.0 and our own promises."""

import json

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from .feeding import blanks, faults, make_a_feed  # noqa: F401 (a fixture)

LISTS = {
    "services": ("service_list", "service"),
    "service_at_locations": ("service_at_location_list", "service_at_location"),
    "organizations": ("organization_list", "organization"),
    "taxonomies": ("taxonomy", "taxonomy"),
    "taxonomy_terms": ("taxonomy_term", "taxonomy_term"),
}


@pytest.fixture
def made(together, next_door):
    return make_a_feed(together, next_door)


def get(client, path: str):
    response = client.get(f"/oruk/v3/{path}")
    assert response.status_code == 200, (path, response.content)
    assert response["Access-Control-Allow-Origin"] == "*"
    assert response["Content-Type"] == "application/json"
    return response.json()


def pages(client, path: str) -> list[dict]:
    """The first, the middle and the last page, as the official validator asks for them, two on each."""
    first = get(client, f"{path}?per_page=2")
    last = first["total_pages"]
    return [first, *(get(client, f"{path}?per_page=2&page={page}") for page in (max(1, last // 2), last))]


def every(client, path: str) -> list[dict]:
    return get(client, f"{path}?per_page=500")["contents"]


@pytest.mark.parametrize("path", LISTS)
def test_behaviour_2_first_middle_and_last_page_and_every_id_validate(client, made, faults, path):  # noqa: F811
    listed, single = LISTS[path]
    for page in pages(client, path):
        assert page["contents"], path
        assert [faults(listed, each) for each in page["contents"]] == [[]] * page["size"]
    for each in every(client, path):
        whole = get(client, f"{path}/{each['id']}")
        assert whole["id"] == each["id"]
        assert faults(single, whole) == [], whole


def test_trap_1_a_service_at_location_passes_for_a_service_too(client, made, faults):  # noqa: F811
    ids = [each["id"] for each in every(client, "service_at_locations")]
    assert len(ids) == 6
    for pk in ids:
        whole = get(client, f"service_at_locations/{pk}")
        assert faults("service", whole) == faults("service_at_location", whole) == []


def test_trap_3_the_schemas_find_what_is_wrong(client, made, faults):  # noqa: F811
    """So that an empty list of faults means something."""
    whole = get(client, f"services/{made['full'].pk}")
    wrong = ({"url": None}, {"url": ""}, {"minimum_age": "5"}, {"id": "abc"}, {"status": "open"}, {"email": "nobody"})
    for each in wrong:
        assert len(faults("service", whole | each)) == 1, each
    whole["schedules"][0]["freq"] = "DAILY"
    del whole["service_at_locations"][0]["location"]["addresses"][0]["state_province"]
    del whole["attributes"][0]["taxonomy_term"]["description"]
    assert len(faults("service", whole)) == 3


def test_full_and_filtered_lists_and_exports_validate_too(client, made, faults):  # noqa: F811
    for path in ("services", "service_at_locations"):
        single = LISTS[path][1]
        for each in get(client, f"{path}?full=true")["contents"]:
            assert faults(single, each) == []
        for query, schema in (("", LISTS[path][0]), ("&full=true", single), ("&minimal=true", LISTS[path][0])):
            lines = b"".join(client.get(f"/oruk/v3/{path}?format=ndjson{query}").streaming_content).splitlines()
            assert len(lines) == get(client, path)["total_items"]
            assert [faults(schema, json.loads(line)) for line in lines] == [[]] * len(lines)


@pytest.mark.parametrize("path", LISTS)
def test_behaviour_6_nothing_blank_anywhere(client, made, path):
    """Runs everywhere: it needs no schema but our own."""
    for each in every(client, path):
        whole = get(client, f"{path}/{each['id']}")
        assert blanks(each) == blanks(whole) == []


@pytest.mark.parametrize("path", LISTS)
def test_every_answer_is_as_our_own_document_says(client, made, path):
    document = get(client, "openapi.json")
    shapes = {"$schema": "https://json-schema.org/draft/2020-12/schema", "components": document["components"]}
    for at, answers in (
        (f"/{path}", pages(client, path)),
        (f"/{path}/{{id}}", [get(client, f"{path}/{each['id']}") for each in every(client, path)]),
    ):
        schema = document["paths"][at]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        checker = Draft202012Validator(shapes | schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
        for answer in answers:
            assert [f"{fault.json_path}: {fault.message[:200]}" for fault in checker.iter_errors(answer)] == []


def test_behaviour_11_the_document_loads_in_a_strict_validator_and_names_the_server(client, db):
    document = get(client, "openapi.json")
    validate(document)
    assert document["servers"] == [{"url": "http://localhost:8000/oruk/v3"}]
    assert "raw.githubusercontent" not in json.dumps(document)
    assert '"time"' not in json.dumps(document)
