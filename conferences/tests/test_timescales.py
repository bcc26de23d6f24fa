from bisect import bisect_left, bisect_right
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

import holidays as published
import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st

from chatr.workdays.clock import LONDON, local
from chatr.workdays.queries import bank_holidays
from conferences.models.codes import ConferenceKind, Outcome
from conferences.rules import limits, timescales
from conferences.rules.limits import FIRST_DAY, RULES, Direction, Rule, Unit
from conferences.rules.timescales import (
    NoTimescale,
    Step,
    add_months,
    after_birth,
    clock_start,
    current,
    days_late_in_working_days,
    due_at,
    due_in_words,
    due_on,
    holidays_around,
    next_review,
    rule_for,
    version_of,
)

# As published on gov.uk for England and Wales, written out by hand.
OFFICIAL = {
    2025: "01-01 04-18 04-21 05-05 05-26 08-25 12-25 12-26",
    2026: "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28",
    2027: "01-01 03-26 03-29 05-03 05-31 08-30 12-27 12-28",
    2028: "01-03 04-14 04-17 05-01 05-29 08-28 12-25 12-26",
}
INITIAL, REVIEW, TRANSFER_IN, PRE_BIRTH = ConferenceKind

# The other calculation: every working day of some years in a row, and places in that row.
CALENDAR = published.country_holidays("GB", subdiv="ENG", years=range(2024, 2031))
WORKING = [
    day
    for day in (date(2024, 6, 1) + timedelta(days=n) for n in range(6 * 365))
    if f"{day:%a}" not in ("Sat", "Sun") and day not in CALENDAR
]
HOLIDAYS = frozenset(day for day in CALENDAR if f"{day:%a}" not in ("Sat", "Sun"))
DAYS = st.dates(date(2025, 1, 1), date(2028, 12, 31))


@dataclass
class Discussion:
    held_on: date
    initiated_s47: bool = False


def test_the_portals_bank_holidays_are_the_official_ones_through_2028_and_reach_beyond(db):
    kept = bank_holidays(date(2025, 1, 1), date(2029, 12, 31))
    official = {date.fromisoformat(f"{year}-{day}") for year, days in OFFICIAL.items() for day in days.split()}
    assert {day for day in kept if day.year <= 2028} == official
    assert kept == {day for day in HOLIDAYS if 2025 <= day.year <= 2029}


# The examples everybody agreed on


def test_behaviour_1_an_initial_conference_is_due_15_working_days_after_the_discussion():
    rule = rule_for(INITIAL, Step.HOLD, date(2026, 3, 2))
    assert (rule.code, rule.version, str(rule)) == ("initial_conference", 1, "within 15 working days")
    assert due_on(rule, date(2026, 3, 2), HOLIDAYS) == date(2026, 3, 23)


def test_behaviour_4_christmas_its_substitute_day_and_new_year_are_skipped():
    assert due_on(current("initial_conference", date(2026, 12, 14)), date(2026, 12, 14), HOLIDAYS) == date(2027, 1, 7)


def test_a_discussion_on_a_saturday_counts_from_it_and_not_from_monday():
    assert due_on(current("initial_conference", date(2026, 4, 18)), date(2026, 4, 18), HOLIDAYS) == date(2026, 5, 11)


def test_behaviour_5_the_clock_starts_at_the_discussion_that_started_section_47():
    rule = current("initial_conference", date(2026, 3, 2))
    discussions = [Discussion(date(2026, 3, 2), initiated_s47=True), Discussion(date(2026, 3, 9))]
    assert due_on(rule, clock_start(discussions), HOLIDAYS) == date(2026, 3, 23)
    moved = [replace(each, initiated_s47=not each.initiated_s47) for each in discussions]
    assert clock_start(moved) == date(2026, 3, 9)
    assert due_on(rule, clock_start(moved), HOLIDAYS) == date(2026, 3, 30)


def test_behaviour_5_no_discussion_starts_it_and_two_cannot():
    assert clock_start([]) is clock_start([Discussion(date(2026, 3, 2))]) is None
    with pytest.raises(ValueError, match="one strategy discussion"):
        clock_start([Discussion(date(2026, 3, 2), initiated_s47=True)] * 2)


