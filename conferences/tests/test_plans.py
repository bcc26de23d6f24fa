"""The plan's actions, what came of the last ones, the core group, the next dates, and how plain a sentence is."""

import re
import uuid
from datetime import date

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from chatr.database.acting import acting_as

from ..models import (
    ActionReview,
    Assignment,
    ClockKind,
    ConferenceKind,
    CoreGroupMember,
    Explanation,
    Person,
    Plan,
    PlanAction,
    Reason,
)
from ..operations.clocks import set_clocks
from ..operations.plans import (
    ActionGiven,
    CannotPlan,
    remove_action,
    review_action,
    save_action,
    set_core_group,
    set_next_dates,
)
from ..queries.plans import last_actions
from ..rules.readability import hint, reading_age
from .making import make_conference
from .signable import EVENING, decide_for, make_held, make_review, make_signable, sign

pytestmark = pytest.mark.django_db


@pytest.fixture
def held(cast):
    return make_held(cast)


@pytest.fixture
def by(cast):
    return {"by": cast.chair, "now": EVENING}


def address(name, conference, *more):
    return reverse(f"conferences:{name}", args=[conference.pk, *more])


def posted(**changes) -> dict:
    return {
        "child": "family",
        "action": "Visit every week",
        "due_on_0": "30",
        "due_on_1": "4",
        "due_on_2": "2026",
        "plain_words": "Sol will come to see you every week.",
    } | changes


# Readability


@pytest.mark.parametrize(
    ("words", "easy"),
    [
        ("We will help Mum to get you to school each day.", True),
        ("Sam will phone you on Monday. You can ask him anything.", True),
        ("The multi-agency professionals will undertake an assessment of parental capacity.", False),
    ],
)
def test_a_plain_sentence_reads_as_plain(words, easy):
    assert (reading_age(words) <= 11) is easy
    assert hint(words).startswith("Easy to read") is easy


@pytest.mark.parametrize(
    "words", ["", "Hi there", "?!?", "سنساعد أمك على أخذك إلى المدرسة كل يوم", "😀 😀 😀 😀 😀 😀"]
)
def test_nothing_is_said_of_few_words_or_another_script(words):
    assert hint(words) == ""


# Actions


def test_actions_keep_their_order_and_whose_they_are(cast, held, by):
    with acting_as(cast.chair.pk):
        child = held.children.first()
        for for_whom, what in ((child, "One"), (None, "Two")):
            save_action(conference=held, child=for_whom, given=ActionGiven(action=what), **by)
        assert list(held.actions.order_by("position").values_list("position", "child_id")) == [(1, child.pk), (2, None)]


def test_an_action_needs_words_and_no_day_before_the_conference(cast, held, by):
    with acting_as(cast.chair.pk):
        for given, field in (
            (ActionGiven(action=" "), "action"),
            (ActionGiven(action="x", due_on=date(2026, 3, 22)), "due_on"),
        ):
            with pytest.raises(CannotPlan) as refusal:
                save_action(conference=held, child=None, given=given, **by)
            assert refusal.value.field == field
        save_action(conference=held, child=None, given=ActionGiven(action="x", due_on=date(2026, 3, 23)), **by)
        assert held.actions.count() == 1


@pytest.mark.parametrize("typed", ["ASAP", "asap", "ongoing", "Ongoing", "TBC"])
def test_behaviour_27_as_soon_as_possible_is_not_a_date(client, sign_in, cast, held, typed):
    sign_in(client, cast.chair)
    for boxes in ((typed, "", ""), ("30", typed, "2026")):
        data = posted(**dict(zip(("due_on_0", "due_on_1", "due_on_2"), boxes, strict=True)))
        page = client.post(address("add-action", held), data).content.decode()
        assert "“As soon as possible” and “ongoing” are not dates." in page
        assert "Visit every week" in page
        assert f'value="{typed}"' in page
    with acting_as(cast.chair.pk):
        assert not PlanAction.objects.exists()


