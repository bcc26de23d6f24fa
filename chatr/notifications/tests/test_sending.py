"""Sending through a real SMTP server: what arrives, what is tried again, and what nobody can be sure about."""

import socket
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from chatr.notifications import operations
from chatr.notifications.kinds import CalendarPart, Composed, Hold, Suppress
from chatr.notifications.models import Message
from chatr.notifications.operations.sending import LEASE, MOST_ATTEMPTS

from . import smtp

pytestmark = [pytest.mark.django_db, pytest.mark.servers]

State = Message.State


def state_of(message):
    message.refresh_from_db()
    return message.state


def test_drain_sends_what_is_due_in_the_order_it_fell_due_over_one_connection(queue, sink):
    now = timezone.now()
    later = queue("later@example.org", due_at=now - timedelta(minutes=1))
    earlier = queue("earlier@example.org", due_at=now - timedelta(hours=1))
    tomorrow = queue("tomorrow@example.org", due_at=now + timedelta(days=1))
    tally = operations.drain(now=now)
    assert tally == operations.Tally(sent=2)
    assert sink.recipients == ["earlier@example.org", "later@example.org"]
    assert sink.connections == 1
    assert [state_of(message) for message in (later, earlier, tomorrow)] == [State.SENT, State.SENT, State.QUEUED]
    assert later.sent_at >= later.handing_over_at >= now
    assert operations.drain(now=now) == operations.Tally()
    assert len(sink.taken) == 2


def test_each_message_is_sent_once_when_two_senders_run_at_the_same_time(transactional_db, queue, sink, run_threads):
    for number in range(120):
        queue(f"person{number}@example.org")
    now = timezone.now()
    tallies = run_threads([lambda: operations.drain(now=now)] * 3)
    assert sum(tally.sent for tally in tallies) == 120
    assert sorted(sink.recipients) == sorted(f"person{number}@example.org" for number in range(120))
    assert set(Message.objects.values_list("state", flat=True)) == {State.SENT}


def test_a_message_has_text_and_html_and_the_headers_mail_programs_need(queue, sink, kind, settings):
    message = queue("ada@example.org")
    kind.answers["ada@example.org"] = Composed({"name": "Ada <b>&"}, {"cancel": f"{settings.SITE_URL}/c/t0ken?a=1&b=2"})
    operations.drain(now=timezone.now())
    mail = sink.mail_to("ada@example.org")
    assert mail["Subject"] == "A place for Ada <b>&"
    assert mail["Message-ID"] == f"<{message.pk}@localhost>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Reply-To"] == settings.PROGRAMME_EMAIL
    assert mail["To"] == "ada@example.org"
    text = mail.get_body(("plain",)).get_content()
    assert text.startswith("Hello Ada <b>&,\n\nyou are booked.\n- bring water\n- be on time\n\n")
    assert f"I can't come: {settings.SITE_URL}/c/t0ken?a=1&b=2\n" in text
    assert text.rstrip().endswith("Questions? Reply to this e-mail. It reaches the programme team.")
    html = mail.get_body(("html",)).get_content()
    assert "<p>Hello Ada &lt;b&gt;&amp;,</p>" in html
    assert "<ul><li>bring water</li><li>be on time</li></ul>" in html
    cancel = f"{settings.SITE_URL}/c/t0ken?a=1&amp;b=2"
    assert f'<a href="{cancel}">{cancel}</a>' in html


def test_a_secret_link_is_never_kept_and_its_value_is_cleared_once_sent(queue, sink, settings):
    message = queue("ada@example.org", secrets={"cancel": f"{settings.SITE_URL}/c/t0ken/"})
    with connection.cursor() as cursor:
        cursor.execute("SELECT secrets FROM notifications_message")
        (kept,) = cursor.fetchone()
    assert kept
    assert "t0ken" not in kept
    operations.drain(now=timezone.now())
    assert "/c/t0ken/" in sink.mail_to("ada@example.org").get_body(("plain",)).get_content()
    message.refresh_from_db()
    assert message.secrets is None
    assert "I can't come: [[cancel]]" in message.text_body
    assert "[[cancel]]" in message.html_body
    with connection.cursor() as cursor:
        cursor.execute("SELECT notifications_message::text FROM notifications_message")
        assert "t0ken" not in cursor.fetchone()[0]


def test_a_changed_address_is_used_and_an_inactive_person_gets_nothing(queue, sink, new_person):
    moved, gone = new_person("Zoë, “Zed” Ng"), new_person()
    queue(moved)
    stopped = queue(gone)
    moved.email = "new@school.example.org"
    moved.save()
    gone.is_active = False
    gone.save()
    operations.drain(now=timezone.now())
    assert sink.recipients == ["new@school.example.org"]
    assert sink.taken[0][1]["To"].addresses[0].display_name == "Zoë, “Zed” Ng"
    assert Message.objects.get(recipient=moved).to_email == "new@school.example.org"
    assert state_of(stopped) == State.SUPPRESSED


