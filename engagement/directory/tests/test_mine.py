"""Editors' pages: what they write waits, comes back as typed, and belongs to their organisation alone."""

import re
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from chatr.accounts.models import Membership
from chatr.audit.models import AuditEvent
from chatr.spreadsheets.reading import read_table

from ..forms.entries import SECTIONS
from ..models import ConfidentialAddress, Location, Revision, Service
from ..operations.revisions import approve_revision
from ..queries.entries import entry_of
from ..rules.entries import ContactLine, Entry, PhoneLine, Price, Route
from ..sheets.plan import plan_sheet
from .making import CITY, HACKNEY, entry, make_editor, publish, put_postcode

ODD = "“Quotes” <script>alert('x')</script> & ‏שלום‏ 🧸 =1+1"


@pytest.fixture(autouse=True)
def postcode(db):
    put_postcode("E8 1DY", 51.545, -0.055)


@pytest.fixture
def service(together):
    return publish(together, entry(), now=timezone.now())


@pytest.fixture
def mine(client, sign_in, editor):
    return sign_in(client, editor)


def url(name, service, *more):
    return reverse(f"directory:{name}", args=[service.pk, *more])


def boxes(client, address):
    """What a browser would post back of a page, untouched."""
    response = client.get(address)
    assert response.status_code == 200, address
    form = response.context["form"]
    data = {"seen": response.context["seen"]} if "seen" in response.context else {}
    for bound in form:
        value = bound.value()
        if value in (None, False, [], ""):
            continue
        if hasattr(value, "year") and hasattr(bound.field, "fields"):
            data |= {f"{bound.html_name}_0": value.day, f"{bound.html_name}_1": value.month}
            data[f"{bound.html_name}_2"] = value.year
        else:
            data[bound.html_name] = "on" if value is True else value
    return data | {f"{name}-rows": count for name, count in getattr(form, "counts", {}).items()}


def write(client, service, section, **changes):
    """Open a part, change some boxes, save it."""
    address = url("edit-section", service, section)
    data = boxes(client, address) | changes
    return client.post(address, {name: value for name, value in data.items() if value is not None})


def written(service) -> Entry:
    return Entry.from_json(Revision.objects.open().get(service=service).entry)


PAGES = ("my-service", "edit-service", "check-service", "take-back", "throw-away", "hours", "space", "close-service")


@pytest.mark.parametrize("name", [*PAGES, "reopen-service"])
def test_behaviour_29_the_next_organisations_editor_finds_no_page_of_ours(client, sign_in, neighbour, service, name):
    publish(neighbour.memberships.get().organisation, entry("Example of next door"), now=timezone.now())
    sign_in(client, neighbour)
    before = Service.objects.filter(pk=service.pk).values().get()
    assert client.get(url(name, service)).status_code == 404
    assert client.post(url(name, service), {"state": "full", "name": "Ours"}).status_code == 404
    assert Service.objects.filter(pk=service.pk).values().get() == before


def test_behaviour_29_nor_a_part_of_the_entry_nor_a_place_to_hide(client, sign_in, neighbour, service):
    sign_in(client, neighbour)
    hide = url("hide-address", service, Location.objects.get().pk)
    for address in (*(url("edit-section", service, slug) for slug in SECTIONS), hide):
        assert client.get(address).status_code == 404
        assert client.post(address, {"name": "Ours", "area": HACKNEY}).status_code == 404
    assert not Revision.objects.exists()
    assert not Location.objects.get().is_confidential


def test_behaviour_29_a_place_of_another_organisation_is_not_hidden_through_ones_own_service(
    client, sign_in, neighbour, next_door, service
):
    theirs = publish(next_door, entry("Example of next door"), now=timezone.now())
    sign_in(client, neighbour)
    ours = service.at_locations.get().location
    assert client.post(url("hide-address", theirs, ours.pk), {"area": HACKNEY}).status_code == 404
    ours.refresh_from_db()
    assert not ours.is_confidential


def test_behaviour_29_a_removed_member_loses_every_page_on_the_next_request(mine, editor, service):
    assert mine.get(url("edit-service", service)).status_code == 200
    Membership.objects.filter(user=editor).update(valid_to=timezone.localdate())
    assert mine.get(url("edit-service", service)).status_code == 404
    assert mine.post(url("space", service), {"state": "full"}).status_code == 404
    assert mine.get(reverse("directory:mine")).status_code == 404
    assert mine.post(reverse("directory:add-service"), {"name": "x", "description": "y"}).status_code == 404
    assert mine.get(reverse("directory:hand-over")).status_code == 404


