"""A file of services: written in plain words, read back as it was, refused with the row and column, all or nothing."""

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chatr.audit.models import AuditEvent
from chatr.spreadsheets.reading import read_table
from chatr.spreadsheets.writing import csv_response, xlsx_response

from ..models import (
    ConfidentialAddress,
    FeedPlace,
    FeedService,
    Listing,
    Location,
    Revision,
    Service,
    ServiceAtLocation,
    ThresholdFramework,
    ThresholdLevel,
)
from ..operations.services import publish_entry, withdraw_service
from ..operations.sheets import CannotImport, export_services, import_services
from ..queries.entries import entry_of
from ..rules.entries import ContactLine, Entry, PhoneLine, Place, Price, Route
from ..sheets.columns import COLUMNS, HEADINGS, KEYS
from ..sheets.plan import plan_sheet
from ..words import TERMS
from .making import CITY, HACKNEY, NOW, bare, entry, publish, put_postcode

FULL = entry(
    alert="=SUM(A1:A9) is no formula",
    who_for="-Children\n\n+ Families\twho need it",
    url="https://together.example.org/help?a=1,2",
    email="hello@together.example.org",
    prices=(Price("A session", Decimal("12.5"), "per hour"), Price(amount_description="what you can")),
    languages=("tur", "ben", "bfi"),
    phones=(PhoneLine("+44 20 7946 0001", "Mornings, and 1 to 2"), PhoneLine("020 7946 0002")),
    contacts=(ContactLine("Ana Example", "Manager", True), ContactLine(title="Duty desk")),
    areas=(CITY, HACKNEY),
    terms=("counselling", "children", "online", "money"),
    family=Route(is_open=False),
    professional=Route(how="@ us\nor ring", consent="no", documents=("A letter", "A plan"), what_next="We ring."),
    places=(
        Place(name="Example House", address_1="1 Example Street", city="London", postal_code="E8 1DY"),
        Place(kind="virtual", name="Online", access={"bsl": "yes", "hearing-loop": "no"}),
        Place(is_confidential=True, area=HACKNEY),
    ),
    interpreters="yes",
    is_sensitive=True,
    cycle_months=6,
)


@pytest.fixture(autouse=True)
def postcodes(db):
    put_postcode("E8 1DY", 51.545, -0.055)
    put_postcode("EC2A 1AA", 51.52, -0.08, CITY)


def as_file(rows=None, kind="csv"):
    """The export, through a file and back: row numbers and cells."""
    rows = export_services(by=None) if rows is None else rows
    respond = {"csv": csv_response, "xlsx": xlsx_response}[kind]
    data = b"".join(respond(f"services.{kind}", HEADINGS, rows))
    return [(row.number, dict(row.cells)) for row in read_table(data, f"services.{kind}").rows]


def public():
    """Every byte anybody outside may read, and what would move if an entry were written again."""
    return (
        list(Service.objects.order_by("pk").values()),
        list(Listing.objects.order_by("pk").values()),
        list(FeedService.objects.order_by("pk").values()),
        list(FeedPlace.objects.order_by("pk").values()),
        list(Location.objects.order_by("pk").values()),
        list(ServiceAtLocation.objects.order_by("pk").values()),
    )


def typed(rows, **changes):
    """The first row of a file with some cells typed anew."""
    number, cells = rows[0]
    return [(number, cells | changes), *rows[1:]]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_importing_an_export_changes_nothing(together, next_door, staff, kind):
    publish(together, FULL)
    publish(next_door, bare())
    withdraw_service(service=publish(next_door, entry("Example gone")), by=None, now=NOW)
    before = public()
    plan = plan_sheet(as_file(kind=kind))
    assert (plan.rows, plan.refused, plan.unchanged) == ([], [], 3)
    assert not plan.can_be_written
    assert public() == before


def test_a_row_without_its_id_is_read_as_the_entry_it_was_written_from(together):
    publish(together, FULL)
    rows = as_file()
    Service.objects.all().delete()
    Location.objects.all().delete()
    [(number, cells)] = rows
    cells["places"] = "\n".join(line for line in cells["places"].splitlines() if not line.startswith("id:"))
    plan = plan_sheet([(number, cells | {"id": ""})])
    assert [str(each) for each in plan.refused] == []
    read = plan.new[0].entry
    assert read.but(places=()) == FULL.but(places=(), terms=read.terms)
    assert set(read.terms) == set(FULL.terms)
    assert [(place.name, place.access, place.is_confidential) for place in read.places] == [
        (place.name, place.access, place.is_confidential) for place in FULL.places
    ]


