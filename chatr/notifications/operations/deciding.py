"""What staff decide about a message, and how long its words are kept."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from chatr.accounts.models import User
from chatr.audit import operations as audit

from ..models import Message
from .queueing import _send_after_commit

State = Message.State


class CannotResend(Exception):
    """Why a message cannot be sent again, to show as it stands."""


class CannotStop(Exception):
    """Why a message cannot be stopped, to show as it stands."""


@transaction.atomic
def resend(message: Message, *, by: User, now: datetime, note: str = "") -> None:
    """Put a failed, uncertain, stopped or held message back in the queue. It is checked again before it goes.

    :raises CannotResend: it is sent, being sent, or already in the queue
    """
    message = Message.objects.select_for_update().get(pk=message.pk)
    is_held = message.state == State.QUEUED and message.held_reason
    if message.state not in (State.FAILED, State.UNCERTAIN, State.SUPPRESSED) and not is_held:
        raise CannotResend(f"It cannot be sent again: it is {message.get_state_display().lower()}.")
    was, message.state = message.state, State.QUEUED
    message.attempts, message.handing_over_at, message.next_attempt_at = 0, None, max(now, message.due_at)
    message.held_reason = message.stopped_reason = message.last_error = ""
    message.staff_note = note[:300]
    message.save()
    audit.record("notifications.message_resent", message, by=by, details={"kind": message.kind, "was": was})
    _send_after_commit()


@transaction.atomic
def stop(message: Message, *, by: User, note: str) -> None:
    """Take a message that has not gone out of the queue.

    :raises CannotStop: it was sent or stopped before, or is being sent now
    """
    message = Message.objects.select_for_update().get(pk=message.pk)
    if message.state not in (State.QUEUED, State.FAILED, State.UNCERTAIN):
        raise CannotStop(f"It cannot be stopped: it is {message.get_state_display().lower()}.")
    was, message.state = message.state, State.SUPPRESSED
    message.handing_over_at, message.secrets, message.held_reason = None, None, ""
    message.stopped_reason = message.staff_note = note[:300]
    message.save()
    audit.record("notifications.message_stopped", message, by=by, details={"kind": message.kind, "was": was})


@transaction.atomic
def look_again(*, kinds: Iterable[str], now: datetime) -> int:
    """What held messages of these kinds back may be there now: look at them at once. Returns how many.

    Called when staff supply something; nothing is sent that still lacks something.
    """
    held = Message.objects.held().filter(kind__in=list(kinds), due_at__lte=now).update(next_attempt_at=now)
    if held:
        _send_after_commit()
    return held


def purge_bodies(before: datetime) -> int:
    """Forget the words of messages that were due before this and are settled; return how many.

    What stays says that a message of this kind, about this record, reached this person and when.
    """
    settled = [State.SENT, State.FAILED, State.UNCERTAIN, State.SUPPRESSED]
    return (
        Message.objects.filter(state__in=settled, due_at__lt=before)
        .exclude(subject="", text_body="", facts={}, secrets__isnull=True)
        .update(subject="", text_body="", html_body="", facts={}, secrets=None)
    )
