"""From ``git clone`` to the first page, and the memory it then takes, with packages this machine has fetched before."""

import re
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from supervisor import lint, ports
from supervisor.messages import Refusal
from supervisor.places import ROOT
from supervisor.processes import Processes

from . import cost
from .results import Result, compared

NAME = "newcomer"
PATIENCE = 900.0  # seconds
IDLE = 5.0  # seconds after the first page
OUR_COMMANDS = ("gunicorn", "celery")


def measure(processes: Processes, *, quick: bool) -> list[Result]:
    """Seconds and memory, each time in an empty folder."""
    rounds = [(floor(processes), portal(processes)) for _ in range(1 if quick else 3)]
    seconds = [(floor[0], ours[0]) for floor, ours in rounds]
    memory = [(floor[1], ours[1]) for floor, ours in rounds]
    return [
        compared(NAME, "clone to first page", "s", seconds, promise="60", keeps=lambda ours, _: ours <= 60),
        compared(NAME, "memory when idle", "MiB", memory, promise="350", keeps=lambda ours, _: ours <= 350),
    ]


def portal(processes: Processes) -> tuple[float, float]:
    """A clone of this checkout, as committed, and ``script/run``; the memory of web, worker and beat."""
    with tempfile.TemporaryDirectory(prefix="newcomer-") as folder:
        clone, port = Path(folder) / "portal", ports.free_port()
        env = plain_environment() | {"PORT": str(port)}
        log = Path(folder) / "run.log"
        started = time.monotonic()
        processes.run("clone", ["git", "clone", "--quiet", ROOT, clone], log_name="bench-clone", env=env)
        running = processes.start("script/run in a clone", [clone / "script" / "run"], env=env, log=log)
        seconds = wait_for_page(port, started, running, log)
        pids = [pid for pid in cost.with_children([running.pid]) if is_ours(pid)]
        memory = cost.memory_mib(pids)
        stop(processes, running)
        return seconds, memory


def floor(processes: Processes) -> tuple[float, float]:
    """``startproject`` in a new virtual environment, and the same web server over it."""
    with tempfile.TemporaryDirectory(prefix="newcomer-") as folder:
        venv, port, log = Path(folder) / "venv", ports.free_port(), Path(folder) / "web.log"
        env = plain_environment() | {"PYTHONPATH": folder}
        python = venv / "bin" / "python"
        pip = [python, "-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"]
        started = time.monotonic()
        for step in (
            [sys.executable, "-m", "venv", venv],
            [*pip, *pinned("Django", "gunicorn")],
            [python, "-m", "django", "startproject", "site1", folder],
            [python, Path(folder) / "manage.py", "migrate", "--verbosity", "0"],
        ):
            processes.run("make a bare Django project", step, log_name="bench-floor", env=env)
        web = [python, "-m", "gunicorn", "site1.wsgi", "--workers=2", "--threads=4", "--preload"]
        web += ["--no-control-socket", f"--bind=127.0.0.1:{port}"]
        running = processes.start("A bare Django project", web, env=env, log=log)
        seconds = wait_for_page(port, started, running, log)
        memory = cost.memory_mib([running.pid])
        stop(processes, running)
        return seconds, memory


def plain_environment() -> dict[str, str]:
    """The environment of somebody who has set nothing."""
    ours = {"CHATR_VAR", "PORT", "PYTHONPATH", "VIRTUAL_ENV"}
    return {name: value for name, value in lint.without_settings().items() if name not in ours}


def pinned(*names: str) -> list[str]:
    """These packages at the versions the portal uses."""
    lines = (ROOT / "requirements.txt").read_text()
    return [re.search(rf"^{name}==\S+", lines, re.MULTILINE).group() for name in names]


def wait_for_page(port: int, started: float, running, log: Path) -> float:
    """Seconds until the first page; returns when things have calmed down after it.

    :raises Refusal: when it ends instead, or takes too long
    """
    while time.monotonic() < started + PATIENCE and running.poll() is None:
        try:
            urllib.request.urlopen(f"http://localhost:{port}/", timeout=30).close()
            seconds = time.monotonic() - started
            time.sleep(IDLE)
            return seconds
        except urllib.error.HTTPError as error:
            raise Refusal(f"The newcomer's first page was answered {error.code}.") from None
        except OSError:
            time.sleep(0.1)
    raise Refusal(f"The newcomer saw no page. It said:\n{log.read_text(errors='replace')[-600:]}")


def is_ours(pid: int) -> bool:
    """Whether a process is web, worker or beat."""
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
    except OSError:
        return False
    return any(name in command for name in OUR_COMMANDS)


def stop(processes: Processes, running) -> None:
    """End it, with everything below it."""
    processes.end([child for child in processes.children if child.process is running])
