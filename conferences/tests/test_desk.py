"""The desk, the overview of one conference, and moving it on."""

import re
from datetime import date, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from chatr.accounts.operations.erasure import erase_account
from chatr.audit.models import AuditEvent
from chatr.database.acting import acting_as, acting_as_job
from chatr.workdays.clock import local

from ..examples.days import Days
from ..models import (
    AccessEvent,
    AgencyReport,
    Assignment,
    AssignmentChild,
    AssignmentRole,
    Clock,
    Conference,
    ConferenceKind,
    Discipline,
    Explanation,
    Reason,
    Section,
    SectionKind,
    State,
)
from ..operations import states
from ..operations.explanations import CannotExplain
from ..operations.lateness import CannotExplainLateness, explain_lateness
from ..queries.desk import desk_of, for_others
from .making import NOW, make_conference, make_professional
from .test_clocks import change, decide, discuss, wind

pytestmark = pytest.mark.django_db

MONDAY = date(2026, 3, 23)
LATER = local(date(2026, 4, 20), time(10))  # a Monday after Easter


def page(name: str, *args) -> str:
    return reverse(f"conferences:{name}", args=[getattr(one, "pk", one) for one in args])


def text(answer) -> str:
    """What a page says, without its markup."""
    body = answer.content.decode().split("<main", 1)[1].split("</main>", 1)[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body))


def state_of(conference) -> Conference:
    with acting_as_job("tests"):
        return Conference.objects.get(pk=conference.pk)


def do(operation, conference, *, by=None, now=LATER, **fields):
    by = by or conference.chair
    with acting_as(by.pk):
        operation(conference=conference, by=by, now=now, **fields)


# Begun, checked, taken back, called off


def test_beginning_says_when_it_was_held_and_starts_what_follows(conference, cast):
    do(states.begin, conference, held_on=MONDAY)
    begun = state_of(conference)
    assert (begun.state, begun.held_on) == (State.DRAFT, MONDAY)
    with acting_as(cast.chair.pk):
        kinds = {clock.kind: clock.due_on for clock in Clock.objects.filter(conference=conference)}
    assert kinds["decision_letter"] == date(2026, 3, 24)
    assert AuditEvent.objects.get(action="conferences.begun").details == {"held_on": "2026-03-23", "before": ""}


@pytest.mark.parametrize("day", [date(2026, 3, 21), date(2026, 3, 22)])
def test_behaviour_13_a_weekend_is_refused_beside_the_day(conference, day):
    with pytest.raises(states.CannotChangeState, match="not held at a weekend") as refusal:
        do(states.begin, conference, held_on=day)
    assert refusal.value.field == "held_on"
    assert state_of(conference).state == State.SCHEDULED


def test_behaviour_13_a_day_to_come_is_refused_and_today_is_taken(conference):
    with pytest.raises(states.CannotChangeState, match="today or in the past"):
        do(states.begin, conference, held_on=date(2026, 4, 21))
    do(states.begin, conference, held_on=date(2026, 4, 20))


def test_behaviour_13_a_bank_holiday_is_asked_about_once_more(conference):
    easter_monday = date(2026, 4, 6)
    with pytest.raises(states.IsBankHoliday):
        do(states.begin, conference, held_on=easter_monday)
    assert state_of(conference).held_on is None
    do(states.begin, conference, held_on=easter_monday, bank_holiday_confirmed=True)
    assert state_of(conference).held_on == easter_monday


def test_a_day_before_what_led_to_it_is_refused(cast):
    first = make_conference(cast, children=1)
    do(states.begin, first, held_on=MONDAY)
    review = make_conference(cast, kind=ConferenceKind.REVIEW, ids="R", previous=first)
    with pytest.raises(states.CannotChangeState, match="conference before this one"):
        do(states.begin, review, held_on=MONDAY)
    do(states.begin, review, held_on=MONDAY + timedelta(days=1))


