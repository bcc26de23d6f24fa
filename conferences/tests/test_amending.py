"""What is added to a signed record: amendments and challenges beside the text, and nothing taken away."""

import uuid
from datetime import date

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from chatr.database.acting import acting_as
from chatr.workdays.clock import local

from ..models import AccuracyChallenge, Amendment, Assignment, Block, Decision, Person
from ..operations.amending import CannotAmend, amend, answer_challenge, challenge
from ..queries.amending import items_to_amend
from ..queries.signed import amendments_of, challenges_of, verify_signature
from .making import make_relative
from .signable import EVENING, HELD, REASONS, make_signable, sign

pytestmark = pytest.mark.django_db

LATER = local(date(2026, 4, 1), EVENING.time())


@pytest.fixture
def signed(cast):
    conference = make_signable(cast)
    sign(conference)
    return conference


@pytest.fixture
def decision(cast, signed):
    with acting_as(cast.chair.pk):
        return Decision.objects.order_by("child__position").first()


def address(name, conference, *more):
    return reverse(f"conferences:{name}", args=[conference.pk, *more])


def amend_reasons(signed, decision, by, **changes):
    given = {"field": "reasons", "new": "What the school saw.", "reason": "The nurse was not there."} | changes
    with acting_as(by.pk):
        return amend(conference=signed, object_id=decision.pk, by=by, now=LATER, **given)


def test_an_amendment_has_old_new_why_who_and_a_number_and_the_signed_words_stay(cast, signed, decision):
    first = amend_reasons(signed, decision, cast.chair)
    second = amend_reasons(signed, decision, cast.manager, new="What the teacher saw.")
    assert (first.number, first.old, first.new, first.by, first.at) == (
        1,
        REASONS,
        "What the school saw.",
        cast.chair,
        LATER,
    )
    assert (second.number, second.old) == (2, "What the school saw.")
    assert first.child_id == decision.child_id
    with acting_as(cast.chair.pk):
        assert amendments_of(signed) == {(decision.pk, "reasons"): [first, second]}
        assert Decision.objects.get(pk=decision.pk).reasons == REASONS
        assert verify_signature(signed)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"reason": "  "}, "reason"),
        ({"new": " "}, "new"),
        ({"new": REASONS}, "new"),
        ({"field": "outcome"}, None),
        ({"field": "id"}, None),
    ],
)
def test_an_amendment_without_reason_or_change_or_of_an_outcome_is_refused(cast, signed, decision, changes, field):
    with pytest.raises(CannotAmend) as refusal:
        amend_reasons(signed, decision, cast.chair, **changes)
    assert refusal.value.field == field
    with acting_as(cast.chair.pk):
        assert not Amendment.objects.exists()


def test_nothing_is_amended_before_it_is_signed_and_dissent_never_is(cast):
    conference = make_signable(cast)
    with acting_as(cast.chair.pk):
        person = Person.objects.get(conference=conference, kind="family")
        dissent = conference.dissents.create(person=person, words="No.", next_step="A letter.")
        found = Decision.objects.first()
    with pytest.raises(CannotAmend, match="not signed yet"):
        amend_reasons(conference, found, cast.chair)
    sign(conference)
    with pytest.raises(CannotAmend):
        amend_reasons(conference, dissent, cast.chair, field="words")


def test_an_amendment_can_neither_be_changed_nor_removed_nor_made_in_another_name(cast, signed, decision):
    amendment = amend_reasons(signed, decision, cast.chair)
    with acting_as(cast.chair.pk):
        for change in (lambda: Amendment.objects.update(number=7), amendment.delete):
            with pytest.raises(DatabaseError), transaction.atomic():
                change()
        with pytest.raises(DatabaseError), transaction.atomic():
            amend(
                conference=signed,
                object_id=decision.pk,
                field="reasons",
                new="x",
                reason="y",
                by=cast.manager,
                now=LATER,
            )


