"""How many messages a minute the outbox sends, beside the least Django can do: build an ``EmailMessage`` and send it.

``measure()`` gives both rates, taken one after the other, through a mail server in a process of its own. It needs the
database the settings name, migrated; its rows are removed again. ``manage.py shell -c "from
chatr.notifications.tests.mail_rate import measure; print(measure())"`` runs it alone.
"""

import multiprocessing
import time
from contextlib import contextmanager
from dataclasses import dataclass

from django.conf import settings
from django.core import mail
from django.db import connection
from django.utils import timezone

from chatr.notifications import kinds, operations
from chatr.notifications.models import Message

KIND = "mail-rate/note"
WORDS = "Hello {name},\n\nyou have a place.\n- Thursday 14 January 2027\n- 9:30am to 1pm\n\n{site}/training/bookings/1/"


@dataclass(frozen=True)
class Rates:
    """Messages a minute."""

    floor: float
    outbox: float

    @property
    def ratio(self) -> float:
        return self.outbox / self.floor


def measure(messages: int = 2000, senders: int = 2) -> Rates:
    """Both rates, with this many senders in processes of their own."""
    _register()
    with _server() as port:
        floor = _rate(messages, senders, _send_plainly, port)
        Message.objects.filter(kind=KIND).delete()
        now = timezone.now()
        operations.queue_many(
            operations.Draft(KIND, f"person{n}@example.org", None, f"{KIND}:{n}", due_at=now) for n in range(messages)
        )
        try:
            outbox = _rate(messages, senders, _drain, port)
            assert Message.objects.filter(kind=KIND, state=Message.State.SENT).count() == messages
        finally:
            Message.objects.filter(kind=KIND).delete()
    return Rates(floor, outbox)


def _register() -> None:
    def compose(message, now):
        return kinds.Composed(subject="You have a place", text=WORDS.format(name="Ada", site=settings.SITE_URL))

    kinds.register(kinds.Kind(KIND, "Mail rate", compose))


def _rate(messages: int, senders: int, send, port: int) -> float:
    fork = multiprocessing.get_context("fork")
    ready, go = fork.Barrier(senders + 1), fork.Event()
    connection.close()
    working = [fork.Process(target=_work, args=(send, messages // senders, port, ready, go)) for _ in range(senders)]
    for process in working:
        process.start()
    ready.wait(60)
    started = time.perf_counter()
    go.set()
    for process in working:
        process.join()
        assert process.exitcode == 0
    return messages / (time.perf_counter() - started) * 60


def _work(send, messages: int, port: int, ready, go) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    connection.ensure_connection()
    ready.wait(60)
    go.wait(60)
    send(messages)
    connection.close()


def _send_plainly(messages: int) -> None:
    words = WORDS.format(name="Ada", site=settings.SITE_URL)
    with mail.get_connection() as to_server:
        for number in range(messages):
            mail.EmailMessage(
                "You have a place", words, to=[f"person{number}@example.org"], connection=to_server
            ).send()


def _drain(messages: int) -> None:
    operations.drain(now=timezone.now())


@contextmanager
def _server():
    """A mail server in a process of its own that takes everything and keeps nothing."""
    fork = multiprocessing.get_context("fork")
    ours, theirs = fork.Pipe()
    process = fork.Process(target=_take_everything, args=(theirs,), daemon=True)
    process.start()
    try:
        yield ours.recv()
    finally:
        process.terminate()
        process.join()


def _take_everything(pipe) -> None:
    from .smtp import running_sink

    with running_sink(keep=False) as (_, port):
        pipe.send(port)
        time.sleep(3600)