def test_the_day_can_be_put_right_while_it_is_being_recorded_and_the_limits_follow(conference, cast):
    do(states.begin, conference, held_on=MONDAY)
    do(states.begin, conference, held_on=date(2026, 3, 24))
    with acting_as(cast.chair.pk):
        assert Clock.objects.get(conference=conference, kind="decision_letter").due_on == date(2026, 3, 25)


def test_a_record_is_checked_and_taken_back(conference):
    with pytest.raises(states.CannotChangeState):
        do(states.send_to_check, conference)
    do(states.begin, conference, held_on=MONDAY)
    do(states.send_to_check, conference)
    assert state_of(conference).state == State.CHECK
    with pytest.raises(states.CannotChangeState):
        do(states.begin, conference, held_on=MONDAY)
    do(states.back_to_draft, conference)
    assert state_of(conference).state == State.DRAFT


@pytest.mark.parametrize(
    ("operation", "state", "kind"),
    [(states.adjourn, State.ADJOURNED, Reason.ADJOURNED), (states.cancel, State.CANCELLED, Reason.CANCELLED)],
)
def test_calling_off_needs_a_reason_and_keeps_it(conference, cast, operation, state, kind):
    with pytest.raises(CannotExplain):
        do(operation, conference, reason="  ")
    assert state_of(conference).state == State.SCHEDULED
    do(operation, conference, reason="The interpreter was ill.")
    assert state_of(conference).state == state
    with acting_as(cast.chair.pk):
        assert Explanation.objects.get(conference=conference, kind=kind).words == "The interpreter was ill."


def test_a_cancelled_conference_stays_cancelled(conference):
    do(states.cancel, conference, reason="Entered twice.")
    for operation, more in ((states.begin, {"held_on": MONDAY}), (states.adjourn, {"reason": "No."})):
        with pytest.raises(states.CannotChangeState):
            do(operation, conference, **more)


def test_the_next_teams_chair_moves_nothing_on(client, sign_in, conference, cast):
    with pytest.raises(Conference.DoesNotExist):
        do(states.begin, conference, by=cast.neighbour, held_on=MONDAY)
    sign_in(client, cast.neighbour)
    for name in ("begin", "send-to-check", "take-back", "adjourn", "cancel", "late"):
        assert client.get(page(name, conference)).status_code == 404
        assert client.post(page(name, conference), {"words": "Mine."}).status_code == 404
    assert state_of(conference).state == State.SCHEDULED


# Late


def test_behaviour_6_a_late_conference_takes_its_reason_the_manager_who_agreed_and_what_kept_the_child_safe(
    conference, cast
):
    change(conference, held_on=date(2026, 3, 24))
    words = {"why": "The room had flooded.", "interim": "They stayed with their aunt."}
    for manager in (cast.next_manager, cast.chair):
        with pytest.raises(CannotExplainLateness) as refusal:
            do(explain_lateness, conference, agreed_by=manager.pk, **words)
        assert refusal.value.field == "agreed_by"
    do(explain_lateness, conference, agreed_by=cast.manager.pk, **words)
    assert state_of(conference).late_agreed_by_id == cast.manager.pk
    with acting_as(cast.chair.pk):
        kept = dict(Explanation.objects.filter(conference=conference).values_list("kind", "words"))
    assert kept == {Reason.LATE: words["why"], Reason.INTERIM_PROTECTION: words["interim"]}


def test_the_page_for_lateness_is_there_only_once_it_is_late(client, sign_in, cast):
    conference = make_conference(cast, at=local(date(2025, 11, 24), time(10)))
    discuss(conference, date(2025, 11, 3), started=date(2025, 11, 3))
    change(conference, held_on=date(2025, 11, 24), state=State.DRAFT)
    wind(conference)
    sign_in(client, cast.chair)
    assert client.get(page("late", conference)).status_code == 302
    change(conference, held_on=date(2025, 11, 25))
    answer = client.get(page("late", conference))
    assert "was due Monday 24 November, 1 working day late" in text(answer)
    answer = client.post(page("late", conference), {"why": "Example why.", "agreed_by": "", "interim": ""})
    assert answer.status_code == 200
    assert "Example why." in answer.content.decode()
    client.post(
        page("late", conference), {"why": "Example why.", "agreed_by": cast.manager.pk, "interim": "With Example aunt."}
    )
    assert state_of(conference).late_agreed_by_id == cast.manager.pk
    assert "With Example aunt." in client.get(page("late", conference)).content.decode()


