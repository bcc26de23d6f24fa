"""The people of a conference: who they are, how they are reached, what they need, were told and chose."""

import uuid
from datetime import date

import pytest
from django.db.utils import ProgrammingError
from django.urls import reverse
from django.utils import timezone

from chatr.accounts.models import User
from chatr.audit.models import AuditEvent
from chatr.database.acting import acting_as, acting_as_job
from chatr.notifications.models import Message

from ..models import (
    Assignment,
    Block,
    ChildDetails,
    Choice,
    Conference,
    Person,
    PersonContact,
    Preparation,
    Relationship,
    Section,
    Support,
)
from ..operations.family import CannotSavePerson, PersonFacts, Related, add_person, remove_person
from ..operations.support import CannotSupport, PreparationFacts, let_advocate_in, let_advocate_out, save_preparation
from .making import NOW, make_conference, make_professional, make_relative

pytestmark = pytest.mark.django_db

NASTY = ["<script>alert(1)</script>", "😀 Zoë", "مريم عبد الله", "O'Brien & Söns"]
PAGES = ["person", "edit-person", "contact", "remove-person", "add-support", "preparation", "choices"]


@pytest.fixture
def rosa(conference):
    return make_relative(conference)


def address(name: str, *ids) -> str:
    return reverse(f"conferences:{name}", args=ids)


def add(client, conference, kind: str, **sent):
    return client.post(f"{address('add-person', conference.pk)}?kind={kind}", sent)


# People


def test_a_mother_is_added_with_who_she_is_to_each_child(client, sign_in, cast, conference):
    sign_in(client, cast.chair)
    assert "Who is it?" in client.get(address("add-person", conference.pk)).content.decode()
    page = client.get(f"{address('add-person', conference.pk)}?kind=family").content.decode()
    assert "Who they are to ChildA1 Example" in page
    answer = add(
        client, conference, "family", name="Rosa Example", words_1="Mum", responsibility_1="yes", words_2="Stepmum"
    )
    with acting_as(cast.chair.pk):
        rosa = Person.objects.get(kind="family")
        assert answer["Location"] == address("person", conference.pk, rosa.pk)
        said = Relationship.objects.order_by("child__position").values_list("words", "parental_responsibility")
        assert list(said) == [("Mum", "yes"), ("Stepmum", "not_known")]
    people = client.get(address("people", conference.pk)).content.decode()
    assert "Has parental responsibility" in people
    assert AuditEvent.objects.get(action="conferences.person_added").details == {
        "person": str(rosa.pk),
        "kind": "family",
    }


def test_a_professional_is_asked_for_their_agency_and_contact(client, sign_in, cast, conference):
    sign_in(client, cast.chair)
    page = add(client, conference, "professional", name="Pat Example", job="Head of year")
    assert list(page.context["form"].errors) == ["discipline"]
    assert page.context["form"]["job"].value() == "Head of year"
    add(client, conference, "professional", name="Pat Example", discipline="school", had_direct_contact="on")
    with acting_as(cast.chair.pk):
        pat = Person.objects.get(kind="professional")
        assert (pat.discipline, pat.had_direct_contact) == ("school", True)


def test_responsibility_without_saying_who_they_are_is_refused(client, sign_in, cast, conference):
    sign_in(client, cast.chair)
    page = add(client, conference, "family", name="Rosa Example", responsibility_2="yes")
    assert list(page.context["form"].errors) == ["words_2"]
    with acting_as(cast.chair.pk):
        assert not Person.objects.filter(kind="family").exists()


def test_a_person_is_changed_and_a_relationship_taken_back(client, sign_in, cast, conference, rosa):
    sign_in(client, cast.minute_taker)
    with acting_as(cast.chair.pk):
        Assignment.objects.create(
            conference=conference, user=cast.minute_taker, role="minute_taker", since=NOW, given_by=cast.chair
        )
        first = conference.children.get(position=1)
        Relationship.objects.create(conference=conference, child=first, person=rosa, words="Aunt")
    edit = address("edit-person", conference.pk, rosa.pk)
    assert "Aunt" in client.get(edit).content.decode()
    client.post(edit, {"name": "Rosa Nova", "known_as": "Ro", "pronouns": "she", "words_1": "", "words_2": "Mum"})
    with acting_as(cast.chair.pk):
        rosa.refresh_from_db()
        assert (rosa.name, rosa.known_as, rosa.pronouns) == ("Rosa Nova", "Ro", "she")
        assert [(one.words, one.child.position) for one in Relationship.objects.all()] == [("Mum", 2)]


