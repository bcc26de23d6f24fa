"""Decisions for each child, who disagrees, what is explained: who may write them, and what is refused."""

import uuid

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from chatr.audit.models import AuditEvent
from chatr.database.acting import acting_as

from ..models import Assignment, Conference, ConferenceKind, Decision, Dissent, Outcome, Person, Plan, Reason
from ..operations.deciding import CannotDecide, decide, record_dissent
from ..operations.explanations import CannotExplain, explain, take_back
from ..queries.explanations import asked_to_explain, explanations_of
from ..rules.deciding import outcomes
from .making import make_conference, make_relative
from .signable import EVENING, decide_for, make_held, make_review, make_signable, sign

pytestmark = pytest.mark.django_db


@pytest.fixture
def held(cast):
    return make_held(cast)


@pytest.fixture
def child(cast, held):
    with acting_as(cast.chair.pk):
        return held.children.select_related("conference__chair").order_by("position").first()


def posted(**changes) -> dict:
    return {
        "threshold_met": "yes",
        "outcome": "plan",
        "categories": ["NEG", "EMO"],
        "reasons": "Because of what was seen.",
        "family_view": "It is fair.",
    } | changes


def address(name, conference, *more):
    return reverse(f"conferences:{name}", args=[conference.pk, *more])


# Operations


def test_each_child_has_a_decision_of_their_own_with_the_categories_kept_in_one_order(cast, held):
    with acting_as(cast.chair.pk):
        first, second = held.children.select_related("conference__chair").order_by("position")
        decide_for(first, categories=["EMO", "NEG"])
        decide_for(second, "cin")
        assert list(Decision.objects.order_by("child__position").values_list("outcome", "categories")) == [
            ("plan", ["NEG", "EMO"]),
            ("cin", []),
        ]
        event = AuditEvent.objects.filter(action="conferences.decided").latest("at")
    assert event.details == {"child": str(second.pk), "outcome": "cin", "categories": []}


def test_deciding_again_changes_the_decision(cast, child):
    with acting_as(cast.chair.pk):
        decide_for(child)
        decide_for(child, "nfa")
        assert Decision.objects.get().outcome == "nfa"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"categories": []}, "categories"),
        ({"threshold_met": False}, "threshold_met"),
        ({"reasons": "  "}, "reasons"),
        ({"family_view_not_given": True}, "family_view"),
        ({"outcome": "end"}, "outcome"),
        ({"outcome": "nfa", "categories": ["NEG"]}, "categories"),
    ],
)
def test_a_decision_that_contradicts_itself_is_refused_beside_its_field(cast, child, fields, field):
    given = {
        "outcome": "plan",
        "threshold_met": True,
        "categories": ["NEG"],
        "reasons": "x",
        "family_view": "y",
    } | fields
    with acting_as(cast.chair.pk):
        with pytest.raises(CannotDecide) as refusal:
            decide(child=child, by=cast.chair, now=EVENING, **given)
        assert refusal.value.field == field
        assert not Decision.objects.exists()


@pytest.mark.parametrize("bad", [{"categories": []}, {"categories": ["MUL"]}, {"threshold_met": False}])
def test_the_database_refuses_a_plan_without_category_or_threshold_too(cast, held, child, bad):
    with acting_as(cast.chair.pk), pytest.raises(DatabaseError), transaction.atomic():
        fields = {"outcome": "plan", "threshold_met": True, "categories": ["NEG"], "reasons": "x"} | bad
        Decision.objects.create(conference=held, child=child, **fields)


def test_what_can_be_decided_follows_from_the_kind_and_the_plan():
    assert [one.value for one in outcomes(ConferenceKind.REVIEW, has_plan=True)] == ["continue", "end", "adjourn"]
    for kind in (ConferenceKind.INITIAL, ConferenceKind.PRE_BIRTH, ConferenceKind.TRANSFER_IN):
        assert [one.value for one in outcomes(kind, has_plan=False)] == [
            "plan",
            "cin",
            "other_support",
            "nfa",
            "adjourn",
        ]
    assert Outcome.PLAN in outcomes(ConferenceKind.REVIEW, has_plan=False)


def test_behaviour_20_an_inquorate_review_does_not_end_a_plan(cast):
    first = make_signable(cast, children=1)
    sign(first)
    review = make_review(cast, first, children=1)
    with acting_as(cast.chair.pk):
        child = review.children.select_related("conference__chair").get()
        Conference.objects.filter(pk=review.pk).update(quorate=False)
        with pytest.raises(CannotDecide, match="without a quorum"):
            decide_for(child, "end")
        decide_for(child, "continue")
        assert Plan.objects.get().ended_on is None


