"""Nothing is cleared by default; what may be cleared for whom, and by whom."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.db.utils import ProgrammingError

from chatr.database.acting import acting_as

from ..models import Assignment, Attendance, Block, Clearance, Support, Withholding
from ..operations import clearing
from ..operations.clearing import CannotClear
from ..paper.items import Key
from ..paper.matching import Secret, found, names
from ..queries.clearing import reader_of
from ..queries.items import items_of
from ..rules.clearing import shared_with_all
from .copying import LATER, Sayer, clear_all, clear_shared, key_of, make_scene, sign, withhold
from .making import make_conference, make_relative

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(cast):
    return make_scene(cast)


def cleared(scene, person) -> set[Key]:
    with acting_as(scene.chair.pk):
        return set(reader_of(person).cleared)


def try_to_clear(scene, person, *things, by=None, because=""):
    by = by or scene.chair
    with acting_as(by.pk):
        return clearing.clear(
            person=person, keys=[key_of(thing) for thing in things], by=by, now=LATER, because=because
        )


def test_nothing_is_cleared_by_default_not_even_by_signing(scene):
    sign(scene)
    for person in (scene.mother, scene.father, scene.teacher, scene.first):
        assert cleared(scene, person) == set()


def test_clearing_everything_that_is_shared_leaves_out_what_needs_a_look(scene):
    withhold(scene, scene.father, scene.withheld)
    with acting_as(scene.chair.pk):
        together, left = shared_with_all(items_of(scene.conference), reader_of(scene.father))
    why = {skipped.item.key: skipped.why for skipped in left}
    assert why[key_of(scene.withheld)] == "It is withheld from them."
    assert why[key_of(scene.in_the_other_part)] == "It belongs to a part they were kept out of."
    assert why[key_of(scene.not_agreed)] == "The child has not agreed that they read this."
    assert why[key_of(scene.address)] == "They must not learn this."
    assert key_of(scene.agreed) in {item.key for item in together}
    assert any("laugh" in item.words for item in together)
    clear_shared(scene, scene.father)
    assert cleared(scene, scene.father) == {item.key for item in together}


def test_what_names_a_secret_address_is_left_for_the_chair_to_look_at(scene):
    with acting_as(scene.chair.pk):
        naming = Sayer(scene.conference)(
            "facts", "The school called at 12, addressmark  road.", person=scene.teacher, part=scene.together
        )
        calling = Sayer(scene.conference)("facts", "Call +44 7700 900 123.", person=scene.teacher, part=scene.together)
    clear_shared(scene, scene.father)
    clear_shared(scene, scene.mother)
    assert not {key_of(naming), key_of(calling)} & cleared(scene, scene.father)
    assert {key_of(naming), key_of(calling)} <= cleared(scene, scene.mother)  # her own


def test_behaviour_25_a_contribution_timed_inside_an_exclusion_is_never_cleared_for_that_parent(scene):
    with acting_as(scene.chair.pk):
        part = scene.without_father
        without_part = Sayer(scene.conference)("facts", "Said then.", person=scene.mother)
        Block.objects.filter(pk=without_part.pk).update(typed_at=part.starts_at + timedelta(minutes=5))
        correction = Sayer(scene.conference)(
            "family_know", "Meant otherwise.", person=scene.mother, corrects=scene.in_the_other_part
        )
        there = Attendance.objects.get(part=part, person=scene.mother)
    for thing in (scene.in_the_other_part, without_part, correction, there):
        with pytest.raises(CannotClear, match="kept out of"):
            try_to_clear(scene, scene.father, thing)
    assert try_to_clear(scene, scene.mother, scene.in_the_other_part, without_part, there) == 3


def test_behaviour_25_a_parent_may_read_of_their_own_exclusion(scene):
    with acting_as(scene.chair.pk):
        own = Attendance.objects.get(part=scene.without_father, person=scene.father)
    assert try_to_clear(scene, scene.father, own) == 1


def test_why_somebody_was_kept_out_and_what_help_they_needed_is_nobodys_by_default(scene):
    with acting_as(scene.chair.pk):
        private = [
            Attendance.objects.get(part=scene.without_father, person=scene.father),
            Support.objects.create(
                conference=scene.conference, person=scene.father, kind="adjustment", detail="Large print."
            ),
        ]
    clear_shared(scene, scene.mother, scene.father)
    keys = {key_of(thing) for thing in private}
    assert not keys & cleared(scene, scene.mother)
    assert keys <= cleared(scene, scene.father)


def test_a_childs_words_go_only_where_the_child_agreed_or_the_chair_says_why(scene):
    assert try_to_clear(scene, scene.mother, scene.agreed) == 1
    with pytest.raises(CannotClear, match="Say why") as refused:
        try_to_clear(scene, scene.mother, scene.not_agreed)
    assert refused.value.field == "because"
    # What the child was asked is whether a parent may: a teacher is another matter.
    with pytest.raises(CannotClear, match="Say why"):
        try_to_clear(scene, scene.teacher, scene.agreed)
    try_to_clear(scene, scene.teacher, scene.agreed, because="Asked on the phone.")
    with acting_as(scene.chair.pk):
        assert Clearance.objects.get(person=scene.teacher).despite_child_because == "Asked on the phone."
        assert Clearance.objects.get(person=scene.mother).despite_child_because == ""
    # Their own words a child always reads; a sibling's never.
    assert try_to_clear(scene, scene.second, scene.not_agreed) == 1
    with pytest.raises(CannotClear, match="another child"):
        try_to_clear(scene, scene.first, scene.not_agreed, because="x")


def test_words_a_child_was_never_asked_about_count_as_not_agreed(scene):
    with acting_as(scene.chair.pk):
        Block.objects.filter(pk=scene.agreed.pk).update(parent_may_read=None)
    clear_shared(scene, scene.mother)
    assert key_of(scene.agreed) not in cleared(scene, scene.mother)


def test_a_secret_address_is_cleared_for_nobody_but_its_own_person(scene):
    for person in (scene.father, scene.teacher, scene.first):
        with pytest.raises(CannotClear):
            try_to_clear(scene, person, scene.address)
    assert try_to_clear(scene, scene.mother, scene.address) == 1


def test_withholding_takes_effect_at_once_and_ends_what_was_cleared(scene):
    try_to_clear(scene, scene.father, scene.withheld)
    withhold(scene, scene.father, scene.withheld)
    assert cleared(scene, scene.father) == set()
    with pytest.raises(CannotClear, match="withheld"):
        try_to_clear(scene, scene.father, scene.withheld)
    assert try_to_clear(scene, scene.mother, scene.withheld) == 1


def test_lifting_a_withholding_lets_nobody_read_by_itself(scene):
    held = withhold(scene, scene.father, scene.withheld)
    with acting_as(scene.chair.pk):
        clearing.lift_withholding(withholding=held, by=scene.chair)
    assert cleared(scene, scene.father) == set()
    assert try_to_clear(scene, scene.father, scene.withheld) == 1


def test_a_withholding_needs_a_reason(scene):
    with pytest.raises(CannotClear, match="Say why") as refused:
        withhold(scene, scene.father, scene.withheld, reason=" ")
    assert refused.value.field == "reason"
    with acting_as(scene.chair.pk):
        assert not Withholding.objects.exists()


def test_the_second_person_of_a_withholding_is_another_chair_or_the_manager(scene, cast):
    held = withhold(scene, scene.father, scene.withheld)
    for person, refusal in (
        (scene.chair, "somebody else"),
        (cast.neighbour, "chair or the chairs"),
        (cast.next_manager, "chair or the chairs"),
    ):
        with acting_as(person.pk), pytest.raises(CannotClear, match=refusal):
            clearing.second_withholding(withholding=held, by=person)
    with acting_as(cast.manager.pk):
        clearing.second_withholding(withholding=held, by=cast.manager)
        assert Withholding.objects.get().seconded_by == cast.manager


def test_a_minute_taker_clears_nothing_not_even_in_the_database(scene, cast):
    with acting_as(scene.chair.pk):
        Assignment.objects.create(
            conference=scene.conference, user=cast.minute_taker, role="minute_taker", since=LATER, given_by=scene.chair
        )
    for by in (cast.minute_taker, cast.manager):
        with pytest.raises(CannotClear, match="Only the chair"):
            try_to_clear(scene, scene.mother, scene.agreed, by=by)
        with acting_as(by.pk), pytest.raises(ProgrammingError), transaction.atomic():
            Clearance.objects.create(
                conference=scene.conference,
                person=scene.mother,
                object_type="block",
                object_id=scene.agreed.pk,
                by=by,
                at=LATER,
            )
    assert cleared(scene, scene.mother) == set()


def test_the_next_teams_chair_clears_nothing_here(scene, cast):
    other = make_conference(cast, chair=cast.neighbour, ids="B")
    stranger = make_relative(other, by=cast.neighbour)
    with acting_as(cast.neighbour.pk), pytest.raises(CannotClear):
        clearing.clear(person=scene.mother, keys=[key_of(scene.agreed)], by=cast.neighbour, now=LATER)
    # Nor does their own chair clear them this family's words.
    with acting_as(cast.neighbour.pk), pytest.raises(CannotClear, match="not in this record"):
        clearing.clear(person=stranger, keys=[key_of(scene.agreed)], by=cast.neighbour, now=LATER)


def test_what_only_the_chair_may_know_of_a_report_is_no_item_at_all(scene):
    with acting_as(scene.chair.pk):
        everything = "".join(item.everything for item in items_of(scene.conference))
    assert "CHAIRONLYMARK" not in everything
    assert "Tired in the mornings" in everything
    for private in ("NOTEMARK", "FLAGMARK", "ROOMMARK"):
        assert private not in everything


def test_a_brother_and_sister_stay_apart_for_somebody_who_belongs_to_one(scene):
    with acting_as(scene.chair.pk):
        scene.father.relationships.filter(child_id=scene.second.child_id).delete()
    clear_shared(scene, scene.father)
    with acting_as(scene.chair.pk):
        about = {child for item in items_of(scene.conference, cleared(scene, scene.father)) for child in item.children}
    assert about == {scene.first.child_id}


def test_behaviour_33_what_names_a_sibling_is_left_for_the_chair_to_look_at_before_a_child_reads_it(scene):
    with acting_as(scene.chair.pk):
        naming = Sayer(scene.conference)("facts", "Ben was there.", person=scene.teacher, part=scene.together)
    clear_shared(scene, scene.first, scene.second, scene.mother)
    assert key_of(naming) not in cleared(scene, scene.first)
    assert key_of(naming) in cleared(scene, scene.second) & cleared(scene, scene.mother)


def test_only_what_is_asked_for_is_read_from_the_database(scene, django_assert_num_queries):
    with acting_as(scene.chair.pk), django_assert_num_queries(1):
        (item,) = items_of(scene.conference, [key_of(scene.agreed)])
    assert item.words.startswith("AGREEDMARK")


def test_what_may_be_cleared_at_all_is_cleared_by_the_chair_with_a_reason(scene):
    clear_all(scene, scene.father)
    kept = {key_of(scene.in_the_other_part), key_of(scene.address)}
    assert not kept & cleared(scene, scene.father)
    assert key_of(scene.not_agreed) in cleared(scene, scene.father)


@pytest.mark.parametrize(
    ("text", "names_it"),
    [
        ("They live at 12 Heron Way.", True),
        ("12 HERON  WAY, London", True),
        ("near E89ZZ", True),
        ("112 Heron Wayside", False),
        ("Heron Way somewhere", False),
        ("call 07700900123", True),
        ("call +44 7700 900123", True),
        ("Mona said", True),
        ("Monarch said", False),
        ("write to MONA@example.org.", True),
    ],
)
def test_exact_matches_are_found_however_they_are_spaced(text, names_it):
    secrets = [
        Secret("address", "12 Heron Way\nLondon E8 9ZZ", "the address"),
        Secret("phone", "07700 900 123", "the phone number"),
        Secret("email", "mona@example.org", "the e-mail address"),
        Secret("name", "Mona", "the name"),
    ]
    assert bool(found(text, secrets)) is names_it


@pytest.mark.parametrize(
    ("text", "named"), [("Jo is well", True), ("Joan is well", False), ("dr Jo Example", True), ("Dr Smith", False)]
)
def test_a_short_name_and_a_first_name_are_found_and_a_title_is_none(text, named):
    assert bool(found(text, names("Dr. Jo Example", "", "x"))) is named


def test_a_warning_does_not_repeat_the_secret():
    assert found("at 12 Heron Way", [Secret("address", "12 Heron Way", "the address of Mona")]) == [
        "the address of Mona"
    ]
