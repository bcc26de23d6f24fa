"""Every clock of a conference: what starts it, when it is due, what moves it and what meets it."""

from datetime import date, time

import pytest

from chatr.audit.models import AuditEvent
from chatr.database.acting import acting_as
from chatr.workdays.clock import local

from ..models import (
    AgencyReport,
    Category,
    ChildDetails,
    Clock,
    ClockKind,
    Conference,
    ConferenceKind,
    Copy,
    CopyKind,
    CopyMethod,
    Decision,
    Discipline,
    NextDate,
    NextMeeting,
    Outcome,
    Section47,
    State,
    StrategyDiscussion,
)
from ..operations.clocks import set_clocks
from ..operations.scheduling import ChildToBe
from ..queries.clocks import running
from ..rules import limits
from .making import NOW, make_conference, make_professional, make_relative

pytestmark = pytest.mark.django_db


def at(day: date):
    return local(day, time(10))


def discuss(conference, *days: date, started: date, child: int = 1) -> None:
    """Strategy discussions about a child, one of which started section 47."""
    with acting_as(conference.chair.pk):
        of = conference.children.get(position=child)
        for day in days:
            StrategyDiscussion.objects.create(
                conference=conference, child=of, held_on=day, initiated_s47=day == started
            )


def change(conference, **fields) -> None:
    with acting_as(conference.chair.pk):
        Conference.objects.filter(pk=conference.pk).update(**fields)


def decide(conference, *outcomes: str) -> None:
    """The decisions for the children, in their order."""
    with acting_as(conference.chair.pk):
        for child, outcome in zip(conference.children.order_by("position"), outcomes, strict=True):
            goes_on = outcome in (Outcome.PLAN, Outcome.CONTINUE)
            Decision.objects.create(
                conference=conference,
                child=child,
                threshold_met=goes_on,
                outcome=outcome,
                categories=[Category.NEGLECT] if goes_on else [],
                reasons="Example reasons.",
            )


def wind(conference, by=None) -> None:
    by = by or conference.chair
    with acting_as(by.pk):
        set_clocks(conference=conference, by=by, now=NOW)


def clocks(conference) -> dict:
    """Every clock by its kind and the child's position (0: the conference's own)."""
    with acting_as(conference.chair.pk):
        rows = Clock.objects.filter(conference=conference).select_related("child")
        return {(row.kind, row.child.position if row.child else 0): row for row in rows}


def due(conference, kind: str, child: int = 0) -> date | None:
    row = clocks(conference).get((kind, child))
    return row.due_on if row and not row.not_needed else None


def moved() -> list[dict]:
    return [event.details for event in AuditEvent.objects.filter(action="conferences.clock_moved").order_by("at")]


# When a conference has to be held


@pytest.mark.parametrize(
    ("started", "until"), [(date(2026, 3, 2), date(2026, 3, 23)), (date(2026, 12, 14), date(2027, 1, 7))]
)
def test_behaviours_1_and_4_the_initial_conference_is_due_fifteen_working_days_after_the_discussion(
    cast, started, until
):
    conference = make_conference(cast, children=1)
    discuss(conference, started, started=started)
    wind(conference)
    row = clocks(conference)["conference", 0]
    assert (row.start_on, row.due_on, row.rule, row.rule_version) == (started, until, "initial_conference", 1)
    assert row.met_on is None


def test_behaviour_5_another_discussion_that_started_section_47_moves_the_clock_and_the_audit_says_so(conference, cast):
    discuss(conference, date(2026, 3, 2), date(2026, 3, 9), started=date(2026, 3, 2))
    wind(conference)
    assert clocks(conference)["conference", 0].start_on == date(2026, 3, 2)
    assert moved() == []
    with acting_as(cast.chair.pk):
        conference.strategy_discussions.filter(held_on=date(2026, 3, 2)).update(initiated_s47=False)
        conference.strategy_discussions.filter(held_on=date(2026, 3, 9)).update(initiated_s47=True)
    wind(conference)
    assert due(conference, "conference", 1) == date(2026, 3, 30)
    assert due(conference, "conference") == date(2026, 3, 30)
    of_the_child, of_all = moved()
    assert (of_the_child["old"], of_the_child["new"]) == ("2026-03-23", "2026-03-30")
    assert (of_all["child"], of_all["old_start"], of_all["new_start"]) == ("", "2026-03-02", "2026-03-09")


