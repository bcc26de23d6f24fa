"""``script/run`` with real servers: it starts, says what is wrong, and leaves nothing behind however it ends."""

import os
import re
import signal
import smtplib
import socket
import stat
import subprocess
import time
import urllib.request

import pytest

from commands import SCRIPT, plain_environment, processes_of
from supervisor import ports

pytestmark = pytest.mark.servers
READY = "Press Ctrl-C to stop."


def start(command, port, **env):
    running = command("run", "--no-examples", PORT=str(port), **env)
    running.wait_for(READY)
    return running


def test_run_serves_both_names_catches_mail_and_stops_without_leaving_a_process(command, port):
    running = start(command, port)

    assert f"http://localhost:{port}" in running.said
    for name in ("localhost", "127.0.0.1"):
        with urllib.request.urlopen(f"http://{name}:{port}/healthz") as answer:
            assert answer.status == 200
    assert stat.S_IMODE((running.var / "secret.json").stat().st_mode) == 0o600

    mail_page = re.search(r"Mail it sends: +(\S+)", running.said).group(1)
    smtp = command("manage", "shell", "-c", "from django.conf import settings; print(settings.EMAIL_PORT)")
    assert smtp.end() == 0, smtp.said
    with smtplib.SMTP("127.0.0.1", int(smtp.said.splitlines()[-1])) as client:
        client.sendmail("a@example.org", ["b@example.org"], "To: b@example.org\r\nSubject: Hello\r\n\r\nHi\r\n")
    assert len(list((running.var / "mail").glob("*.eml"))) == 1
    with urllib.request.urlopen(f"{mail_page}/?to=b@example.org") as answer:
        assert "Hello" in answer.read().decode()

    second = command("run", PORT=str(port))
    assert second.end() == 1
    assert f"already running here (process {running.process.pid}): http://localhost:{port}" in second.said

    running.process.send_signal(signal.SIGTERM)
    assert running.end() == 0
    assert running.left_after(0) == {}


def test_kill_9_leaves_nothing_the_next_start_recovers_and_a_crash_of_one_process_stops_the_rest(command, port):
    killed = start(command, port)
    before = set(processes_of(killed.var))
    os.kill(killed.process.pid, signal.SIGKILL)
    running = start(command, port)
    assert len(before) > 6
    assert not before & set(processes_of(running.var))

    running.kill(" beat ")
    assert running.end() == 1
    assert "The beat was killed by SIGKILL by itself, so everything else is stopped too." in running.said
    assert running.left_after(0) == {}


def test_a_taken_port_is_named_with_its_holder_and_a_free_one(command):
    with socket.create_server(("127.0.0.1", 0)) as holder:
        taken = holder.getsockname()[1]
        refused = command("run", PORT=str(taken))
        assert refused.end() == 1
    assert re.search(rf"Port {taken} is taken by process {os.getpid()} \(.+\)\. .*PORT=\d+ script/run", refused.said)
    assert "Traceback" not in refused.said


@pytest.mark.parametrize("nonsense", ["http", "0", "70000"])
def test_a_port_that_is_none_is_refused(command, nonsense):
    refused = command("run", PORT=nonsense)
    assert refused.end() == 1
    assert refused.said == f"PORT must be a number from 1 to 65535, not '{nonsense}'.\n"


def test_a_site_elsewhere_is_not_given_a_mail_catcher(command, port):
    refused = command("run", PORT=str(port), SITE_URL="https://portal.example.org")
    assert refused.end() == 1
    assert "set EMAIL_URL too" in refused.said


def test_a_named_server_that_does_not_answer_is_said(command, port):
    refused = command("run", PORT=str(port), REDIS_URL=f"redis://127.0.0.1:{ports.free_port()}/0")
    assert refused.end() == 1
    assert "REDIS_URL names a server at 127.0.0.1:" in refused.said
    assert "does not answer: Connection refused." in refused.said


def test_a_folder_we_may_not_write_is_said_plainly(command, tmp_path, port):
    (tmp_path / "var").write_text("a file where a folder should be")
    refused = command("run", PORT=str(port))
    assert refused.end() == 1
    assert "Traceback" not in refused.said
    assert str(tmp_path / "var") in refused.said


def test_manage_starts_servers_for_its_life_keeps_standard_output_clean_and_passes_the_exit_code_on(tmp_path):
    script = "from django.db import connection; connection.ensure_connection(); print([1]); raise SystemExit(7)"
    result = subprocess.run(
        [SCRIPT / "manage", "shell", "--no-imports", "--verbosity=0", "--command", script],
        env=plain_environment() | {"CHATR_VAR": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert (result.returncode, result.stdout) == (7, "[1]\n"), result.stderr
    assert not processes_of(tmp_path)


def test_ctrl_c_while_it_is_still_starting_leaves_nothing(command, port):
    starting = command("run", PORT=str(port))
    starting.wait_for("Making a database")
    time.sleep(0.3)
    starting.process.send_signal(signal.SIGINT)
    assert starting.end() == 130
    assert "Traceback" not in starting.said
    assert starting.left_after(0) == {}
