from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatr.spreadsheets.writing import csv_response
from conferences.models.codes import Category, Outcome, ParticipationCode
from conferences.rules.census import (
    CONFERENCE_OUTCOMES,
    FROM_HACKNEY,
    HEADER,
    RULES,
    CensusChild,
    CensusConference,
    CensusEnquiry,
    CensusInNeedPlan,
    CensusPlan,
    census_rows,
    check,
    conference_outcome,
    number_of_previous_plans,
    reporting_code,
)

NEGLECT, BOTH = frozenset({"NEG"}), frozenset({"NEG", "EMO"})
HELD = date(2026, 5, 19)  # a Tuesday

ENQUIRY = CensusEnquiry(id="enquiry", started_on=date(2026, 4, 28), target_on=HELD, conference_on=HELD)
PLAN = CensusPlan(
    id="plan",
    started_on=HELD,
    initial_categories=BOTH,
    latest_categories=NEGLECT,
    reviews=(date(2026, 8, 18), date(2027, 2, 16)),
)
CHILD = CensusChild(
    la_child_id="A1000001",
    sex="F",
    born_on=date(2019, 6, 1),
    referred_on=date(2026, 4, 27),
    enquiries=(ENQUIRY,),
    plans=(PLAN,),
)
# A second plan, for a conference after the first plan ended.
ENDED = replace(PLAN, id="ended", ended_on=date(2027, 2, 16))
TRANSFER = CensusConference(id="transfer", held_on=date(2027, 9, 7))
SECOND = replace(PLAN, id="second", started_on=TRANSFER.held_on, reviews=())
TWICE = replace(CHILD, conferences=(TRANSFER,), plans=(ENDED, SECOND))


def enquiry(**changes) -> CensusChild:
    return replace(CHILD, enquiries=(replace(ENQUIRY, **changes),), plans=())


def plan(**changes) -> CensusChild:
    return replace(CHILD, plans=(replace(PLAN, **changes),))


def in_need(started_on: date, ended_on: date | None = None, cp_ended_on: date | None = None) -> CensusChild:
    span = CensusInNeedPlan(id="in need", started_on=started_on, ended_on=ended_on)
    return replace(CHILD, plans=(replace(PLAN, ended_on=cp_ended_on),), in_need_plans=(span,))


def days(count: int) -> timedelta:
    return timedelta(days=count)


UNBORN = replace(CHILD, sex="U", born_on=None, expected_on=date(2026, 9, 1))
SATURDAY, FRIDAY = date(2026, 5, 16), date(2026, 5, 15)

# For each rule: a child it finds fault with and in which record, then one just on the right side of it.
CASES = {
    "1570": (replace(CHILD, la_child_id="A" * 21), "", replace(CHILD, la_child_id="A" * 20)),
    "1580": (replace(CHILD, la_child_id="A-1000001"), "", replace(CHILD, la_child_id="a1B2")),
    "8750": (replace(UNBORN, sex="F"), "", replace(UNBORN, sex="F", born_on=date(2026, 9, 3))),
    "8615": (enquiry(started_on=HELD + days(1)), "enquiry", enquiry(started_on=HELD)),
    "8870Q": (enquiry(target_on=SATURDAY), "enquiry", enquiry(target_on=FRIDAY)),
    "8875": (enquiry(conference_on=SATURDAY), "enquiry", enquiry(conference_on=FRIDAY)),
    "1104": (
        replace(enquiry(), referred_on=HELD + days(1)),
        "enquiry",
        replace(enquiry(), referred_on=HELD),
    ),
    "2884": (
        replace(CHILD, conferences=(CensusConference(id="again", held_on=HELD),)),
        "again",
        replace(CHILD, conferences=(CensusConference(id="another", held_on=HELD + days(1)),)),
    ),
    "2883": (replace(CHILD, plans=(ENDED, SECOND)), "second", TWICE),
    "2885": (plan(started_on=HELD + days(1)), "plan", plan(started_on=HELD)),
    "1105": (replace(CHILD, referred_on=HELD + days(1)), "plan", replace(CHILD, referred_on=HELD)),
    "8840": (plan(ended_on=HELD), "plan", plan(ended_on=HELD + days(1))),
    "8925": (plan(ended_on=HELD - days(1)), "plan", plan(ended_on=HELD + days(1))),
    "8841": (plan(reviews=(HELD + days(90), HELD)), "plan", plan(reviews=(HELD + days(1),))),
    "8905": (plan(initial_categories=frozenset()), "plan", plan(initial_categories=frozenset(Category.values))),
    "8910": (plan(latest_categories=frozenset({"NEG", "MUL"})), "plan", plan(latest_categories=frozenset({"SAB"}))),
    "8730": (replace(CHILD, plans_elsewhere=-1), "plan", replace(CHILD, plans_elsewhere=0)),
    "8915": (replace(CHILD, died_on=HELD - days(1)), "plan", replace(CHILD, died_on=HELD)),
    "8920": (
        replace(plan(ended_on=HELD + days(9)), died_on=HELD + days(8)),
        "plan",
        replace(plan(ended_on=HELD + days(9)), died_on=HELD + days(9)),
    ),
    "8935": (replace(TWICE, plans=(replace(ENDED, ended_on=None), SECOND)), "second", TWICE),
    "8940": (
        replace(TWICE, plans=(replace(ENDED, ended_on=SECOND.started_on), SECOND)),
        "second",
        replace(TWICE, plans=(replace(ENDED, ended_on=SECOND.started_on - days(1)), SECOND)),
    ),
    "4001": (in_need(HELD - days(60)), "in need", in_need(HELD - days(60), ended_on=HELD)),
    "4016": (
        in_need(HELD + days(89), cp_ended_on=HELD + days(90)),
        "in need",
        in_need(HELD + days(90), cp_ended_on=HELD + days(90)),
    ),
    "4017": (in_need(HELD - days(60), ended_on=HELD + days(1)), "plan", in_need(HELD - days(60), ended_on=HELD)),
}