# The form


def send_day(client, conference, day: date, **more):
    typed = {"held_on_0": day.day, "held_on_1": day.month, "held_on_2": day.year}
    return client.post(page("begin", conference), typed | more)


def test_behaviour_13_on_the_page_the_day_is_refused_beside_it_and_kept(client, sign_in, conference, cast):
    sign_in(client, cast.chair)
    answer = send_day(client, conference, date(2026, 3, 21))
    assert answer.status_code == 200
    body = answer.content.decode()
    assert "A conference is not held at a weekend." in body
    assert 'value="21"' in body
    assert 'value="2026"' in body
    assert state_of(conference).held_on is None


def test_behaviour_13_on_the_page_a_bank_holiday_asks_for_a_tick(client, sign_in, conference, cast):
    sign_in(client, cast.chair)
    assert 'type="checkbox"' not in client.get(page("begin", conference)).content.decode()
    body = send_day(client, conference, date(2026, 5, 4)).content.decode()
    assert 'type="checkbox"' in body
    assert state_of(conference).held_on is None
    send_day(client, conference, date(2026, 5, 4), bank_holiday_confirmed="on")
    assert state_of(conference).held_on == date(2026, 5, 4)


# The desk


def test_the_desk_shows_what_is_mine_and_what_is_due_in_words(client, sign_in, cast):
    conference = make_conference(cast, at=local(date(2025, 12, 1), time(10)))
    discuss(conference, date(2025, 11, 3), started=date(2025, 11, 3))
    wind(conference)
    make_conference(cast, chair=cast.neighbour, ids="B")
    sign_in(client, cast.chair)
    said = text(client.get(page("desk")))
    assert "ChildA1 Example and ChildA2 Example : initial conference" in said
    assert "Was due Monday 24 November 2025" in said
    assert "ChildB" not in said


def test_the_desk_is_written_down_as_one_view_without_content(client, sign_in, conference, cast):
    sign_in(client, cast.chair)
    client.get(page("desk"))
    with acting_as_job("tests"):
        (event,) = AccessEvent.objects.filter(user_id=cast.chair.pk)
    assert (event.action, event.object_type, event.conference_id) == ("view", "desk", None)


def test_behaviour_6_the_desk_says_what_is_not_there_yet(client, sign_in, conference, cast):
    person = make_professional(conference)
    with acting_as(cast.chair.pk):
        AgencyReport.objects.create(
            conference=conference, person=person, discipline=Discipline.SCHOOL, due_on=MONDAY, due_rule="x"
        )
    sign_in(client, cast.chair)
    assert "1 report not in yet" in text(client.get(page("desk")))
    change(conference, held_on=MONDAY, state=State.DRAFT)
    assert "No decision yet for 2 of 2" in text(client.get(page("desk")))
    decide(conference, "nfa", "nfa")
    assert "No decision yet" not in text(client.get(page("desk")))


def test_finished_conferences_are_folded_and_leave_the_list(client, sign_in, conference, cast):
    do(states.cancel, conference, reason="Entered twice.")
    sign_in(client, cast.chair)
    body = client.get(page("desk")).content.decode()
    going_on, finished = body.split("Finished conferences")
    assert str(conference.pk) not in going_on
    assert str(conference.pk) in finished


