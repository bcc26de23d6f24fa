"""Speaking to the test database as the app role, and from several threads at once."""

import threading
from collections.abc import Callable, Sequence
from contextlib import contextmanager

from django.conf import settings
from django.db import connection as default_connection
from django.db import connections


def become_app_role(connection, **kwargs) -> None:
    """From now on this connection has the rights the portal has in production, and no more."""
    name, owner = connection.settings_dict["NAME"], connection.settings_dict["USER"]
    if name and name.startswith("test_") and owner != settings.APP_DATABASE_ROLE:
        with connection.cursor() as cursor:
            cursor.execute(f"SET ROLE {connection.ops.quote_name(settings.APP_DATABASE_ROLE)}")


@contextmanager
def as_owner():
    """Speak as the owner of the tables. Inside, an error must be caught around this block's own savepoint."""
    with default_connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
    try:
        yield
    finally:
        if not default_connection.needs_rollback:
            become_app_role(default_connection)


def run_threads(functions: Sequence[Callable]) -> list:
    """Start them all at the same moment, each with its own connection; their results or exceptions, in order."""
    start, results = threading.Barrier(len(functions)), [None] * len(functions)

    def run(place: int, function: Callable) -> None:
        start.wait()
        try:
            results[place] = function()
        except Exception as problem:
            results[place] = problem
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(functions)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads), "a thread is still waiting after a minute"
    return results
