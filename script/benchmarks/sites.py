"""The floor and the portal on servers of their own, with the journeys a visitor makes through each."""

import json
import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from supervisor import installing, keys, lint, ports, run, servers
from supervisor.places import PYTHON, SCRIPT, STATIC_ROOT
from supervisor.processes import Processes

from . import cost, smtp_sink
from .visitor import Visitor, WrongAnswer

PEOPLE, COURSES, LAST_PLACES = 60, 10, 10
TRANSACTION_WORDS = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "SET ", "SELECT SET_CONFIG")
ADMIN = "postgres"


class Servers:
    """Postgres and Valkey in a folder made anew, and a mail server; both sites use them, in turn."""

    def __init__(self, processes: Processes, folder: Path):
        self.processes, self.folder = processes, folder
        self.keys = keys.read(folder)
        self.postgres_port = servers.start_postgres(processes, folder, self.keys)
        valkey_port = servers.start_valkey(processes, folder, self.keys)
        self.pids = [child.process.pid for child in processes.children]
        self.broker = f"redis://:{self.keys['valkey_password']}@127.0.0.1:{valkey_port}"
        self.smtp_port = ports.free_port()
        sink = [PYTHON, "-m", "benchmarks.smtp_sink", self.smtp_port]
        processes.start("The mail sink", sink, env=os.environ | {"PYTHONPATH": str(SCRIPT)}, server=True)

    def environment(self, database: int) -> dict[str, str]:
        """What every process needs, without what names servers and settings in this terminal."""
        return lint.without_settings() | {
            "CHATR_VAR": str(self.folder),
            "PYTHONPATH": str(SCRIPT),
            "PYTHONUNBUFFERED": "1",
            "SECRET_KEY": self.keys["secret_key"],
            "REDIS_URL": f"{self.broker}/{database}",
        }

    def sql(self, database: str, statement: str) -> str:
        """The answer to one statement, asked as the cluster's administrator."""
        to = ["-h", "127.0.0.1", "-p", str(self.postgres_port), "-U", "admin", "-d", database]
        psql = [servers.program("psql"), *to, "--no-psqlrc", "--tuples-only", "--no-align", "-c", statement]
        env = os.environ | {"PGPASSWORD": self.keys["admin_password"]}
        return subprocess.run(psql, env=env, check=True, capture_output=True, text=True).stdout.strip()

    @contextmanager
    def statements_logged(self) -> Iterator[None]:
        """Within, Postgres writes every statement to its log, with the database's name."""
        self._settings("SET log_line_prefix = '%d|'", "SET log_statement = 'all'")
        yield
        self._settings("RESET log_line_prefix", "RESET log_statement")

    def _settings(self, *changes: str) -> None:
        for change in changes:
            self.sql(ADMIN, f"ALTER SYSTEM {change}")
        self.sql(ADMIN, "SELECT pg_reload_conf()")
        time.sleep(0.5)  # until every connection has noticed

    def statements(self, database: str, action: Callable[[], None]) -> int:
        """How many statements an action sends to a database, those that only hold transactions together aside."""
        log = self.folder / "logs" / "postgres.log"
        before = log.stat().st_size
        action()
        time.sleep(0.2)
        with log.open("rb") as file:
            file.seek(before)
            lines = file.read().decode(errors="replace").splitlines()
        start = f"{database}|LOG:  statement: "
        said = [line.removeprefix(start).lstrip().upper() for line in lines if line.startswith(start)]
        return sum(not statement.startswith(TRANSACTION_WORDS) for statement in said)