def test_a_colleague_who_may_not_edit_finds_nothing(client, sign_in, together, service):
    from chatr.testing.people import make_person

    sign_in(client, make_person("Cora Colleague", "cora@together.example.org", together))
    assert client.get(reverse("directory:mine")).status_code == 404
    assert client.get(url("my-service", service)).status_code == 404


def test_a_stranger_is_asked_to_sign_in(client, service):
    assert client.get(url("my-service", service)).status_code == 302


def test_the_list_costs_as_many_queries_with_three_services_as_with_one(mine, together, keeps_one_query_count):
    keeps_one_query_count(
        lambda: publish(together, entry(), now=timezone.now()), lambda: mine.get(reverse("directory:mine"))
    )


def test_a_first_entry_thrown_away_is_gone_from_the_list(mine, service):
    mine.post(reverse("directory:add-service"), {"name": "Example never", "description": "A club."})
    draft = Service.objects.get(name="Example never")
    assert "the service goes with it" in mine.get(url("throw-away", draft)).content.decode()
    page = mine.post(url("throw-away", draft), follow=True)
    assert page.redirect_chain[-1][0] == reverse("directory:mine")
    assert "Example never is thrown away." in page.content.decode()
    assert [row.service for group in page.context["groups"] for row in group.rows] == [service]


def test_the_file_of_ones_services_reads_in_again_and_has_no_one_elses(client, sign_in, mine, service, neighbour):
    theirs = publish(neighbour.memberships.get().organisation, entry("Example of next door"), now=timezone.now())
    answer = mine.get(reverse("directory:download-mine"))
    assert answer["Content-Disposition"].startswith("attachment")
    text = b"".join(answer.streaming_content).decode()
    assert str(service.pk) in text
    assert theirs.name not in text
    assert AuditEvent.objects.get(action="directory.services_exported").details == {"rows": 1}
    plan = plan_sheet([(row.number, dict(row.cells)) for row in read_table(text.encode(), "services.csv").rows])
    assert (plan.refused, plan.unchanged) == ([], 1)
    sign_in(client, neighbour)
    other = b"".join(client.get(reverse("directory:download-mine")).streaming_content).decode()
    assert theirs.name in other
    assert str(service.pk) not in other


def test_somebody_who_edits_nothing_downloads_nothing(client, sign_in, together, service):
    from chatr.testing.people import make_person

    sign_in(client, make_person("Cora Colleague", "cora@together.example.org", together))
    assert client.get(reverse("directory:download-mine")).status_code == 404


@pytest.mark.parametrize("slug", list(SECTIONS))
def test_saving_a_part_untouched_changes_nothing(mine, together, slug):
    full = entry(
        prices=(Price("A session", Decimal("12.5"), "per hour"),),
        languages=("tur", "tir"),
        phones=(PhoneLine("020 7946 0001", "Mornings"),),
        contacts=(ContactLine("Ana Example", "Manager", True),),
        areas=(HACKNEY, CITY),
        terms=("counselling", "children", "online"),
        minimum_age=Decimal("0.08"),
        cost="paid",
        professional=Route(
            how="Send it.", consent="yes", documents=("A letter", "A plan"), url="https://a.example.org"
        ),
        summary=ODD,
    )
    service = publish(together, full, now=timezone.now())
    response = write(mine, service, slug)
    assert response.status_code == 302, response.context["form"].errors
    assert written(service) == entry_of(Service.objects.get(pk=service.pk))


def test_what_was_typed_is_kept_whatever_it_is(mine, service):
    long = "ש" * 1999 + "🧸"
    write(mine, service, "what", name=ODD, alert="=cmd|' /C calc'!A0")
    write(mine, service, "who", who_for=long, minimum_age="6 months", maximum_age="2½")
    assert (written(service).name, written(service).alert) == (ODD, "=cmd|' /C calc'!A0")
    assert written(service).who_for == long
    assert (written(service).minimum_age, written(service).maximum_age) == (Decimal("0.5"), Decimal("2.5"))
    page = mine.get(url("check-service", service)).content.decode()
    assert "<script>alert" not in page


