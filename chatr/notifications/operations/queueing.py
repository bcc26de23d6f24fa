"""Putting messages in the outbox, and taking back those no longer wanted."""

import json
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import models, transaction
from django.utils import timezone

from chatr.accounts.models import User
from chatr.celery import app

from .. import kinds
from ..models import Message

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Draft:
    """One message to queue: see ``queue`` for what each part means."""

    kind: str
    to: User | str
    about: models.Model | None
    dedupe_key: str
    due_at: datetime | None = None
    facts: dict | None = None
    secrets: dict[str, str] | None = None
    subject: str = ""
    text: str = ""


def queue(
    kind_code: str,
    *,
    to: User | str,
    about: models.Model | None,
    dedupe_key: str,
    due_at: datetime | None = None,
    facts: dict | None = None,
    secrets: dict[str, str] | None = None,
    subject: str = "",
    text: str = "",
) -> Message | None:
    """Queue one message in the transaction of the change it tells about.

    :param to: a person, whose address is read again when it is sent, or an address
    :param dedupe_key: what makes it this message and no other; a second one with the same key is not queued
    :param due_at: when it may go (now, when not given)
    :param facts: ids, codes, dates, and words staff typed for it; no special category text, no live tokens
    :param secrets: live links or codes, shown in the template as ``{{ secret_links.name }}``, kept encrypted until sent
    :param subject: with ``text``, the words themselves, for a kind that has no template
    :return: None when that key was queued before
    :raises LookupError: for a kind nobody registered
    """
    new = queue_many([Draft(kind_code, to, about, dedupe_key, due_at, facts, secrets, subject, text)])
    return new[0] if new else None


def queue_many(drafts: Iterable[Draft]) -> list[Message]:
    """Queue many messages with one INSERT; return those whose key was new.

    :raises LookupError: for a kind nobody registered
    """
    now = timezone.now()
    new = Message.objects.add_new([_message(draft, now) for draft in drafts])
    if any(message.due_at <= now for message in new):
        _send_after_commit()
    return new


def _message(draft: Draft, now: datetime) -> Message:
    kinds.get(draft.kind)
    person = draft.to if isinstance(draft.to, User) else None
    due_at = draft.due_at or now
    return Message(
        kind=draft.kind,
        dedupe_key=draft.dedupe_key,
        recipient=person,
        to_email=person.email if person else draft.to,
        about_type=draft.about._meta.label_lower if draft.about else "",
        about_id=str(draft.about.pk) if draft.about else "",
        facts=draft.facts or {},
        secrets=json.dumps(draft.secrets) if draft.secrets else None,
        created_at=now,
        subject=draft.subject,
        text_body=draft.text,
        due_at=due_at,
        next_attempt_at=due_at,
    )


def _send_after_commit() -> None:
    """Wake a sender once the transaction has committed: once for each transaction, however many it queued."""
    connection = transaction.get_connection()
    if not any(waiting is _wake_a_sender for _, waiting, *_ in connection.run_on_commit):
        transaction.on_commit(_wake_a_sender)


def _wake_a_sender() -> None:
    """Ask a worker to look at the outbox now. Without the broker nothing is lost: beat's next scan finds the row."""
    try:
        app.send_task("chatr.notifications.tasks.send_due_messages", retry=False)
    except Exception as error:
        logger.warning("No worker was woken for the outbox (%s); the next scan sends it.", type(error).__name__)


def suppress(*, about: models.Model, kinds: Iterable[str] | None = None, reason: str) -> int:
    """Stop the messages about a record that have not been handed to the mail server; return how many.

    :param kinds: the codes to stop (all of them, when not given)
    """
    waiting = Message.objects.about(about).filter(
        state__in=[Message.State.QUEUED, Message.State.SENDING], handing_over_at=None
    )
    if kinds is not None:
        waiting = waiting.filter(kind__in=list(kinds))
    return waiting.update(
        state=Message.State.SUPPRESSED,
        stopped_reason=reason[:300],
        held_reason="",
        secrets=None,
        lease_until=None,
    )