def test_behaviour_26_dissent_is_kept_word_for_word_and_the_decision_stands(cast, held, child):
    words = "I dissent.\n  Nobody asked him <b>alone</b>. لا أوافق"
    with acting_as(cast.chair.pk):
        decision = decide_for(child)
        person = Person.objects.get(discipline="school")
        record_dissent(
            conference=held,
            person=person,
            child=child,
            formal=True,
            words=words,
            next_step="It goes to the safeguarding lead.",
            by=cast.chair,
            now=EVENING,
        )
        assert Dissent.objects.get().words == words
        decision.refresh_from_db()
        assert decision.outcome == "plan"


def test_nobody_disagrees_without_words_or_without_what_happens_next(cast, held):
    with acting_as(cast.chair.pk):
        person = Person.objects.filter(kind="family").get()
        for words, next_step, field in ((" ", "x", "words"), ("x", " ", "next_step")):
            with pytest.raises(CannotDecide) as refusal:
                record_dissent(
                    conference=held,
                    person=person,
                    child=None,
                    formal=False,
                    words=words,
                    next_step=next_step,
                    by=cast.chair,
                    now=EVENING,
                )
            assert refusal.value.field == field
        assert not Dissent.objects.exists()


def test_behaviour_26_after_signing_dissent_can_not_be_removed(cast):
    conference = make_signable(cast, outcome="nfa")
    with acting_as(cast.chair.pk):
        person = Person.objects.filter(conference=conference, kind="family").get()
        dissent = Dissent.objects.create(conference=conference, person=person, words="No.", next_step="A letter.")
    sign(conference)
    with acting_as(cast.chair.pk):
        for change in (dissent.delete, dissent.save, lambda: Dissent.objects.all().update(formal=True)):
            with pytest.raises(DatabaseError), transaction.atomic():
                change()
        assert Dissent.objects.get().words == "No."


def test_an_explanation_is_written_once_a_kind_and_can_be_taken_back(cast, held, child):
    about = {"conference": held, "by": cast.chair, "now": EVENING}
    with acting_as(cast.chair.pk):
        with pytest.raises(CannotExplain):
            explain(kind=Reason.NO_WORRIES, words="  ", child=child, **about)
        explain(kind=Reason.NO_WORRIES, words="One", child=child, **about)
        explain(kind=Reason.NO_WORRIES, words="Two", child=child, **about)
        explain(kind=Reason.NO_PREPARATION, words="Three", **about)
        assert {key: one.words for key, one in explanations_of(held).items()} == {
            ("no_worries", child.pk): "Two",
            ("no_preparation", None): "Three",
        }
        take_back(kind=Reason.NO_WORRIES, child=child, **about)
        assert list(explanations_of(held)) == [("no_preparation", None)]


def test_only_what_applies_is_asked(cast, held):
    with acting_as(cast.chair.pk):
        assert asked_to_explain(held) == []
        conference = make_conference(cast, ids="B", children=1)
        assert [one.name for one in asked_to_explain(conference)] == [
            "no_preparation",
            "no_child_words_1",
            "no_strengths_1",
            "no_worries_1",
        ]


# Pages


def test_the_chair_decides_and_the_page_says_it_in_words(client, sign_in, cast, held, child):
    sign_in(client, cast.chair)
    answer = client.post(address("decide", held, child.pk), posted())
    assert answer.status_code == 302
    page = client.get(address("decisions", held)).content.decode()
    assert "A child protection plan starts" in page
    assert "Neglect, Emotional abuse" in page
    assert "reported as MUL" in page
    assert "Nothing is decided for ChildA2 Example yet." in page


def test_a_refused_decision_keeps_everything_typed(client, sign_in, cast, held, child):
    sign_in(client, cast.chair)
    answer = client.post(address("decide", held, child.pk), posted(categories=[], reasons="<script>weil</script>"))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Choose at least one category: a plan needs one." in page
    assert "&lt;script&gt;weil&lt;/script&gt;" in page
    with acting_as(cast.chair.pk):
        assert not Decision.objects.exists()


def test_the_minute_taker_sees_decisions_and_can_not_make_one(client, sign_in, cast, held, child):
    with acting_as(cast.manager.pk):
        Assignment.objects.create(
            conference=held, user=cast.minute_taker, role="minute_taker", since=EVENING, given_by=cast.manager
        )
    sign_in(client, cast.minute_taker)
    page = client.get(address("decisions", held))
    assert page.status_code == 200
    assert "The chair decides; you see what is decided." in page.content.decode()
    assert client.get(address("decide", held, child.pk)).status_code == 404
    assert client.post(address("decide", held, child.pk), posted()).status_code == 404
    with acting_as(cast.minute_taker.pk):
        assert not Decision.objects.exists()
        with pytest.raises(DatabaseError), transaction.atomic():
            Decision.objects.create(conference=held, child=child, outcome="nfa", threshold_met=False, reasons="x")