def test_the_child_who_is_due_first_decides_for_the_conference_and_each_keeps_their_own(conference):
    discuss(conference, date(2026, 3, 4), started=date(2026, 3, 4), child=1)
    discuss(conference, date(2026, 3, 2), started=date(2026, 3, 2), child=2)
    wind(conference)
    assert due(conference, "conference", 1) == date(2026, 3, 25)
    assert due(conference, "conference", 2) == date(2026, 3, 23)
    assert due(conference, "conference") == date(2026, 3, 23)


def test_a_child_who_needs_no_conference_does_not_hurry_it(conference, cast):
    discuss(conference, date(2026, 3, 4), started=date(2026, 3, 4), child=1)
    discuss(conference, date(2026, 3, 2), started=date(2026, 3, 2), child=2)
    with acting_as(cast.chair.pk):
        Section47.objects.create(
            conference=conference,
            child=conference.children.get(position=2),
            started_on=date(2026, 3, 2),
            icpc_not_required=True,
        )
    wind(conference)
    assert due(conference, "conference", 2) is None
    assert due(conference, "conference") == date(2026, 3, 25)


def test_without_a_discussion_that_started_section_47_nothing_says_when(conference):
    discuss(conference, date(2026, 3, 2), started=date(2020, 1, 1))
    wind(conference)
    assert due(conference, "conference") is None


def test_behaviour_7_a_transfer_in_is_due_fifteen_working_days_after_the_written_notification(cast):
    conference = make_conference(cast, kind=ConferenceKind.TRANSFER_IN, notified_on=date(2026, 4, 1))
    wind(conference)
    assert due(conference, "conference") == date(2026, 4, 24)


# Before and after it


def test_behaviour_11_reports_go_to_the_family_three_working_days_before_and_five_before_a_review(cast):
    first = make_conference(cast, at=at(date(2026, 4, 9)))
    review = make_conference(cast, kind=ConferenceKind.REVIEW, at=at(date(2026, 6, 10)), ids="R")
    for conference in (first, review):
        wind(conference)
    assert due(first, "reports") == date(2026, 4, 2)
    assert due(review, "reports") == date(2026, 6, 3)


def test_a_moved_conference_moves_the_reports_and_says_from_when_to_when(conference):
    wind(conference)
    change(conference, scheduled_at=at(date(2026, 3, 24)))
    wind(conference)
    (event,) = moved()
    assert (event["clock"], event["old"], event["new"]) == ("reports", "2026-03-18", "2026-03-19")


def test_the_reports_are_in_when_the_last_one_is(conference, cast):
    people = [make_professional(conference, f"Pat{n} Example") for n in range(2)]
    with acting_as(cast.chair.pk):
        for person in people:
            AgencyReport.objects.create(
                conference=conference,
                person=person,
                discipline=Discipline.SCHOOL,
                due_on=date(2026, 3, 18),
                due_rule="reports_before_initial",
                received_at=at(date(2026, 3, 16)) if person == people[0] else None,
            )
    wind(conference)
    assert clocks(conference)["reports", 0].met_on is None
    with acting_as(cast.chair.pk):
        AgencyReport.objects.filter(person=people[1]).update(received_at=at(date(2026, 3, 19)))
    wind(conference)
    assert clocks(conference)["reports", 0].met_on == date(2026, 3, 19)


def test_reports_a_contributor_filed_last_are_not_waited_for_before_anybody_winds_the_clocks(conference, cast):
    wind(conference)
    with acting_as(cast.chair.pk):
        report = AgencyReport.objects.create(
            conference=conference,
            person=make_professional(conference),
            discipline=Discipline.SCHOOL,
            due_on=date(2026, 3, 18),
            due_rule="reports_before_initial",
        )
        mine = Clock.objects.filter(conference=conference)
        assert [row.kind for row in running(mine, date(2026, 3, 9))] == ["reports"]
        AgencyReport.objects.filter(pk=report.pk).update(received_at=at(date(2026, 3, 16)))
        assert list(running(mine, date(2026, 3, 9))) == []