class Site:
    """A running site. ``book`` is one person's whole way to a place, ending when the page says they have it."""

    package: str  # with wsgi and celery in it
    database: str
    sold = ""  # the SQL that counts the places given away on a run

    def __init__(self, servers: Servers, env: dict[str, str], data: dict):
        self.servers, self.env = servers, env
        self.sessions, self.courses, self.last_places = data["sessions"], data["courses"], data["last_places"]
        self.roots, self.ports = list(servers.pids), {}
        self.start_web(workers=2)
        worker = run.start_worker(servers.processes, env, self.package, log=self._log("worker"))
        self.roots.append(worker.pid)
        self.bookings = self._bookings_to_make()
        self.mail_expected = 0

    def _log(self, what: str) -> Path:
        return self.servers.folder / "logs" / f"{self.package}-{what}.log"

    def start_web(self, *, workers: int) -> None:
        """A web server as ``script/run`` starts it, with this many workers."""
        port = ports.free_port()
        log = self._log(f"web-{workers}")
        processes = self.servers.processes
        web = run.start_web(processes, self.env, port, self.package, workers=workers, log=log)
        self.roots.append(web.pid)
        self.ports[workers] = port
        run.wait_until_it_answers(processes, port)

    def _bookings_to_make(self) -> Iterator[tuple[str, dict, dict]]:
        """Session, course and run of bookings nobody has made yet."""
        for course in self.courses:
            for number, session in enumerate(self.sessions):
                yield session, course, course["runs"][number % len(course["runs"])]

    def visitor(self, session: str = "", workers: int = 2) -> Visitor:
        return Visitor(self.ports[workers], session)

    def cpu_seconds(self) -> float:
        """What web, worker, Postgres and Valkey have used so far."""
        return cost.cpu_seconds(self.roots)

    def book_next(self) -> int:
        """One new booking from the course page on; how many requests it took."""
        session, course, run = next(self.bookings)
        return self.book_as(session, course, run)

    def book_as(self, session: str, course: dict, run: dict) -> int:
        """The same for one person, course and run."""
        visitor = self.visitor(session)
        visitor.get(course["page"])
        self.ask(visitor, run["page"], self.fill_in(visitor, run["page"]))
        visitor.hang_up()
        return visitor.requests

    def fill_in(self, visitor: Visitor, page: str) -> dict[str, str]:
        """From the form to the last answer before the place is asked for."""
        raise NotImplementedError

    def ask(self, visitor: Visitor, page: str, answers: dict[str, str]) -> None:
        """Ask for the place, and read the page that says it is there.

        :raises WrongAnswer: when it is not
        """
        done = visitor.get(visitor.finish(page, answers))
        if "You have a place" not in done.text:
            raise WrongAnswer(f"{page} did not give a place.")

    def places_sold(self, run: dict) -> int:
        return int(self.servers.sql(self.database, self.sold.format(run["key"])))


class Floor(Site):
    """The least Django can do: the form is sent once."""

    package, database = "benchmarks.floor", "floor"
    sold = "select count(*) from floor_booking where run_id = {}"

    @classmethod
    def start(cls, servers: Servers) -> "Floor":
        env = servers.environment(1) | {
            "FLOOR_DATABASE_PORT": str(servers.postgres_port),
            "FLOOR_DATABASE_PASSWORD": servers.keys["owner_password"],
            "FLOOR_EMAIL_PORT": str(servers.smtp_port),
        }
        return cls(servers, env, made(servers, "benchmarks.floor.prepare", env))

    def fill_in(self, visitor, page):
        return visitor.get(page).hidden | {"needs": ""}


class Portal(Site):
    """The portal: the answers are shown once more before they are sent."""

    package, database = "chatr", "portal"
    sold = "select count(*) from training_booking where run_id = '{}' and status = 'confirmed'"

    @classmethod
    def start(cls, servers: Servers) -> "Portal":
        place = f"127.0.0.1:{servers.postgres_port}/portal"
        env = servers.environment(0) | {
            "DATABASE_URL": f"postgres://portal_app:{servers.keys['app_password']}@{place}",
            "DATABASE_OWNER_URL": f"postgres://portal:{servers.keys['owner_password']}@{place}",
            "EMAIL_URL": f"smtp://127.0.0.1:{servers.smtp_port}",
            "SITE_URL": "http://localhost:8000",
            "FIELD_KEYS": servers.keys["field_keys"],
            "STATIC_ROOT": str(STATIC_ROOT),
        }
        processes = servers.processes
        installing.static_files(processes, env)
        migrate = [PYTHON, "manage.py", "migrate", "--verbosity", "0"]
        processes.run("make the tables", migrate, log_name="bench-migrate", env=env)
        return cls(servers, env, made(servers, "benchmarks.portal_data", env))

    def fill_in(self, visitor, page):
        form = visitor.get(page).hidden
        return visitor.send(page, form | {"access": "", "dietary": ""}).hidden | {"step": "confirm"}


def made(servers: Servers, module: str, env: dict[str, str]) -> dict:
    """What a module that prepares data says it has made."""
    command = [PYTHON, "-m", module, PEOPLE, COURSES, LAST_PLACES]
    said = servers.processes.run("make the data to measure with", command, log_name="bench-data", env=env)
    return json.loads(said.splitlines()[-1])


class Sites:
    """Both, ready to be measured in turn, floor first."""

    def __init__(self, processes: Processes, folder: Path):
        self.servers = Servers(processes, folder)
        self.floor, self.portal = Floor.start(self.servers), Portal.start(self.servers)
        self.both = (self.floor, self.portal)
        for site in self.both:
            self.servers.sql(site.database, "ANALYZE")

    def in_turn(self, measure: Callable[[Site], float], rounds: int) -> list[tuple[float, float]]:
        """Floor and portal, so many times."""
        return [(measure(self.floor), measure(self.portal)) for _ in range(rounds)]

    def mail_settled(self, bookings: int, before: int) -> None:
        """Wait until each of so many bookings has its e-mail, and until the worker has written that down."""
        smtp_sink.wait_until_taken(self.servers.smtp_port, before + bookings)
        time.sleep(0.3)

    def mail_taken(self) -> int:
        return smtp_sink.taken_by(self.servers.smtp_port)