words = st.text(
    st.characters(exclude_categories=("Cs",), exclude_characters="\x00"), min_size=0, max_size=40
) | st.sampled_from(["=1+1", "'=1", "@x", "- a", "+1", "\t=x", "a\r\nb", " spaced ", "x | y", '“quoted”, "twice"'])
some_words = words.map(lambda text: text.strip() or "words")


def routes():
    return st.none() | st.builds(
        Route,
        is_open=st.booleans(),
        how=words,
        phone=words.map(lambda text: text[:40]),
        consent=st.sampled_from(["", "yes", "no"]),
        documents=st.lists(some_words.map(lambda text: " ".join(text.split())), max_size=3).map(tuple),
        what_next=words,
    )


entries = st.builds(
    Entry,
    name=some_words,
    description=some_words,
    summary=words,
    who_for=words,
    not_for=words,
    funding=words,
    minimum_age=st.none() | st.decimals(0, 10, places=2),
    maximum_age=st.none() | st.decimals(10, 99, places=2),
    cost=st.sampled_from(["", "free", "paid"]),
    prices=st.lists(st.builds(Price, words, st.none() | st.decimals(0, 999, places=2), words), max_size=2).map(tuple),
    interpreters=st.sampled_from(["", "yes", "no"]),
    languages=st.lists(st.sampled_from(["tur", "ben", "bfi", "yid"]), unique=True, max_size=3).map(tuple),
    family=routes(),
    professional=routes(),
    phones=st.lists(st.builds(PhoneLine, words, words), max_size=2).map(tuple),
    contacts=st.lists(st.builds(ContactLine, words, words, st.booleans()), max_size=2).map(tuple),
    terms=st.lists(
        st.sampled_from([term[0] for name in ("need", "group", "mode") for term in TERMS[name]]),
        unique=True,
        max_size=6,
    ).map(tuple),
    areas=st.lists(st.sampled_from([HACKNEY, CITY]), unique=True).map(tuple),
    places=st.lists(
        st.builds(
            Place,
            kind=st.sampled_from(["physical", "postal", "virtual"]),
            name=words,
            description=words,
            postal_code=st.sampled_from(["", "E8 1DY", "EC2A 1AA", "N1 9ZZ"]),
            access=st.dictionaries(st.sampled_from(["bsl", "step-free"]), st.sampled_from(["yes", "no"])),
        )
        | st.builds(Place, is_confidential=st.just(True), area=st.sampled_from([HACKNEY, CITY])),
        max_size=3,
    ).map(tuple),
    is_sensitive=st.booleans(),
    cycle_months=st.sampled_from([1, 3, 6, 12]),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(entries, min_size=1, max_size=3))
def test_a_round_trip_of_any_entries_changes_no_byte(together, several):
    Service.objects.all().delete()
    Location.objects.all().delete()
    for each in several:
        publish(together, each)
    before = public()
    plan = plan_sheet(as_file())
    assert ([str(each) for each in plan.refused], plan.rows, plan.unchanged) == ([], [], len(several))
    assert public() == before


def test_formulas_are_neutralised_in_the_file_and_read_back_as_they_were(together):
    publish(together, FULL)
    data = b"".join(csv_response("services.csv", HEADINGS, export_services(by=None))).decode("utf-8-sig")
    assert "'=SUM(A1:A9)" in data
    assert "\n=SUM" not in data and ",=SUM" not in data
    assert as_file()[0][1]["to_know_at_once"] == FULL.alert


def test_a_changed_cell_is_shown_field_by_field_and_written_as_the_next_approved_version(together, staff):
    service = publish(together, FULL)
    rows = typed(as_file(), youngest_age="6", families_may_ask="yes", families_phone="020 7946 0009")
    plan = plan_sheet(rows)
    assert [(change.label, change.before, change.after) for change in plan.changed[0].changes] == [
        ("Ages", ("Ages 5 to 11",), ("Ages 6 to 11",)),
        ("How a family asks", ("They cannot ask themselves",), ("They can ask", "Phone: 020 7946 0009")),
    ]
    before = entry_of(service)
    version = service.version
    import_services(plan=plan, by=staff, now=NOW)
    service.refresh_from_db()
    assert service.version == version + 1
    assert entry_of(service) == before.but(minimum_age=Decimal(6), family=Route(phone="020 7946 0009"))
    assert plan_sheet(rows).unchanged == 1
    assert AuditEvent.objects.get(action="directory.services_imported").details == {"new": 0, "changed": 1}