@pytest.mark.parametrize(
    ("held", "until"), [(date(2026, 5, 19), date(2026, 6, 3)), (date(2026, 12, 18), date(2027, 1, 6))]
)
def test_behaviour_7_a_plan_brings_a_first_core_group_within_ten_working_days(conference, held, until):
    change(conference, held_on=held)
    decide(conference, Outcome.PLAN, Outcome.NO_ACTION)
    wind(conference)
    assert due(conference, "core_group") == until


def test_a_core_group_meeting_that_has_its_date_is_not_waited_for(conference, cast):
    change(conference, held_on=date(2026, 5, 19))
    decide(conference, Outcome.PLAN, Outcome.PLAN)
    with acting_as(cast.chair.pk):
        NextDate.objects.create(conference=conference, kind=NextMeeting.CORE_GROUP, on=date(2026, 6, 1))
    wind(conference)
    assert clocks(conference)["core_group", 0].met_on == date(2026, 6, 1)


@pytest.mark.parametrize(
    ("kind", "held", "outcome", "until"),
    [
        (ConferenceKind.INITIAL, date(2026, 11, 30), Outcome.PLAN, date(2027, 2, 26)),
        (ConferenceKind.INITIAL, date(2027, 11, 30), Outcome.PLAN, date(2028, 2, 29)),
        (ConferenceKind.REVIEW, date(2026, 8, 28), Outcome.CONTINUE, date(2027, 2, 26)),
        (ConferenceKind.REVIEW, date(2026, 8, 28), Outcome.END, None),
    ],
)
def test_behaviour_9_the_next_review_follows_from_what_was_decided(cast, kind, held, outcome, until):
    conference = make_conference(cast, kind=kind, children=1)
    change(conference, held_on=held)
    decide(conference, outcome)
    wind(conference)
    assert due(conference, "review", 1) == until
    assert due(conference, "review") == until


def test_a_plan_that_is_decided_to_end_after_all_needs_no_review(cast):
    conference = make_conference(cast, kind=ConferenceKind.REVIEW, children=1)
    change(conference, held_on=date(2026, 8, 28))
    decide(conference, Outcome.CONTINUE)
    wind(conference)
    with acting_as(cast.chair.pk):
        Decision.objects.filter(conference=conference).update(outcome=Outcome.END, categories=[], threshold_met=False)
    wind(conference)
    assert clocks(conference)["review", 0].not_needed
    assert due(conference, "review") is None


def test_the_review_of_a_family_is_due_when_the_first_childs_is(cast):
    conference = make_conference(cast, kind=ConferenceKind.REVIEW)
    change(conference, held_on=date(2026, 8, 28))
    decide(conference, Outcome.CONTINUE, Outcome.PLAN)
    wind(conference)
    assert due(conference, "review", 1) == date(2027, 2, 26)
    assert due(conference, "review", 2) == due(conference, "review") == date(2026, 11, 27)


@pytest.mark.parametrize(
    ("held", "letter", "record"),
    [
        (date(2026, 4, 2), date(2026, 4, 7), date(2026, 4, 27)),
        (date(2026, 4, 15), date(2026, 4, 16), date(2026, 5, 7)),
    ],
)
def test_behaviour_10_the_decision_letter_and_the_record_count_from_the_conference(conference, held, letter, record):
    change(conference, held_on=held)
    wind(conference)
    assert due(conference, "decision_letter") == letter
    assert due(conference, "record") == record


def test_giving_out_the_record_meets_its_clock_and_starts_the_ten_days_for_comments(conference, cast):
    change(conference, held_on=date(2026, 4, 15))
    mother, father = make_relative(conference, "Rosa Example"), make_relative(conference, "Sol Example")

    def give(person, day):
        with acting_as(cast.chair.pk):
            Copy.objects.create(
                conference=conference,
                kind=CopyKind.RECORD,
                recipient=person,
                prepared_by=cast.chair,
                prepared_at=NOW,
                **given_out(day, cast),
            )
        wind(conference)

    give(mother, date(2026, 5, 5))
    assert clocks(conference)["record", 0].met_on == date(2026, 5, 5)
    assert due(conference, "accuracy") == date(2026, 5, 19)
    give(father, None)
    assert clocks(conference)["record", 0].met_on == date(2026, 5, 5)