def test_a_childs_own_page_leaves_the_name_to_the_childs_details(client, sign_in, cast, conference):
    with acting_as(cast.chair.pk):
        child = Person.objects.get(child__position=1)
    sign_in(client, cast.chair)
    client.post(address("edit-person", conference.pk, child.pk), {"name": "Renamed", "language": "Somali"})
    with acting_as(cast.chair.pk):
        child.refresh_from_db()
        assert (child.name, child.language) == ("ChildA1 Example", "Somali")


def test_somebody_added_by_mistake_is_taken_off_but_not_once_anything_speaks_of_them(
    client, sign_in, cast, conference, rosa
):
    sign_in(client, cast.chair)
    with acting_as(cast.chair.pk):
        choice = Choice.objects.create(conference=conference, person=rosa, kind="place", words="By the door")
    off = address("remove-person", conference.pk, rosa.pk)
    assert "speaks of them already" in client.post(off).content.decode()
    with acting_as(cast.chair.pk):
        choice.delete()
    assert client.post(off)["Location"] == address("people", conference.pk)
    with acting_as(cast.chair.pk):
        assert not Person.objects.filter(pk=rosa.pk).exists()
        child = Person.objects.select_related("conference").get(child__position=1)
        with pytest.raises(CannotSavePerson):
            remove_person(person=child, by=cast.chair, now=NOW)


def test_a_child_is_never_added_as_a_person(client, sign_in, cast, conference):
    sign_in(client, cast.chair)
    assert add(client, conference, "child", name="Sneaked In").status_code == 404
    with acting_as(cast.chair.pk):
        assert Person.objects.count() == 2


def test_a_relationship_to_another_conferences_child_is_left_out(cast, conference):
    other = make_conference(cast, ids="B")
    with acting_as(cast.chair.pk):
        theirs = other.children.first()
        add_person(
            conference=conference,
            kind="family",
            facts=PersonFacts(name="Rosa"),
            related={theirs.pk: Related("Mum")},
            by=cast.chair,
            now=NOW,
        )
        assert not Relationship.objects.exists()


def test_the_list_of_people_costs_the_same_however_long(client, sign_in, cast, conference, keeps_one_query_count):
    sign_in(client, cast.chair)

    def add_row():
        person = make_relative(conference, f"Rel {uuid.uuid4()}")
        with acting_as(cast.chair.pk):
            child = conference.children.first()
            Relationship.objects.create(conference=conference, child=child, person=person, words="Uncle")
            PersonContact.objects.create(conference=conference, person=person)

    keeps_one_query_count(add_row, lambda: client.get(address("people", conference.pk)), at_most=20)


# Who may


@pytest.mark.parametrize("who", ["neighbour", "next_manager", "colleague", "teacher"])
def test_nobody_else_opens_a_person_or_changes_them(client, sign_in, cast, conference, rosa, who):
    sign_in(client, getattr(cast, who))
    for name in PAGES:
        page = address(name, conference.pk, rosa.pk)
        assert client.get(page).status_code == 404, name
        assert client.post(page, {"name": "Stolen"}).status_code == 404, name
    for name in ("people", "add-person", "safety", "enquiry"):
        assert client.get(address(name, conference.pk)).status_code == 404, name
    with acting_as(cast.chair.pk):
        rosa.refresh_from_db()
        assert rosa.name == "Rosa Example"


def test_a_person_of_another_conference_is_a_404_here(client, sign_in, cast, conference):
    theirs = make_relative(make_conference(cast, ids="B"))
    sign_in(client, cast.chair)
    for name in PAGES:
        assert client.get(address(name, conference.pk, theirs.pk)).status_code == 404, name


