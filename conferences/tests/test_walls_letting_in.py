"""People who have a part in conferences and try to let in, or be let in, beyond it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from chatr.database.acting import acting_as
from chatr.testing.people import make_person

from ..models import (
    Assignment,
    AssignmentChild,
    AssignmentRole,
    Conference,
    ConferenceChild,
)
from .attacking import BESIDE, let_in, refused
from .making import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def minute_taker(cast, conference):
    with acting_as(cast.chair.pk):
        let_in(conference, cast.minute_taker, AssignmentRole.MINUTE_TAKER, cast.chair)
    return cast.minute_taker


# Letting people in


@pytest.mark.parametrize("role", ["chair", "cover", "minute_taker", "break_glass"])
def test_a_minute_taker_lets_nobody_chair_cover_or_take_minutes(cast, conference, minute_taker, role):
    until = {"until": timezone.now() + timedelta(hours=1)} if role == "break_glass" else {}
    for user in (cast.colleague, minute_taker):
        assert BESIDE in refused(lambda user=user: let_in(conference, user, role, minute_taker, **until), minute_taker)


def test_a_minute_taker_does_not_end_the_chair_to_take_the_place(cast, conference, minute_taker):
    with acting_as(minute_taker.pk):
        assert Assignment.objects.filter(role="chair").update(until=timezone.now()) == 0
    assert refused(lambda: Conference.objects.update(chair=minute_taker), minute_taker) == "the_chair_is_handed_over"


def test_who_records_lets_in_those_who_report_child_by_child(cast, conference, minute_taker):
    with acting_as(minute_taker.pk):
        assignment = let_in(conference, cast.teacher, AssignmentRole.CONTRIBUTOR, minute_taker)
        child = ConferenceChild.objects.first()
        AssignmentChild.objects.create(conference=conference, assignment=assignment, child=child)
    with acting_as(cast.teacher.pk):
        assert [one.pk for one in ConferenceChild.objects.all()] == [child.pk]


def test_the_chair_gives_nobody_from_another_team_the_record(cast, conference):
    for user in (cast.neighbour, cast.teacher, cast.staff):
        for role in ("cover", "minute_taker"):
            assert BESIDE in refused(
                lambda user=user, role=role: let_in(conference, user, role, cast.chair), cast.chair
            )


def test_nobody_lets_in_for_somebody_else(cast, conference):
    assert BESIDE in refused(lambda: let_in(conference, cast.colleague, "cover", cast.manager), cast.chair)


def test_a_manager_covers_in_person_and_becomes_neither_chair_nor_minute_taker(cast, conference):
    for role in ("chair", "minute_taker"):
        assert BESIDE in refused(lambda role=role: let_in(conference, cast.manager, role, cast.manager), cast.manager)
    assert refused(lambda: let_in(conference, cast.manager, "cover", cast.manager), cast.manager) == ""


def test_an_ended_assignment_is_not_opened_again_by_its_person_or_anybody(cast, conference, minute_taker):
    with acting_as(cast.chair.pk):
        Assignment.objects.filter(user=minute_taker).update(until=NOW)
    for by in (minute_taker, cast.chair, cast.manager):
        for until in (None, timezone.now() + timedelta(days=1)):
            assert (
                refused(lambda until=until: Assignment.objects.filter(user=minute_taker).update(until=until), by)
                == "it_can_only_end"
            )


@pytest.mark.parametrize("change", [{"role": "cover"}, {"all_children": False}, {"since": NOW - timedelta(1)}])
def test_an_assignment_is_never_turned_into_another(cast, conference, minute_taker, change):
    assert (
        refused(lambda: Assignment.objects.filter(user=minute_taker).update(**change), cast.chair) == "it_can_only_end"
    )


def test_an_assignment_is_not_moved_to_another_person(cast, conference, minute_taker):
    assert (
        refused(lambda: Assignment.objects.filter(user=minute_taker).update(user=cast.colleague), cast.chair)
        == "it_can_only_end"
    )


def test_who_is_let_in_for_one_child_does_not_add_the_other(cast, conference):
    with acting_as(cast.chair.pk):
        advocate = make_person("Ava Pine", "ava@advocates.example.org", None, "agency_contributor")
        assignment = let_in(conference, advocate, AssignmentRole.ADVOCATE, cast.chair, sections=["child_words"])
        one, other = ConferenceChild.objects.order_by("position")
        AssignmentChild.objects.create(conference=conference, assignment=assignment, child=one)
    assert BESIDE in refused(
        lambda: AssignmentChild.objects.create(conference=conference, assignment=assignment, child=other), advocate
    )


def test_whoever_records_does_so_for_every_child(cast, conference):
    assert (
        refused(lambda: let_in(conference, cast.colleague, "cover", cast.chair, all_children=False), cast.chair)
        == "who_records_does_so_for_every_child"
    )


# Handing over


def hand_over(conference, to):
    with connection.cursor() as cursor:
        cursor.execute("SELECT hand_over_chair(%s, %s)", [conference.pk, to.pk])


@pytest.mark.parametrize("by", ["chair", "manager"])
def test_the_chair_is_handed_over_in_one_step(cast, conference, by):
    assert refused(lambda: hand_over(conference, cast.colleague), getattr(cast, by)) == ""
    with acting_as(cast.colleague.pk):
        assert Conference.objects.get().chair == cast.colleague
        live = Assignment.objects.live().get(role="chair")
        assert (live.user, live.given_by) == (cast.colleague, getattr(cast, by))
    with acting_as(cast.chair.pk):
        assert not Conference.objects.exists()


def test_the_chair_is_handed_to_a_chair_of_the_team_by_who_may(cast, conference, minute_taker):
    for by, to in (
        (cast.chair, cast.neighbour),
        (cast.chair, cast.minute_taker),
        (minute_taker, cast.colleague),
        (cast.colleague, cast.colleague),
        (cast.next_manager, cast.neighbour),
    ):
        assert "hands over" in refused(lambda to=to: hand_over(conference, to), by)
    with acting_as(cast.chair.pk):
        assert Assignment.objects.live().get(role="chair").user == cast.chair
