"""Sending what is due.

A sender claims some rows with a lease, in one short transaction. Then, with no transaction open, for each row: compose
it from the record as it is now, mark it as being handed over, hand it over, mark it sent. A sender killed before the
hand-over leaves a lease that runs out, and the row goes back to the queue. One killed in the hand-over leaves a row
nobody can be sure about: it becomes uncertain, and only staff send it again.

``now`` decides what is due. Leases and the moments of sending follow the machine's own clock.
"""

import logging
import smtplib
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.core import mail
from django.db import connection, transaction
from django.db.models import Case, F, Value, When
from django.utils import timezone

from .. import kinds, mime, rendering, transport
from ..models import Message

logger = logging.getLogger(__name__)

BATCH = 50
LEASE = timedelta(minutes=5)  # longer than one message can take: each step of the conversation ends in EMAIL_TIMEOUT
LOOK_AGAIN_AT_HELD = timedelta(minutes=10)
MINUTES_BEFORE_NEXT_TRY = (1, 5, 15, 60, 4 * 60, 8 * 60, 16 * 60)
MOST_ATTEMPTS = len(MINUTES_BEFORE_NEXT_TRY) + 1

State = Message.State


@dataclass
class Tally:
    """What became of the messages one sender looked at."""

    sent: int = 0
    held: int = 0
    suppressed: int = 0
    retried: int = 0
    failed: int = 0
    uncertain: int = 0
    lost: int = 0  # taken over by another sender, or stopped, in the meantime


def drain(*, now: datetime, limit: int | None = None, only: Iterable[UUID] | None = None) -> Tally:
    """Send what is due until nothing is left, or the mail server cannot be reached.

    Any number of senders may run this at once.

    :param limit: look at no more messages than this
    :param only: take these and no others, as soon as they are due, even if they wait for a next try
    """
    take_back_expired_leases()
    sender = _Sender(now)
    remaining = set(only) if only is not None else None
    try:
        while sender.reachable and (limit is None or sender.looked_at < limit):
            wanted = min(BATCH, limit - sender.looked_at) if limit is not None else BATCH
            batch = _claim(now, wanted, remaining)
            if remaining is not None:
                remaining -= {message.pk for message in batch}
            sender.send(batch)
            if len(batch) < wanted:
                break  # nothing was left; whatever is queued meanwhile wakes a sender of its own
    finally:
        sender.close()
    return sender.tally


def preview(message: Message, *, now: datetime) -> rendering.Rendered:
    """What would be sent now. Whatever composing it writes is undone.

    :raises kinds.Suppress: it would not be sent any more
    :raises kinds.Hold: it would wait
    """
    with transaction.atomic():
        try:
            return _compose(message, now)
        finally:
            transaction.set_rollback(True)


def take_back_expired_leases() -> int:
    """Settle what a killed sender left behind: back to the queue, or uncertain when it was being handed over."""
    expired = Message.objects.filter(state=State.SENDING, lease_until__lt=timezone.now())
    if not expired.exists():  # nearly always, and much cheaper to ask
        return 0
    settled = expired.update(
        state=Case(
            When(handing_over_at__isnull=False, then=Value(State.UNCERTAIN)),
            When(attempts__gte=MOST_ATTEMPTS, then=Value(State.FAILED)),
            default=Value(State.QUEUED),
        ),
        secrets=Case(When(handing_over_at=None, attempts__gte=MOST_ATTEMPTS, then=Value(None)), default=F("secrets")),
        held_reason="",
        last_error="SenderStopped",
        lease_until=None,
    )
    if settled:
        logger.warning("A sender stopped in the middle of its work: %s messages taken back.", settled)
    return settled


