"""Real Celery workers, each a process of its own, on a broker database that only one test at a time uses."""

import os
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import datetime
from urllib.parse import urlsplit

import redis
from django.conf import settings
from django.db import connection

# A worker whose clock stands still: its first argument is the moment.
AT_A_MOMENT = """
import sys
from datetime import datetime
from unittest import mock
from celery.__main__ import main
mock.patch("django.utils.timezone.now", return_value=datetime.fromisoformat(sys.argv.pop(1))).start()
main()
"""


def wait_until(question, seconds: float = 40) -> None:
    """Ask again and again until the answer is yes."""
    deadline = time.monotonic() + seconds
    while not question():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


@contextmanager
def empty_broker():
    """The address of a database of the test Valkey, emptied before and after."""
    number = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    address = urlsplit(settings.REDIS_URL)._replace(path=f"/{15 - number % 4}").geturl()
    with redis.Redis.from_url(address) as valkey:
        valkey.flushdb()
        yield address
        valkey.flushdb()


@contextmanager
def running_worker(broker: str, port: int, *, clock: datetime | None = None):
    """A worker of this test's database that sends through the mail server on this port; ``clock`` stops its clock."""
    database = urlsplit(settings.DATABASE_URL)._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    celery = ["-c", AT_A_MOMENT, clock.isoformat()] if clock else ["-m", "celery"]
    process = subprocess.Popen(
        [
            *(sys.executable, *celery, "-A", "chatr", "worker", "-P", "threads", "-c", "2", "-l", "ERROR"),
            *("--without-gossip", "--without-mingle", "--without-heartbeat"),
        ],
        cwd=settings.BASE_DIR,
        env=os.environ
        | {
            "DJANGO_SETTINGS_MODULE": "chatr.settings",
            "DATABASE_URL": database,
            "REDIS_URL": broker,
            "EMAIL_URL": f"smtp://127.0.0.1:{port}",
            "SITE_URL": settings.SITE_URL,
        },
        stdout=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