@pytest.mark.parametrize(
    ("slug", "box", "value", "words"),
    [
        ("what", "name", "", "Enter name"),
        ("what", "name", "x" * 121, "120 characters or fewer"),
        ("what", "name", "a\0b", "hidden character"),
        ("what", "url", "javascript:alert(1)", "web address"),
        ("who", "minimum_age", "young", "Enter an age like 7, 0.5 or 6 months"),
        ("who", "maximum_age", "3", "must not be below the youngest"),
        ("who", "needs", "no-such-need", "Choose one of the answers on the page"),
        ("refer", "family_may", "", "Say yes or no"),
        ("cost", "others", "No such tongue", "We do not know the language “No such tongue”"),
        ("cost", "prices-0-amount", "NaN", "Enter pounds like 5 or 12.50"),
        ("contact", "phones-0-number", "", "Enter the number"),
        ("places", "places-0-postal_code", "E8", "Enter a whole postcode"),
        ("places", "places-0-kind", "", "Choose what kind of place it is"),
        ("areas", "areas", "E00000000", "Choose one of the answers on the page"),
    ],
)
def test_what_is_wrong_is_said_beside_its_box_and_nothing_is_written(mine, service, slug, box, value, words):
    other = {"phones-0-description": "Mornings"} if slug == "contact" else {}
    response = write(mine, service, slug, **other | {box: value})
    assert response.status_code == 200
    assert words in response.content.decode()
    assert box in response.context["form"].errors
    assert not Revision.objects.exists()


def test_another_organisations_place_is_not_to_be_chosen(mine, service, next_door):
    theirs = Location.objects.create(organisation=next_door, name="Next door", kind="physical")
    response = write(mine, service, "places", **{"places-1-id": str(theirs.pk)})
    assert "places-1-id" in response.context["form"].errors
    assert "Next door" not in response.content.decode()
    assert not Revision.objects.exists()


def test_add_another_keeps_everything_typed_and_complains_about_nothing(mine, service):
    address = url("edit-section", service, "contact")
    data = boxes(mine, address) | {"phones-0-description": "Typed already", "add-phones": "Add another"}
    response = mine.post(address, data)
    page = response.content.decode()
    assert 'value="Typed already"' in page
    assert f'name="phones-{data["phones-rows"]}-number"' in page
    assert "Enter the number" not in page
    assert not Revision.objects.exists()


def test_a_place_of_the_organisation_is_taken_as_it_is_known(mine, together, service):
    known = Location.objects.create(organisation=together, name="Second House", postal_code="E8 1DY")
    write(mine, service, "places", **{"places-1-id": str(known.pk)})
    assert [place.name for place in written(service).places] == ["Example House", "Second House"]


def test_an_unknown_postcode_is_kept_and_pointed_out(mine, service):
    response = write(mine, service, "places", **{"places-0-postal_code": "e89zz"})
    assert written(service).places[0].postal_code == "E8 9ZZ"
    assert "We do not know the postcode E8 9ZZ" in mine.get(response.url).content.decode()


def test_a_new_hidden_place_keeps_its_address_apart_from_the_change(mine, service):
    changes = {"kind": "physical", "area": HACKNEY, "is_confidential": "on", "hidden_address": "9 Secret Street"}
    write(mine, service, "places", **{f"places-1-{box}": value for box, value in changes.items()})
    assert written(service).places[1].is_confidential
    assert "Secret" not in str(Revision.objects.values_list("entry", "base"))
    assert ConfidentialAddress.objects.get().address == "9 Secret Street"
    for page in ("check-service", "my-service"):
        assert "Secret" not in mine.get(url(page, service)).content.decode()
    assert "Secret" not in mine.get(url("edit-section", service, "places")).content.decode()


def test_a_hidden_place_without_its_borough_is_refused(mine, service):
    changes = {"places-1-kind": "physical", "places-1-is_confidential": "on", "places-1-hidden_address": "9 Secret St"}
    response = write(mine, service, "places", **changes)
    assert "places-1-area" in response.context["form"].errors
    assert not ConfidentialAddress.objects.exists()