def test_an_action_is_added_changed_and_taken_out_on_its_pages(client, sign_in, cast, held):
    with acting_as(cast.chair.pk):
        child, owner = held.children.first(), Person.objects.get(discipline="social_care")
    sign_in(client, cast.chair)
    form = client.get(address("add-action", held) + f"?child={child.pk}").content.decode()
    assert re.search(rf'<input[^>]*value="{child.pk}"[^>]*checked', form)
    assert client.post(address("add-action", held), posted(child=str(child.pk), owner=str(owner.pk))).status_code == 302
    page = client.get(address("plan", held)).content.decode()
    assert "Sol will come to see you every week." in page
    assert "by Thursday 30 April 2026" in page
    assert "Easy to read" in page
    with acting_as(cast.chair.pk):
        action = PlanAction.objects.get()
    assert client.get(address("action", held, action.pk)).status_code == 200
    client.post(address("action", held, action.pk), posted(action="Visit twice"))
    with acting_as(cast.chair.pk):
        action = PlanAction.objects.get()
        assert (action.action, action.child_id, action.owner_id) == ("Visit twice", None, None)
    client.post(address("action", held, action.pk), {"remove": "yes"})
    with acting_as(cast.chair.pk):
        assert not PlanAction.objects.exists()


def test_an_action_of_another_conference_is_not_found_and_nobody_from_elsewhere_plans(client, sign_in, cast, held, by):
    with acting_as(cast.neighbour.pk):
        other = make_conference(cast, chair=cast.neighbour, ids="B")
        action = save_action(
            conference=other, child=None, given=ActionGiven(action="x"), by=cast.neighbour, now=EVENING
        )
    sign_in(client, cast.chair)
    assert client.get(address("action", held, action.pk)).status_code == 404
    assert client.get(address("action", held, uuid.uuid4())).status_code == 404
    for who in (cast.neighbour, cast.next_manager, cast.teacher):
        sign_in(client, who)
        assert client.get(address("plan", held)).status_code == 404
        assert client.post(address("add-action", held), posted()).status_code == 404


def test_the_manager_reads_the_plan_and_does_not_write_it(client, sign_in, cast, held):
    sign_in(client, cast.manager)
    assert client.get(address("plan", held)).status_code == 200
    assert client.post(address("add-action", held), posted()).status_code == 404


def test_the_minute_taker_writes_the_plan(client, sign_in, cast, held):
    with acting_as(cast.manager.pk):
        Assignment.objects.create(
            conference=held, user=cast.minute_taker, role="minute_taker", since=EVENING, given_by=cast.manager
        )
    sign_in(client, cast.minute_taker)
    assert client.post(address("add-action", held), posted()).status_code == 302


@pytest.mark.parametrize("words", ["<script>alert(1)</script>", "😀 ok", "لا أوافق", "x" * 50_000])
def test_behaviour_40_words_are_kept_as_they_are_and_escaped(client, sign_in, cast, held, words):
    sign_in(client, cast.chair)
    assert client.post(address("add-action", held), posted(action=words)).status_code == 302
    with acting_as(cast.chair.pk):
        assert PlanAction.objects.get().action == words
    assert "<script>alert(1)" not in client.get(address("plan", held)).content.decode()


@pytest.mark.parametrize("words", ["x" * 50_001, "nul\x00byte"])
def test_behaviour_40_too_much_or_a_nul_byte_is_refused_plainly_and_kept_on_the_page(
    client, sign_in, cast, held, words
):
    sign_in(client, cast.chair)
    answer = client.post(address("add-action", held), posted(action=words, plain_words="Kept."))
    assert answer.status_code == 200
    assert "Kept." in answer.content.decode()
    with acting_as(cast.chair.pk):
        assert not PlanAction.objects.exists()


# The last plan


@pytest.fixture
def review(cast):
    first = make_signable(cast)
    sign(first)
    return make_review(cast, first)


def test_each_action_of_the_last_conference_is_looked_at_with_evidence_and_carried_on_once(cast, review, by):
    with acting_as(cast.chair.pk):
        (last,) = last_actions(review)
        with pytest.raises(CannotPlan) as refusal:
            review_action(conference=review, action=last.action, progress="done", evidence=" ", **by)
        assert refusal.value.field == "evidence"
        for _ in range(2):
            review_action(
                conference=review, action=last.action, progress="partly", evidence="Six visits.", carry_on=True, **by
            )
        assert ActionReview.objects.get().progress == "partly"
        (carried,) = review.actions.all()
        assert (carried.carried_from, carried.due_on, carried.action) == (last.action, None, "Visit every week")
        assert last_actions(review)[0].is_carried