def test_a_name_cannot_write_a_header(queue, sink, new_person):
    person = new_person("Eve\r\nBcc: all@example.org\x07")
    queue(person)
    assert operations.drain(now=timezone.now()).sent == 1
    mail = sink.mail_to(person.email)
    assert mail["Bcc"] is None
    assert mail["Subject"] == "A place for Eve Bcc: all@example.org"
    assert mail["To"].addresses[0].display_name == "Eve Bcc: all@example.org"


def test_one_date_is_offered_beside_the_text_and_as_a_file(queue, sink, kind):
    ics = b"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:1\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    kind.answers["ada@example.org"] = Composed(calendar=[CalendarPart("REQUEST", ics, sequence=3)])
    message = queue("ada@example.org")
    operations.drain(now=timezone.now())
    parts = list(sink.mail_to("ada@example.org").walk())
    (inline,) = [part for part in parts if part.get_content_type() == "text/calendar"]
    assert inline.get_param("method") == "REQUEST"
    assert inline.get_param("charset") == "utf-8"
    (attached,) = [part for part in parts if part.get_filename()]
    assert attached.get_filename() == "invite.ics"
    assert attached.get_payload(decode=True) == ics
    message.refresh_from_db()
    assert (message.calendar_method, message.calendar_sequence) == ("REQUEST", 3)


def test_several_dates_are_a_file_each(queue, sink, kind):
    two = [CalendarPart("CANCEL", b"BEGIN:VCALENDAR\r\n", f"date-{number}.ics", number) for number in (1, 2)]
    kind.answers["ada@example.org"] = Composed(calendar=two)
    queue("ada@example.org")
    operations.drain(now=timezone.now())
    parts = [part for part in sink.mail_to("ada@example.org").walk() if part.get_content_type() == "text/calendar"]
    assert [(part.get_filename(), part.get_param("method")) for part in parts] == [
        ("date-1.ics", "CANCEL"),
        ("date-2.ics", "CANCEL"),
    ]


# What is no longer true, and what waits


def test_a_message_no_longer_true_is_not_sent(queue, sink, kind):
    message = queue("ada@example.org")
    kind.answers["ada@example.org"] = Suppress("The booking was cancelled.")
    assert operations.drain(now=timezone.now()) == operations.Tally(suppressed=1)
    assert state_of(message) == State.SUPPRESSED
    assert message.stopped_reason == "The booking was cancelled."
    assert sink.connections == 0


def test_a_held_message_says_why_and_goes_when_what_it_waits_for_is_there(queue, sink, kind):
    now = timezone.now()
    message = queue("ada@example.org", due_at=now)
    kind.answers["ada@example.org"] = Hold("The arrival instructions are missing.")
    for minutes in range(0, 300, 10):
        operations.drain(now=now + timedelta(minutes=minutes))
    assert state_of(message) == State.QUEUED
    assert message.held_reason == "The arrival instructions are missing."
    assert message.attempts == 0
    assert list(Message.objects.held()) == [message]
    del kind.answers["ada@example.org"]
    assert operations.drain(now=now + timedelta(minutes=300)).sent == 1
    assert state_of(message) == State.SENT
    assert message.held_reason == ""


def test_a_message_that_cannot_be_composed_fails_by_itself(queue, sink, kind):
    broken, good = queue("broken@example.org"), queue("good@example.org")
    kind.answers["broken@example.org"] = KeyError("the needs of Ada Okafor")
    assert operations.drain(now=timezone.now()) == operations.Tally(sent=1, failed=1)
    assert state_of(broken) == State.FAILED
    assert broken.last_error == "KeyError"
    assert state_of(good) == State.SENT


# When the mail server refuses or goes away


def test_one_refused_recipient_does_not_stop_the_others(queue, sink):
    wrong, busy, spam, good = (queue(f"{name}@example.org") for name in ("wrong", "busy", "spam", "good"))
    now = timezone.now()
    sink.answers = {"wrong@example.org": "550 no such person", "busy@example.org": "450 mailbox busy"}
    sink.answer_to_content = {"spam@example.org": "554 not wanted"}
    assert operations.drain(now=now) == operations.Tally(sent=1, failed=2, retried=1)
    assert sink.recipients == ["good@example.org"]
    assert [state_of(message) for message in (wrong, spam, good)] == [State.FAILED, State.FAILED, State.SENT]
    assert (wrong.last_error, spam.last_error) == ("SMTP 550", "SMTP 554")
    assert state_of(busy) == State.QUEUED
    assert (busy.last_error, busy.next_attempt_at) == ("SMTP 450", now + timedelta(minutes=1))
    sink.answers = {}
    assert operations.drain(now=now + timedelta(seconds=59)) == operations.Tally()
    assert operations.drain(now=now + timedelta(minutes=1)) == operations.Tally(sent=1)
    assert sink.recipients == ["good@example.org", "busy@example.org"]