def test_words_decisions_and_actions_can_be_amended_with_their_place_in_the_record(cast, signed):
    with acting_as(cast.chair.pk):
        items = items_to_amend(signed)
    groups = list(dict.fromkeys(item.group for item in items))
    assert groups[0] == "The child's own words (ChildA1 Example)"
    assert groups[-1] == "Action 1"
    assert {item.object_type for item in items} == {"block", "decision", "planaction"}
    assert [item.is_their_own for item in items if item.object_type == "block"] == [True, True] + [False] * 4


def test_the_chair_amends_on_the_page_and_it_stands_beside_the_signed_words(client, sign_in, cast, signed, decision):
    sign_in(client, cast.chair)
    page = client.get(address("amend", signed)).content.decode()
    url = address("add-amendment", signed, decision.pk, "reasons")
    assert url in page
    refused = client.post(url, {"new": "<b>Other</b>", "reason": ""}).content.decode()
    assert "Enter why" in refused or "Answer the question: Why?" in refused
    assert "&lt;b&gt;Other&lt;/b&gt;" in refused
    assert client.post(url, {"new": "<b>Other</b>", "reason": "Wrong."}).status_code == 302
    for name in ("amend", "decisions"):
        page = client.get(address(name, signed)).content.decode()
        assert "Amendment 1" in page
        assert "&lt;b&gt;Other&lt;/b&gt;" in page
        assert REASONS in page


def test_an_amended_action_shows_it_in_the_plan(client, sign_in, cast, signed):
    with acting_as(cast.chair.pk):
        action = signed.actions.get()
    amend_reasons(signed, action, cast.chair, field="action", new="Visit twice a week")
    sign_in(client, cast.chair)
    page = client.get(address("plan", signed)).content.decode()
    assert "Visit every week" in page
    assert "Visit twice a week" in page


@pytest.mark.parametrize(
    ("who", "status"),
    [("manager", 302), ("neighbour", 404), ("next_manager", 404), ("colleague", 404), ("teacher", 404)],
)
def test_only_the_chair_and_the_manager_amend(client, sign_in, cast, signed, decision, who, status):
    sign_in(client, getattr(cast, who))
    url = address("add-amendment", signed, decision.pk, "reasons")
    assert client.post(url, {"new": "x", "reason": "y"}).status_code == status


def test_a_minute_taker_reads_amendments_and_adds_none(client, sign_in, cast, signed, decision):
    with acting_as(cast.manager.pk):
        Assignment.objects.create(
            conference=signed, user=cast.minute_taker, role="minute_taker", since=EVENING, given_by=cast.manager
        )
    amend_reasons(signed, decision, cast.chair)
    sign_in(client, cast.minute_taker)
    assert "Amendment 1" in client.get(address("amend", signed)).content.decode()
    assert client.get(address("add-amendment", signed, decision.pk, "reasons")).status_code == 404


def test_what_is_not_of_this_record_is_not_found(client, sign_in, cast, signed, decision):
    sign_in(client, cast.chair)
    for object_id, field in ((uuid.uuid4(), "reasons"), (decision.pk, "outcome"), (decision.pk, "nonsense")):
        assert client.get(address("add-amendment", signed, object_id, field)).status_code == 404


def test_before_signing_these_pages_lead_to_signing(client, sign_in, cast):
    conference = make_signable(cast)
    sign_in(client, cast.chair)
    for name in ("amend", "challenges", "add-challenge"):
        assert client.get(address(name, conference)).url == address("sign", conference)


def test_the_whole_record_shows_decisions_plan_and_everything_added_beside_the_words(client, sign_in, cast, signed):
    with acting_as(cast.chair.pk):
        block = Block.objects.filter(conference=signed).first()
    amend_reasons(signed, block, cast.chair, field="words", new="I like my teacher.", reason="Misheard.")
    say(signed, cast, block=block, words="I never said so.")
    sign_in(client, cast.chair)
    for url in (address("record", signed), address("section", signed, block.section_id)):
        page = client.get(url).content.decode()
        for words in ("I like my school.", "I like my teacher.", "Misheard.", "I never said so."):
            assert words in page, words
    page = client.get(address("record", signed)).content.decode()
    for words in ("A child protection plan starts", "Sol will come to see you every week.", "Monday 30 March 2026"):
        assert words in page