def _claim(now: datetime, count: int, only: set[UUID] | None) -> list[Message]:
    """Lease up to ``count`` due messages to this sender, the longest due first; no other sender gets them."""
    if only is None:
        due = Message.objects.due(now)
    else:
        due = Message.objects.filter(pk__in=only, state=State.QUEUED, due_at__lte=now).order_by("due_at", "id")
    lease_until = timezone.now() + LEASE
    with transaction.atomic():
        batch = list(due.select_for_update(skip_locked=True, of=("self",)).select_related("recipient")[:count])
        if batch:
            Message.objects.filter(pk__in=[message.pk for message in batch]).update(
                state=State.SENDING, lease_until=lease_until, attempts=F("attempts") + 1
            )
    for message in batch:
        message.state, message.lease_until = State.SENDING, lease_until
        message.attempts += 1
    return batch


def _compose(message: Message, now: datetime) -> rendering.Rendered:
    """The words of one message, from the record as it is now.

    :raises kinds.Suppress: no longer true, or nobody to send it to
    :raises kinds.Hold: something is missing
    """
    if message.recipient is not None and (message.recipient.erased_at or not message.recipient.is_active):
        raise kinds.Suppress("The person's account is closed.")
    rendered = rendering.render(message, kinds.get(message.kind).compose(message, now))
    if not rendered.to_email:
        raise kinds.Suppress("There is no address to send it to.")
    return rendered