def given_out(day, cast) -> dict:
    if day is None:
        return {}
    return {
        "previewed_at": at(day),
        "issued_at": at(day),
        "issued_by": cast.chair,
        "html_sha256": "0" * 64,
        "pdf_sha256": "0" * 64,
        "method": CopyMethod.BY_HAND,
    }


# Not as planned


@pytest.mark.parametrize(
    ("kind", "until"), [(ConferenceKind.INITIAL, date(2026, 4, 8)), (ConferenceKind.REVIEW, date(2026, 4, 23))]
)
def test_without_a_quorum_there_is_a_new_date_unless_it_decided_all_the_same(cast, kind, until):
    conference = make_conference(cast, kind=kind, children=1)
    change(conference, held_on=date(2026, 3, 23), quorate=False)
    wind(conference)
    assert due(conference, "reconvene") == until
    decide(conference, Outcome.NO_ACTION)
    wind(conference)
    assert due(conference, "reconvene") is None


def test_a_decision_that_was_adjourned_has_its_new_date(conference):
    change(conference, held_on=date(2026, 3, 23), quorate=True)
    decide(conference, Outcome.NO_ACTION, Outcome.ADJOURN)
    wind(conference)
    assert due(conference, "reconvene") == date(2026, 4, 8)


def test_a_cancelled_conference_is_waited_for_no_longer(conference, cast):
    discuss(conference, date(2026, 3, 2), started=date(2026, 3, 2))
    wind(conference)
    change(conference, state=State.CANCELLED)
    wind(conference)
    with acting_as(cast.chair.pk):
        assert list(running(Clock.objects.filter(conference=conference), date(2026, 3, 9))) == []


def unborn(cast, **fields):
    child = ChildToBe("U1", name="Baby Example", expected_on=date(2026, 6, 1))
    return make_conference(cast, kind=ConferenceKind.PRE_BIRTH, children=[child], **fields)


def birth(conference, day: date) -> None:
    with acting_as(conference.chair.pk):
        ChildDetails.objects.filter(child__conferences__conference=conference).update(born_on=day)


def test_behaviour_18_recording_the_birth_starts_the_clock_and_the_expected_date_stays(cast):
    conference = unborn(cast)
    change(conference, held_on=date(2026, 3, 23))
    decide(conference, Outcome.PLAN)
    wind(conference)
    assert due(conference, "birth", 1) is None
    birth(conference, date(2026, 5, 28))
    wind(conference)
    row = clocks(conference)["birth", 1]
    assert (row.start_on, row.due_on, row.rule) == (date(2026, 5, 28), date(2026, 6, 5), "after_birth")
    with acting_as(cast.chair.pk):
        assert ChildDetails.objects.get(child__la_child_id="U1").expected_on == date(2026, 6, 1)


def test_a_mother_who_is_not_medically_fit_has_twenty_days_and_the_change_is_in_the_audit(cast):
    conference = unborn(cast)
    birth(conference, date(2026, 5, 28))
    wind(conference)
    change(conference, mother_not_medically_fit=True)
    wind(conference)
    row = clocks(conference)["birth", 1]
    assert (row.due_on, row.rule) == (date(2026, 6, 17), "after_birth_mother_unfit")
    assert [(event["old"], event["new"]) for event in moved()] == [("2026-06-05", "2026-06-17")]


def test_a_child_who_was_born_before_the_conference_has_no_birth_clock(cast):
    conference = unborn(cast)
    birth(conference, date(2026, 3, 20))
    change(conference, held_on=date(2026, 3, 23))
    wind(conference)
    assert due(conference, "birth", 1) is None


# From one conference to the next


def follow(cast, conference, **fields):
    with acting_as(cast.chair.pk):
        children = [
            ChildToBe(la_id)
            for la_id in conference.children.order_by("position").values_list("child__la_child_id", flat=True)
        ]
    return make_conference(cast, previous=conference, children=children, **fields)


