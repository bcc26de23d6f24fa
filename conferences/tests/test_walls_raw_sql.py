"""Whoever gets hold of the app role's connection and sends SQL of their own."""

import psycopg2
import pytest
from django.apps import apps
from django.db import connection

from chatr.accounts.models import User
from chatr.database.acting import acting_as

from ..models import AuthorKind, Block, Conference, Section, SectionKind
from .making import NOW, make_cast, make_conference, make_relative
from .raw import raw, refusal_of, rows

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("app_role")]

TABLES = [model._meta.db_table for model in apps.get_app_config("conferences").get_models()]


@pytest.fixture
def cast():
    return make_cast()


@pytest.fixture
def conference(cast):
    made = make_conference(cast)
    make_relative(made)
    with acting_as(cast.chair.pk):
        section = Section.objects.get(conference=made, kind=SectionKind.FACTS)
        Block.objects.create(
            conference=made,
            section=section,
            position=1,
            author_kind=AuthorKind.CHAIR,
            words="what was said",
            typed_by=cast.chair,
            typed_at=NOW,
        )
    return made


def not_empty(cursor) -> set[str]:
    return {table for table in TABLES if rows(cursor, f"SELECT count(*) FROM {table}") != [(0,)]}


def test_without_a_setting_no_table_has_a_row(conference):
    with raw() as cursor:
        assert not_empty(cursor) == set()
        cursor.execute("SELECT set_config('app.user_id', '', true)")
        assert not_empty(cursor) == set()


def test_a_setting_that_is_nobodys_id_is_an_error_and_shows_nothing(conference):
    with raw() as cursor:
        cursor.execute("SELECT set_config('app.user_id', 'cleo', true)")
        assert refusal_of(cursor, "SELECT * FROM conferences_conference").pgcode == "22P02"


def test_acting_as_a_person_shows_only_theirs(cast, conference):
    other = make_conference(cast, chair=cast.neighbour, ids="B")
    for person, theirs in ((cast.chair, conference), (cast.neighbour, other), (cast.manager, conference)):
        with raw(person) as cursor:
            assert rows(cursor, "SELECT id FROM conferences_conference") == [(theirs.pk,)]
            assert rows(cursor, "SELECT DISTINCT conference_id FROM conferences_section") == [(theirs.pk,)]
    with raw(cast.teacher) as cursor:
        assert not_empty(cursor) == {"conferences_team", "conferences_teammember"}


def test_the_setting_ends_with_its_transaction(cast, conference):
    with raw(cast.chair) as cursor:
        assert rows(cursor, "SELECT count(*) FROM conferences_conference") == [(1,)]
        cursor.connection.commit()
        assert rows(cursor, "SELECT count(*) FROM conferences_conference") == [(0,)]


def test_words_are_unreadable_even_where_their_row_is_seen(cast, conference):
    with raw(cast.chair) as cursor:
        ((words,),) = rows(cursor, "SELECT words FROM conferences_block")
    assert "what was said" not in words


@pytest.mark.parametrize(
    "sql",
    [
        "ALTER TABLE conferences_block DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE conferences_block NO FORCE ROW LEVEL SECURITY",
        "DROP POLICY see ON conferences_block",
        "ALTER POLICY see ON conferences_block USING (true)",
        "CREATE POLICY all_of_it ON conferences_block USING (true)",
        "ALTER TABLE conferences_block DISABLE TRIGGER USER",
        "ALTER TABLE conferences_block DISABLE TRIGGER frozen",
        "DROP TRIGGER frozen ON conferences_block",
        "SET session_replication_role = replica",
        "SET row_security = off; SELECT * FROM conferences_block",
        "TRUNCATE conferences_block",
        "TRUNCATE conferences_accessevent",
        "DROP TABLE conferences_accessevent CASCADE",
        "CREATE OR REPLACE FUNCTION conferences.acting_job() RETURNS text LANGUAGE sql AS 'SELECT NULL::text'",
        "ALTER FUNCTION conferences.manages(uuid) SECURITY INVOKER",
        "DROP FUNCTION conferences.log_access(text, text, text, uuid, uuid[], text, text)",
        "CREATE FUNCTION conferences.acting_person(text) RETURNS uuid LANGUAGE sql AS 'SELECT NULL::uuid'",
        "CREATE TABLE conferences.mine (id int)",
        "ALTER TABLE conferences_block OWNER TO CURRENT_USER",
        "GRANT ALL ON conferences_accessevent TO CURRENT_USER WITH GRANT OPTION; DELETE FROM conferences_accessevent",
        "SET ROLE portal",
        "DELETE FROM conferences_accessevent",
        "UPDATE conferences_accessevent SET action = 'view'",
        "DELETE FROM conferences_blockversion",
        "UPDATE conferences_signedrecord SET content = ''",
        "UPDATE conferences_amendment SET reason = ''",
    ],
)
def test_the_app_role_cannot_take_a_wall_down(cast, conference, sql):
    with raw(cast.chair) as cursor:
        refused = refusal_of(cursor, sql)
        assert refused is not None and refused.pgcode in ("42501", "42710"), refused