class _Sender:
    """One conversation with the mail server: sends the batches it is given and writes down what became of each."""

    def __init__(self, now: datetime):
        self.now = now
        self.tally = Tally()
        self.looked_at = 0
        self.reachable = True
        self.connection = mail.get_connection()
        self.is_open = False
        self.accepted: Message | None = None  # taken by the server, not yet marked

    def send(self, batch: list[Message]) -> None:
        waiting = deque(batch)
        self.looked_at += len(batch)
        try:
            while waiting and self.reachable:
                self._send_one(waiting.popleft())
        finally:
            self._mark_accepted()
            self._give_back(waiting)

    def close(self) -> None:
        try:
            self.connection.close()
        except (smtplib.SMTPException, OSError):
            pass  # the server went first
        self.is_open = False

    def _send_one(self, message: Message) -> None:
        try:
            rendered = _compose(message, self.now)
            email = rendering.build(message, rendered)
            content = mime.content_of(email)
        except kinds.Suppress as why:
            self._suppress(message, str(why))
            return
        except kinds.Hold as why:
            self._hold(message, str(why))
            return
        except Exception as error:
            self._fail(message, type(error).__name__)
            return
        if not self._connect(message):
            return
        if not self._mark_handing_over(message, rendered):
            self.tally.lost += 1
            return
        try:
            transport.hand_over(self.connection, email, content)
        except transport.NotAccepted as problem:
            if problem.connection_lost:
                self.close()
            if isinstance(problem, transport.MayHaveBeenSent):
                self._make_uncertain(message, str(problem))
            elif isinstance(problem, transport.Refused):
                self._fail(message, str(problem))
            else:
                self._try_later(message, str(problem))
        else:
            message.sent_at = timezone.now()
            self.accepted = message

    def _connect(self, message: Message) -> bool:
        """Open the connection if it is not; when it cannot be, this message waits and the batch ends."""
        if self.is_open:
            return True
        try:
            self.connection.open()
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            self.reachable = False
            logger.warning("The mail server cannot be reached (%s).", type(error).__name__)
            self._try_later(message, type(error).__name__)
            return False
        self.is_open = True
        return True

    # Marks. Each is written only while the lease is ours, so a sender that was overtaken changes nothing.

    def _mark_handing_over(self, message: Message, rendered: rendering.Rendered) -> bool:
        """Mark the last one sent and this one as being handed over, in one statement; False when it is not ours."""
        message.handing_over_at = timezone.now()
        renewed = message.handing_over_at + LEASE
        calendar = rendered.calendar
        with connection.cursor() as cursor:
            cursor.execute(
                (_MARK_SENT if self.accepted else "") + _MARK_HANDING_OVER,
                self._sent_values()
                | {
                    "id": message.pk,
                    "lease": message.lease_until,
                    "renewed": renewed,
                    "now": message.handing_over_at,
                    "to_email": rendered.to_email,
                    "subject": rendered.subject,
                    "text": rendered.text,
                    "html": rendered.html,
                    "method": calendar[0].method if calendar else "",
                    "sequence": max(part.sequence for part in calendar) if calendar else None,
                },
            )
            ours = cursor.rowcount == 1
        self._count_accepted()
        message.lease_until = renewed
        return ours

    def _mark_accepted(self) -> None:
        if self.accepted is not None:
            with connection.cursor() as cursor:
                cursor.execute(_MARK_SENT, self._sent_values())
            self._count_accepted()

    def _sent_values(self) -> dict:
        sent = self.accepted
        return {
            "sent_id": sent.pk if sent else None,
            "sent_handed_over": sent.handing_over_at if sent else None,
            "sent_at": sent.sent_at if sent else None,
        }

    def _count_accepted(self) -> None:
        if self.accepted is not None:
            self.tally.sent += 1
            self.accepted = None

    def _settle(self, message: Message, **changes) -> bool:
        self._mark_accepted()
        ours = Message.objects.filter(pk=message.pk, state=State.SENDING, lease_until=message.lease_until)
        if ours.update(lease_until=None, **changes):
            return True
        self.tally.lost += 1
        return False

    def _suppress(self, message: Message, reason: str) -> None:
        if self._settle(message, state=State.SUPPRESSED, stopped_reason=reason[:300], held_reason="", secrets=None):
            self.tally.suppressed += 1

    def _hold(self, message: Message, reason: str) -> None:
        if self._settle(
            message,
            state=State.QUEUED,
            held_reason=reason[:300],
            attempts=message.attempts - 1,
            next_attempt_at=self.now + LOOK_AGAIN_AT_HELD,
        ):
            self.tally.held += 1

    def _try_later(self, message: Message, error: str) -> None:
        if message.attempts >= MOST_ATTEMPTS:
            self._fail(message, error)
            return
        wait = timedelta(minutes=MINUTES_BEFORE_NEXT_TRY[message.attempts - 1])
        if self._settle(
            message,
            state=State.QUEUED,
            handing_over_at=None,
            held_reason="",
            last_error=error[:120],
            next_attempt_at=self.now + wait,
        ):
            self.tally.retried += 1

    def _fail(self, message: Message, error: str) -> None:
        logger.warning("Message %s failed (%s).", message.pk, error)
        if self._settle(message, state=State.FAILED, last_error=error[:120], held_reason="", secrets=None):
            self.tally.failed += 1

    def _make_uncertain(self, message: Message, error: str) -> None:
        logger.warning("Message %s may or may not have been sent (%s).", message.pk, error)
        if self._settle(message, state=State.UNCERTAIN, last_error=error[:120]):
            self.tally.uncertain += 1

    def _give_back(self, waiting: Iterable[Message]) -> None:
        """Those claimed and not looked at go back at once, as if never claimed."""
        if waiting:
            self.looked_at -= len(waiting)
            Message.objects.filter(
                pk__in=[message.pk for message in waiting],
                state=State.SENDING,
                lease_until=waiting[0].lease_until,
                handing_over_at=None,
            ).update(state=State.QUEUED, lease_until=None, attempts=F("attempts") - 1)


# Written as SQL because it runs once for each message sent: two rows, one round trip, one commit. (Statements sent
# together outside a transaction are one transaction.)
_MARK_SENT = """
UPDATE notifications_message
SET state = 'sent', sent_at = %(sent_at)s, lease_until = NULL, secrets = NULL, last_error = ''
WHERE id = %(sent_id)s AND handing_over_at = %(sent_handed_over)s AND state IN ('sending', 'uncertain');
"""
_MARK_HANDING_OVER = """
UPDATE notifications_message
SET handing_over_at = %(now)s, lease_until = %(renewed)s, to_email = %(to_email)s, subject = %(subject)s,
    text_body = %(text)s, html_body = %(html)s, calendar_method = %(method)s, calendar_sequence = %(sequence)s,
    held_reason = ''
WHERE id = %(id)s AND state = 'sending' AND lease_until = %(lease)s AND handing_over_at IS NULL
"""