def test_after_signing_only_new_people_and_ways_to_reach_them(client, sign_in, cast, conference, rosa, as_owner):
    with acting_as(cast.chair.pk):
        Conference.objects.update(state="adjourned")
    sign_in(client, cast.chair)
    overview = address("conference", conference.pk)
    for name in set(PAGES) - {"person", "contact"}:
        assert client.get(address(name, conference.pk, rosa.pk))["Location"] == overview, name
    assert client.get(address("person", conference.pk, rosa.pk)).status_code == 200
    reached = {"safe_contact": "phone", "phone": "0000 000"}
    assert client.post(address("contact", conference.pk, rosa.pk), reached).status_code == 302
    assert add(client, conference, "family", name="Late Example").status_code == 302


# Contact


def test_a_secret_address_and_what_is_safe_are_kept_encrypted(client, sign_in, cast, conference, rosa, as_owner):
    sign_in(client, cast.chair)
    sent = {
        "safe_contact": "somebody_else",
        "safe_contact_note": "Through her sister",
        "address": "1 Hidden Row\r\nNowhere",
        "address_is_secret": "on",
    }
    client.post(address("contact", conference.pk, rosa.pk), sent)
    with acting_as(cast.chair.pk):
        contact = PersonContact.objects.get(person=rosa)
        assert (contact.address, contact.address_is_secret) == ("1 Hidden Row\nNowhere", True)
    page = client.get(address("person", conference.pk, rosa.pk)).content.decode()
    assert "nobody else may learn it" in page


@pytest.mark.parametrize(("way", "field"), [("email", "email"), ("post", "address"), ("phone", "phone")])
def test_a_safe_way_needs_what_it_goes_to(client, sign_in, cast, conference, rosa, way, field):
    sign_in(client, cast.chair)
    page = client.post(
        address("contact", conference.pk, rosa.pk), {"safe_contact": way, "safe_contact_note": "After six"}
    )
    assert list(page.context["form"].errors) == [field]
    assert page.context["form"]["safe_contact_note"].value() == "After six"


# Support, preparation, choices


def test_an_interpreters_language_and_that_they_are_a_relative_is_written_down(client, sign_in, cast, conference, rosa):
    sign_in(client, cast.chair)
    page = client.get(address("add-support", conference.pk, rosa.pk)).content.decode()
    assert "is not a relative" in page
    sent = {"kind": "interpreter", "outcome": "briefed", "detail": "Turkish", "is_relative": "on"}
    client.post(address("add-support", conference.pk, rosa.pk), sent)
    with acting_as(cast.chair.pk):
        support = Support.objects.get()
        assert (support.kind, support.outcome, support.detail, support.is_relative) == (
            "interpreter",
            "briefed",
            "Turkish",
            True,
        )
    edit = address("support", conference.pk, rosa.pk, support.pk)
    client.post(edit, sent | {"outcome": "not_found"})
    with acting_as(cast.chair.pk):
        assert Support.objects.get().outcome == "not_found"
    client.post(edit, {"remove": "yes"})
    with acting_as(cast.chair.pk):
        assert not Support.objects.exists()


def test_help_offered_on_a_day_to_come_is_refused(client, sign_in, cast, conference, rosa):
    sign_in(client, cast.chair)
    sent = {"kind": "advocate", "outcome": "asked", "offered_on_0": "1", "offered_on_1": "1", "offered_on_2": "2099"}
    page = client.post(address("add-support", conference.pk, rosa.pk), sent)
    assert list(page.context["form"].errors) == ["offered_on"]


def test_behaviour_23_a_declined_meeting_is_their_choice_in_plain_words(client, sign_in, cast, conference, rosa):
    sign_in(client, cast.chair)
    client.post(address("preparation", conference.pk, rosa.pk), {"declined": "on", "offer": "A call the day before"})
    page = client.get(address("person", conference.pk, rosa.pk)).content.decode()
    assert "They chose not to meet beforehand." in page
    assert "A call the day before" in page
    assert not any(word in page.lower() for word in ("refused", "failed", "did not engage", "non-compliant"))


