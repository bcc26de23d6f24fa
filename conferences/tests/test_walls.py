"""What the database itself shows and takes, whoever sends the SQL."""

import uuid

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.db.utils import DatabaseError, ProgrammingError

from chatr.database.acting import acting_as, acting_as_job

from ..models import Assignment, Block, ChildDetails, Conference, Person, Section
from .making import make_conference, make_relative

pytestmark = pytest.mark.django_db

TABLES = [model._meta.db_table for model in apps.get_app_config("conferences").get_models()]
SEEN_BY_JOBS = {
    f"conferences_{name}"
    for name in (
        *("team", "teammember", "conference", "conferencechild", "assignment", "clock", "agencyreport"),
        *("accessevent", "keepingrule", "disposalproposal"),
    )
}


def count(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return cursor.fetchone()[0]


def test_every_table_is_behind_forced_row_level_security():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE n.nspname = 'conferences' AND relkind IN ('r', 'p') AND relrowsecurity AND relforcerowsecurity"
        )
        assert {name for (name,) in cursor.fetchall()} == set(TABLES)


def test_nobody_acting_sees_nothing_in_any_table(conference):
    assert {table: count(table) for table in TABLES if count(table)} == {}


def test_a_stranger_and_the_next_teams_chair_see_no_row(cast, conference):
    for person in (cast.neighbour, cast.next_manager, cast.colleague, cast.teacher, cast.staff):
        with acting_as(person.pk):
            seen = {table for table in TABLES if count(table)}
        assert seen <= {"conferences_team", "conferences_teammember"}, person


def test_a_job_sees_ids_dates_and_codes_only(conference):
    make_relative(conference)
    with acting_as_job("tests"):
        assert {table for table in TABLES if count(table)} <= SEEN_BY_JOBS
        assert Conference.objects.count() == 1


def test_the_chair_and_the_teams_manager_see_it_and_creating_assigned_the_chair(cast, conference):
    for person in (cast.chair, cast.manager):
        with acting_as(person.pk):
            assert Conference.objects.get() == conference
            assert Section.objects.count() == 12 + 3 * 2
            assert ChildDetails.objects.count() == 2
    with acting_as(cast.chair.pk):
        assert Assignment.objects.get().role == "chair"


def test_an_ended_assignment_shows_nothing(cast, conference):
    with acting_as(cast.chair.pk):
        Assignment.objects.update(until=conference.created_at)
    with acting_as(cast.chair.pk):
        assert not Conference.objects.exists()


def test_acting_ends_with_its_transaction(cast, conference):
    with acting_as(cast.chair.pk):
        pass
    assert not Conference.objects.exists()
    with acting_as(cast.chair.pk):
        with acting_as(cast.neighbour.pk):
            assert not Conference.objects.exists()
        assert Conference.objects.exists()
        with acting_as_job("tests"):
            assert not Section.objects.exists()
        assert Section.objects.exists()


def test_a_row_of_one_conference_never_points_into_another(cast, conference):
    other = make_conference(cast, chair=cast.neighbour, ids="B")
    stranger = make_relative(other)
    with acting_as(cast.chair.pk), pytest.raises(DatabaseError), transaction.atomic():
        section = Section.objects.first()
        Block.objects.create(
            conference=conference,
            section=section,
            child_id=section.child_id,
            position=1,
            author_kind="family",
            person_id=stranger.pk,
            words="x",
            typed_by=cast.chair,
            typed_at=conference.created_at,
        )
        connection.check_constraints()


def test_the_next_teams_chair_writes_nothing_here(cast, conference):
    with acting_as(cast.neighbour.pk):
        with pytest.raises(ProgrammingError), transaction.atomic():
            Person.objects.create(conference=conference, kind="family", name="x")
        assert Conference.objects.filter(pk=conference.pk).update(mode="online") == 0
        with pytest.raises(ProgrammingError), transaction.atomic():
            Assignment.objects.create(
                conference=conference,
                user=cast.neighbour,
                role="chair",
                since=conference.created_at,
                given_by=cast.neighbour,
            )


def test_the_access_log_is_written_by_its_function_alone(cast, conference):
    with acting_as(cast.chair.pk), pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO conferences_accessevent (id, chain, number, at, user_id, role, action, object_type,"
            " object_id, sections, request_id, address, previous_hash, hash)"
            " VALUES (%s, %s, 1, now(), %s, '', 'view', '', '', '{}', '', '', '', 'x')",
            [uuid.uuid4(), conference.pk, cast.chair.pk],
        )