def test_an_action_of_any_other_conference_is_not_reviewed_here(cast, review, by):
    with acting_as(cast.chair.pk):
        other = make_conference(cast, ids="B")
        action = save_action(conference=other, child=None, given=ActionGiven(action="x"), **by)
        with pytest.raises(CannotPlan):
            review_action(conference=review, action=action, progress="done", evidence="y", **by)


def test_what_came_of_an_action_is_said_on_its_page(client, sign_in, cast, review):
    with acting_as(cast.chair.pk):
        action = last_actions(review)[0].action
    sign_in(client, cast.chair)
    assert "Not looked at yet" in client.get(address("plan", review)).content.decode()
    url = address("review-action", review, action.pk)
    assert client.get(url).status_code == 200
    assert client.post(url, {"progress": "done", "evidence": "Every visit happened."}).status_code == 302
    page = client.get(address("plan", review)).content.decode()
    assert "Every visit happened." in page
    assert "Not looked at yet" not in page
    assert client.get(address("review-action", review, uuid.uuid4())).status_code == 404


# A plan from before


def test_a_plan_from_before_is_written_down_so_that_the_first_review_here_can_end_it(client, sign_in, cast):
    review = make_held(cast, kind=ConferenceKind.REVIEW, children=1)
    with acting_as(cast.chair.pk):
        child = review.children.select_related("conference__chair").get()
    sign_in(client, cast.chair)
    url = address("note-plan", review, child.pk)
    assert url in client.get(address("decisions", review)).content.decode()
    given = {"initial_categories": ["NEG"], "latest_categories": ["NEG", "EMO"], "other_authority": ""}
    late = client.post(url, given | {"started_on_0": "23", "started_on_1": "3", "started_on_2": "2026"})
    assert "Enter a day before the review, 23 March 2026" in late.content.decode()
    assert (
        client.post(url, given | {"started_on_0": "5", "started_on_1": "1", "started_on_2": "2026"}).status_code == 302
    )
    assert client.get(url).status_code == 404
    with acting_as(cast.chair.pk):
        decide_for(child, "end")
    sign(review)
    with acting_as(cast.chair.pk):
        plan = Plan.objects.get()
        assert (plan.started_on, plan.ended_on, plan.latest_categories) == (
            date(2026, 1, 5),
            date(2026, 3, 23),
            ["NEG", "EMO"],
        )


def test_no_plan_from_before_is_written_down_in_an_initial_conference_or_by_somebody_else(client, sign_in, cast, held):
    with acting_as(cast.chair.pk):
        child = held.children.first()
    for who in (cast.chair, cast.manager, cast.neighbour):
        sign_in(client, who)
        assert client.post(address("note-plan", held, child.pk), {}).status_code == 404


# Core group


def test_a_core_group_has_one_lead_who_is_in_it(cast, held, by):
    with acting_as(cast.chair.pk):
        child = held.children.first()
        social, school = (Person.objects.get(discipline=code) for code in ("social_care", "school"))
        for members, lead, field in (([], social, "members"), ([social], school, "lead"), ([social], None, "lead")):
            with pytest.raises(CannotPlan) as refusal:
                set_core_group(children=[child], members=members, lead=lead, **by)
            assert refusal.value.field == field
        set_core_group(children=[child], members=[social, school], lead=social, **by)
        set_core_group(children=[child], members=[social, school], lead=school, **by)
        assert [one.person for one in child.core_group.filter(is_lead=True)] == [school]
        with pytest.raises(DatabaseError), transaction.atomic():
            CoreGroupMember.objects.filter(child=child).update(is_lead=True)