def test_a_meeting_beforehand_is_kept_with_what_was_explained(client, sign_in, cast, conference, rosa):
    sign_in(client, cast.chair)
    today = timezone.localdate()
    sent = {
        "met_on_0": today.day,
        "met_on_1": today.month,
        "met_on_2": today.year,
        "with_chair": "on",
        "explained": ["breaks", "complaints"],
        "questions": "Will he be there?",
        "reports_read_together": "on",
    }
    client.post(address("preparation", conference.pk, rosa.pk), sent)
    with acting_as(cast.chair.pk):
        found = Preparation.objects.get()
        assert (found.met_on, found.explained, found.reports_read_together) == (today, ["breaks", "complaints"], True)


@pytest.mark.parametrize("sent", [{}, {"declined": "on", "met_on_0": "1", "met_on_1": "1", "met_on_2": "2026"}])
def test_a_meeting_is_either_held_or_declined(client, sign_in, cast, conference, rosa, sent):
    sign_in(client, cast.chair)
    page = client.post(address("preparation", conference.pk, rosa.pk), sent | {"questions": "Why?"})
    assert list(page.context["form"].errors) == ["met_on"]
    assert page.context["form"]["questions"].value() == "Why?"


def test_a_meeting_beforehand_cannot_be_in_the_future(cast, conference, rosa):
    with acting_as(cast.chair.pk), pytest.raises(CannotSupport):
        save_preparation(person=rosa, facts=PreparationFacts(met_on=date(2026, 3, 10)), by=cast.chair, now=NOW)


def test_choices_are_kept_in_their_words_and_taken_back_when_emptied(client, sign_in, cast, conference, rosa):
    sign_in(client, cast.chair)
    choices = address("choices", conference.pk, rosa.pk)
    client.post(choices, {"place": "By the door", "words_to_avoid": "the incident", "culture": "Muslim, Kurdish"})
    client.post(choices, {"place": "By the window", "culture": "Muslim, Kurdish"})
    with acting_as(cast.chair.pk):
        assert dict(Choice.objects.values_list("kind", "words")) == {
            "place": "By the window",
            "culture": "Muslim, Kurdish",
        }
    event = AuditEvent.objects.filter(action="conferences.choices_saved").last()
    assert event.details["kinds"] == ["culture", "place"]


@pytest.mark.parametrize("words", [*NASTY, "x" * 50_000, "  two\n\n  lines  "])
def test_behaviour_40_long_and_odd_words_are_kept_verbatim_and_escaped(client, sign_in, cast, conference, rosa, words):
    sign_in(client, cast.chair)
    client.post(address("choices", conference.pk, rosa.pk), {"culture": words})
    with acting_as(cast.chair.pk):
        assert Choice.objects.get().words == words
    page = client.get(address("person", conference.pk, rosa.pk)).content.decode()
    assert "<script>alert(1)" not in page


@pytest.mark.parametrize("field", ["name", "words_1"])
@pytest.mark.parametrize("words", ["x" * 201, "x" * 50_000, "A\x00ma"])
def test_behaviour_40_short_fields_refuse_what_they_cannot_keep(client, sign_in, cast, conference, field, words):
    sign_in(client, cast.chair)
    page = add(client, conference, "family", **({"name": "Rosa Example", "known_as": "Ro"} | {field: words}))
    assert list(page.context["form"].errors) == [field]
    assert page.context["form"][field].value() == words
    assert page.context["form"]["known_as"].value() == "Ro"


@pytest.mark.parametrize("words", NASTY)
def test_behaviour_40_names_relations_and_addresses_are_kept_verbatim(client, sign_in, cast, conference, words):
    sign_in(client, cast.chair)
    add(client, conference, "family", name=words, words_1=words)
    with acting_as(cast.chair.pk):
        person = Person.objects.get(kind="family")
        assert (person.name, Relationship.objects.get().words) == (words, words)
    client.post(address("contact", conference.pk, person.pk), {"safe_contact": "ask", "address": words})
    with acting_as(cast.chair.pk):
        assert PersonContact.objects.get().address == words
    for page in (address("people", conference.pk), address("person", conference.pk, person.pk)):
        shown = client.get(page).content.decode()
        assert "<script>alert(1)" not in shown
        assert "<bdi>" in shown


def test_more_than_fifty_thousand_characters_are_refused_not_cut(client, sign_in, cast, conference, rosa):
    sign_in(client, cast.chair)
    page = client.post(address("choices", conference.pk, rosa.pk), {"culture": "x" * 50_001, "place": "By the door"})
    assert "must be 50,000 characters or fewer" in page.content.decode()
    with acting_as(cast.chair.pk):
        assert not Choice.objects.exists()


