"""The system check that the walls can stand."""

import pytest
from django.db import connection

from ..walls.checks import check_walls

pytestmark = pytest.mark.django_db


def test_the_app_role_passes(app_role):
    assert check_walls(databases=["default"]) == []


def test_a_role_that_owns_the_tables_is_warned_about(as_owner):
    with as_owner():
        assert [problem.id for problem in check_walls(databases=["default"])] == ["conferences.W001"]


def test_a_search_path_without_the_schema_is_an_error(app_role):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL search_path = public")
        assert [problem.id for problem in check_walls(databases=["default"])] == ["conferences.E001"]
        cursor.execute("SET LOCAL search_path = public, conferences")


def test_without_a_database_to_look_at_nothing_is_asked():
    assert check_walls() == check_walls(databases=["owner"]) == []