def test_behaviour_6_held_the_day_after_is_one_working_day_late():
    due = date(2026, 3, 23)
    assert days_late_in_working_days(due, date(2026, 3, 24), HOLIDAYS) == 1
    assert days_late_in_working_days(due, due, HOLIDAYS) == 0
    assert days_late_in_working_days(due, date(2026, 3, 20), HOLIDAYS) == 0


def test_days_late_leave_out_weekends_and_bank_holidays():
    assert days_late_in_working_days(date(2026, 4, 2), date(2026, 4, 7), HOLIDAYS) == 1


@pytest.mark.parametrize(
    ("code", "start", "due"),
    [
        ("core_group_first", date(2026, 5, 19), date(2026, 6, 3)),
        ("core_group_first", date(2026, 12, 18), date(2027, 1, 6)),
        ("transfer_in_conference", date(2026, 4, 1), date(2026, 4, 24)),
    ],
)
def test_behaviour_7_core_groups_and_transfers_in(code, start, due):
    assert due_on(current(code, start), start, HOLIDAYS) == due


@pytest.mark.parametrize(
    ("kind", "outcome", "held", "due"),
    [
        (INITIAL, Outcome.PLAN, date(2026, 11, 30), date(2027, 2, 26)),
        (INITIAL, Outcome.PLAN, date(2027, 11, 30), date(2028, 2, 29)),
        (REVIEW, Outcome.CONTINUE, date(2026, 8, 28), date(2027, 2, 26)),
    ],
)
def test_behaviour_9_the_review_is_due_by_the_earlier_limit_on_a_working_day(kind, outcome, held, due):
    assert due_on(next_review(kind, outcome, held), held, HOLIDAYS) == due


def test_behaviour_9_without_a_plan_there_is_no_review():
    with_plan = (Outcome.PLAN, Outcome.CONTINUE)
    for kind in ConferenceKind:
        for outcome in Outcome:
            assert (next_review(kind, outcome, date(2026, 8, 28)) is not None) == (outcome in with_plan)


@pytest.mark.parametrize(
    ("kind", "outcome", "code"),
    [
        (PRE_BIRTH, Outcome.PLAN, "first_review"),
        (TRANSFER_IN, Outcome.PLAN, "first_review"),
        (TRANSFER_IN, Outcome.CONTINUE, "first_review"),
        (REVIEW, Outcome.PLAN, "first_review"),
        (REVIEW, Outcome.CONTINUE, "later_review"),
    ],
)
def test_a_new_plan_gets_a_first_review_wherever_it_starts(kind, outcome, code):
    assert next_review(kind, outcome, date(2026, 8, 28)).code == code


@pytest.mark.parametrize(
    ("code", "held", "due"),
    [
        ("decision_letter", date(2026, 4, 2), date(2026, 4, 7)),
        ("record", date(2026, 4, 15), date(2026, 5, 7)),
    ],
)
def test_behaviour_10_the_decision_letter_and_the_record(code, held, due):
    assert due_on(current(code, held), held, HOLIDAYS) == due


@pytest.mark.parametrize(
    ("kind", "held", "due"),
    [(INITIAL, date(2026, 4, 9), date(2026, 4, 2)), (REVIEW, date(2026, 6, 10), date(2026, 6, 3))],
)
def test_behaviour_11_reports_reach_the_family_before_the_conference(kind, held, due):
    assert due_on(rule_for(kind, Step.REPORTS, held), held, HOLIDAYS) == due


def test_behaviour_18_a_birth_starts_ten_days_or_twenty_if_the_mother_is_not_medically_fit():
    born = date(2026, 9, 2)
    assert due_on(after_birth(True, born), born, HOLIDAYS) == date(2026, 9, 11)  # ten days end on a Saturday
    assert due_on(after_birth(False, born), born, HOLIDAYS) == date(2026, 9, 22)
    assert due_on(after_birth(True, date(2026, 9, 1)), date(2026, 9, 1), HOLIDAYS) == date(2026, 9, 11)