def codes(child: CensusChild) -> set[str]:
    return {problem.code for problem in check(child)}


def test_a_child_whose_record_is_right_has_nothing_to_check():
    assert check(CHILD) == check(TWICE) == check(UNBORN) == check(CensusChild(la_child_id="A1")) == []


def test_every_rule_has_its_cases():
    assert [rule.code for rule in RULES] == list(CASES)


@pytest.mark.parametrize("code", CASES)
def test_what_breaks_a_rule_is_found_in_the_record_and_field_it_is_in(code):
    broken, about, _ = CASES[code]
    rule = next(rule for rule in RULES if rule.code == code)
    found = [(each.about, each.field, each.sentence) for each in check(broken) if each.code == code]
    assert found == [(about, rule.field, rule.sentence)]
    assert rule.field in {*HEADER, "CINPlanStartDate", "CINPlanEndDate"}
    assert rule.sentence.endswith(".")


@pytest.mark.parametrize("code", CASES)
def test_what_only_just_keeps_a_rule_is_left_alone(code):
    assert code not in codes(CASES[code][2])


def test_a_conference_without_an_enquiry_is_checked_too():
    weekend = replace(TWICE, conferences=(replace(TRANSFER, held_on=date(2027, 9, 5)),))
    assert [(each.code, each.about) for each in check(weekend)] == [("8875", "transfer"), ("2885", "second")]
    early = replace(TWICE, enquiries=(), plans=(), conferences=(replace(TRANSFER, held_on=date(2026, 4, 24)),))
    assert [(each.code, each.about) for each in check(early)] == [("1104", "transfer")]


def test_an_enquiry_that_led_to_no_conference_is_no_conference():
    ended = enquiry(conference_on=None, conference_not_required=True)
    assert check(ended) == []
    assert "2885" in codes(replace(ended, plans=(PLAN,)))


def test_support_goes_on_as_a_child_in_need_plan_from_the_day_the_protection_plan_ends():
    assert check(in_need(HELD + days(90), cp_ended_on=HELD + days(90))) == []


def test_two_plans_of_one_day_overlap_both_ways_and_each_is_named_once():
    twins = replace(CHILD, plans=(PLAN, replace(PLAN, id="twin")))
    assert [(each.code, each.about) for each in check(twins)] == [
        ("2883", "twin"),
        ("8935", "twin"),
        ("8940", "twin"),
        ("8940", "plan"),
    ]


# Codes


@pytest.mark.parametrize(
    ("categories", "code"),
    [({"NEG"}, "NEG"), ({"NEG", "EMO"}, "MUL"), (set(Category), "MUL"), (["SAB", "SAB"], "SAB")],
)
def test_behaviour_16_more_than_one_category_is_reported_as_mul(categories, code):
    assert reporting_code(categories) == code


def test_behaviour_16_a_review_changes_the_latest_category_and_not_the_initial_one():
    assert (reporting_code(PLAN.initial_categories), reporting_code(PLAN.latest_categories)) == ("MUL", "NEG")
    assert PLAN.initial_categories == {"NEG", "EMO"}


@pytest.mark.parametrize("categories", [(), {"MUL"}, {"NEG", "C1"}])
def test_behaviour_16_no_category_or_an_unknown_one_is_refused(categories):
    with pytest.raises(ValueError, match="category|valid Category"):
        reporting_code(categories)


def test_hackneys_categories_are_the_four():
    assert {key: value.value for key, value in FROM_HACKNEY.items()} == {
        "C1": "NEG",
        "C2": "PHY",
        "C3": "EMO",
        "C4": "SAB",
    }
    assert set(FROM_HACKNEY.values()) == set(Category)


