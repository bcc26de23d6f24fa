"""``script/run``: the whole portal on this machine, in the foreground, until somebody stops it."""

import json
import os
import time
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

from . import installing, keys, locks, ports, servers, stack
from .messages import Refusal, Stopped, say
from .places import PYTHON, SCRIPT, VAR, shown
from .processes import Processes

EMPTY = "--no-examples"
READY_WITHIN = 60.0  # seconds
LOOPBACK_NAMES = ("localhost", "127.0.0.1", "::1")


def main(arguments: list[str]) -> int:
    """Run until stopped; 0 when asked to stop, 1 when something failed."""
    if arguments not in ([], [EMPTY]):
        raise Refusal(f"script/run takes {EMPTY}, which loads no example data, and nothing else.")
    ready = False
    try:
        with Processes() as processes, locks.held(stack.LOCK):
            stack.NOTE.unlink(missing_ok=True)
            port = ports.wanted()
            ports.refuse_if_taken(port)
            env, mail_page = prepare(processes, port)
            accounts = bring_up_to_date(processes, env, examples=not arguments)
            start_portal(processes, env, port)
            wait_until_it_answers(processes, port)
            stack.leave_note(stack.NOTE, env, address=env["SITE_URL"], mail_page=mail_page)
            tell(env["SITE_URL"], mail_page, accounts)
            ready = True
            processes.wait_until_one_ends()
    except locks.Taken as taken:
        say(already_running(taken.pid))
        return 1
    except Stopped:
        say("Stopped.")
        if ready:
            return 0
        raise
    return 1


def prepare(processes: Processes, port: int) -> tuple[dict[str, str], str]:
    """Install, start the servers and the mail catcher, and gather what the portal's processes need to know."""
    site_url = os.environ.get("SITE_URL") or f"http://localhost:{port}"
    local = urlsplit(site_url).hostname in LOOPBACK_NAMES
    if not local and not os.environ.get("EMAIL_URL"):
        raise Refusal(f"SITE_URL is {site_url}, so this is no local portal: set EMAIL_URL too. See docs/running.md.")
    installing.python_packages(processes)
    installing.front_end(processes)
    kept = keys.read(VAR)
    addresses = servers.start(processes, VAR, kept)
    mail, mail_page = ("", "") if os.environ.get("EMAIL_URL") else start_mail_catcher(processes, port)
    env = stack.environment(addresses, kept, site_url=site_url, mail=mail)
    installing.static_files(processes, env)
    return env, mail_page


def start_mail_catcher(processes: Processes, port: int) -> tuple[str, str]:
    """Start the mail catcher; its page is 25 above the portal's port where that is free. Returns EMAIL_URL and page."""
    page_port, smtp_port = ports.free_port(port + 25), ports.free_port()
    arguments = [PYTHON, "-m", "supervisor.mail_catcher", VAR / "mail", smtp_port, page_port]
    env = os.environ | {"PYTHONPATH": str(SCRIPT), "CHATR_VAR": str(VAR)}
    processes.start("The mail catcher", arguments, env=env, server=True)  # the worker may still be sending at the end
    return f"smtp://127.0.0.1:{smtp_port}", f"http://localhost:{page_port}"


def bring_up_to_date(processes: Processes, env: dict[str, str], *, examples: bool) -> list[dict]:
    """Migrate, load the example data the first time, and return the example accounts."""
    say("Bringing the database up to date …")
    command = [PYTHON, "-m", "supervisor.prepare", "examples" if examples else "no-examples"]
    django = env | {"PYTHONPATH": str(SCRIPT), "DJANGO_SETTINGS_MODULE": "chatr.settings"}
    said = processes.run("bring the database up to date", command, log_name="migrate", env=django)
    return json.loads(said.splitlines()[-1])


def start_portal(processes: Processes, env: dict[str, str], port: int) -> None:
    """Web, worker and beat."""
    start_web(processes, env, port)
    start_worker(processes, env)
    beat = ["beat", f"--schedule={VAR / 'beat-schedule'}", "--pidfile=", "--loglevel=WARNING"]
    processes.start("The beat", [PYTHON, "-m", *_celery("chatr"), *beat], env=env)


def start_web(processes: Processes, env: dict[str, str], port: int, package: str = "chatr", *, workers=2, **options):
    """The web server for a package's ``wsgi`` module."""
    binds = [f"--bind={f'[{address}]' if ':' in address else address}:{port}" for address in ports.loopbacks()]
    web = ["gunicorn", f"{package}.wsgi", f"--workers={workers}", "--threads=4", "--preload", "--no-control-socket"]
    quietly = ["--log-level=warning", "--graceful-timeout=10"]
    return processes.start("The web server", [PYTHON, "-m", *web, *binds, *quietly], env=env, **options)


def start_worker(processes: Processes, env: dict[str, str], package: str = "chatr", **options):
    """The worker for a package's ``celery`` module."""
    as_root = ["-W", "ignore:You're running the worker with superuser privileges"]  # on this machine that is allowed
    worker = ["worker", "--pool=threads", "--concurrency=2", "--without-gossip", "--without-mingle"]
    command = [PYTHON, *as_root, "-m", *_celery(package), *worker, "--loglevel=WARNING"]
    return processes.start("The worker", command, env=env, **options)


def _celery(package: str) -> list[str]:
    return ["celery", "--quiet", f"--app={package}"]


def wait_until_it_answers(processes: Processes, port: int) -> None:
    """:raises Refusal: when a process ends or no page is answered in time"""
    deadline = time.monotonic() + READY_WITHIN
    while time.monotonic() < deadline:
        processes.refuse_if_ended()
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5).close()
            return
        except urllib.error.HTTPError:
            return  # it answers, if only with a redirect to https or a refusal of the host name
        except OSError:
            time.sleep(0.1)
    raise Refusal(f"The web server does not answer on port {port} after {READY_WITHIN:.0f} seconds.")


def tell(address: str, mail_page: str, accounts: list[dict]) -> None:
    """Say where everything is."""
    lines = ["", f"The portal is ready: {address}"]
    if mail_page:
        lines.append(f"Mail it sends:       {mail_page} (kept in {shown(VAR / 'mail')})")
    if accounts:
        lines += [
            "",
            "Example accounts: e-mail, password, roles, and the secret for an authenticator app",
        ]
        rows = [_account(account) for account in accounts]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines += ["  " + "  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]
    say("\n".join([*lines, "", "Press Ctrl-C to stop."]), answer=True)


def _account(account: dict) -> tuple[str, ...]:
    roles = ", ".join(account["roles"]).replace("_", " ")
    return (account["email"], account["password"], roles, account["totp_secret"] or "")


def already_running(pid: str) -> str:
    """What to tell somebody who starts it a second time."""
    note = stack.read_note(stack.NOTE)
    if note.get("address") and str(note["pid"]) == pid:
        return f"The portal is already running here (process {pid}): {note['address']}"
    command = Path(f"/proc/{pid}/cmdline")
    if command.exists() and b"manage" in command.read_bytes():
        return f"script/manage is using this checkout's servers (process {pid}). Try again when it has ended."
    return f"The portal is already running here (process {pid}); it is still starting."
