"""``script/test``: script/lint and then the whole test suite, on servers of its own under var/test/.

What follows goes to pytest and narrows the run (``script/test training -k book``); then the form of the code is not
checked. The last line of standard output is pytest's.
"""

import signal

from . import installing, keys, lint, locks, servers
from .messages import Refusal, say
from .places import PYTHON, ROOT, VAR
from .processes import Processes

FOLDER = VAR / "test"
OWN_SPREAD = ("-n", "--numprocesses", "--pdb", "-s", "--capture=no", "no:xdist")
NO_BROWSER = """
************************************************************************
NO BROWSER FOUND, so the browser tests are NOT run.
Install Chromium or Google Chrome, or set CHROMIUM to the program's path.
************************************************************************
"""


def main(arguments: list[str]) -> int:
    """pytest's exit code; 1 when only script/lint found something."""
    try:
        with Processes() as processes, locks.held(FOLDER / "lock"):
            return run(processes, arguments)
    except locks.Taken as taken:
        raise Refusal(f"The tests are already running in this checkout (process {taken.pid}).") from None


def run(processes: Processes, arguments: list[str]) -> int:
    """Install, start the servers, lint when the run is not narrowed, test."""
    installing.python_packages(processes, tests=True)
    installing.front_end(processes)
    browser = installing.chromium(processes)
    if not browser:
        say(NO_BROWSER)
    found = [] if arguments else lint.run_checks()
    if found:
        say(f"script/lint found something: {', '.join(found)}. The tests run all the same, then this counts as failed.")
    addresses = servers.start(processes, FOLDER, keys.read(FOLDER), throwaway=True)
    env = lint.without_settings() | addresses | {"CHROMIUM": browser or "", "DJANGO_ALLOW_ASYNC_UNSAFE": "true"}
    pytest = [PYTHON, "-m", "pytest", *spread(arguments), *new_database(), *arguments]
    code = processes.foreground(pytest, env=env, stop_signal=signal.SIGINT)
    return code or (1 if found else 0)


def spread(arguments: list[str]) -> list[str]:
    """Two workers that take work from each other, unless the arguments say otherwise or need the terminal."""
    if any(argument.startswith(OWN_SPREAD) for argument in arguments):
        return []
    return ["-n", "2", "--dist", "worksteal"]


def new_database() -> list[str]:
    """Keep the test databases between runs, except when a migration has changed."""
    migrations = installing.digest(
        *(file for area in installing.AREAS for file in sorted((ROOT / area).rglob("migrations/*.py")))
    )
    if installing.is_current(FOLDER, migrations, ".migrated"):
        return []
    installing.mark(FOLDER, migrations, ".migrated")
    return ["--create-db"]
