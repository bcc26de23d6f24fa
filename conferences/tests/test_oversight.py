"""Figures: a manager's of their own teams, and counts for programme staff with small numbers left out."""

from datetime import date, time, timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from chatr.database.acting import acting_as, acting_as_job
from chatr.workdays.clock import local

from ..models import (
    AccessEvent,
    AgencyReport,
    Attendance,
    Conference,
    ConferencePart,
    Feedback,
    Participation,
    Person,
    State,
    Support,
)
from ..operations.clocks import set_clocks
from ..quarters import quarter_of
from ..queries.oversight import Workload, counts, figures, managed_teams
from .making import make_conference, make_professional, make_relative

pytestmark = pytest.mark.django_db

SPRING = quarter_of(date(2026, 3, 23))
LATER = date(2026, 6, 1)
FILED = local(date(2026, 3, 17), time(12))  # the reports are due on 18 March


def held(cast, conference, *, on=date(2026, 3, 23), quorate=True):
    """It was held, and its clocks know."""
    with acting_as(conference.chair.pk):
        Conference.objects.filter(pk=conference.pk).update(held_on=on, quorate=quorate, state=State.DRAFT)
        conference.refresh_from_db()
        set_clocks(conference=conference, by=conference.chair, now=local(on, time(15)))
    return conference


def report(conference, person, **fields):
    fields = {"due_on": date(2026, 3, 18), "due_rule": "reports_initial", "discipline": person.discipline} | fields
    with acting_as(conference.chair.pk):
        return AgencyReport.objects.create(conference=conference, person=person, **fields)


def figures_for(person, today=LATER):
    with acting_as(person.pk):
        return figures(managed_teams(person), SPRING, today)


def test_a_manager_sees_each_measure_of_their_team(cast, conference):
    held(cast, conference)
    mother = make_relative(conference)
    with acting_as(cast.chair.pk):
        one = conference.children.get(position=1)
        Attendance.objects.create(
            conference=conference, part=ConferencePart.objects.get(), person=mother, status="present"
        )
        Participation.objects.create(conference=conference, child=one, code="PN2")
        child = Person.objects.filter(child=one).first() or Person.objects.create(
            conference=conference, kind="child", child=one, name="x"
        )
        Support.objects.create(conference=conference, person=child, kind="advocate", outcome="briefed")
    report(
        conference,
        make_professional(conference),
        received_at=FILED,
        discussed_on=date(2026, 3, 16),
        spoke_directly="yes",
    )
    report(conference, make_professional(conference, "Gp", "gp"), received_at=FILED + timedelta(days=2))
    report(conference, make_professional(conference, "Po", "police"))
    found = figures_for(cast.manager)
    assert found.held == 1
    assert found.workload == [Workload("Cleo Hart", open=1, due=1, overdue=1, signed=0)]
    assert [(one.what, one.part, one.of) for one in (*found.meetings, *found.reports)] == [
        ("With a quorum", 1, 1),
        ("Somebody of the family was there", 1, 1),
        ("Report on time", 1, 3),
        ("Report discussed with the family first", 1, 3),
        ("Its writer spoke to the family directly", 1, 3),
    ]
    assert dict(found.participation)["PN2: Attended, an advocate spoke for them"] == 1
    assert dict(found.participation)["Not said"] == 1
    assert dict(found.advocates) == {
        "Has an advocate": 1,
        "Was offered one and chose not to": 0,
        "Was offered one, not arranged": 0,
        "No offer written down": 1,
    }
    letters = next(one for one in found.timeliness if one.what == "Decision letter")
    assert (letters.in_time, letters.late, letters.waiting) == (0, 0, 1)  # due on 24 March


def test_the_next_teams_manager_sees_nothing_of_it(cast, conference):
    held(cast, conference)
    found = figures_for(cast.next_manager)
    assert (found.held, found.workload) == (0, [])
    assert not any(one.share.of for one in found.timeliness)


@pytest.mark.parametrize(
    "name", ["oversight", "oversight-file", "feedback-results", "census", "census-file", "keeping"]
)
def test_only_managers_open_the_pages_of_oversight(client, sign_in, cast, conference, name):
    answers = {}
    for person in (cast.manager, cast.chair, cast.minute_taker, cast.teacher, cast.staff):
        sign_in(client, person)
        answers[person] = client.get(reverse(f"conferences:{name}")).status_code
    assert [person for person, status in answers.items() if status == 200] == [cast.manager]
    assert set(answers.values()) == {200, 404}


@pytest.mark.parametrize("name", ["counts", "feedback-counts"])
def test_counts_are_for_programme_staff_alone_and_each_look_is_written_down(client, sign_in, cast, conference, name):
    address = reverse(f"conferences:{name}")
    for person in (cast.manager, cast.chair, cast.teacher):
        sign_in(client, person)
        assert client.get(address).status_code == 404
    sign_in(client, cast.staff)
    answer = client.get(address)
    assert answer.status_code == 200 and answer["Cache-Control"] == "no-store"
    with acting_as_job("tests"):
        assert AccessEvent.objects.filter(user_id=cast.staff.pk, action="counts").count() == 1