def test_a_table_of_ones_own_name_deceives_no_function(cast, conference):
    with raw(cast.neighbour) as cursor:
        deceit = "CREATE TEMP TABLE conferences_assignment AS SELECT * FROM conferences.conferences_assignment"
        if refusal_of(cursor, deceit) is None:
            assert rows(cursor, "SELECT count(*) FROM my_live_assignments()") == [(0,)]
        assert rows(cursor, "SELECT count(*) FROM conferences.conferences_conference") == [(0,)]


def test_the_log_is_written_by_its_function_alone_and_by_nobody_for_nobody(cast, conference):
    with raw(cast.chair) as cursor:
        for sql in (
            "INSERT INTO conferences_accesschain (chain, number, hash) VALUES (gen_random_uuid(), 1, '')",
            "INSERT INTO conferences_accessevent (id, chain, number, at, user_id, role, action, object_type, object_id,"
            " sections, request_id, address, previous_hash, hash) VALUES (gen_random_uuid(), gen_random_uuid(), 1,"
            " now(), gen_random_uuid(), '', 'view', '', '', '{}', '', '', '', '')",
        ):
            assert refusal_of(cursor, sql).pgcode == "42501"
        cursor.execute("UPDATE conferences_accesschain SET number = 0")
        assert cursor.rowcount == 0
    with raw() as cursor:
        refused = refusal_of(cursor, "SELECT log_access('view', '', '', NULL, '{}', '', '')")
        assert refused.pgcode == "42501"


def test_behaviour_35_after_signing_not_a_word_can_be_changed(cast, conference):
    with acting_as(cast.chair.pk):
        Conference.objects.update(
            state="signed", signed_at=NOW, signed_by=cast.chair, held_on=NOW, content_sha256="x", quorate=True
        )
    with raw(cast.chair) as cursor:
        for sql in (
            "UPDATE conferences_block SET words = 'other words'",
            "DELETE FROM conferences_block",
            "UPDATE conferences_section SET version = version + 1",
            "UPDATE conferences_person SET name = 'other'",
            "UPDATE conferences_conference SET held_on = held_on + 1",
            "UPDATE conferences_conference SET state = 'draft', signed_at = NULL, signed_by_id = NULL",
            'INSERT INTO conferences_nextdate (id, conference_id, kind, "on", place)'
            " SELECT gen_random_uuid(), id, 'review', '2026-06-01', '' FROM conferences_conference",
        ):
            refused = refusal_of(cursor, sql)
            assert refused is not None and refused.diag.constraint_name == "frozen_once_signed", sql


def test_errors_of_the_database_show_no_words(cast, conference):
    with raw(cast.chair) as cursor:
        refused = refusal_of(cursor, "UPDATE conferences_block SET words = '', sealed_at = now()")
        assert refused.diag.constraint_name == "sealed_words_are_there"
        assert "what was said" not in str(refused)


def test_the_app_role_owns_nothing_here_and_truncates_nothing(conference):
    with raw() as cursor:
        owned = "SELECT count(*) FROM pg_class WHERE relowner = current_user::regrole"
        assert rows(cursor, owned) == [(0,)]
        assert rows(cursor, "SELECT count(*) FROM pg_proc WHERE proowner = current_user::regrole") == [(0,)]
        assert rows(cursor, "SELECT has_schema_privilege('conferences', 'CREATE')") == [(False,)]
        rights = rows(
            cursor,
            "SELECT relname, has_table_privilege(oid, 'SELECT') AND has_table_privilege(oid, 'INSERT'),"
            " has_table_privilege(oid, 'UPDATE'),"
            " has_table_privilege(oid, 'DELETE'), has_table_privilege(oid, 'TRUNCATE, TRIGGER, REFERENCES')"
            " FROM pg_class WHERE relnamespace = 'conferences'::regnamespace AND relkind = 'r'",
        )
    grow = apps.get_app_config("conferences").append_only_tables
    assert {name for name, *_ in rights} == set(TABLES)
    for name, reads, changes, removes, more in rights:
        assert (reads, changes, removes, more) == (True, name not in grow, name not in grow, False), name


def test_every_function_that_speaks_as_the_owner_has_a_search_path_of_its_own(db):
    with connection.cursor() as cursor:
        loose = rows(
            cursor,
            "SELECT proname FROM pg_proc WHERE pronamespace = 'conferences'::regnamespace AND prosecdef"
            " AND NOT coalesce(proconfig::text LIKE '%%search_path=conferences, public, pg_temp%%', false)",
        )
    assert loose == []


def test_an_ended_role_in_the_portal_ends_what_the_walls_asked_for_it(cast, conference):
    staff = User.objects.get(pk=cast.staff.pk)
    add = "INSERT INTO conferences_team (id, name, chair_title) VALUES (gen_random_uuid(), 'Third team', 'Chair')"
    with raw(staff) as cursor:
        assert refusal_of(cursor, add) is None
    staff.role_grants.update(ended_at=NOW)
    with raw(staff) as cursor:
        assert isinstance(refusal_of(cursor, add), psycopg2.errors.InsufficientPrivilege)