def test_the_plan_counted_is_not_one_of_those_before_it():
    assert number_of_previous_plans(TWICE, ENDED) == 0
    assert number_of_previous_plans(TWICE, SECOND) == 1
    assert number_of_previous_plans(replace(TWICE, plans_elsewhere=2), SECOND) == 3


@given(st.lists(st.dates(), unique=True, max_size=6))
def test_plans_in_order_are_numbered_from_none(starts):
    plans = tuple(replace(PLAN, id=str(start), started_on=start) for start in starts)
    child = replace(CHILD, plans=plans)
    in_order = sorted(plans, key=lambda each: each.started_on)
    assert [number_of_previous_plans(child, each) for each in in_order] == list(range(len(plans)))


def test_every_way_a_child_takes_part_has_its_code_and_plain_words():
    assert ParticipationCode.values == [f"PN{n}" for n in range(8)]
    assert all(ParticipationCode.labels)


def test_every_outcome_has_its_key_in_the_dataset():
    assert {conference_outcome(outcome) for outcome in Outcome} <= CONFERENCE_OUTCOMES.keys()
    assert conference_outcome("plan") == "CP"
    assert conference_outcome("cin") == conference_outcome("other_support") == "PROV_OF_SERVICES"
    assert conference_outcome("nfa") == "NFA"
    with pytest.raises(ValueError, match="not a valid"):
        conference_outcome("perhaps")


# The table


def test_behaviour_16_the_table_says_mul_and_keeps_each_date_in_its_own_row():
    header, rows = census_rows([TWICE])
    named = [{name: cell for name, cell in zip(header, row, strict=True) if cell != ""} for row in rows]
    assert named == [
        {"Module": "ChildIdentifiers", "LAchildID": "A1000001", "PersonBirthDate": date(2019, 6, 1), "Sex": "F"},
        {
            "Module": "Section47",
            "LAchildID": "A1000001",
            "S47ActualStartDate": date(2026, 4, 28),
            "InitialCPCtarget": HELD,
            "DateOfInitialCPC": HELD,
            "ICPCnotRequired": "false",
        },
        {"Module": "CINdetails", "LAchildID": "A1000001", "DateOfInitialCPC": date(2027, 9, 7)},
        {
            "Module": "ChildProtectionPlans",
            "LAchildID": "A1000001",
            "CPPstartDate": HELD,
            "CPPendDate": date(2027, 2, 16),
            "InitialCategoryOfAbuse": "MUL",
            "LatestCategoryOfAbuse": "NEG",
            "NumberOfPreviousCPP": 0,
        },
        {"Module": "Reviews", "LAchildID": "A1000001", "CPPreviewDate": date(2026, 8, 18)},
        {"Module": "Reviews", "LAchildID": "A1000001", "CPPreviewDate": date(2027, 2, 16)},
        {
            "Module": "ChildProtectionPlans",
            "LAchildID": "A1000001",
            "CPPstartDate": date(2027, 9, 7),
            "InitialCategoryOfAbuse": "MUL",
            "LatestCategoryOfAbuse": "NEG",
            "NumberOfPreviousCPP": 1,
        },
    ]


def test_behaviour_18_an_unborn_child_is_exported_with_the_expected_date_and_sex_u():
    _, rows = census_rows([UNBORN])
    first = dict(zip(HEADER, next(iter(rows)), strict=True))
    assert (first["PersonBirthDate"], first["ExpectedPersonBirthDate"], first["Sex"]) == ("", date(2026, 9, 1), "U")


def test_the_table_names_the_rules_beside_the_record_that_breaks_them():
    broken = replace(
        CHILD,
        la_child_id="A-1",
        enquiries=(replace(ENQUIRY, target_on=SATURDAY),),
        plans=(replace(PLAN, ended_on=HELD, latest_categories=frozenset(), reviews=(HELD,)),),
    )
    header, rows = census_rows([broken])
    beside = [(row[header.index("Module")], row[header.index("To check")]) for row in rows]
    assert beside == [
        ("ChildIdentifiers", "1580"),
        ("Section47", "8870Q"),
        ("ChildProtectionPlans", "8840 8841 8910"),
        ("Reviews", ""),
    ]


def test_a_child_in_need_plan_has_no_row_so_its_problem_stands_beside_the_child():
    header, rows = census_rows([in_need(HELD - days(60))])
    assert next(iter(rows))[header.index("To check")] == "4001"


def test_the_table_downloads_as_one_file_with_british_dates():
    lines = b"".join(csv_response("census.csv", *census_rows([CHILD]))).decode().splitlines()
    assert lines[0].lstrip("\ufeff").startswith("Module,LAchildID,PersonBirthDate")
    assert lines[2].startswith("Section47,A1000001,,,,,28/04/2026,19/05/2026,19/05/2026,false")
    assert len(lines) == 6