def test_an_adjourned_conference_stays_until_the_next_one_is_arranged(client, sign_in, conference, cast):
    do(states.adjourn, conference, reason="The interpreter was ill.")
    sign_in(client, cast.chair)
    said = text(client.get(page("desk")))
    assert "No new date yet" in said
    assert "Finished conferences" not in said
    make_conference(cast, ids="N", previous=conference)
    assert "Finished conferences" in text(client.get(page("desk")))


def test_a_manager_sees_the_team_and_chooses_a_chair_or_a_state(client, sign_in, conference, cast):
    other = make_conference(cast, chair=cast.colleague, ids="C")
    make_conference(cast, chair=cast.neighbour, ids="B")
    sign_in(client, cast.manager)

    def shown(**choice) -> set:
        body = client.get(page("desk"), choice).content.decode()
        return {one.pk for one in (conference, other) if f"/conferences/{one.pk}/" in body}

    assert shown() == {conference.pk, other.pk}
    assert shown(chair=cast.colleague.pk) == {other.pk}
    assert shown(state="draft") == set()
    assert "ChildB" not in client.get(page("desk")).content.decode()


def test_a_contributor_sees_no_conference_only_the_way_to_their_report(client, sign_in, conference, cast):
    person = make_professional(conference, user=cast.teacher)
    with acting_as(cast.chair.pk):
        given = Assignment.objects.create(
            conference=conference,
            user=cast.teacher,
            role=AssignmentRole.CONTRIBUTOR,
            all_children=False,
            since=NOW,
            given_by=cast.chair,
        )
        AssignmentChild.objects.create(conference=conference, assignment=given, child=conference.children.first())
        AgencyReport.objects.create(
            conference=conference,
            person=person,
            contributor=cast.teacher,
            discipline=Discipline.SCHOOL,
            due_on=MONDAY,
            due_rule="reports_before_initial",
        )
    sign_in(client, cast.teacher)
    body = client.get(page("desk")).content.decode()
    assert str(conference.pk) not in body
    assert "ChildA" not in body
    assert client.get(page("conference", conference)).status_code == 404


def test_an_advocate_sees_the_section_of_the_child_they_speak_for_and_no_other(conference, cast):
    with acting_as(cast.chair.pk):
        child = conference.children.get(position=1)
        given = Assignment.objects.create(
            conference=conference,
            user=cast.health_visitor,
            role=AssignmentRole.ADVOCATE,
            all_children=False,
            sections=[SectionKind.CHILD_WORDS],
            since=NOW,
            given_by=cast.chair,
        )
        AssignmentChild.objects.create(conference=conference, assignment=given, child=child)
        (own,) = Section.objects.filter(conference=conference, child=child, kind=SectionKind.CHILD_WORDS)
    with acting_as(cast.health_visitor.pk):
        assert [one.pk for one in for_others(desk_of(cast.health_visitor)).sections] == [own.pk]


@pytest.mark.parametrize("who", ["chair", "manager"])
def test_the_desk_costs_as_many_queries_for_three_conferences_as_for_one(
    client, sign_in, cast, keeps_one_query_count, who
):
    ids = iter("KLMNOP")

    def add():
        conference = make_conference(cast, ids=next(ids), children=3)
        discuss(conference, date(2026, 3, 2), started=date(2026, 3, 2))
        wind(conference)

    sign_in(client, getattr(cast, who))
    # Twelve, and four that open and close the transaction that speaks for the person.
    do(states.cancel, make_conference(cast, ids="Z"), reason="So that there is a finished one too.")
    keeps_one_query_count(add, lambda: client.get(page("desk")), at_most=16)


# The overview


def test_the_overview_leads_to_what_the_state_allows_and_says_what_it_is_not(client, sign_in, conference, cast):
    sign_in(client, cast.chair)
    said = text(client.get(page("conference", conference)))
    assert "Start recording" in said
    assert "Check and sign" not in said
    assert "case system remains the statutory record" in client.get(page("conference", conference)).content.decode()
    change(conference, held_on=MONDAY, state=State.DRAFT)
    said = text(client.get(page("conference", conference)))
    assert "Send to be checked" in said
    assert "Start recording" not in said


