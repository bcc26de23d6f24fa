"""On whose behalf a transaction speaks to the database, for tables behind row-level security.

The name is set for one transaction and no longer, so it holds behind a connection pooler in transaction mode. With
nobody set such tables have no rows.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import connection, transaction

PERSON, JOB = "app.user_id", "app.job"


@contextmanager
def acting_as(user_id: UUID | str) -> Iterator[None]:
    """One transaction on behalf of a person: they see and change what row-level security lets them, and no more.

    Whatever is read must be loaded inside: a page too is rendered before this ends.

    :raises ValueError: for nobody, such as the id of a visitor who has not signed in
    """
    with _saying(PERSON, str(UUID(str(user_id)))):
        yield


@contextmanager
def acting_as_job(name: str) -> Iterator[None]:
    """One transaction on behalf of a background job, which sees ids, dates and codes only.

    :raises ValueError: without a name
    """
    if not name:
        raise ValueError("A job says its name.")
    with _saying(JOB, name):
        yield


@contextmanager
def _saying(setting: str, value: str) -> Iterator[None]:
    nested = connection.in_atomic_block
    spoken = getattr(connection, "spoken_for", {})
    before = spoken if nested else {}
    with transaction.atomic():
        # One voice at a time: a job started inside a person's transaction does not see what the person sees.
        other = JOB if setting == PERSON else PERSON
        connection.spoken_for = {setting: value, other: ""}
        _say(connection.spoken_for)
        try:
            yield
            if nested:  # releasing a savepoint keeps what was set inside it
                _say({PERSON: before.get(PERSON, ""), JOB: before.get(JOB, "")})
        finally:
            connection.spoken_for = before


def _say(settings: dict[str, str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config(%s, %s, true), set_config(%s, %s, true)",
            [part for pair in settings.items() for part in pair],
        )
