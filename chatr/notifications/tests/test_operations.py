"""Queueing, taking back, and what staff decide."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from chatr.audit.models import AuditEvent
from chatr.notifications import operations, queries
from chatr.notifications.account_mail import queue_account_mail
from chatr.notifications.kinds import Suppress
from chatr.notifications.models import Message
from chatr.notifications.operations import queueing
from chatr.retention.operations import run as run_retention

pytestmark = pytest.mark.django_db

State = Message.State


def put(message, state, **changes):
    """Put a message in a state, with what the database asks of it."""
    now = timezone.now()
    needs = {
        State.SENT: {"sent_at": now, "handing_over_at": now},
        State.UNCERTAIN: {"handing_over_at": now},
        State.SENDING: {"lease_until": now + timedelta(minutes=5)},
    }
    Message.objects.filter(pk=message.pk).update(state=state, **needs.get(state, {}) | changes)
    message.refresh_from_db()


# Queueing


def test_queue_keeps_the_facts_and_nothing_else(kind, people):
    message = operations.queue(
        "testing/note", to=people.person, about=people.person, dedupe_key="a", facts={"run": "INTRO-1"}
    )
    message.refresh_from_db()
    assert (message.state, message.to_email) == (State.QUEUED, people.person.email)
    assert (message.about_type, message.about_id) == ("accounts.user", str(people.person.pk))
    assert message.facts == {"run": "INTRO-1"}
    assert message.due_at == message.next_attempt_at == message.created_at
    assert message.text_body == ""


def test_a_message_with_the_same_key_is_queued_once(kind, people, django_assert_num_queries):
    draft = operations.Draft("testing/note", people.person, people.person, "same")
    with django_assert_num_queries(1):
        (first,) = operations.queue_many([draft, draft])
    assert operations.queue("testing/note", to="b@example.org", about=None, dedupe_key="same") is None
    assert Message.objects.get() == first
    assert operations.queue_many([]) == []


def test_an_unknown_kind_is_refused(kind):
    with pytest.raises(LookupError, match="There is no kind of message called 'testing/nothing'"):
        operations.queue("testing/nothing", to="a@example.org", about=None, dedupe_key="a")
    assert not Message.objects.exists()


def test_a_worker_is_woken_once_for_a_transaction_and_not_for_what_is_due_later(
    queue, monkeypatch, django_capture_on_commit_callbacks
):
    woken = []
    monkeypatch.setattr(queueing.app, "send_task", lambda name, **options: woken.append((name, options)))
    with django_capture_on_commit_callbacks(execute=True):
        queue(), queue(), queue()
    assert woken == [("chatr.notifications.tasks.send_due_messages", {"retry": False})]
    with django_capture_on_commit_callbacks(execute=True):
        queue(due_at=timezone.now() + timedelta(days=1))
    assert len(woken) == 1


@pytest.mark.django_db(transaction=True)
def test_what_is_queued_is_undone_with_the_change_it_tells_about(queue, monkeypatch):
    woken = []
    monkeypatch.setattr(queueing.app, "send_task", lambda name, **options: woken.append(name))
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        queue()
        raise ZeroDivisionError
    assert not Message.objects.exists()
    assert woken == []


def test_finding_what_is_due_reads_due_rows_alone(queue):
    queue()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        plan = Message.objects.due(timezone.now())[:50].explain()
    assert "Index Scan using message_due" in plan
    assert "Sort" not in plan


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"state": "posted"}, "message_handed_over_before_sent"),
        ({"state": State.SENDING}, "message_leased_while_sending"),
        ({"lease_until": timezone.now()}, "message_leased_while_sending"),
        ({"state": State.SENT, "handing_over_at": timezone.now()}, "message_sent_has_its_moment"),
        ({"sent_at": timezone.now()}, "message_sent_has_its_moment"),
        ({"state": State.UNCERTAIN}, "message_handed_over_before_sent"),
        ({"handing_over_at": timezone.now()}, "message_handed_over_before_sent"),
        ({"state": State.FAILED, "secrets": "x"}, "message_secrets_cleared_when_settled"),
        ({"state": State.SUPPRESSED, "held_reason": "x"}, "message_held_only_in_the_queue"),
        ({"next_attempt_at": timezone.now() - timedelta(days=1)}, "message_never_tried_before_due"),
    ],
)
def test_the_database_refuses_a_state_that_makes_no_sense(queue, changes, constraint):
    message = queue()
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        Message.objects.filter(pk=message.pk).update(**changes)
    assert refusal.value.__cause__.diag.constraint_name == constraint


# Taking back


def test_suppress_stops_what_has_not_gone_and_leaves_other_records_alone(queue, new_person):
    ada, ben = new_person(), new_person()
    waiting, leased, sent, handed = (queue(ada) for _ in range(4))
    other = queue(ben)
    put(leased, State.SENDING)
    put(sent, State.SENT)
    put(handed, State.SENDING, handing_over_at=timezone.now())
    assert operations.suppress(about=ada, kinds=["testing/other"], reason="Cancelled.") == 0
    assert operations.suppress(about=ada, kinds=["testing/note"], reason="Cancelled.") == 2
    for message in (waiting, leased, sent, handed, other):
        message.refresh_from_db()
    assert [message.state for message in (waiting, leased)] == [State.SUPPRESSED] * 2
    assert [message.state for message in (sent, handed, other)] == [State.SENT, State.SENDING, State.QUEUED]
    assert waiting.stopped_reason == "Cancelled."


# What staff decide


@pytest.mark.parametrize("state", [State.FAILED, State.UNCERTAIN, State.SUPPRESSED])
def test_resend_puts_a_message_back_and_says_so_in_the_audit(queue, people, state):
    message, now = queue(people.person), timezone.now()
    put(message, state, attempts=8, last_error="SMTP 550")
    operations.resend(message, by=people.staff, now=now, note="Their address was mended.")
    message.refresh_from_db()
    assert (message.state, message.attempts, message.next_attempt_at) == (State.QUEUED, 0, now)
    assert message.staff_note == "Their address was mended."
    event = AuditEvent.objects.get(action="notifications.message_resent")
    assert (event.object_id, event.actor_id) == (str(message.pk), people.staff.pk)
    assert event.details == {"kind": "testing/note", "was": state}
    assert operations.drain(now=now).sent == 1
    assert len(mail.outbox) == 1


@pytest.mark.parametrize("state", [State.QUEUED, State.SENDING, State.SENT])
def test_resend_is_refused_for_what_is_sent_or_on_its_way(queue, people, state):
    message = queue()
    put(message, state)
    with pytest.raises(operations.CannotResend, match="It cannot be sent again: it is"):
        operations.resend(message, by=people.staff, now=timezone.now())
    assert not AuditEvent.objects.filter(action="notifications.message_resent").exists()


def test_a_message_no_longer_true_is_not_sent_by_sending_it_again(queue, people, kind):
    message = queue("ada@example.org")
    put(message, State.SUPPRESSED)
    kind.answers["ada@example.org"] = Suppress("The booking was cancelled.")
    operations.resend(message, by=people.staff, now=timezone.now())
    operations.drain(now=timezone.now())
    message.refresh_from_db()
    assert message.state == State.SUPPRESSED
    assert mail.outbox == []


@pytest.mark.parametrize("state", [State.QUEUED, State.FAILED, State.UNCERTAIN])
def test_stop_takes_a_message_out_for_good(queue, people, state):
    message = queue(secrets={"cancel": "x"})
    put(message, state, secrets=None)
    operations.stop(message, by=people.staff, note="Sent by hand.")
    message.refresh_from_db()
    assert (message.state, message.stopped_reason, message.secrets) == (State.SUPPRESSED, "Sent by hand.", None)
    assert AuditEvent.objects.get(action="notifications.message_stopped").details["was"] == state
    assert operations.drain(now=timezone.now()) == operations.Tally()


@pytest.mark.parametrize("state", [State.SENDING, State.SENT, State.SUPPRESSED])
def test_stop_is_refused_for_what_has_gone_or_is_going(queue, people, state):
    message = queue()
    put(message, state)
    with pytest.raises(operations.CannotStop):
        operations.stop(message, by=people.staff, note="x")


# Account messages


@pytest.fixture
def code_templates(kind):
    folder = kind.templates.parent / "account/email"
    folder.mkdir(parents=True)
    (folder / "test_code_subject.txt").write_text("Your code\n")
    (folder / "test_code_message.txt").write_text("Your code is {{ code }}.\n\n{% if note %}{{ note }}{% endif %}\n")
    return "account/email/test_code"


def test_account_mail_keeps_neither_code_nor_link(code_templates, people):
    message = queue_account_mail(
        code_templates, "new@example.org", {"code": "AB12CD", "note": "Hi & bye"}, people.person
    )
    message.refresh_from_db()
    assert (message.subject, message.text_body) == ("Your code", "Your code is [[code]].\n\nHi & bye")
    assert operations.drain(now=timezone.now()).sent == 1
    (sent,) = mail.outbox
    assert sent.to == ["new@example.org"]
    assert sent.body.startswith("Your code is AB12CD.\n\nHi & bye\n")
    assert "<p>Your code is AB12CD.</p>" in sent.alternatives[0].content
    with connection.cursor() as cursor:
        cursor.execute("SELECT notifications_message::text FROM notifications_message")
        assert "AB12CD" not in cursor.fetchone()[0]


def test_account_mail_whose_code_was_cleared_is_not_sent_again(code_templates, people):
    message = queue_account_mail(code_templates, "new@example.org", {"code": "AB12CD"})
    put(message, State.SUPPRESSED, secrets=None)
    operations.resend(message, by=people.staff, now=timezone.now())
    assert operations.drain(now=timezone.now()) == operations.Tally(suppressed=1)
    message.refresh_from_db()
    assert message.stopped_reason == "Its link or code has been cleared. The person can ask for a new one."


# Keeping no longer than promised


def test_the_words_go_after_90_days_and_the_record_stays(queue, people):
    old, new, waiting = queue("a@example.org", facts={"words": "x"}), queue("b@example.org"), queue("c@example.org")
    now = timezone.now()
    operations.drain(now=now, limit=2)
    Message.objects.filter(pk__in=[old.pk, waiting.pk]).update(due_at=now - timedelta(days=91))
    run_retention(now)
    for message in (old, new, waiting):
        message.refresh_from_db()
    assert (old.state, old.subject, old.text_body, old.html_body, old.facts) == (State.SENT, "", "", "", {})
    assert old.to_email == "a@example.org"
    assert new.text_body.startswith("Hello")
    assert waiting.state == State.QUEUED
    assert operations.purge_bodies(now - timedelta(days=90)) == 0


def test_erasing_a_person_stops_their_messages_and_forgets_the_words(queue, people):
    from chatr.notifications.privacy import erase, export_for

    sent, other = queue(people.person), queue(people.colleague)
    operations.drain(now=timezone.now())
    waiting = queue(people.person, due_at=timezone.now() + timedelta(days=1))
    exported = export_for(people.person)["messages"]
    assert [row["state"] for row in exported] == ["Sent", "Queued"]
    assert exported[0]["text"].startswith("Hello")
    erase(people.person, by=people.staff, now=timezone.now())
    for message in (sent, other, waiting):
        message.refresh_from_db()
    assert (sent.state, sent.to_email, sent.text_body, sent.recipient) == (State.SENT, "", "", None)
    assert (waiting.state, waiting.to_email) == (State.SUPPRESSED, "")
    assert other.text_body.startswith("Hello")


def test_queries_say_how_long_mail_waits_and_what_needs_staff(queue):
    now = timezone.now()
    assert queries.oldest_due(now) is None
    oldest = queue(due_at=now - timedelta(minutes=20))
    queue(due_at=now - timedelta(minutes=5))
    put(queue(), State.FAILED)
    put(queue(), State.UNCERTAIN)
    put(queue(due_at=now + timedelta(days=1)), State.QUEUED, held_reason="The link is missing.")
    assert queries.oldest_due(now) == oldest.due_at
    assert queries.counts_needing_staff() == {"failed": 1, "uncertain": 1, "held": 1}