def test_a_review_is_due_when_the_conference_before_said_and_holding_it_meets_that_clock(cast):
    first = make_conference(cast)
    change(first, held_on=date(2026, 11, 30))
    decide(first, Outcome.PLAN, Outcome.NO_ACTION)
    wind(first)
    review = follow(cast, first, kind=ConferenceKind.REVIEW, at=at(date(2027, 2, 25)))
    wind(review)
    assert due(review, "conference", 1) == due(review, "conference") == date(2027, 2, 26)
    assert due(review, "conference", 2) is None
    change(review, held_on=date(2027, 2, 25))
    wind(review)
    assert clocks(review)["conference", 0].met_on == date(2027, 2, 25)
    assert clocks(first)["review", 0].met_on == date(2027, 2, 25)


def test_the_new_date_of_an_adjourned_conference_is_kept_by_the_next_one(cast):
    first = make_conference(cast, children=1)
    discuss(first, date(2026, 3, 2), started=date(2026, 3, 2))
    change(first, state=State.ADJOURNED)
    wind(first)
    again = follow(cast, first, at=at(date(2026, 3, 30)))
    wind(again)
    assert due(again, "conference") == date(2026, 3, 23)
    with acting_as(cast.chair.pk):
        rows = running(Clock.objects.filter(kind__in=("conference", "reconvene")), date(2026, 3, 24))
        assert [row.conference_id for row in rows] == [again.pk]


def test_a_chair_who_cannot_see_the_conference_before_leaves_the_date_it_gave(cast):
    first = make_conference(cast, children=1)
    change(first, held_on=date(2026, 11, 30))
    decide(first, Outcome.PLAN)
    wind(first)
    review = follow(cast, first, kind=ConferenceKind.REVIEW)
    with acting_as(cast.chair.pk):
        set_clocks(conference=review, by=cast.chair, now=NOW)
        first.assignments.update(until=NOW)
    wind(review)
    assert due(review, "conference") == date(2027, 2, 26)


# What never happens


def test_doing_it_again_changes_nothing_and_writes_nothing_down(conference):
    discuss(conference, date(2026, 3, 2), started=date(2026, 3, 2))
    change(conference, held_on=date(2026, 3, 24))
    decide(conference, Outcome.PLAN, Outcome.PLAN)
    wind(conference)
    before = {place: (row.pk, row.due_on, row.met_on) for place, row in clocks(conference).items()}
    events = AuditEvent.objects.count()
    wind(conference)
    assert {place: (row.pk, row.due_on, row.met_on) for place, row in clocks(conference).items()} == before
    assert AuditEvent.objects.count() == events


def test_a_new_version_of_a_rule_never_moves_a_date_that_was_given(conference, monkeypatch):
    discuss(conference, date(2026, 3, 2), started=date(2026, 3, 2), child=1)
    wind(conference)
    stricter = [
        rule if rule.code != "initial_conference" else limits.Rule(**{**rule.__dict__, "amount": 5, "version": 2})
        for rule in limits.RULES
    ]
    monkeypatch.setattr("conferences.rules.timescales.RULES", tuple(stricter))
    discuss(conference, date(2026, 3, 3), started=date(2026, 3, 3), child=2)
    wind(conference)
    assert due(conference, "conference", 1) == date(2026, 3, 23)
    assert due(conference, "conference", 2) == date(2026, 3, 10)
    assert {clocks(conference)["conference", n].rule_version for n in (1, 2)} == {1, 2}
    assert moved()[-1]["new"] == "2026-03-10"  # the conference follows the child due first


def test_the_next_teams_chair_sees_no_clock_and_sets_none(conference, cast):
    wind(conference)
    with acting_as(cast.neighbour.pk):
        assert not Clock.objects.filter(conference=conference).exists()
        with pytest.raises(Conference.DoesNotExist):
            set_clocks(conference=conference, by=cast.neighbour, now=NOW)


def test_the_clock_of_an_emergency_reading_is_not_touched(conference, cast):
    with acting_as(cast.chair.pk):
        Clock.objects.create(
            conference=conference,
            kind=ClockKind.BREAK_GLASS,
            start_on=date(2026, 3, 9),
            due_on=date(2026, 3, 11),
            rule="emergency_review",
            rule_version=1,
        )
    wind(conference)
    assert due(conference, "break_glass") == date(2026, 3, 11)


def test_the_minute_taker_and_the_manager_may_set_them_too(conference, cast):
    wind(conference, by=cast.manager)
    assert due(conference, "reports") == date(2026, 3, 18)
