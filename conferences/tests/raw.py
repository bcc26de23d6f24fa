"""Speaking to the test database past Django: straight as the app role, with nothing but SQL."""

from contextlib import contextmanager

import psycopg2
from django.conf import settings
from django.db import connection

from chatr.settings import database


def where() -> dict:
    """How the app role connects to the test database."""
    app = database(settings.DATABASE_URL)
    return {
        "host": app["HOST"],
        "port": app["PORT"],
        "user": app["USER"],
        "password": app["PASSWORD"],
        "dbname": connection.settings_dict["NAME"],
    }


@contextmanager
def raw(person=None, job=None, **other):
    """A cursor of the app role in one transaction, rolled back at the end; acting as a person or a job, or nobody."""
    connected = psycopg2.connect(**where() | other)
    try:
        with connected.cursor() as cursor:
            if person is not None:
                cursor.execute("SELECT set_config('app.user_id', %s, true)", [str(person.pk)])
            if job is not None:
                cursor.execute("SELECT set_config('app.job', %s, true)", [job])
            yield cursor
    finally:
        connected.close()


def rows(cursor, sql: str, *values) -> list:
    """What the query gives."""
    cursor.execute(sql, values)
    return cursor.fetchall()


def refusal_of(cursor, sql: str, *values) -> psycopg2.Error | None:
    """How the database refuses, leaving the transaction usable; None when it does not."""
    cursor.execute("SAVEPOINT tried")
    try:
        cursor.execute(sql, values)
    except psycopg2.Error as refusal:
        cursor.execute("ROLLBACK TO tried")
        return refusal
    cursor.execute("RELEASE tried")
    return None