def test_what_is_new_goes_from_a_name_to_staff_and_is_public_when_they_approve(mine, editor, people):
    response = mine.post(reverse("directory:add-service"), {"name": "Example club", "description": "A club."})
    service = Service.objects.get()
    assert response.url == url("edit-service", service)
    write(mine, service, "who", ages="any")
    edit = written_edit(service)
    assert mine.post(url("check-service", service), {"edit": edit}).url == url("my-service", service)
    assert Service.objects.get().state == Service.State.DRAFT
    approve_revision(revision=Revision.objects.get(), by=people.staff, now=timezone.now())
    assert Service.objects.get().state == Service.State.PUBLISHED


def written_edit(service):
    return Revision.objects.open().get(service=service).edit


def test_sending_what_a_colleague_changed_since_is_refused_in_words(mine, service):
    write(mine, service, "what", name="First")
    edit = written_edit(service)
    write(mine, service, "what", name="Second")
    page = mine.post(url("check-service", service), {"edit": edit}).content.decode()
    assert "Somebody changed it since you looked" in page
    assert Revision.objects.get().state == Revision.State.DRAFT


@pytest.fixture
def colleague(client_class, sign_in, together):
    return sign_in(client_class(), make_editor("Colin Colleague", "colin@together.example.org", together))


@pytest.fixture
def client_class():
    from django.test import Client

    return Client


def test_an_edit_conflict_shows_both_texts_and_loses_neither(mine, colleague, service):
    address = url("edit-section", service, "what")
    data = boxes(mine, address) | {"name": "What I typed", "alert": "Only mine"}
    write(colleague, service, "what", name="What the colleague typed", summary="Only theirs")
    response = mine.post(address, data)
    page = response.content.decode()
    assert response.status_code == 409
    assert "What I typed" in page
    assert "What the colleague typed" in page
    assert "Colin Colleague" in page
    assert written(service).name == "What the colleague typed"
    again = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
    again["seen"] = response.context["seen"]
    for choice, name in (("theirs", "What the colleague typed"), ("mine", "What I typed")):
        assert mine.post(address, again | {"take-name": choice}).status_code == 302
        assert written(service).name == name
        assert (written(service).alert, written(service).summary) == ("Only mine", "Only theirs")
        write(colleague, service, "what", name="What the colleague typed")


def test_going_on_with_ones_own_text_keeps_it_all_in_the_boxes(mine, colleague, service):
    address = url("edit-section", service, "what")
    data = boxes(mine, address) | {"name": "What I typed"}
    write(colleague, service, "what", name="What the colleague typed")
    assert mine.post(address, data).status_code == 409
    page = mine.post(address, data | {"keep-writing": "yes"})
    assert 'value="What I typed"' in page.content.decode()
    assert mine.post(address, data | {"seen": page.context["seen"]}).status_code == 302
    assert written(service).name == "What I typed"


def test_a_colleague_in_another_field_is_no_conflict_and_both_are_kept(mine, colleague, service):
    address = url("edit-section", service, "what")
    data = boxes(mine, address) | {"name": "Mine"}
    write(colleague, service, "what", summary="Theirs")
    assert mine.post(address, data).status_code == 302
    assert (written(service).name, written(service).summary) == ("Mine", "Theirs")


@pytest.mark.parametrize("seen", ["", "nonsense", "[]", '{"name": 3}'])
def test_a_page_that_lost_what_it_was_opened_with_asks_rather_than_overwrites(mine, service, seen):
    assert write(mine, service, "what", name="Typed", seen=seen).status_code == 409
    assert not Revision.objects.exists()


def test_a_change_is_thrown_away_and_taken_back(mine, service):
    write(mine, service, "what", name="Typed")
    mine.post(url("check-service", service), {"edit": written_edit(service)})
    assert Revision.objects.get().state == Revision.State.SUBMITTED
    assert "Waiting for staff" in mine.get(reverse("directory:mine")).content.decode()
    mine.post(url("take-back", service))
    assert Revision.objects.get().state == Revision.State.DRAFT
    mine.post(url("throw-away", service))
    assert Revision.objects.get().state == Revision.State.WITHDRAWN


def test_the_places_page_costs_as_many_queries_with_more_places(mine, together, service, keeps_one_query_count):
    def add():
        Location.objects.create(organisation=together, name="Another place", area_id=HACKNEY)

    keeps_one_query_count(add, lambda: mine.get(url("edit-section", service, "places")), at_most=25)