def test_after_a_conference_without_a_quorum_a_new_date_is_set():
    for kind in (INITIAL, PRE_BIRTH):
        assert due_on(rule_for(kind, Step.NEW_DATE, date(2026, 5, 19)), date(2026, 5, 19), HOLIDAYS) == date(2026, 6, 3)
    for kind in (REVIEW, TRANSFER_IN):
        found = due_on(rule_for(kind, Step.NEW_DATE, date(2026, 5, 19)), date(2026, 5, 19), HOLIDAYS)
        assert found == date(2026, 6, 19)
    # a month after 31 January is the last day of February, a Sunday in 2027
    assert due_on(current("new_date", date(2027, 1, 31)), date(2027, 1, 31), HOLIDAYS) == date(2027, 2, 26)


def test_comments_and_requests_to_exclude():
    assert due_on(current("inaccuracy_comments", date(2026, 12, 18)), date(2026, 12, 18), HOLIDAYS) == date(2027, 1, 6)
    assert due_on(current("exclusion_request", date(2026, 4, 9)), date(2026, 4, 9), HOLIDAYS) == date(2026, 4, 2)
    assert str(current("exclusion_request", date(2026, 4, 9))) == "at least 3 working days before"


def test_core_groups_then_meet_monthly_until_told_otherwise():
    rule = current("core_group_next", date(2026, 6, 3))
    assert due_on(rule, date(2026, 6, 3), HOLIDAYS) == date(2026, 7, 3)
    assert "locally" in rule.note and str(rule) == "within 1 month"


def test_a_formal_dissent_has_72_hours_on_any_day_and_over_a_change_of_the_clocks():
    rule = current("formal_dissent", date(2027, 3, 26))
    assert due_on(rule, date(2027, 3, 26), HOLIDAYS) == date(2027, 3, 29)  # a bank holiday stays
    before = local(date(2027, 3, 26), datetime(2027, 3, 26, 15, 30).time())
    assert due_at(rule, before).astimezone(LONDON).strftime("%d %H:%M") == "29 16:30"
    assert due_at(rule, before) - before.astimezone(UTC) == timedelta(hours=72)
    with pytest.raises(ValueError, match="not counted in hours"):
        due_at(current("record", date(2027, 3, 26)), before)


# Against another calculation, 2025 to 2028


def independently(rule: Rule, start: date) -> date:
    """Places in the row of working days; months by dateutil."""
    if rule.unit == "working days":
        if rule.direction == "before":
            return WORKING[bisect_left(WORKING, start) - rule.amount]
        return WORKING[bisect_right(WORKING, start) + rule.amount - 1]
    if rule.unit == "hours":
        return date.fromordinal(start.toordinal() + rule.amount // 24)
    last = start + (relativedelta(months=rule.amount) if rule.unit == "months" else relativedelta(days=rule.amount))
    if rule.code in ("first_review", "later_review"):
        last = min(last, start + relativedelta(days={3: 91, 6: 183}[rule.amount]))
    return WORKING[bisect_right(WORKING, last) - 1]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
@given(start=DAYS)
def test_every_clock_agrees_with_the_other_calculation(rule, start):
    due = due_on(rule, start, HOLIDAYS)
    assert due == independently(rule, start)
    assert (due < start) == (rule.direction is Direction.BEFORE)
    assert (due.weekday() < 5 and due not in HOLIDAYS) or rule.unit is Unit.HOURS
    first, last = holidays_around(start)
    assert due_on(rule, start, {day for day in HOLIDAYS if first <= day <= last}) == due


@given(DAYS, DAYS)
def test_days_late_agree_with_the_other_calculation(due, held):
    places = bisect_right(WORKING, held) - bisect_right(WORKING, due)
    assert days_late_in_working_days(due, held, HOLIDAYS) == max(0, places)


@given(DAYS, st.integers(0, 24))
def test_months_agree_with_the_other_calculation(day, months):
    assert add_months(day, months) == day + relativedelta(months=months)
    assert add_months(day, -months) == day + relativedelta(months=-months)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2027, 11, 30), 3, date(2028, 2, 29)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 3, 31), 1, date(2026, 4, 30)),
        (date(2026, 11, 15), 1, date(2026, 12, 15)),
        (date(2026, 12, 31), 12, date(2027, 12, 31)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
    ],
)
def test_a_month_too_short_ends_on_its_last_day(day, months, expected):
    assert add_months(day, months) == expected