def test_the_manager_may_call_it_off_but_does_not_record(client, sign_in, conference, cast):
    sign_in(client, cast.manager)
    said = text(client.get(page("conference", conference)))
    assert "cancel this conference" in said
    assert "Start recording" not in said
    assert client.get(page("begin", conference)).status_code == 404
    client.post(page("cancel", conference), {"words": "Entered twice by mistake."})
    assert state_of(conference).state == State.CANCELLED
    assert "Entered twice by mistake." in text(client.get(page("conference", conference)))


def test_the_minute_taker_may_not_call_it_off(client, sign_in, conference, cast):
    with acting_as(cast.chair.pk):
        Assignment.objects.create(
            conference=conference,
            user=cast.minute_taker,
            role=AssignmentRole.MINUTE_TAKER,
            since=NOW,
            given_by=cast.chair,
        )
    sign_in(client, cast.minute_taker)
    assert client.get(page("conference", conference)).status_code == 200
    assert client.post(page("cancel", conference), {"words": "No."}).status_code == 404
    assert client.post(page("take-back", conference)).status_code == 404
    assert state_of(conference).state == State.SCHEDULED


def test_a_late_conference_leads_to_where_its_reason_is_written(client, sign_in, cast):
    conference = make_conference(cast, at=local(date(2025, 11, 24), time(10)))
    discuss(conference, date(2025, 11, 3), started=date(2025, 11, 3))
    change(conference, held_on=date(2025, 11, 25), state=State.DRAFT)
    wind(conference)
    sign_in(client, cast.chair)
    body = client.get(page("conference", conference)).content.decode()
    assert page("late", conference) in body
    assert "After its limit" in body


def test_a_conference_that_is_planned_after_its_limit_can_be_explained_before_it_is_held(client, sign_in, cast):
    conference = make_conference(cast, at=Days(timezone.now()).at(30), now=timezone.now())
    started = Days(timezone.now()).day(-7)
    discuss(conference, started, started=started)
    wind(conference)
    sign_in(client, cast.chair)
    assert "After its limit" in text(client.get(page("conference", conference)))
    assert client.get(page("late", conference)).status_code == 200


def test_the_overview_costs_as_many_queries_for_three_children_as_for_one(client, sign_in, cast):
    sign_in(client, cast.chair)
    counts = []
    for children, ids in ((1, "K"), (1, "L"), (3, "M")):
        conference = make_conference(cast, ids=ids, children=children)
        change(conference, held_on=MONDAY, state=State.DRAFT)
        with CaptureQueriesContext(connection) as queries:
            client.get(page("conference", conference))
        counts.append(len(queries))
    assert counts[1] == counts[2]


# The home page


def test_the_home_page_says_only_that_something_waits_and_only_to_those_it_waits_for(
    client, sign_in, conference, cast, settings
):
    for person, waits in ((cast.chair, True), (cast.colleague, False), (cast.neighbour, False), (cast.staff, False)):
        sign_in(client, person)
        body = client.get("/").content.decode()
        assert ("Something is waiting in Conferences" in body) is waits
        assert "Child" not in body.split("<main", 1)[1].split("Where do you want to go?")[0]
    settings.CONFERENCES_ENABLED = False
    sign_in(client, cast.chair)
    assert "Something is waiting" not in client.get("/").content.decode()


def test_a_chair_whose_account_was_erased_is_said_to_be_gone_until_somebody_else_chairs(cast, sign_in, client):
    conference = make_conference(cast)
    erase_account(user=cast.chair, by=cast.staff, reason="asked", now=timezone.now())
    sign_in(client, cast.manager)
    for page in (reverse("conferences:desk"), reverse("conferences:conference", args=[conference.pk])):
        assert "Chair: an account that was erased." in client.get(page).content.decode()
