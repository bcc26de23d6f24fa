"""The walls behind PgBouncer in transaction mode: many people on two connections, and never another's row."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from random import Random

import psycopg2
import pytest
from django.db import connection

from chatr.database.acting import acting_as
from chatr.testing.loudly import skip_loudly

from ..models import Conference, Section
from .making import make_cast, make_conference
from .raw import raw, rows, where

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("app_role")]

CONFIG = """
[databases]
{dbname} = host={host} port={port} dbname={dbname}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {listen}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = {folder}/users.txt
pool_mode = transaction
default_pool_size = 2
max_client_conn = 100
"""


@pytest.fixture
def folder():
    """A folder that another user can read; pytest's own lie below one that only this user enters."""
    with tempfile.TemporaryDirectory(prefix="pooler-") as made:
        Path(made).chmod(0o755)
        yield Path(made)


@pytest.fixture
def pooler(folder):
    """The port of a PgBouncer of this test alone, with two connections to the test database."""
    program = shutil.which("pgbouncer") or shutil.which("/usr/sbin/pgbouncer")
    if program is None:
        skip_loudly("Tests behind PgBouncer: it is not installed (apt-get install pgbouncer).")
    server = where()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        listen = free.getsockname()[1]
    (folder / "users.txt").write_text(f'"{server["user"]}" "{server["password"]}"\n')
    (folder / "pgbouncer.ini").write_text(CONFIG.format(**server, listen=listen, folder=folder))
    # It refuses to be root.
    command = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] if _is_root() else []
    process = subprocess.Popen([*command, program, "-q", str(folder / "pgbouncer.ini")])
    try:
        _wait_for(listen, process)
        yield listen
    finally:
        process.terminate()
        process.wait(10)


def _is_root() -> bool:
    return os.geteuid() == 0


def _wait_for(port: int, process: subprocess.Popen) -> None:
    end = time.monotonic() + 10
    while process.poll() is None and time.monotonic() < end:
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)) == 0:
                return
    raise AssertionError("PgBouncer did not start")


def test_twelve_threads_as_several_people_on_two_connections_never_see_a_wrong_row(pooler, run_threads):
    cast = make_cast()
    first, second = make_conference(cast), make_conference(cast, ids="C")
    third = make_conference(cast, chair=cast.neighbour, ids="B")
    theirs = {
        cast.chair: {first.pk, second.pk},
        cast.manager: {first.pk, second.pk},
        cast.neighbour: {third.pk},
        cast.next_manager: {third.pk},
        cast.teacher: set(),
        None: set(),
    }

    def visit(seed: int) -> int:
        chance, wrong = Random(seed), 0
        for _ in range(40):
            person = chance.choice(list(theirs))
            with raw(person, port=pooler) as cursor:
                sql = "SELECT DISTINCT conference_id FROM conferences_section"
                wrong += {pk for (pk,) in rows(cursor, sql)} != theirs[person]
                if chance.random() < 0.3:  # half of a page's work fails
                    with pytest.raises(psycopg2.Error):
                        cursor.execute("SELECT 1 / 0")
        return wrong

    assert run_threads([lambda seed=seed: visit(seed) for seed in range(12)]) == [0] * 12


def test_acting_as_through_the_pooler_shows_each_person_their_own(pooler, run_threads, settings):
    cast = make_cast()
    first, third = make_conference(cast), make_conference(cast, chair=cast.neighbour, ids="B")
    theirs = {cast.chair: first, cast.manager: first, cast.neighbour: third, cast.next_manager: third}
    app = where()

    def visit(seed: int) -> list:
        mine = {"HOST": app["host"], "PORT": pooler, "USER": app["user"], "PASSWORD": app["password"]}
        connection.settings_dict = connection.settings_dict | mine | {"DISABLE_SERVER_SIDE_CURSORS": True}
        chance, wrong = Random(seed), []
        for _ in range(20):
            person, other = chance.sample(list(theirs), 2)
            with acting_as(person.pk):
                seen = set(Section.objects.values_list("conference", flat=True))
                with acting_as(other.pk):
                    nested = set(Conference.objects.values_list("pk", flat=True))
                again = set(Conference.objects.values_list("pk", flat=True))
            if (seen, nested, again) != ({theirs[person].pk}, {theirs[other].pk}, {theirs[person].pk}):
                wrong.append(person)
            if Conference.objects.exists():
                wrong.append(None)
        return wrong

    assert run_threads([lambda seed=seed: visit(seed) for seed in range(8)]) == [[]] * 8
