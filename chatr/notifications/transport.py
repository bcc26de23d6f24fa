"""One conversation with the mail server for each message, telling apart what was refused and what nobody can know."""

import re
import smtplib

from django.core.mail import EmailMessage

from .mime import ascii_address, sender_of


class NotAccepted(Exception):
    """The mail server did not take a message. ``str`` is a code or the name of an error, never content.

    ``connection_lost`` says whether the next message needs a new connection.
    """

    def __init__(self, error: str, *, connection_lost: bool = False):
        super().__init__(error)
        self.connection_lost = connection_lost


class TryLater(NotAccepted):
    """It was not taken, and may be another time."""


class Refused(NotAccepted):
    """It will never be taken as it is."""


class MayHaveBeenSent(NotAccepted):
    """The connection broke while the content was on its way: the server may or may not have it."""


def hand_over(connection, email: EmailMessage, content: bytes) -> None:
    """Give one e-mail to an open connection.

    :raises TryLater: refused for now, or the connection broke before the content was on its way
    :raises Refused: refused for good
    :raises MayHaveBeenSent: the connection broke after that
    """
    smtp = getattr(connection, "connection", None)
    if not isinstance(smtp, smtplib.SMTP):  # not SMTP: the outbox in memory that unit tests read
        connection.send_messages([email])
        return
    try:
        smtp.ehlo_or_helo_if_needed()
        _expect(smtp, *smtp.mail(sender_of(email.from_email)), about_us=True)
        _expect(smtp, *smtp.rcpt(ascii_address(email.to[0])))
        _expect(smtp, *smtp.docmd("DATA"), wanted=354)
    except (smtplib.SMTPException, OSError) as error:
        raise TryLater(type(error).__name__, connection_lost=True) from None
    try:
        smtp.send(re.sub(rb"(?m)^\.", b"..", content) + (b".\r\n" if content.endswith(b"\r\n") else b"\r\n.\r\n"))
        code, reply = smtp.getreply()
    except (smtplib.SMTPException, OSError) as error:
        raise MayHaveBeenSent(type(error).__name__, connection_lost=True) from None
    _expect(smtp, code, reply)


def _expect(smtp: smtplib.SMTP, code: int, reply: bytes, *, wanted: int = 250, about_us: bool = False) -> None:
    """Turn a refusal into its exception and make the connection ready for the next message.

    :param about_us: a refusal here is about the portal, not this person, so it is never for good
    """
    if code == wanted or (wanted == 250 and code == 251):
        return
    lost = code == 421
    if not lost:
        try:
            lost = smtp.rset()[0] != 250
        except (smtplib.SMTPException, OSError):
            lost = True
    refused_for_good = 500 <= code < 600 and not about_us
    raise (Refused if refused_for_good else TryLater)(f"SMTP {code}", connection_lost=lost)
