"""The shared fixtures must themselves fail when they should."""

import pytest
from django.contrib.auth import SESSION_KEY
from django.db import connection

from chatr.accounts.permissions import Permission


def test_people_are_who_they_say(people):
    assert people.person.chosen_membership.is_confirmed
    assert people.colleague.chosen_membership.organisation == people.organisation
    assert people.neighbour.chosen_membership.organisation == people.next_organisation != people.organisation
    assert [user.is_staff for user in (people.person, people.trainer, people.staff, people.admin)] == [
        False,
        False,
        True,
        True,
    ]
    assert people.admin.may(Permission.READ_AUDIT) and not people.staff.may(Permission.READ_AUDIT)


def test_sign_in_lets_staff_into_the_staff_pages_and_nobody_else(client, sign_in, people):
    assert sign_in(client, people.staff).get("/admin/").status_code == 200
    assert sign_in(client, people.person).get("/admin/").status_code in (302, 403)


def test_signing_in_without_second_factor_is_not_enough(client, people):
    client.force_login(people.staff, backend="chatr.accounts.backends.PersonBackend")
    assert SESSION_KEY in client.session
    assert client.get("/admin/").status_code != 200


@pytest.mark.django_db(transaction=True)
def test_threads_run_together_and_each_speaks_as_the_app_role(run_threads, app_role):
    def who():
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_user, pg_backend_pid()")
            return cursor.fetchone()

    results = run_threads([who] * 4 + [lambda: 1 / 0])
    assert {role for role, _ in results[:4]} == {app_role}
    assert len({process for _, process in results[:4]}) == 4
    assert isinstance(results[4], ZeroDivisionError)


def test_a_list_that_asks_once_per_row_is_found_out(db, keeps_one_query_count):
    rows = []

    def visit():
        for _ in rows:
            connection.cursor().execute("SELECT 1")

    with pytest.raises(AssertionError, match="1 queries with 1 row, 3 with 3"):
        keeps_one_query_count(lambda: rows.append(1), visit)
    rows.clear()
    assert keeps_one_query_count(lambda: rows.append(1), lambda: connection.cursor().execute("SELECT 1")) == 1