def test_the_core_group_page_serves_every_child_with_a_plan_and_says_what_is_not_here(client, sign_in, cast, held):
    with acting_as(cast.chair.pk):
        first, second = held.children.select_related("conference__chair").order_by("position")
        for child in (first, second):
            decide_for(child)
        person = Person.objects.get(discipline="social_care")
    sign_in(client, cast.chair)
    given = {"members": [str(person.pk)], "lead": str(person.pk), "same_for_all": "on"}
    assert client.get(address("set-core-group", held, first.pk)).status_code == 200
    assert client.post(address("set-core-group", held, first.pk), given).status_code == 302
    page = client.get(address("core-group", held)).content.decode()
    assert page.count("Lead practitioner") == 2
    assert "Meetings of the core group are not recorded here" in page


def test_a_child_without_a_plan_has_no_core_group(client, sign_in, cast, held):
    with acting_as(cast.chair.pk):
        child = held.children.select_related("conference__chair").first()
        decide_for(child, "nfa")
    sign_in(client, cast.chair)
    assert client.get(address("set-core-group", held, child.pk)).status_code == 404


# Next dates


def dates(conference, by, **changes):
    given = {
        "core_group_on": date(2026, 3, 30),
        "core_group_place": "",
        "review_on": date(2026, 6, 12),
        "review_place": "The library",
    } | changes
    set_next_dates(conference=conference, **given, **by)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"core_group_on": date(2026, 3, 23)}, "core_group_on"),
        ({"review_on": date(2026, 6, 13)}, "review_on"),  # a Saturday
        ({"core_group_on": date(2026, 4, 9)}, "core_group_on"),  # the limit is 8 April: Good Friday, Easter Monday
        ({"review_on": date(2026, 6, 23)}, "review_on"),  # 91 days end on 22 June
    ],
)
def test_a_next_date_at_a_weekend_too_early_or_after_its_limit_is_refused(cast, held, by, changes, field):
    with acting_as(cast.chair.pk):
        decide_for(held.children.select_related("conference__chair").first())
        with pytest.raises(CannotPlan) as refusal:
            dates(held, by, **changes)
        assert refusal.value.field == field
        assert not held.next_dates.exists()


def test_a_date_after_its_limit_is_kept_with_its_reason_and_the_reason_goes_with_the_lateness(cast, held, by):
    with acting_as(cast.chair.pk):
        decide_for(held.children.select_related("conference__chair").first())
        dates(held, by, review_on=date(2026, 6, 23), why_late="The hall is closed.")
        assert Explanation.objects.get(kind=Reason.NEXT_DATE_LATE).words == "The hall is closed."
        dates(held, by)
        assert not Explanation.objects.filter(kind=Reason.NEXT_DATE_LATE).exists()
        assert held.clocks.get(kind=ClockKind.CORE_GROUP, child=None).met_on == date(2026, 3, 30)


def test_the_page_says_the_limits_in_words_and_asks_for_no_core_group_when_plans_only_continue(
    client, sign_in, cast, held, review
):
    with acting_as(cast.chair.pk):
        decide_for(held.children.select_related("conference__chair").first())
        for child in review.children.select_related("conference__chair"):
            decide_for(child, "continue")
        set_clocks(conference=held, by=cast.chair, now=EVENING)
    sign_in(client, cast.chair)
    page = client.get(address("next-dates", held)).content.decode()
    assert "The limit was Wednesday 8 April 2026." in page
    assert "First core group meeting" not in client.get(address("next-dates", review)).content.decode()


def test_after_signing_the_plan_is_closed(cast, by):
    conference = make_signable(cast)
    sign(conference)
    with acting_as(cast.chair.pk):
        action = conference.actions.get()
        child = conference.children.first()
        person = Person.objects.get(discipline="social_care")
        for change in (
            lambda: save_action(conference=conference, child=None, given=ActionGiven(action="x"), **by),
            lambda: remove_action(action=action, **by),
            lambda: set_core_group(children=[child], members=[person], lead=person, **by),
            lambda: dates(conference, by),
        ):
            with pytest.raises(CannotPlan, match="closed"):
                change()


def test_the_plan_takes_as_many_queries_for_one_action_as_for_three(
    client, sign_in, cast, held, by, keeps_one_query_count
):
    sign_in(client, cast.chair)

    def add():
        with acting_as(cast.chair.pk):
            save_action(conference=held, child=None, given=ActionGiven(action="x"), **by)

    keeps_one_query_count(add, lambda: client.get(address("plan", held)), at_most=16)
