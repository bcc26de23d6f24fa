import pytest
from django.core.management import call_command
from django.db import ProgrammingError, connection, transaction

from chatr.accounts.models import Role
from chatr.database.append_only import append_only_tables
from chatr.database.grants import grant_rights
from chatr.database.management.commands.migrate import Command
from chatr.workdays.models import BankHoliday


def run(sql: str):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone() if cursor.description else None


def test_tests_speak_as_the_app_role_which_owns_nothing(db, app_role):
    assert run("SELECT current_user") == (app_role,)
    assert run("SELECT count(*) FROM pg_class WHERE relowner = current_user::regrole") == (0,)
    assert run(
        "SELECT rolsuper OR rolbypassrls OR rolcreatedb OR rolcreaterole FROM pg_roles WHERE rolname = current_user"
    ) == (False,)


@pytest.mark.parametrize(
    "sql",
    [
        "TRUNCATE workdays_bankholiday",
        "DROP TABLE workdays_bankholiday",
        "ALTER TABLE workdays_bankholiday ADD COLUMN x int",
        "CREATE TRIGGER x BEFORE UPDATE ON workdays_bankholiday EXECUTE FUNCTION refuse_change()",
        "CREATE TABLE x (y int)",
    ],
)
def test_the_app_role_may_not(db, app_role, sql):
    with pytest.raises(ProgrammingError, match="permission denied|must be owner"):
        run(sql)


def test_the_app_role_has_its_rights_on_every_table_and_append_only_ones_can_only_grow(db, app_role):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, has_table_privilege(oid, 'SELECT') AND has_table_privilege(oid, 'INSERT'),"
            " has_table_privilege(oid, 'UPDATE'), has_table_privilege(oid, 'DELETE'),"
            " has_table_privilege(oid, 'TRUNCATE, TRIGGER, REFERENCES')"
            " FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
        )
        found = {name: rights for name, *rights in cursor.fetchall()}
    assert "audit_auditevent" in append_only_tables()
    for table, rights in found.items():
        changeable = table not in append_only_tables()
        assert rights == [True, changeable, changeable, False], table


def test_migrating_again_mends_rights_and_rows(transactional_db, as_owner, app_role):
    with as_owner():
        run(f"REVOKE ALL ON workdays_bankholiday FROM {app_role}")
        run(f"GRANT DELETE ON audit_auditevent TO {app_role}")
        run("DELETE FROM workdays_bankholiday")
        call_command("migrate", verbosity=0)
    assert BankHoliday.objects.exists()
    assert run("SELECT has_table_privilege('audit_auditevent', 'DELETE')") == (False,)


@pytest.mark.parametrize("options", [{"plan": True}, {"check_unapplied": True}])
def test_looking_changes_nothing(db, options):
    BankHoliday.objects.all().delete()
    call_command("migrate", verbosity=0, **options)
    assert not BankHoliday.objects.exists()


def test_one_app_alone_lays_no_rows(db, as_owner):
    BankHoliday.objects.all().delete()
    with as_owner():
        call_command("migrate", "workdays", verbosity=0)
    assert not BankHoliday.objects.exists()


def test_it_runs_as_the_owner_where_one_is_configured(settings, monkeypatch):
    def alias() -> str:
        return Command().create_parser("manage.py", "migrate").parse_args([]).database

    assert alias() == "default"
    monkeypatch.setitem(settings.DATABASES, "owner", {})
    assert alias() == "owner"


def test_no_rights_are_given_to_the_owner_itself_or_to_a_role_that_is_not_there(db, as_owner):
    with as_owner():
        grant_rights(connection, connection.settings_dict["USER"])
        grant_rights(connection, "nobody_of_that_name")
        assert run("SELECT has_table_privilege('audit_auditevent', 'DELETE')") == (True,)


def test_roles_are_there_from_the_start(db):
    assert Role.objects.filter(code="programme_staff").exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("time", [1, 2])
def test_after_a_transactional_test_the_reference_rows_are_there_again(app_role, time):
    assert BankHoliday.objects.exists() and Role.objects.exists()
    BankHoliday.objects.all().delete()
    assert run("SELECT current_user") == (app_role,)