# Challenges


def say(signed, cast, **changes):
    with acting_as(cast.chair.pk):
        person = Person.objects.filter(conference=signed, kind="family").first()
        given = {"person": person, "child": None, "block": None, "words": "I was not late.", "received_on": HELD}
        return challenge(conference=signed, by=cast.chair, now=LATER, **(given | changes))


def test_a_challenge_stands_beside_the_words_even_if_it_is_not_accepted(client, sign_in, cast, signed):
    with acting_as(cast.chair.pk):
        block = Block.objects.filter(conference=signed).first()
    found = say(signed, cast, block=block, words="That is <not> what I said.")
    assert found.child_id == block.child_id
    with acting_as(cast.chair.pk):
        answer_challenge(challenge=found, outcome="stands", response="Two people heard it.", by=cast.chair, now=LATER)
        assert challenges_of(signed) == {block.pk: [found]}
    sign_in(client, cast.chair)
    page = client.get(address("challenges", signed)).content.decode()
    assert "That is &lt;not&gt; what I said." in page
    assert "The record stays, and these words stay beside it" in page
    assert "Two people heard it." in page


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"words": " "}, "words"),
        ({"received_on": date(2026, 4, 2)}, "received_on"),
        ({"received_on": date(2026, 3, 22)}, "received_on"),
    ],
)
def test_a_challenge_needs_words_and_a_day_that_can_be(cast, signed, changes, field):
    with pytest.raises(CannotAmend) as refusal:
        say(signed, cast, **changes)
    assert refusal.value.field == field


def test_a_challenge_is_answered_once_with_words(cast, signed):
    found = say(signed, cast)
    acting = {"by": cast.chair, "now": LATER}
    with acting_as(cast.chair.pk):
        for outcome, response, field in (("waiting", "x", "outcome"), ("stands", " ", "response")):
            with pytest.raises(CannotAmend) as refusal:
                answer_challenge(challenge=found, outcome=outcome, response=response, **acting)
            assert refusal.value.field == field
        answer_challenge(challenge=found, outcome="amended", response="You are right.", **acting)
        with pytest.raises(CannotAmend, match="already"):
            answer_challenge(challenge=found, outcome="stands", response="No.", **acting)


def test_a_challenge_is_written_down_and_answered_on_its_pages(client, sign_in, cast, signed):
    with acting_as(cast.chair.pk):
        person = Person.objects.get(conference=signed, kind="family")
        block = Block.objects.filter(conference=signed).first()
    sign_in(client, cast.chair)
    given = {
        "person": str(person.pk),
        "about": str(block.pk),
        "child": "family",
        "words": "Not so.",
        "received_on_0": "30",
        "received_on_1": "3",
        "received_on_2": "2026",
    }
    assert client.get(address("add-challenge", signed)).status_code == 200
    assert client.post(address("add-challenge", signed), given).status_code == 302
    with acting_as(cast.chair.pk):
        found = AccuracyChallenge.objects.get()
        assert (found.block, found.words) == (block, "Not so.")
    url = address("answer-challenge", signed, found.pk)
    assert "Not so." in client.get(url).content.decode()
    assert client.post(url, {"outcome": "stands", "response": "It stays."}).status_code == 302
    assert client.get(url).status_code == 404


def test_the_manager_writes_a_challenge_down_and_does_not_answer_it_and_others_find_nothing(
    client, sign_in, cast, signed
):
    found = say(signed, cast)
    sign_in(client, cast.manager)
    assert client.get(address("add-challenge", signed)).status_code == 200
    assert client.get(address("answer-challenge", signed, found.pk)).status_code == 404
    for who in (cast.neighbour, cast.teacher):
        sign_in(client, who)
        assert client.get(address("challenges", signed)).status_code == 404
        assert client.get(address("answer-challenge", signed, found.pk)).status_code == 404


def test_somebody_added_after_signing_can_challenge_it(cast, signed):
    later = make_relative(signed, "Ted Example")
    assert say(signed, cast, person=later).person == later
