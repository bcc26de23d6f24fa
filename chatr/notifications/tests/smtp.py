"""A real SMTP server on a free port, kept in a thread, that remembers what it took and can misbehave as told."""

import threading
from contextlib import contextmanager
from email import message_from_bytes, policy

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP
from django.test import override_settings


class Sink:
    """What arrives is in ``taken``, in order. The rest says how it misbehaves."""

    def __init__(self, keep: bool = True):
        self.keep = keep
        self.taken = []
        self.connections = 0
        self.answers = {}  # recipient -> answer to RCPT
        self.answer_to_content = {}  # recipient -> answer after DATA
        self.hang_up_on = set()  # recipients at whose content the server hangs up
        self.reached = threading.Event()  # content arrived that we keep waiting
        self.go_on = threading.Event()
        self.go_on.set()

    # aiosmtpd's hooks

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(self, server, session, envelope, address, options):
        answer = self.answers.get(address, "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server, session, envelope):
        to = envelope.rcpt_tos[0]
        if to in self.hang_up_on:
            server.transport.abort()
            return "250 nobody reads this"
        if not self.go_on.is_set():
            self.reached.set()
            await server.loop.run_in_executor(None, self.go_on.wait, 60)
        answer = self.answer_to_content.get(to, "250 OK")
        if self.keep and answer.startswith("250"):
            content = envelope.content.replace(b"\r\n", b"\n")
            self.taken.append((to, message_from_bytes(content, policy=policy.default)))
        return answer

    # What tests ask

    @property
    def recipients(self) -> list[str]:
        return [to for to, _ in self.taken]

    def mail_to(self, address: str):
        """The one e-mail this person got."""
        (mail,) = [mail for to, mail in self.taken if to == address]
        return mail


class QuietSMTP(SMTP):
    """Without the warning about every connection lost."""

    def connection_lost(self, error):
        super().connection_lost(None)


class FreePort(Controller):
    """Takes a free port itself and says which."""

    def factory(self):
        return QuietSMTP(self.handler)

    def _trigger_server(self):
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def running_sink(port: int = 0, *, keep: bool = True):
    """A ``Sink`` and the port it listens on."""
    sink = Sink(keep)
    controller = FreePort(sink, hostname="127.0.0.1", port=port, ready_timeout=10)
    controller.start()
    try:
        yield sink, controller.port
    finally:
        sink.go_on.set()
        controller.stop()


def through(port: int):
    """Settings that send through a server on this port."""
    return override_settings(
        EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend",
        EMAIL_HOST="127.0.0.1",
        EMAIL_PORT=port,
        EMAIL_TIMEOUT=5,
    )
