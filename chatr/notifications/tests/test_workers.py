"""Real workers, killed for real, and a broker that forgets everything: no message is lost and none goes out twice."""

import os
import signal
import socket
import time
from datetime import timedelta
from functools import partial

import pytest
import redis
from django.conf import settings
from django.utils import timezone

from chatr.celery import app
from chatr.notifications import operations
from chatr.notifications.models import Message

from . import smtp
from .workers import empty_broker, running_worker, wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.servers]

State = Message.State
BEAT_STARTS = settings.CELERY_BEAT_SCHEDULE["send-due-messages"]["task"]


@pytest.fixture
def broker():
    with empty_broker() as address:
        yield address


@pytest.fixture
def scan(broker):
    """What beat does every minute."""

    def scan():
        with app.connection_for_write(broker) as to_broker:
            app.send_task(BEAT_STARTS, connection=to_broker)

    return scan


@pytest.fixture
def worker(broker):
    """``with worker(port) as process:`` a Celery worker that sends through the mail server on this port."""
    return partial(running_worker, broker)


def queue(how_many: int = 1) -> list[Message]:
    return [
        operations.queue(
            "account",
            to=f"person{number}@example.org",
            about=None,
            dedupe_key=f"note:{number}",
            subject="A note",
            text="Hello.",
        )
        for number in range(how_many)
    ]


def states() -> list[str]:
    return sorted(Message.objects.values_list("state", flat=True))


def let_leases_run_out() -> None:
    """As if the lease's minutes had passed."""
    Message.objects.filter(state=State.SENDING).update(lease_until=timezone.now() - timedelta(seconds=1))


def kill(process) -> None:
    os.kill(process.pid, signal.SIGKILL)
    process.wait()


def test_a_worker_killed_before_the_hand_over_leaves_a_message_that_is_sent_once(worker, scan):
    queue()
    with socket.create_server(("127.0.0.1", 0)) as never_greets, worker(never_greets.getsockname()[1]) as process:
        scan()
        never_greets.settimeout(40)
        conversation, _ = never_greets.accept()
        assert states() == [State.SENDING]
        kill(process)
        conversation.close()
    let_leases_run_out()
    with smtp.running_sink() as (sink, port), worker(port):
        scan()
        wait_until(lambda: states() == [State.SENT])
        assert sink.recipients == ["person0@example.org"]


def test_a_worker_killed_in_the_hand_over_leaves_a_message_only_staff_send_again(worker, scan):
    queue()
    with smtp.running_sink() as (sink, port):
        with worker(port) as process:
            sink.go_on.clear()
            scan()
            assert sink.reached.wait(40)
            kill(process)
        sink.go_on.set()
        let_leases_run_out()
        with worker(port):
            scan()
            wait_until(lambda: states() == [State.UNCERTAIN])
            Message.objects.filter(state=State.UNCERTAIN).update(next_attempt_at=timezone.now())
            queue(2)  # the first key is known; the second goes out, so this worker did scan again
            scan()
            wait_until(lambda: states() == [State.SENT, State.UNCERTAIN])
        assert sink.recipients.count("person0@example.org") <= 1
        assert sink.recipients.count("person1@example.org") == 1


def test_the_next_scan_sends_what_was_due_when_the_broker_forgot_everything(worker, scan, broker):
    queue(5)
    scan()
    with redis.Redis.from_url(broker) as valkey:
        assert valkey.flushdb()
        assert valkey.dbsize() == 0
    with smtp.running_sink() as (sink, port), worker(port):
        scan()
        wait_until(lambda: states() == [State.SENT] * 5)
        assert sorted(sink.recipients) == [f"person{number}@example.org" for number in range(5)]


def test_two_beats_and_two_workers_send_each_message_once(worker, scan):
    queue(200)
    with smtp.running_sink() as (sink, port), worker(port), worker(port):
        for _ in range(4):
            scan()
        wait_until(lambda: states() == [State.SENT] * 200)
        assert sorted(sink.recipients) == sorted(f"person{number}@example.org" for number in range(200))


@pytest.mark.parametrize("trouble", ["refuses", "never answers"])
def test_a_change_is_made_within_seconds_when_the_broker_is_down(trouble, monkeypatch, caplog):
    monkeypatch.setattr(app, "_pool", None)
    monkeypatch.setattr(app.amqp, "_producer_pool", None)
    with socket.socket() as broker:
        broker.bind(("127.0.0.1", 0))
        if trouble == "never answers":
            broker.listen(1)
        address = f"redis://127.0.0.1:{broker.getsockname()[1]}/0"
        monkeypatch.setattr(app.conf, "broker_write_url", address)
        started = time.monotonic()
        (message,) = queue()
        assert time.monotonic() - started < 8
    message.refresh_from_db()
    assert message.state == State.QUEUED
    assert "No worker was woken for the outbox (OperationalError)" in caplog.text
