"""The pages of clearing and copies: who may open them, what they keep, and that they can be used by everybody."""

import uuid

import pytest
from django.db import connection
from django.urls import reverse

from chatr.database.acting import acting_as, acting_as_job

from ..models import AccessEvent, Assignment, Clearance, Copy, Withholding
from ..operations import copies as operations
from .copying import LATER, clear_shared, given, key_of, make_scene, prepare, sign, withhold
from .making import make_relative

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(cast):
    return sign(make_scene(cast))


def url(name, *ids) -> str:
    return reverse(f"conferences:{name}", args=ids)


def every_page(scene, copy, held) -> dict[str, str]:
    """Each page about this conference's copies."""
    here = scene.conference.pk
    return {
        "copies": url("copies", here),
        "who-reads-what": url("who-reads-what", here),
        "clear-for": url("clear-for", here, scene.father.pk),
        "clear-shared": url("clear-shared", here, scene.father.pk),
        "decide-item": url("decide-item", here, scene.father.pk, "block", scene.agreed.pk),
        "second-withholding": url("second-withholding", here, held.pk),
        "prepare-copy": url("prepare-copy", here, scene.first.pk),
        "copy": url("copy", here, copy.pk),
        "preview-copy": url("preview-copy", here, copy.pk),
        "copy-file": url("copy-file", here, copy.pk),
        "issue-copy": url("issue-copy", here, copy.pk),
    }


@pytest.fixture
def pages(scene):
    held = withhold(scene, scene.father, scene.withheld)
    return every_page(scene, prepare(scene, scene.father), held)


def let_in(scene, user, role, **fields):
    with acting_as(scene.chair.pk):
        Assignment.objects.create(
            conference=scene.conference, user=user, role=role, since=LATER, given_by=scene.chair, **fields
        )


def test_the_chair_opens_every_page(client, sign_in, scene, pages):
    sign_in(client, scene.chair)
    assert {name: client.get(page).status_code for name, page in pages.items()} == dict.fromkeys(pages, 200)


def test_the_minute_taker_prepares_and_looks_but_decides_and_gives_out_nothing(client, sign_in, scene, cast, pages):
    let_in(scene, cast.minute_taker, "minute_taker")
    sign_in(client, cast.minute_taker)
    refused = {"clear-shared", "decide-item", "issue-copy", "second-withholding"}
    for name, page in pages.items():
        assert client.get(page).status_code == (404 if name in refused else 200), name
    assert client.post(pages["clear-for"], {"cleared": [str(key_of(scene.agreed))]}).status_code == 404
    assert client.post(pages["preview-copy"]).status_code == 404
    with acting_as(scene.chair.pk):
        assert not Clearance.objects.exists()
        assert Copy.objects.get().previewed_at is None


def test_the_manager_looks_and_agrees_but_prepares_nothing(client, sign_in, scene, cast, pages):
    sign_in(client, cast.manager)
    refused = {"clear-shared", "decide-item", "issue-copy", "prepare-copy"}
    for name, page in pages.items():
        assert client.get(page).status_code == (404 if name in refused else 200), name


def test_for_everybody_else_none_of_it_is_there(client, sign_in, scene, cast, pages):
    for who in (cast.neighbour, cast.next_manager, cast.colleague, cast.teacher, cast.health_visitor):
        sign_in(client, who)
        assert {client.get(page).status_code for page in pages.values()} == {404}, who


def test_an_emergency_reader_gets_no_copy(client, sign_in, scene, cast, pages):
    with acting_as(cast.colleague.pk), connection.cursor() as cursor:
        cursor.execute("SELECT break_glass('A1', 'danger', 'x', '2026-03-26')")
        assert cursor.fetchone()[0] == scene.conference.pk
    sign_in(client, cast.colleague)
    assert {client.get(page).status_code for page in pages.values()} == {404}
    with acting_as(cast.colleague.pk):
        assert not Copy.objects.exists()


def test_a_copy_of_another_conference_is_not_found_under_this_one(client, sign_in, scene, cast):
    other = sign(make_scene(cast, ids="B"))
    copy = prepare(other, other.teacher)
    sign_in(client, cast.chair)
    assert client.get(url("copy", other.conference.pk, copy.pk)).status_code == 200
    assert client.get(url("copy", scene.conference.pk, copy.pk)).status_code == 404
    assert client.get(url("clear-for", scene.conference.pk, other.father.pk)).status_code == 404
    held = withhold(other, other.father, other.withheld)
    assert client.get(url("second-withholding", scene.conference.pk, held.pk)).status_code == 404
    assert (
        client.get(url("decide-item", scene.conference.pk, scene.father.pk, "block", other.agreed.pk)).status_code
        == 404
    )