# The table of rules


def test_every_rule_says_what_it_is_and_who_says_so():
    assert all(rule.name and rule.source and rule.note.endswith(".") and rule.amount > 0 for rule in RULES)
    assert len({(rule.code, rule.version) for rule in RULES}) == len(RULES)
    assert all(version_of(rule.code, rule.version) is rule for rule in RULES)
    assert max(rule.at_most_days or 0 for rule in RULES) < timescales.FURTHEST.days


def test_every_step_of_every_kind_has_its_rule_but_a_review_follows_from_the_last_conference():
    for kind in ConferenceKind:
        for step in Step:
            if (kind, step) != (REVIEW, Step.HOLD):
                assert rule_for(kind.value, step, date(2026, 3, 2)) in RULES
    with pytest.raises(NoTimescale, match="follows from the conference before it"):
        rule_for(REVIEW, Step.HOLD, date(2026, 3, 2))
    assert str(next_review(INITIAL, Outcome.PLAN, date(2026, 3, 2))) == "within 3 months and at most 91 days"


def test_a_new_version_counts_from_its_day_on_and_the_old_one_stays(monkeypatch):
    old = current("record", date(2026, 3, 2))
    new = replace(old, version=2, amount=20, in_force_from=date(2027, 4, 1))
    monkeypatch.setattr(timescales, "RULES", (new, *limits.RULES))
    assert current("record", date(2027, 3, 31)) is old
    assert current("record", date(2027, 4, 1)) is new
    assert version_of("record", 1) is old
    assert due_on(old, date(2027, 4, 1), HOLIDAYS) == date(2027, 4, 22)
    assert due_on(new, date(2027, 4, 1), HOLIDAYS) == date(2027, 4, 29)


def test_a_date_before_the_first_bank_holiday_kept_is_refused_in_words():
    assert current("record", FIRST_DAY).version == 1
    with pytest.raises(NoTimescale, match="^Dates are counted from 1 January 2025 on. Check the year.$"):
        current("record", FIRST_DAY - timedelta(days=1))


def test_a_rule_nobody_wrote_down_is_not_made_up():
    with pytest.raises(KeyError):
        current("tea_break", date(2026, 3, 2))
    with pytest.raises(KeyError):
        version_of("record", 9)


# Words for the chair's desk


@pytest.mark.parametrize(
    ("due", "today", "words"),
    [
        (date(2026, 3, 23), date(2026, 3, 19), "due Monday 23 March, in 2 working days"),
        (date(2026, 3, 23), date(2026, 3, 20), "due Monday 23 March, in 1 working day"),
        (date(2026, 3, 23), date(2026, 3, 22), "due Monday 23 March, in 1 working day"),
        (date(2026, 3, 23), date(2026, 3, 23), "due today"),
        (date(2026, 3, 23), date(2026, 3, 24), "was due Monday 23 March, 1 working day late"),
        (date(2026, 3, 23), date(2026, 3, 25), "was due Monday 23 March, 2 working days late"),
        (date(2026, 3, 20), date(2026, 3, 22), "was due Friday 20 March"),
        (date(2027, 3, 29), date(2027, 3, 27), "due Monday 29 March"),  # Easter Monday, the end of 72 hours
        (date(2027, 1, 7), date(2026, 12, 30), "due Thursday 7 January 2027, in 5 working days"),
        (date(2026, 12, 31), date(2027, 1, 4), "was due Thursday 31 December 2026, 1 working day late"),
    ],
)
def test_due_dates_in_words(due, today, words):
    assert due_in_words(due, today, HOLIDAYS) == words
