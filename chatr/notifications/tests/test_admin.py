"""The staff page of messages."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from chatr.notifications import kinds, operations
from chatr.notifications.kinds import Hold
from chatr.notifications.models import Message
from chatr.notifications.queries import counts_needing_staff

from .test_operations import put

pytestmark = pytest.mark.django_db

State = Message.State
LIST = "admin:notifications_message_changelist"


def page_of(message):
    return reverse("admin:notifications_message_change", args=[message.pk])


@pytest.fixture
def staff(client, people, sign_in):
    sign_in(client, people.staff)
    return client


def test_only_those_who_manage_messages_may_see_them(client, people, sign_in, queue):
    message = queue()
    sign_in(client, people.person)
    assert client.get(page_of(message)).status_code in (302, 403)
    assert client.get(reverse(LIST)).status_code in (302, 403)


def test_the_list_says_how_each_message_stands(staff, queue, keeps_one_query_count):
    put(queue("wrong@example.org"), State.FAILED, last_error="SMTP 550")
    put(queue("held@example.org"), State.QUEUED, held_reason="The link is missing.")
    put(queue("sent@example.org"), State.SENT)
    page = staff.get(reverse(LIST)).content.decode()
    assert "Failed (SMTP 550)" in page
    assert "Held (The link is missing.)" in page
    attention = staff.get(reverse(LIST), {"state": "attention"}).content.decode()
    assert "wrong@example.org" in attention
    assert "held@example.org" in attention
    assert "sent@example.org" not in attention
    found = staff.get(reverse(LIST), {"q": "wrong@"}).content.decode()
    assert "wrong@example.org" in found
    assert "sent@example.org" not in found
    keeps_one_query_count(queue, lambda: staff.get(reverse(LIST)))


def test_the_page_shows_the_words_without_live_links(staff, queue, kind):
    message = queue(secrets={"cancel": "http://localhost:8000/c/t0ken/"})
    page = staff.get(page_of(message)).content.decode()
    assert "you are booked." in page
    assert "[[cancel]]" in page
    assert "t0ken" not in page
    operations.drain(now=timezone.now())
    assert "you are booked." in staff.get(page_of(message)).content.decode()
    kind.answers["held@example.org"] = Hold("The link is missing.")
    held = staff.get(page_of(queue("held@example.org"))).content.decode()
    assert "Nothing would be sent now: The link is missing." in held


def test_staff_send_again_with_a_reason(staff, queue):
    message = queue()
    put(message, State.UNCERTAIN)
    address = reverse("admin:notifications_message_resend", args=[message.pk])
    assert address in staff.get(page_of(message)).content.decode()
    assert "may have arrived already" in staff.get(address).content.decode()
    message.refresh_from_db()
    assert message.state == State.UNCERTAIN
    staff.post(address, {"confirmed": "1", "reason": "They did not get it."})
    message.refresh_from_db()
    assert (message.state, message.staff_note) == (State.QUEUED, "They did not get it.")


def test_staff_stop_several_and_are_told_what_could_not_be(staff, queue):
    waiting, sent = queue(due_at=timezone.now() + timedelta(days=1)), queue()
    put(sent, State.SENT)
    chosen = {"action": "stop_selected", "_selected_action": [str(waiting.pk), str(sent.pk)]}
    assert "Stop these messages?" in staff.post(reverse(LIST), chosen).content.decode()
    answer = staff.post(reverse(LIST), chosen | {"confirmed": "1", "reason": "Told by phone."}, follow=True)
    waiting.refresh_from_db()
    sent.refresh_from_db()
    assert (waiting.state, sent.state) == (State.SUPPRESSED, State.SENT)
    assert "1 stopped." in answer.content.decode()
    assert "It cannot be stopped: it is sent." in answer.content.decode()


def test_the_desk_shows_what_needs_staff(staff, queue):
    assert "No message needs you." in staff.get(reverse("admin:index")).content.decode()
    put(queue(), State.FAILED)
    desk = staff.get(reverse("admin:index")).content.decode()
    assert "1 message" in desk
    assert f"{reverse(LIST)}?state=failed" in desk


def test_who_is_written_to_privately_is_on_no_staff_page(staff, people, queue, kind, settings):
    kinds.register(kinds.Kind("testing/note", "A secret note", kind, private=True))
    message = queue("quiet@example.org")
    put(message, State.FAILED, last_error="SMTP 550")
    listed = staff.get(reverse(LIST)).content.decode()
    assert "quiet@example.org" not in listed and "A secret note" not in listed
    assert "quiet@example.org" not in staff.get(reverse(LIST), {"q": "quiet"}).content.decode()
    assert staff.get(page_of(message)).status_code == 302
    assert counts_needing_staff()["failed"] == 0
    kinds.register(kinds.Kind("testing/note", "A note", kind))
    assert counts_needing_staff()["failed"] == 1
    settings.CLOSED_AREAS = ("testing",)
    assert counts_needing_staff()["failed"] == 0