def test_what_is_ticked_is_cleared_and_what_is_not_is_taken_back(client, sign_in, scene):
    sign_in(client, scene.chair)
    page = url("clear-for", scene.conference.pk, scene.mother.pk)
    clear_shared(scene, scene.mother)
    assert client.post(page, {"cleared": [str(key_of(scene.agreed))]}).status_code == 302
    with acting_as(scene.chair.pk):
        assert [one.object_id for one in Clearance.objects.filter(person=scene.mother)] == [scene.agreed.pk]


def test_a_childs_words_without_a_reason_are_refused_beside_the_field_and_what_was_typed_stays(client, sign_in, scene):
    sign_in(client, scene.chair)
    page = url("clear-for", scene.conference.pk, scene.mother.pk)
    ticked = [str(key_of(scene.not_agreed)), str(key_of(scene.agreed))]
    answer = client.post(page, {"cleared": ticked, "because": "  "}).content.decode()
    assert "Say why they may read it all the same" in answer
    assert answer.count(" checked") == 2
    with acting_as(scene.chair.pk):
        assert not Clearance.objects.exists()
    assert client.post(page, {"cleared": ticked, "because": "Ben was asked and said yes."}).status_code == 302


def test_forged_keys_clear_nothing(client, sign_in, scene, cast):
    other = sign(make_scene(cast, ids="B"))
    sign_in(client, scene.chair)
    page = url("clear-for", scene.conference.pk, scene.father.pk)
    for forged in (str(key_of(other.agreed)), f"block:{uuid.uuid4()}", "block", "x:y", str(key_of(scene.address))):
        answer = client.post(page, {"cleared": [forged]})
        assert "Something on this page changed" in answer.content.decode()
    with acting_as(scene.chair.pk):
        assert not Clearance.objects.exists()


def test_withholding_without_a_ground_or_reason_says_so_beside_each(client, sign_in, scene):
    sign_in(client, scene.chair)
    page = url("decide-item", scene.conference.pk, scene.father.pk, "block", scene.withheld.pk)
    answer = client.post(page, {"choice": "withheld", "review_on_0": "31", "review_on_1": "2", "review_on_2": "2027"})
    text = answer.content.decode()
    for said in ("Choose on what ground it is withheld", "Say why it is withheld", "Enter a date that exists"):
        assert said in text
    with acting_as(scene.chair.pk):
        assert not Withholding.objects.exists()


@pytest.mark.parametrize("words", ["<script>alert(1)</script>", "😀 مرحبا", "x" * 50_000])
def test_behaviour_40_whatever_is_typed_is_kept_as_it_is_and_escaped(client, sign_in, scene, words):
    sign_in(client, scene.chair)
    page = url("prepare-copy", scene.conference.pk, scene.mother.pk)
    assert client.post(page, {"kind": "record", "personal": words}).status_code == 302
    with acting_as(scene.chair.pk):
        copy = Copy.objects.select_related("content").get()
    assert copy.content.personal == words
    assert "<script>" not in copy.content.html


def test_behaviour_40_what_cannot_be_kept_is_refused_with_everything_typed_still_there(client, sign_in, scene):
    sign_in(client, scene.chair)
    page = url("prepare-copy", scene.conference.pk, scene.mother.pk)
    for words in ("a\0b", "x" * 50_001):
        answer = client.post(page, {"kind": "record", "personal": words})
        assert answer.status_code == 200
        assert "There is a problem" in answer.content.decode()
    with acting_as(scene.chair.pk):
        assert not Copy.objects.exists()


def test_giving_out_asks_who_you_are_again(client, sign_in, scene, pages):
    sign_in(client, scene.chair)
    session = client.session
    key = "account_authentication_methods"
    session[key] = [{**one, "at": one["at"] - 3600} for one in session[key]]
    session.save()
    for ask in (client.get, client.post):
        answer = ask(pages["issue-copy"])
        assert answer.status_code == 302
        assert "reauthenticate" in answer["Location"]


# Those who read


def test_the_reader_reads_the_very_bytes_and_it_is_written_down(client, sign_in, scene, cast):
    clear_shared(scene, scene.teacher)
    copy = given(scene, scene.teacher, method="portal")
    sign_in(client, cast.teacher)
    assert url("read-copy", copy.pk) in client.get(url("my-copies")).content.decode()
    assert copy.content.html in client.get(url("read-copy", copy.pk)).content.decode()
    file = client.get(url("read-copy-file", copy.pk))
    assert file.content == operations.pdf_of(copy)
    assert file["Content-Disposition"] == 'inline; filename="Conference record.pdf"'
    assert file["Cache-Control"] == "no-store"
    with acting_as_job("tests"):
        events = AccessEvent.objects.filter(action="copy", user_id=cast.teacher.pk)
        assert [(one.object_id, one.conference_id) for one in events] == [(str(copy.pk), scene.conference.pk)] * 2