def test_a_message_is_tried_eight_times_at_growing_intervals_then_fails(queue, sink):
    start = now = timezone.now()
    message = queue("busy@example.org")
    sink.answers = {"busy@example.org": "450 mailbox busy"}
    moments = []
    while state_of(message) == State.QUEUED:
        now = max(now, message.next_attempt_at)
        moments.append(round((now - start).total_seconds() / 60))
        operations.drain(now=now)
    assert moments == [0, 1, 6, 21, 81, 321, 801, 1761]
    assert state_of(message) == State.FAILED
    assert message.attempts == MOST_ATTEMPTS


def test_a_server_that_hangs_up_in_the_content_leaves_that_one_uncertain(queue, sink):
    now = timezone.now()
    first, broken, last = (queue(f"{name}@example.org", due_at=now) for name in ("first", "broken", "last"))
    sink.hang_up_on = {"broken@example.org"}
    assert operations.drain(now=now) == operations.Tally(sent=2, uncertain=1)
    assert [state_of(message) for message in (first, broken, last)] == [State.SENT, State.UNCERTAIN, State.SENT]
    operations.drain(now=now + timedelta(days=30))
    assert sorted(sink.recipients) == ["first@example.org", "last@example.org"]


def test_a_server_that_does_not_answer_the_content_leaves_it_uncertain(queue, sink, settings):
    settings.EMAIL_TIMEOUT = 0.3
    message = queue("slow@example.org")
    sink.go_on.clear()
    assert operations.drain(now=timezone.now()) == operations.Tally(uncertain=1)
    assert state_of(message) == State.UNCERTAIN


def test_mail_waits_while_the_server_is_down_and_goes_when_it_is_up(queue):
    now = timezone.now()
    messages = [queue(f"person{number}@example.org", due_at=now) for number in range(3)]
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        port = reserved.getsockname()[1]
    with smtp.through(port):
        assert operations.drain(now=now) == operations.Tally(retried=1)
    assert [state_of(message) for message in messages] == [State.QUEUED] * 3
    assert sorted(message.attempts for message in messages) == [0, 0, 1]
    with smtp.running_sink(port) as (sink, _), smtp.through(port):
        assert operations.drain(now=now + timedelta(minutes=1)) == operations.Tally(sent=3)
    assert len(sink.taken) == 3


# Leases


def test_a_lease_that_ran_out_before_the_hand_over_goes_back_to_the_queue(queue, sink):
    message = queue("ada@example.org")
    long_ago = timezone.now() - LEASE
    Message.objects.update(state=State.SENDING, lease_until=long_ago, attempts=1)
    assert operations.drain(now=timezone.now()).sent == 1
    assert state_of(message) == State.SENT


def test_a_lease_that_ran_out_in_the_hand_over_makes_it_uncertain(queue, sink):
    message = queue("ada@example.org")
    long_ago = timezone.now() - LEASE
    Message.objects.update(state=State.SENDING, lease_until=long_ago, handing_over_at=long_ago)
    assert operations.drain(now=timezone.now()) == operations.Tally()
    assert state_of(message) == State.UNCERTAIN
    assert sink.taken == []


def test_a_message_that_kills_every_sender_is_given_up(queue, sink):
    message = queue("ada@example.org")
    Message.objects.update(state=State.SENDING, lease_until=timezone.now() - LEASE, attempts=MOST_ATTEMPTS, secrets="x")
    assert operations.drain(now=timezone.now()) == operations.Tally()
    assert state_of(message) == State.FAILED
    assert message.secrets is None


def test_a_message_stopped_while_it_is_composed_is_not_handed_over(queue, sink, kind, new_person):
    person = new_person()
    message = queue(person)

    def stop_meanwhile(message, now):
        operations.suppress(about=person, reason="The booking was cancelled.")
        return Composed()

    kind.__class__.__call__, usual = lambda self, message, now: stop_meanwhile(message, now), kind.__class__.__call__
    try:
        assert operations.drain(now=timezone.now()) == operations.Tally(lost=1)
    finally:
        kind.__class__.__call__ = usual
    assert state_of(message) == State.SUPPRESSED
    assert sink.taken == []


def test_preview_undoes_what_composing_wrote(queue, kind, new_person, monkeypatch):
    from chatr.accounts.models import User

    message = queue("ada@example.org")

    def writes(self, message, now):
        User.objects.create_user("made@example.org")
        return Composed({"name": "Ada"})

    monkeypatch.setattr(kind.__class__, "__call__", writes)
    assert operations.preview(message, now=datetime(2027, 1, 13, 10, tzinfo=UTC)).subject == "A place for Ada"
    assert not User.objects.filter(email="made@example.org").exists()
    assert state_of(message) == State.QUEUED
