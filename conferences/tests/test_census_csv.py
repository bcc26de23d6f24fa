"""The check for the census: a manager's own children, in plain words and as one file."""

import csv
from datetime import date, time

import pytest
from django.urls import reverse

from chatr.database.acting import acting_as, acting_as_job
from chatr.workdays.clock import local

from ..models import AccessEvent, ChildDetails, Conference, Plan, Section47, State, StrategyDiscussion
from ..operations.clocks import set_clocks
from ..queries.census import census_year, children_of_year
from ..queries.oversight import managed_teams
from ..rules.census import HEADER, census_child, to_check
from .making import make_conference

pytestmark = pytest.mark.django_db

MET = date(2026, 3, 23)
YEAR = census_year(MET)


def held(cast, conference, *, on=MET, started_on=date(2026, 3, 2)):
    """It was held after a strategy discussion, and its first child got a plan that day."""
    with acting_as(conference.chair.pk):
        child = conference.children.get(position=1)
        StrategyDiscussion.objects.create(conference=conference, child=child, held_on=started_on, initiated_s47=True)
        Section47.objects.create(conference=conference, child=child, started_on=started_on)
        Plan.objects.create(
            child=child.child,
            opened_at=conference,
            started_on=on,
            initial_categories=["NEG", "EMO"],
            latest_categories=["NEG"],
        )
        Conference.objects.filter(pk=conference.pk).update(held_on=on, state=State.DRAFT)
        conference.refresh_from_db()
        set_clocks(conference=conference, by=conference.chair, now=local(on, time(15)))
    return conference


def rows(cast, person=None):
    person = person or cast.manager
    with acting_as(person.pk):
        return children_of_year(managed_teams(person), YEAR)


def test_a_child_goes_to_the_census_with_enquiry_plan_and_conference(cast, conference):
    held(cast, conference)
    first, second = (census_child(one) for one in rows(cast))
    assert (first.la_child_id, second.la_child_id) == ("A1", "A2")
    (enquiry,) = first.enquiries
    assert (enquiry.started_on, enquiry.target_on, enquiry.conference_on) == (date(2026, 3, 2), MET, MET)
    (plan,) = first.plans
    assert (plan.started_on, plan.initial_categories) == (MET, {"NEG", "EMO"})
    assert [one.held_on for one in second.conferences] == [MET] and second.plans == ()


def test_what_the_census_would_ask_is_said_with_the_conference_to_open(cast, conference):
    held(cast, conference)
    with acting_as(cast.chair.pk):
        Plan.objects.update(started_on=date(2026, 3, 24))
        ChildDetails.objects.filter(child__la_child_id="A1").update(died_on=date(2026, 3, 1))
    first = next(to_check(one) for one in rows(cast) if one.child.la_child_id == "A1")
    codes = {problem.code: where for problem, where in first.problems}
    assert codes["2885"] == conference.pk  # the plan starts on the day of its conference
    assert {code for code in codes if code.startswith("89")}  # nothing after a death


def test_reviews_stand_with_the_plan_they_reviewed(cast, conference):
    held(cast, conference)
    review = make_conference(cast, kind="review", at=local(date(2026, 6, 15), time(10)), previous=conference, ids="R")
    with acting_as(cast.chair.pk):
        child = conference.children.get(position=1).child
        review.children.filter(position=1).update(child=child)
        Conference.objects.filter(pk=review.pk).update(held_on=date(2026, 6, 15), state=State.DRAFT)
    first = next(census_child(one) for one in rows(cast) if one.child == child)
    assert first.plans[0].reviews == (date(2026, 6, 15),)


def test_the_year_runs_from_april_and_a_child_of_another_year_is_left_out(cast, conference):
    held(cast, conference)
    assert (YEAR.first, YEAR.last) == (date(2025, 4, 1), date(2026, 3, 31))
    assert census_year(date(2026, 4, 1)).first == date(2026, 4, 1)
    with acting_as(cast.manager.pk):
        teams = managed_teams(cast.manager)
        assert children_of_year(teams, census_year(date(2025, 3, 31))) == []
        after = children_of_year(teams, census_year(date(2026, 4, 1)))
    assert [one.child.la_child_id for one in after] == ["A1"]  # whose plan goes on


def test_the_next_teams_manager_gets_none_of_it(cast, conference):
    held(cast, conference)
    assert rows(cast, cast.next_manager) == []


def test_the_file_has_a_row_for_each_record_and_the_download_is_written_down(client, sign_in, cast, conference):
    held(cast, conference)
    sign_in(client, cast.manager)
    answer = client.get(f"{reverse('conferences:census-file')}?year=2025")
    assert "census-2025.csv" in answer["Content-Disposition"] and answer["Cache-Control"] == "no-store"
    lines = list(csv.DictReader(b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()))
    assert list(lines[0]) == list(HEADER)
    assert [(line["Module"], line["LAchildID"]) for line in lines] == [
        ("ChildIdentifiers", "A1"),
        ("Section47", "A1"),
        ("ChildProtectionPlans", "A1"),
        ("ChildIdentifiers", "A2"),
        ("CINdetails", "A2"),
    ]
    assert lines[2]["InitialCategoryOfAbuse"] == "MUL" and lines[2]["LatestCategoryOfAbuse"] == "NEG"
    assert not any("Example" in str(line) for line in lines)  # ids, never a name
    with acting_as_job("tests"):
        assert AccessEvent.objects.filter(action="download", user_id=cast.manager.pk).count() == 1


def test_the_page_names_the_child_by_id_alone_and_leads_to_the_conference(client, sign_in, cast, conference):
    held(cast, conference)
    with acting_as(cast.chair.pk):
        Plan.objects.update(started_on=date(2026, 3, 24))
    sign_in(client, cast.manager)
    page = client.get(f"{reverse('conferences:census')}?year=2025").content.decode()
    assert "Local child id A1" in page and "(2885)" in page
    assert reverse("conferences:conference", args=[conference.pk]) in page and "ChildA1" not in page
    for wrong in ("x", "99999999", "\x00"):
        assert client.get(reverse("conferences:census"), {"year": wrong}).status_code == 200


def test_the_page_costs_the_same_for_one_and_for_three(client, sign_in, cast, keeps_one_query_count):
    sign_in(client, cast.manager)
    numbers = iter(range(9))
    keeps_one_query_count(
        lambda: held(cast, make_conference(cast, ids=f"Q{next(numbers)}")),
        lambda: client.get(f"{reverse('conferences:census')}?year=2025"),
        at_most=12,
    )


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", [1280, 375])
def test_the_check_is_accessible(open_page, site, axe, cast, conference, width):
    held(cast, conference)
    with acting_as(cast.chair.pk):
        Plan.objects.update(started_on=date(2026, 3, 24))
    page = open_page(cast.manager, width=width)
    page.goto(f"{site}{reverse('conferences:census')}?year=2025")
    assert page.get_by_text("Local child id A1").is_visible()
    assert axe(page) == []
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