def test_the_next_recipient_cannot_read_this_copy_and_after_it_is_taken_back_nobody_can(client, sign_in, scene, cast):
    copy = given(scene, scene.teacher, method="portal")
    let_in(scene, cast.health_visitor, "contributor", all_children=False)
    addresses = [url("read-copy", copy.pk), url("read-copy-file", copy.pk)]
    for who in (cast.health_visitor, scene.chair, cast.manager, cast.neighbour):
        sign_in(client, who)
        assert [client.get(address).status_code for address in addresses] == [404, 404], who
    sign_in(client, scene.chair)
    assert client.post(url("withdraw-copy", scene.conference.pk, copy.pk), {"reason": "Wrong."}).status_code == 302
    sign_in(client, cast.teacher)
    assert [client.get(address).status_code for address in addresses] == [404, 404]
    assert "nothing for you to read" in client.get(url("my-copies")).content.decode()


def test_a_copy_given_by_hand_or_not_given_out_yet_is_not_read_here(client, sign_in, scene, cast):
    sign_in(client, cast.teacher)
    prepared = prepare(scene, scene.teacher)
    assert client.get(url("read-copy", prepared.pk)).status_code == 404
    given(scene, scene.teacher)
    assert client.get(url("read-copy", prepared.pk)).status_code == 404


def test_the_reader_learns_nothing_of_others_from_any_page(client, sign_in, scene, cast):
    clear_shared(scene, scene.teacher)
    copy = given(scene, scene.teacher, method="portal")
    sign_in(client, cast.teacher)
    for address in (url("my-copies"), url("read-copy", copy.pk)):
        page = client.get(address).content.decode()
        for private in ("Addressmark", "900123", "NOTAGREEDMARK", "AGREEDMARK", "CHAIRONLYMARK", "FLAGMARK"):
            assert private not in page


# Lists


def test_lists_cost_the_same_with_one_row_and_with_three(client, sign_in, scene, cast, keeps_one_query_count):
    sign_in(client, scene.chair)
    page = url("copies", scene.conference.pk)
    people = iter([scene.teacher, scene.first, scene.second])

    def add():
        person = next(people)
        withhold(scene, person, scene.action)
        given(scene, person, "child_letter" if person.kind == "child" else "record")

    keeps_one_query_count(add, lambda: client.get(page), at_most=20)


def test_my_copies_cost_the_same_with_one_row_and_with_three(client, sign_in, scene, cast, keeps_one_query_count):
    sign_in(client, cast.teacher)
    keeps_one_query_count(
        lambda: given(scene, scene.teacher, method="portal"), lambda: client.get(url("my-copies")), at_most=12
    )


def test_what_one_person_may_read_costs_the_same_with_more_people(client, sign_in, cast, keeps_one_query_count):
    scene = make_scene(cast)
    sign_in(client, scene.chair)
    for name, at_most in (("clear-for", 42), ("who-reads-what", 36)):
        page = url(name, scene.conference.pk, *([scene.father.pk] if name == "clear-for" else []))
        keeps_one_query_count(
            lambda: make_relative(scene.conference, "Uncle Example"),
            lambda page=page: client.get(page),
            at_most=at_most,
        )


# In a browser


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", [1280, 375])
def test_the_pages_can_be_used_by_everybody(open_page, axe, cast, width):
    scene = sign(make_scene(cast))
    clear_shared(scene, scene.father, scene.mother, scene.teacher)
    held = withhold(scene, scene.father, scene.withheld)
    copy = prepare(scene, scene.father)
    done = given(scene, scene.teacher, method="portal")
    page = open_page(scene.chair, width=width)
    addresses = every_page(scene, copy, held) | {
        "given out": url("copy", scene.conference.pk, done.pk),
        "take back": url("withdraw-copy", scene.conference.pk, done.pk),
    }
    del addresses["copy-file"]
    faults = {}
    for name, address in addresses.items():
        faults[name] = _faults(page, axe, address)
    reader = open_page(cast.teacher, width=width)
    for name in ("my-copies", "read-copy"):
        faults[name] = _faults(reader, axe, url(name, *([done.pk] if name == "read-copy" else [])))
    assert {name: found for name, found in faults.items() if found} == {}


def _faults(page, axe, address) -> list[str]:
    page.goto(address)
    found = axe(page)
    if page.locator("h1").count() != 1:
        found.append("not one h1")
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        found.append("scrolls sideways")
    if len(page.content()) > 60_000:
        found.append("heavy")
    return found
