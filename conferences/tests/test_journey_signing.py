"""Two journeys from beginning to end, with the clock passed in, and what their pages look like in a browser."""

from datetime import date

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from chatr.database.acting import acting_as
from chatr.workdays.clock import local
from chatr.workdays.queries import bank_holidays

from ..models import Block, ClockKind, Decision, Plan, State
from ..operations.lateness import explain_lateness
from ..operations.signing import CannotSign
from ..queries.missing import missing
from ..queries.signed import verify_signature
from ..rules.timescales import due_in_words, holidays_around
from .raw import raw, refusal_of
from .signable import EVENING, decide_for, make_held, make_signable, plan_for, sign

STARTED, LIMIT, HELD = date(2026, 3, 2), date(2026, 3, 23), date(2026, 3, 24)


def address(name, conference, *more):
    return reverse(f"conferences:{name}", args=[conference.pk, *more])


@pytest.mark.django_db
def test_journey_1_held_a_day_late_signing_lists_what_lateness_asks_for(client, sign_in, cast):
    conference = make_signable(cast, on=HELD, s47_on=STARTED)
    with acting_as(cast.chair.pk):
        clock = conference.clocks.get(kind=ClockKind.CONFERENCE, child=None)
    assert clock.due_on == LIMIT
    holidays = bank_holidays(*holidays_around(STARTED, HELD))
    assert due_in_words(clock.due_on, date(2026, 3, 9), holidays).startswith("due Monday 23 March")
    sign_in(client, cast.chair)
    page = client.get(address("sign", conference)).content.decode()
    for sentence in (
        "Why the conference was 1 working day late",
        "Which manager agreed that it was late",
        "How the child was kept safe meanwhile",
    ):
        assert sentence in page
    evening = local(HELD, EVENING.time())
    with pytest.raises(CannotSign, match="1 working day late"):
        sign(conference, now=evening)
    with acting_as(cast.chair.pk):
        explain_lateness(
            conference=conference,
            why="The interpreter was ill.",
            agreed_by=cast.manager.pk,
            interim="They stayed with their aunt.",
            by=cast.chair,
            now=evening,
        )
        assert missing(conference, HELD) == []
    sign(conference, now=evening)
    assert conference.state == State.SIGNED


@pytest.mark.django_db(transaction=True)
def test_journey_3_three_siblings_two_decisions_names_the_third_and_psql_changes_no_word(cast, app_role):
    conference = make_held(cast, children=3)
    with acting_as(cast.chair.pk):
        first, second, third = conference.children.select_related("conference__chair").order_by("position")
        decide_for(first, "plan", ["NEG", "EMO"])
        decide_for(second, "plan", ["PHY"])
        plan_for(conference, *conference.children.select_related("decision").filter(pk__in=[first.pk, second.pk]))
    with pytest.raises(CannotSign, match="A decision for ChildA3 Example"):
        sign(conference)
    with acting_as(cast.chair.pk):
        decide_for(third, "cin")
    sign(conference)
    with acting_as(cast.chair.pk):
        assert sorted(Plan.objects.values_list("child__la_child_id", "latest_categories")) == [
            ("A1", ["NEG", "EMO"]),
            ("A2", ["PHY"]),
        ]
        assert Decision.objects.get(child=third).outcome == "cin"
    with raw(cast.chair) as cursor:
        for sql in (
            "UPDATE conferences_block SET words = 'other'",
            "UPDATE conferences_decision SET reasons = 'other'",
        ):
            assert refusal_of(cursor, sql).diag.constraint_name == "frozen_once_signed"
    with acting_as(cast.chair.pk):
        with pytest.raises(DatabaseError), transaction.atomic():
            Block.objects.update(version=2)
        assert verify_signature(conference)


# In a browser


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", [1280, 375])
def test_deciding_planning_and_signing_have_no_faults_in_a_browser(cast, open_page, axe, width):
    conference = make_signable(cast)
    page = open_page(cast.chair, width=width)
    with acting_as(cast.chair.pk):
        child, action = conference.children.first(), conference.actions.get()
    for name, more in (
        ("decisions", []),
        ("decide", [child.pk]),
        ("add-dissent", []),
        ("plan", []),
        ("action", [action.pk]),
        ("core-group", []),
        ("set-core-group", [child.pk]),
        ("next-dates", []),
        ("explanations", []),
        ("sign", []),
        ("sign-now", []),
    ):
        _looks_right(page, axe, address(name, conference, *more))
    page.get_by_label("I have read the record").check()
    page.get_by_label("Type your name").fill("Cleo Hart")
    page.get_by_role("button", name="Sign this record").click()
    page.get_by_role("heading", name="The record is signed").wait_for()
    with acting_as(cast.chair.pk):
        decision = conference.decisions.first()
    for name, more in (
        ("sign", []),
        ("record", []),
        ("decisions", []),
        ("plan", []),
        ("amend", []),
        ("add-amendment", [decision.pk, "reasons"]),
        ("challenges", []),
        ("add-challenge", []),
    ):
        _looks_right(page, axe, address(name, conference, *more))


def _looks_right(page, axe, url):
    answer = page.goto(url)
    assert answer.status == 200, url
    assert len(answer.body()) < 60_000, url
    assert page.locator("h1").count() == 1, url
    assert axe(page) == [], url
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"), url