# Advocate


def let_in(client, cast, conference, email="ada@advocates.example.org"):
    with acting_as(cast.chair.pk):
        child = Person.objects.get(conference=conference, child__position=1)
    return child, client.post(address("let-advocate-in", conference.pk, child.pk), {"email": email})


def test_an_advocate_is_let_in_to_one_childs_words_and_sees_nothing_else(client, sign_in, cast, conference, rosa):
    sign_in(client, cast.chair)
    child, answer = let_in(client, cast, conference)
    assert answer.status_code == 302
    advocate = User.objects.get(email="ada@advocates.example.org")
    with acting_as(advocate.pk):
        assert [(one.role, one.sections) for one in Assignment.objects.all()] == [("advocate", ["child_words"])]
        section = Section.objects.get()
        assert (section.kind, section.child_id) == ("child_words", child.child_id)
        assert ChildDetails.objects.count() == 1
        assert not Person.objects.filter(pk=rosa.pk).exists()
        Block.objects.create(
            conference=conference,
            section=section,
            child_id=section.child_id,
            position=1,
            author_kind="child",
            words="I want my room back",
            typed_by=advocate,
            typed_at=NOW,
        )
    message = Message.objects.get(kind="conferences/advocate_let_in")
    assert message.recipient == advocate
    for page in ("people", "safety", "enquiry", "change-conference"):
        sign_in(client, advocate)
        assert client.get(address(page, conference.pk)).status_code == 404, page
    with pytest.raises(ProgrammingError), acting_as(advocate.pk):
        Choice.objects.create(conference=conference, person=child, kind="place", words="x")


def test_an_advocate_is_let_out_again_and_sees_nothing(client, sign_in, cast, conference):
    sign_in(client, cast.chair)
    with acting_as(cast.chair.pk):
        person = Person.objects.select_related("child__conference").get(child__position=1)
        assignment = let_advocate_in(child=person.child, email="ada@advocates.example.org", by=cast.chair, now=NOW)
    assert "End this" in client.get(address("person", conference.pk, person.pk)).content.decode()
    out = address("let-advocate-out", conference.pk, person.pk, assignment.pk)
    client.post(out)
    assert client.post(out).status_code == 404  # there is nobody to let out any more
    with acting_as_job("tests"):
        assert Assignment.objects.get(pk=assignment.pk).until
    with acting_as(cast.chair.pk):
        let_advocate_out(assignment=assignment, by=cast.chair, now=NOW)
    with acting_as(assignment.user_id):
        assert not Section.objects.exists()


def test_the_chair_is_not_made_an_advocate_and_nobody_twice(client, sign_in, cast, conference):
    sign_in(client, cast.chair)
    _, page = let_in(client, cast, conference, email=cast.chair.email)
    assert list(page.context["form"].errors) == ["email"]
    let_in(client, cast, conference)
    _, page = let_in(client, cast, conference)
    assert list(page.context["form"].errors) == ["email"]


def test_the_next_teams_chair_lets_no_advocate_in(client, sign_in, cast, conference):
    sign_in(client, cast.neighbour)
    _, answer = let_in(client, cast, conference)
    assert answer.status_code == 404
    with acting_as(cast.chair.pk):
        child = conference.children.select_related("conference").first()
    with pytest.raises(ProgrammingError), acting_as(cast.neighbour.pk):
        let_advocate_in(child=child, email="spy@next.example.org", by=cast.neighbour, now=NOW)


def test_the_mail_to_an_advocate_says_nothing(client, sign_in, cast, conference, mailoutbox):
    from django.template.loader import render_to_string

    text = render_to_string("emails/conferences/advocate_let_in.txt", {"page_url": "x", "secret_links": {}})
    assert not any(word in text.lower() for word in ("child", "advocate", "family", "conference"))


def test_a_professional_of_the_conference_stays_listed_with_their_organisation(client, sign_in, cast, conference):
    make_professional(conference)
    sign_in(client, cast.manager)
    page = client.get(address("people", conference.pk)).content.decode()
    assert "School or college" in page
    assert "Example Lane School" in page