@pytest.mark.parametrize("who", ["neighbour", "next_manager", "teacher", "colleague", "staff"])
def test_nobody_from_elsewhere_sees_decisions_or_makes_one(client, sign_in, cast, held, child, who):
    sign_in(client, getattr(cast, who))
    assert client.get(address("decisions", held)).status_code == 404
    assert client.post(address("decide", held, child.pk), posted()).status_code == 404


def test_the_manager_reads_and_does_not_decide(client, sign_in, cast, held, child):
    sign_in(client, cast.manager)
    assert client.get(address("decisions", held)).status_code == 200
    assert client.post(address("decide", held, child.pk), posted()).status_code == 404


def test_a_child_of_another_conference_is_not_found(client, sign_in, cast, held):
    other = make_conference(cast, ids="B")
    with acting_as(cast.chair.pk):
        stranger = other.children.first()
    sign_in(client, cast.chair)
    assert client.get(address("decide", held, stranger.pk)).status_code == 404
    assert client.get(address("decide", held, uuid.uuid4())).status_code == 404


def test_dissent_is_added_put_right_and_taken_away_on_its_pages(client, sign_in, cast, held, child):
    with acting_as(cast.chair.pk):
        person = Person.objects.get(discipline="school")
    sign_in(client, cast.chair)
    given = {
        "person": str(person.pk),
        "child": str(child.pk),
        "formal": "on",
        "words": "I dissent",
        "next_step": "Lead",
    }
    assert client.post(address("add-dissent", held), given).status_code == 302
    assert "Tia Example formally dissents" in " ".join(client.get(address("decisions", held)).content.decode().split())
    with acting_as(cast.chair.pk):
        dissent = Dissent.objects.get()
    assert client.post(address("dissent", held, dissent.pk), given | {"child": "family"}).status_code == 302
    with acting_as(cast.chair.pk):
        assert Dissent.objects.get().child_id is None
    assert client.post(address("dissent", held, dissent.pk), {"remove": "yes"}).status_code == 302
    with acting_as(cast.chair.pk):
        assert not Dissent.objects.exists()


def test_somebody_of_another_conference_can_not_be_made_to_disagree(client, sign_in, cast, held):
    stranger = make_relative(make_conference(cast, ids="B"))
    sign_in(client, cast.chair)
    given = {"person": str(stranger.pk), "child": "family", "words": "x", "next_step": "y"}
    answer = client.post(address("add-dissent", held), given)
    assert "Choose one of the answers on the page" in answer.content.decode()


def test_what_is_explained_is_kept_and_an_emptied_box_is_taken_back(client, sign_in, cast, held):
    make_relative(held, "Ted Example")
    sign_in(client, cast.chair)
    url = address("explanations", held)
    assert "Why was there no preparation meeting with Ted Example" in client.get(url).content.decode()
    client.post(url, {"no_preparation": "He works nights. A call on Friday is offered."})
    with acting_as(cast.chair.pk):
        assert explanations_of(held)[("no_preparation", None)].words.startswith("He works nights")
    client.post(url, {"no_preparation": ""})
    with acting_as(cast.chair.pk):
        assert explanations_of(held) == {}


def test_once_signed_the_pages_lead_back_and_nothing_changes(client, sign_in, cast):
    conference = make_signable(cast, outcome="nfa", children=1)
    sign(conference)
    with acting_as(cast.chair.pk):
        child = conference.children.select_related("conference__chair").get()
        with pytest.raises(CannotDecide, match="closed"):
            decide_for(child)
    sign_in(client, cast.chair)
    for name, more in (("decide", [child.pk]), ("add-dissent", []), ("explanations", [])):
        answer = client.post(address(name, conference, *more), posted())
        assert answer.url == address("conference", conference)


def test_decisions_take_as_many_queries_for_one_child_as_for_three(
    client, sign_in, cast, django_assert_max_num_queries
):
    sign_in(client, cast.chair)
    counts = []
    for number, ids in ((1, "B"), (3, "C")):
        conference = make_signable(cast, children=number, ids=ids)
        client.get(address("decisions", conference))
        with django_assert_max_num_queries(25) as queries:
            client.get(address("decisions", conference))
        counts.append(len(queries))
    assert counts[0] == counts[1]
