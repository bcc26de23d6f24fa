"""``script/manage``: Django's manage.py with the portal's own servers up.

It joins a portal that runs in this checkout; otherwise it starts the servers and stops them again afterwards.
Standard output belongs to the command alone.
"""

import os
import time

from . import installing, keys, locks, ports, servers, stack
from .messages import Refusal
from .places import PYTHON, ROOT, SCRIPT, VAR
from .processes import Processes

STARTED_WITHIN = 180.0  # seconds another command may take until its servers can be joined


def main(arguments: list[str]) -> int:
    """The exit code of manage.py."""
    with Processes() as processes:
        while True:
            try:
                with locks.held(stack.LOCK):
                    return with_own_servers(processes, arguments)
            except locks.Taken as taken:
                # Shared among guests, so that a host who finishes first waits for them.
                with locks.held(stack.GUESTS, shared=True, wait_saying="Waiting for another script/manage to end …"):
                    note = wait_for_note(taken.pid)
                    if note:
                        return run(processes, arguments, note["environment"] | os.environ)


def with_own_servers(processes: Processes, arguments: list[str]) -> int:
    """Start what is needed, run the command, and stop when no other command uses it any more."""
    stack.NOTE.unlink(missing_ok=True)
    installing.python_packages(processes)
    kept = keys.read(VAR)
    addresses = servers.start(processes, VAR, kept)
    env = stack.environment(addresses, kept, site_url=f"http://localhost:{ports.wanted()}")
    if not os.environ.get("DATABASE_URL"):
        bring_up_to_date(processes, env)
    stack.leave_note(stack.NOTE, env)
    code = run(processes, arguments, env)
    stack.NOTE.unlink(missing_ok=True)
    with locks.held(stack.GUESTS, wait_saying="Waiting for another script/manage that uses the same servers …"):
        return code


def bring_up_to_date(processes: Processes, env: dict[str, str]) -> None:
    """Migrate our own database when the migrations are not those it had last."""
    data = VAR / "postgres"
    parts = ("migrations/*.py", "reference.py", "roles.py")
    migrations = installing.digest(
        *(file for area in installing.AREAS for part in parts for file in sorted((ROOT / area).rglob(part)))
    )
    if not installing.is_current(data, migrations, ".migrated"):
        django = env | {"PYTHONPATH": str(SCRIPT), "DJANGO_SETTINGS_MODULE": "chatr.settings"}
        command = [PYTHON, "-m", "supervisor.prepare"]
        processes.run("bring the database up to date", command, log_name="migrate", env=django)
        installing.mark(data, migrations, ".migrated")


def run(processes: Processes, arguments: list[str], env: dict[str, str]) -> int:
    """Hand the terminal to manage.py."""
    return processes.foreground([PYTHON, ROOT / "manage.py", *arguments], env=env)


def wait_for_note(pid: str) -> dict:
    """How to join the command that has the servers; nothing when it ended meanwhile.

    :raises Refusal: when it takes too long to start
    """
    deadline = time.monotonic() + STARTED_WITHIN
    while time.monotonic() < deadline:
        note = stack.read_note(stack.NOTE)
        if str(note.get("pid")) == pid:
            return note
        try:
            with locks.held(stack.LOCK):
                return {}
        except locks.Taken:
            time.sleep(0.2)
    raise Refusal(f"Process {pid} has this checkout's servers but has not finished starting. Try again later.")
