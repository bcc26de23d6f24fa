"""``manage.py messages``: what would be due at a moment, and sending it on a local portal."""

import io
import json
from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command

from chatr.notifications.kinds import Hold, Suppress
from chatr.notifications.models import Message

pytestmark = pytest.mark.django_db

NINE = datetime(2027, 1, 13, 9, 0, tzinfo=UTC)


def messages(*arguments):
    out, err = io.StringIO(), io.StringIO()
    call_command("messages", *arguments, stdout=out, stderr=err)
    return out.getvalue().splitlines(), err.getvalue().splitlines()


@pytest.fixture
def two_due(queue, kind):
    queue("ada@example.org", due_at=NINE)
    queue("ben@example.org", due_at=NINE)
    queue("cancelled@example.org", due_at=NINE)
    queue("held@example.org", due_at=NINE)
    queue("later@example.org", due_at=datetime(2027, 1, 13, 10, 1, tzinfo=UTC))
    kind.answers = {"cancelled@example.org": Suppress("Cancelled."), "held@example.org": Hold("No link yet.")}


def test_it_lists_what_is_due_and_still_true_one_line_each(two_due):
    out, err = messages("--due-at", "2027-01-13 10:00")
    assert sorted(out) == [
        "2027-01-13 09:00  testing/note  ada@example.org",
        "2027-01-13 09:00  testing/note  ben@example.org",
    ]
    assert sorted(err) == [
        "2027-01-13 09:00  testing/note  cancelled@example.org  would not be sent: Cancelled.",
        "2027-01-13 09:00  testing/note  held@example.org  held: No link yet.",
    ]
    assert set(Message.objects.values_list("state", flat=True)) == {"queued"}


def test_json_and_kind(two_due):
    out, _ = messages("--due-at", "2027-01-13 10:00", "--json", "--kind", "testing/note")
    rows = json.loads("\n".join(out))
    assert [(row["kind"], row["due"]) for row in rows] == [("testing/note", "2027-01-13T09:00:00+00:00")] * 2
    assert messages("--due-at", "2027-01-13 10:00", "--kind", "account") == ([], [])
    with pytest.raises(CommandError, match="There is no kind of message called 'note'"):
        messages("--due-at", "2027-01-13 10:00", "--kind", "note")


@pytest.mark.servers
def test_delivered_twice_each_inbox_holds_one(two_due, sink):
    _, err = messages("--due-at", "2027-01-13 10:00", "--deliver")
    assert "Sent 2 of 2." in err
    out, err = messages("--due-at", "2027-01-13 10:00", "--deliver")
    assert out == []
    assert "Sent 0 of 0." in err
    assert sorted(sink.recipients) == ["ada@example.org", "ben@example.org"]


def test_a_held_message_is_delivered_at_the_same_moment_once_it_is_complete(queue, kind, sink):
    queue("held@example.org", due_at=NINE)
    kind.answers = {"held@example.org": Hold("No link yet.")}
    assert messages("--due-at", "2027-01-13 10:00", "--deliver")[0] == []
    kind.answers = {}
    assert len(messages("--due-at", "2027-01-13 10:00", "--deliver")[0]) == 1
    assert sink.recipients == ["held@example.org"]


def test_deliver_is_refused_in_production(two_due, settings):
    settings.LOCAL = False
    with pytest.raises(CommandError, match="local portals only"):
        messages("--due-at", "2027-01-13 10:00", "--deliver")
    assert set(Message.objects.values_list("state", flat=True)) == {"queued"}


def test_the_moment_is_by_a_clock_in_london(queue):
    queue("ada@example.org", due_at=datetime(2027, 3, 31, 8, 0, tzinfo=UTC))
    assert messages("--due-at", "2027-03-31 08:59") == ([], [])
    assert messages("--due-at", "2027-03-31 09:00")[0] == ["2027-03-31 09:00  testing/note  ada@example.org"]


@pytest.mark.parametrize("words", ["tomorrow", "2027-01-13", "2027-03-28 01:30"])
def test_a_moment_that_makes_no_sense_is_refused(words):
    with pytest.raises(CommandError):
        messages("--due-at", words)
