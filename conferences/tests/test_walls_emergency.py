"""What emergency reading opens in the database, and what it leaves closed."""

from datetime import timedelta

import pytest
from django.db import connection

from chatr.accounts.models import RoleGrant
from chatr.database.acting import acting_as
from chatr.testing.people import make_person

from ..models import (
    Assignment,
    AssignmentChild,
    BreakGlass,
    Conference,
    ConferenceChild,
    Copy,
    Person,
)
from .attacking import BESIDE, let_in, refused
from .making import NOW, make_relative

pytestmark = pytest.mark.django_db


def break_glass(by, la_child_id="A1"):
    with acting_as(by.pk), connection.cursor() as cursor:
        cursor.execute("SELECT break_glass(%s, 'risk_now', 'x', '2026-03-11')", [la_child_id])
        return cursor.fetchone()[0]


def test_behaviour_38_emergency_reading_shows_one_child_and_none_of_the_others(cast, conference):
    with acting_as(cast.chair.pk):
        sibling = Person.objects.get(child__child__la_child_id="A2")
        make_relative(conference)
    assert break_glass(cast.neighbour) == conference.pk
    with acting_as(cast.neighbour.pk):
        assert [one.child.la_child_id for one in ConferenceChild.objects.select_related("child")] == ["A1"]
        assert sibling.pk not in {person.pk for person in Person.objects.all()}
        assert Person.objects.count() == 2


def test_behaviour_38_emergency_reading_changes_nothing_and_lets_nobody_in(cast, conference):
    break_glass(cast.neighbour)
    with acting_as(cast.neighbour.pk):
        for model in (Conference, ConferenceChild, Person, Assignment, BreakGlass):
            field = next(f for f in model._meta.local_concrete_fields if not f.primary_key and not f.is_relation)
            assert model.objects.filter(pk__in=model.objects.values("pk")).update(**{field.name: None}) == 0
        assert Copy.objects.count() == 0
    assert BESIDE in refused(lambda: let_in(conference, cast.neighbour, "cover", cast.neighbour), cast.neighbour)
    with acting_as(cast.chair.pk):
        assignment = Assignment.objects.get(role="break_glass")
        other = ConferenceChild.objects.get(child__la_child_id="A2")
    for by in (cast.neighbour, cast.chair, cast.manager):
        assert BESIDE in refused(
            lambda: AssignmentChild.objects.create(conference=conference, assignment=assignment, child=other), by
        )


def test_behaviour_38_emergency_reading_ends_by_itself(cast, conference, as_owner):
    break_glass(cast.neighbour)
    with acting_as(cast.neighbour.pk):
        assignment = Assignment.objects.get(role="break_glass")
        assert assignment.until - assignment.since == timedelta(minutes=60)
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; ALTER TABLE conferences_assignment DISABLE TRIGGER kept")
        cursor.execute(
            "UPDATE conferences_assignment SET since = since - interval '1 hour', until = until - interval '1 hour'"
            " WHERE role = 'break_glass'; ALTER TABLE conferences_assignment ENABLE TRIGGER kept"
        )
    with acting_as(cast.neighbour.pk):
        assert not Conference.objects.exists()


@pytest.mark.parametrize("who", ["minute_taker", "teacher", "staff"])
def test_behaviour_38_others_break_no_glass_in_the_database_either(cast, conference, who):
    assert "chairs and managers" in refused(lambda: break_glass(getattr(cast, who)), getattr(cast, who))


def test_behaviour_38_a_chair_without_a_team_or_without_the_role_breaks_no_glass(cast, conference):
    loose = make_person("Lou Grey", "lou@council.example.org", None, "conference_chair")
    assert "chairs and managers" in refused(lambda: break_glass(loose), loose)
    RoleGrant.objects.filter(user=cast.neighbour).update(ended_at=NOW)
    assert "chairs and managers" in refused(lambda: break_glass(cast.neighbour), cast.neighbour)


def test_nothing_of_an_emergency_reading_is_rewritten_by_who_looks_at_it(cast, conference):
    break_glass(cast.neighbour)
    for change in ({"reason": "other"}, {"at": NOW}, {"user": cast.colleague}):
        assert (
            refused(lambda change=change: BreakGlass.objects.update(**change), cast.manager)
            == "emergency_readings_stay"
        )
    look = {"reviewed_at": NOW, "was_right": True, "verdict": "x"}
    assert (
        refused(lambda: BreakGlass.objects.update(reviewed_by=cast.next_manager, **look), cast.manager)
        == "in_ones_own_name"
    )
    assert refused(lambda: BreakGlass.objects.update(reviewed_by=cast.manager, **look), cast.manager) == ""
    assert refused(lambda: BreakGlass.objects.update(verdict="other"), cast.manager) == "emergency_readings_stay"