def test_a_column_that_is_not_in_the_file_changes_nothing(together, staff):
    service = publish(together, FULL)
    plan = plan_sheet([(2, {"id": str(service.pk), "in_one_line": "In other words."})])
    import_services(plan=plan, by=staff, now=NOW)
    service.refresh_from_db()
    assert entry_of(service).but(places=()) == FULL.but(summary="In other words.", places=())


def test_a_new_service_is_published_and_the_same_file_again_changes_nothing(together, staff):
    rows = [
        (
            2,
            {
                "organisation": "example families TOGETHER",
                "name": "Example drop-in",
                "what_it_does": "Tea and talking.",
                "needs": "anxiety and worry\nmoney",
                "cost": "Free",
                "places": "postcode: e81dy\nhas: Step-free entrance; hearing-loop",
            },
        )
    ]
    import_services(plan=plan_sheet(rows), by=staff, now=NOW)
    made = entry_of(Service.objects.published().get())
    assert (made.terms, made.cost) == (("anxiety-and-worry", "money"), "free")
    assert (made.places[0].postal_code, made.places[0].area) == ("E8 1DY", HACKNEY)
    assert made.places[0].access == {"step-free": "yes", "hearing-loop": "yes"}
    plan = plan_sheet([(2, rows[0][1] | {"places": as_file()[0][1]["places"], "needs": as_file()[0][1]["needs"]})])
    assert ([str(each) for each in plan.refused], plan.unchanged) == ([], 1)


@pytest.mark.parametrize(
    ("column", "text", "said"),
    [
        ("name", "", "Row 2, “name”: it is empty, and it must say something."),
        ("name", "x" * 121, "is too long: 120 letters at most."),
        ("web_page", "together.example.org", "is not a web address. One starts with https://."),
        ("e_mail", "hello at together", "“hello at together” is not an e-mail address."),
        ("every_age", "yes", "Row 2, “every age”: it says every age, and gives ages too."),
        ("oldest_age", "2", "Row 2, “oldest age”: the oldest age is below the youngest."),
        ("youngest_age", "five", "“five” is not a number."),
        ("youngest_age", "-1", "ages are between 0 and 120 years."),
        ("cost", "cheap", "it says “cheap”. Write free or costs money"),
        ("needs", "Anxeity", "Row 2, “needs”: “Anxeity” is not in the list."),
        ("boroughs", "Essex", "Row 2, “boroughs”: “Essex” is not in the list."),
        ("languages", "Elvish-ish", "is not a language we know"),
        ("families_consent_needed", "maybe", "it says “maybe”. Write yes or no"),
        ("prices", "A | b | c | d", "has 4 parts, and there may be 3."),
        ("verified_every", "2", "write 1, 3, 6 or 12."),
        ("places", "postcode: E8 1DYY", "“E8 1DYY” is not a postcode."),
        ("places", "a house", "does not begin like “postcode:”"),
        ("places", "address not shown: yes", "needs its borough"),
        ("places", "address not shown: yes\nborough: Hackney\npostcode: E8 1DY", "and nothing else"),
        ("places", "id: 5b6a3e8c-0000-4000-8000-000000000000", "there is no place"),
        ("organisation", "Example Nobody", "there is no organisation “Example Nobody” on the portal"),
        ("organisation", "Example Next Door", "A file cannot move it."),
        ("state", "Not public yet", "a file cannot publish a service or withdraw it"),
        ("id", "not an id", "there is no service “not an id”"),
    ],
)
def test_what_is_wrong_is_said_with_its_row_and_column_and_nothing_is_written(
    together, next_door, staff, column, text, said
):
    publish(together, FULL.but(name="A first"))
    publish(together, bare("B second"))
    rows = typed(as_file(), **{column: text})
    rows[1][1]["in_one_line"] = "A good change beside the bad one."
    before = public()
    plan = plan_sheet(rows)
    assert said in str(plan.refused[0]), plan.refused
    assert len(plan.changed) == 1 and not plan.can_be_written
    with pytest.raises(CannotImport):
        import_services(plan=plan, by=staff, now=NOW)
    assert public() == before