def test_programme_staff_open_nothing_else(client, sign_in, cast, conference):
    sign_in(client, cast.staff)
    assert client.get(reverse("conferences:desk")).status_code == 404
    assert client.get(reverse("conferences:conference", args=[conference.pk])).status_code == 404


def shown(cast, person=None):
    with acting_as((person or cast.staff).pk):
        return {measure.title: dict(measure.rows) for measure in counts(SPRING)}


def test_counts_leave_out_small_numbers_in_the_database_itself(cast):
    for n in range(4):
        held(cast, make_conference(cast, ids=f"C{n}"), quorate=n > 0)
    assert set(shown(cast)["Conferences held"].values()) == {None}
    for n in range(4, 9):
        held(cast, make_conference(cast, ids=f"C{n}"))
    found = shown(cast)
    assert found["Conferences held"]["Initial conference"] == 9
    # One without a quorum: left out, and with it the eight it could be worked out from.
    assert found["Conferences with a quorum"] == {"Yes": None, "No": None, "Not said": 0}
    assert found["Conferences with somebody of the family there"] == {"Yes": 0, "No": 9}


def test_counts_show_nothing_to_others_and_nothing_of_a_quarter_that_runs(cast, conference):
    for n in range(6):
        held(cast, make_conference(cast, ids=f"C{n}"))
    for person in (cast.manager, cast.chair, cast.teacher):
        assert shown(cast, person) == {}
    with acting_as(cast.staff.pk):
        assert counts(quarter_of(timezone.localdate())) == []
    with acting_as(cast.staff.pk), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM conference_counts('2026-02-01')")  # not a quarter
        assert cursor.fetchone() == (0,)


def test_counts_and_a_managers_figures_agree(cast):
    for n in range(6):
        conference = held(cast, make_conference(cast, ids=f"C{n}"))
        report(conference, make_professional(conference), received_at=FILED, spoke_directly="yes")
    found, own = shown(cast), figures_for(cast.manager)
    assert found["Agency reports on time"]["Yes"] == own.reports[0].part == 6
    assert found["Report writers who spoke to the family directly"]["Yes"] == 6
    assert found["Decision letters"] == {"In time": 0, "Late": 0, "Not yet": 6, "No limit": 0}
    assert found["How children took part"]["Not said"] == sum(n for _, n in own.participation) == 12


def test_the_file_is_written_down_and_needs_somebody_who_just_showed_who_they_are(client, sign_in, cast, conference):
    held(cast, conference)
    sign_in(client, cast.manager)
    address = f"{reverse('conferences:oversight-file')}?quarter=2026-01-01"
    lines = b"".join(client.get(address).streaming_content).decode("utf-8-sig").splitlines()
    assert lines[0] == "About,What,How many,Of how many"
    assert "Conferences,Held,1," in lines
    assert not any("ChildA1" in line for line in lines)
    with acting_as_job("tests"):
        assert AccessEvent.objects.filter(user_id=cast.manager.pk, action="download").count() == 1
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": 0}]
    session.save()
    assert client.get(address).status_code == 302


def test_a_quarter_that_is_none_shows_the_first_of_the_list(client, sign_in, cast):
    sign_in(client, cast.manager)
    for wrong in ("x", "2026-02-01", "9999-99-99", "\x00"):
        assert client.get(reverse("conferences:oversight"), {"quarter": wrong}).status_code == 200


def test_oversight_costs_the_same_for_one_and_for_three(client, sign_in, cast, keeps_one_query_count):
    sign_in(client, cast.manager)
    numbers = iter(range(9))

    def add_row():
        conference = held(cast, make_conference(cast, ids=f"Q{next(numbers)}"))
        report(conference, make_professional(conference), received_at=FILED)

    keeps_one_query_count(
        add_row, lambda: client.get(f"{reverse('conferences:oversight')}?quarter=2026-01-01"), at_most=14
    )


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", [1280, 375])
def test_the_pages_of_figures_are_accessible(open_page, site, axe, cast, width):
    for n in range(6):
        conference = held(cast, make_conference(cast, ids=f"C{n}"))
        report(conference, make_professional(conference), received_at=FILED)
    with acting_as_job("feedback"):
        for cohort in ["parent"] * 7 + ["child_12_plus"] * 3:
            Feedback.objects.create(
                conference=conference, cohort=cohort, answers={"felt_safe": "yes"}, received_on=date(2026, 3, 24)
            )
    for person, names in (
        (cast.manager, ("oversight", "feedback-results", "census", "keeping", "agree-rule")),
        (cast.staff, ("counts", "feedback-counts")),
    ):
        page = open_page(person, width=width)
        for name in names:
            page.goto(f"{site}{reverse(f'conferences:{name}')}?quarter=2026-01-01")
            assert page.locator("h1").count() == 1, name
            assert axe(page) == [], name
            assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"), name
            assert len(page.content()) < 60_000, name
            if width == 1280:
                page.screenshot(path=f"/tmp/ov_{name}.png", full_page=True)
