"""What editors and staff are written: read from the record when it is sent, and not sent when it is no longer so."""

import pytest

from chatr.notifications.kinds import Suppress
from chatr.notifications.models import Message
from chatr.notifications.operations import preview
from chatr.testing.people import make_person

from ..operations.handover import give_editing, give_up_editing
from ..operations.revisions import (
    approve_revision,
    reject_revision,
    save_revision,
    submit_revision,
    take_back_revision,
    withdraw_revision,
)
from ..queries.entries import entry_of
from .making import NOW, entry, make_editor, publish

NAME = "Example “quotes” & <b>bold</b>"


@pytest.fixture
def colleague(together):
    return make_editor("Colin Colleague", "colin@together.example.org", together)


@pytest.fixture
def sent(together, editor, keeper, colleague):
    service = publish(together, entry(NAME))
    revision = save_revision(
        service=service, entry=entry_of(service).but(summary="Unmistakable"), edit=0, by=editor, now=NOW
    )
    return submit_revision(revision=revision, by=editor, now=NOW)


def mail(kind, to):
    return preview(Message.objects.get(kind=f"directory/{kind}", recipient=to), now=NOW)


def test_a_change_sent_tells_the_other_editors_and_asks_staff(sent, editor, colleague, keeper):
    assert not Message.objects.filter(recipient=editor).exists()
    assert NAME in mail("change_sent", colleague).text
    waits = mail("change_waits", keeper)
    assert NAME in waits.subject
    assert str(sent.pk) in waits.text
    assert "Unmistakable" not in waits.text
    assert "<b>bold</b>" not in waits.html


def test_what_was_taken_back_asks_staff_nothing(sent, editor, keeper):
    take_back_revision(revision=sent, by=editor, now=NOW)
    with pytest.raises(Suppress):
        mail("change_waits", keeper)


def test_sent_again_after_taking_back_staff_are_asked_again(sent, editor, keeper):
    again = take_back_revision(revision=sent, by=editor, now=NOW)
    submit_revision(revision=again, by=editor, now=NOW.replace(hour=15))
    assert Message.objects.filter(kind="directory/change_waits", recipient=keeper).count() == 2


def test_approving_tells_every_editor_once(sent, editor, colleague, keeper):
    approve_revision(revision=sent, by=keeper, now=NOW)
    for each in (editor, colleague):
        assert "It is public now." in mail("change_approved", each).text


def test_editors_are_told_that_staff_changed_the_words(sent, editor, keeper):
    approve_revision(revision=sent, by=keeper, now=NOW, entry=entry(NAME, summary="By staff."))
    assert "They changed some of the words first" in mail("change_approved", editor).text


def test_refusing_says_why(sent, editor, keeper):
    reject_revision(revision=sent, reason="The <i>number</i> is wrong.", by=keeper, now=NOW)
    assert "The <i>number</i> is wrong." in mail("change_rejected", editor).text
    assert "<i>number</i>" not in mail("change_rejected", editor).html


def test_throwing_away_tells_the_other_editors(sent, editor, colleague):
    withdraw_revision(revision=sent, by=editor, now=NOW)
    assert NAME in mail("change_thrown_away", colleague).text
    with pytest.raises(Suppress):
        mail("change_sent", colleague)


def test_giving_and_giving_up_editing_are_told_as_they_are_when_sent(together, editor, keeper):
    cora = make_person("Cora Colleague", "cora@together.example.org", together)
    give_editing(organisation=together, membership=cora.memberships.get(), by=editor, now=NOW)
    assert "Fatima Editor asked you" in mail("editing_given", cora).text
    assert "Cora Colleague" in mail("editing_given_to", keeper).subject
    give_up_editing(organisation=together, by=editor, now=NOW)
    assert "It has 1 other editor." in mail("editing_given_up", keeper).text
    give_up_editing(organisation=together, by=cora, now=NOW)
    with pytest.raises(Suppress):
        mail("editing_given", cora)