def test_the_hidden_address_of_a_refuge_is_in_no_file_and_survives_an_import(together, staff):
    service = publish(together, FULL)
    hidden = Location.objects.get(is_confidential=True)
    ConfidentialAddress.objects.create(location=hidden, address="9 Example Lane", postcode="E5 0XX")
    before = export_services(by=None)
    ConfidentialAddress.objects.update(postcode="N1 9ZZ")
    assert export_services(by=None) == before
    assert "9 Example Lane" not in str(before) and "E5 0XX" not in str(before)
    assert f"borough: Hackney\naddress not shown: yes\nid: {hidden.pk}" in str(before[0][KEYS.index("places")])
    import_services(plan=plan_sheet(typed(as_file(), in_one_line="Anew.")), by=staff, now=NOW)
    assert ConfidentialAddress.objects.get().location == hidden
    assert service.at_locations.filter(location=hidden).exists()


def test_a_file_cannot_show_the_address_of_a_hidden_place(together):
    publish(together, FULL)
    rows = as_file()
    shown = rows[0][1]["places"].replace("address not shown: yes", "postcode: E8 1DY")
    assert "cannot show the address" in str(plan_sheet(typed(rows, places=shown)).refused[0])


def test_a_place_hidden_by_a_file_leaves_waiting_proposals_too(together, staff):
    service = publish(together, entry())
    proposed = entry_of(service).but(summary="Waiting.")
    Revision.objects.create(
        service=service, base_version=1, base=proposed.as_json(), entry=proposed.as_json(), edited_at=NOW
    )
    place = service.at_locations.get().location
    hidden = f"borough: Hackney\naddress not shown: yes\nid: {place.pk}"
    import_services(plan=plan_sheet(typed(as_file(), places=hidden)), by=staff, now=NOW)
    place.refresh_from_db()
    assert (place.is_confidential, place.postal_code) == (True, "")
    assert "E8 1DY" not in str(Revision.objects.values())
    assert ConfidentialAddress.objects.get().postcode == "E8 1DY"


def test_another_postcode_brings_its_own_borough_and_coordinates(together, staff):
    service = publish(together, entry())
    rows = as_file()
    moved = rows[0][1]["places"].replace("E8 1DY", "EC2A 1AA")
    import_services(plan=plan_sheet(typed(rows, places=moved)), by=staff, now=NOW)
    place = service.at_locations.get().location
    assert (place.postal_code, place.area_id, round(place.latitude, 2)) == ("EC2A 1AA", CITY, 51.52)


def test_a_service_no_longer_public_is_not_changed_by_a_file(together):
    withdraw_service(service=publish(together, entry()), by=None, now=NOW)
    plan = plan_sheet(typed(as_file(), in_one_line="Back again."))
    assert "no longer public" in str(plan.refused[0])


def test_a_service_that_changed_after_the_preview_stops_the_whole_import(together, staff):
    service = publish(together, entry("Example one"))
    publish(together, entry("Example two"))
    rows = as_file()
    for _, cells in rows:
        cells["in_one_line"] = "Anew."
    plan = plan_sheet(rows)
    publish_entry(service=service, entry=entry_of(service).but(alert="Moved."), by=None, now=NOW)
    with pytest.raises(CannotImport, match="changed meanwhile"):
        import_services(plan=plan, by=staff, now=NOW)
    assert not Service.objects.filter(summary="Anew.").exists()


def test_a_service_twice_in_a_file_is_refused(together):
    publish(together, entry())
    rows = as_file()
    plan = plan_sheet([*rows, (3, rows[0][1])])
    assert str(plan.refused[0]) == "Row 3: this service is in row 2 already."


def test_levels_are_named_by_their_borough_and_document(together, staff):
    framework = ThresholdFramework.objects.create(area_id=HACKNEY, title="Example framework", is_published=True)
    level = ThresholdLevel.objects.create(framework=framework, order=1, name="Example early help")
    publish(together, entry(levels=(str(level.pk),)))
    [(_, cells)] = as_file()
    assert cells["levels_of_need"].startswith("Hackney: Example early help (from ")
    assert plan_sheet(as_file()).unchanged == 1
    assert plan_sheet(typed(as_file(), levels_of_need="")).changed[0].entry.levels == ()


def test_every_column_is_described_for_people():
    told = (Path(__file__).parents[3] / "docs" / "directory-csv.md").read_text()
    for column in COLUMNS:
        assert f"`{column.heading}`" in told, column.heading
