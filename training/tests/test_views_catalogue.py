"""The list of training and the course page, as anybody sees them."""

import html
import re
from datetime import date, datetime, time, timedelta

import pytest
from django.urls import reverse

from chatr.workdays.clock import LONDON, local

from ..models import Course, CourseRun
from .factories import CourseFactory, RunFactory, VenueFactory, book, clock_at, fill, thursday_in

pytestmark = pytest.mark.django_db
LIST = "/training/"


def text_of(response) -> str:
    """What the page says, without its markup."""
    body = response.content.decode().split('id="main">', 1)[1].split("</main>")[0]
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", body))).strip()


def options_of(response) -> dict:
    return {
        (group["name"], option["value"]): option["count"]
        for group in response.context["groups"]
        for option in group["options"]
    }


@pytest.fixture
def programme(people):
    """Five runs that differ in level, month, mode and places."""
    january, february = thursday_in(8), thursday_in(13)
    intro, deep = CourseFactory(title="Introduction"), CourseFactory(title="Going deeper", level=Course.Level.IN_DEPTH)
    RunFactory(course=intro, ref="INTRO-1", days=[january])
    RunFactory(course=intro, ref="INTRO-2", days=[february], mode=CourseRun.Mode.ONLINE)
    RunFactory(course=intro, ref="INTRO-FULL", days=[january + timedelta(days=1)], places=0)
    RunFactory(course=deep, ref="DEEP-1", days=[january])
    RunFactory(course=deep, ref="DEEP-2", days=[february, february + timedelta(days=7)])
    return people


def test_the_list_shows_each_run_in_words_soonest_first(client, people):
    with clock_at(local(date(2026, 12, 1), time(12))):
        later = RunFactory(ref="LATER", days=[date(2027, 2, 11)], mode=CourseRun.Mode.ONLINE)
        sooner = RunFactory(ref="SOONER", days=[date(2027, 1, 14)], places=8, venue=VenueFactory(name="Guildhall"))
        said = text_of(client.get(LIST))
    assert said.index(sooner.course.title) < said.index(later.course.title)
    assert "Introductory Thursday 14 January 2027, 9:30am to 1pm Guildhall 8 places left SOONER" in said
    assert "Thursday 11 February 2027, 9:30am to 1pm Online 3 places left LATER" in said
    assert "2 runs to come" in said


def test_the_list_leaves_out_drafts_hidden_courses_and_runs_that_have_begun(client, people):
    RunFactory(ref="A-DRAFT", status=CourseRun.Status.DRAFT)
    RunFactory(ref="HIDDEN", course=CourseFactory(is_published=False))
    RunFactory(ref="BEGUN", days=[thursday_in(-1), thursday_in(4)])
    assert "No dates at the moment" in text_of(client.get(LIST))


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "3 places left"),
        ({"places": 1}, "1 place left"),
        ({"places": 0}, "Full: join the waiting list"),
        ({"places": 0, "waiting_list_cap": 0}, "Full"),
        ({"status": "closed"}, "Booking has closed"),
        ({"status": "cancelled"}, "Cancelled"),
        ({"opens_date": date(2026, 12, 3)}, "Booking opens Thursday 3 December 2026"),
        ({"closes_date": date(2026, 11, 30)}, "Booking has closed"),
        ({"closes_date": date(2026, 12, 1)}, "3 places left"),
    ],
)
def test_places_are_said_in_words_and_never_as_a_bare_number(client, people, fields, words):
    with clock_at(local(date(2026, 12, 1), time(23, 59))):
        run = RunFactory(days=[date(2027, 1, 14)], **fields)
        said = text_of(client.get(LIST))
    assert f"Training room {run.dates.get().venue.name.split()[-1]} {words} {run.ref}" in said


def test_while_anybody_waits_it_says_full_even_if_a_place_is_free(client, people):
    from ..operations.bookings import cancel_booking

    run = RunFactory(places=1)
    (held,) = fill(run)
    book(people.person, run)
    cancel_booking(booking=held, by=people.staff, now=run.dates.get().starts_at - timedelta(days=30))
    assert run.places.free().count() == 1
    said = text_of(client.get(LIST))
    assert "Full: join the waiting list" in said
    assert "place left" not in said
    assert options_of(client.get(LIST))["places", "yes"] == 0


def test_every_option_counts_what_choosing_it_gives_together_with_the_other_filters(client, programme):
    for address in (
        LIST,
        f"{LIST}?level=in_depth",
        f"{LIST}?mode=online&places=yes",
        f"{LIST}?level=introductory&places=yes",
    ):
        response = client.get(address)
        chosen = {name: value for name, value in vars(response.context["filters"]).items() if value}
        for (name, value), count in options_of(response).items():
            found = client.get(LIST, {**chosen, name: value}).context["found"]
            assert found == count, f"{address}: {name}={value!r} says {count} and gives {found}"


def test_filters_work_together(client, programme):
    month = f"{thursday_in(13):%Y-%m}"
    response = client.get(LIST, {"level": "in_depth", "month": month})
    assert [row.run.ref for row in response.context["page"]] == ["DEEP-2"]
    assert "Filters (2 applied)" in text_of(response)


def test_a_filter_that_makes_no_sense_is_left_out_with_a_plain_note(client, programme):
    nonsense = {"level": "expert\x00", "month": "2027-13", "mode": "<script>", "places": "no", "page": "minus one"}
    response = client.get(LIST, nonsense)
    assert response.status_code == 200
    assert response.context["found"] == 5
    assert "does not know (level, month, in person or online, places left)" in text_of(response)
    assert b"<script>&" not in response.content


def test_when_nothing_fits_the_page_names_the_filter_to_drop(client, programme):
    response = client.get(LIST, {"level": "in_depth", "mode": "online"})
    assert response.context["found"] == 0
    said = text_of(response)
    assert "Nothing fits all of these" in said
    assert "Leave out “In depth” to see 1 run." in said
    assert "Leave out “Online” to see 2 runs." in said
    for link in response.context["instead"]:
        assert client.get(f"{LIST}?{link['query']}").context["found"] == link["count"]


def test_courses_without_dates_are_named_below_the_list(client, people):
    RunFactory()
    CourseFactory(title="Coming back in spring")
    assert "Courses without dates yet Coming back in spring" in text_of(client.get(LIST))


def test_the_list_is_cut_into_pages_of_25_that_keep_the_filters(client, people):
    course = CourseFactory()
    for _ in range(27):
        RunFactory(course=course, places=1)
    first = client.get(LIST, {"level": "introductory"})
    assert len(first.context["page"]) == 25
    assert b"?level=introductory&amp;page=2" in first.content
    assert len(client.get(LIST, {"level": "introductory", "page": "2"}).context["page"]) == 2
    assert len(first.content) < 60_000


def test_the_list_costs_as_much_with_three_rows_as_with_one(client, people, keeps_one_query_count):
    assert keeps_one_query_count(RunFactory, lambda: client.get(LIST), at_most=6) <= 6


# One course


def page_of(client, course):
    return client.get(reverse("training:course", args=[course.slug]))


def test_the_course_page_answers_what_people_ask(client, people):
    first = CourseFactory(title="Introduction")
    course = CourseFactory(
        title="Going deeper",
        level=Course.Level.IN_DEPTH,
        requires=first,
        approval=Course.Approval.MANAGER,
        content_note="We hear from a survivor.",
    )
    with clock_at(local(date(2026, 12, 1), time(12))):
        RunFactory(course=course, ref="DEEP-2027-01", days=[date(2027, 1, 14)])
        response = page_of(client, course)
    said = text_of(response)
    headings = re.findall(r"<h2[^>]*>([^<]+)</h2>", response.content.decode().split("<main")[1])
    assert headings == [
        "Is this for me?",
        "What it covers",
        "What might be hard in it",
        "Dates",
        "Getting there and access",
        "If you can’t come",
        *headings[6:],
    ]
    assert "In depth Counts as 3 hours 30 minutes of CPD." in said
    assert "You need this course first: Introduction" in said
    assert reverse("training:course", args=[first.slug]) in response.content.decode()
    assert "Your line manager has to agree." in said
    assert "We hear from a survivor." in said
    assert "Thursday 14 January 2027, 9:30am to 1pm" in said
    assert "Ask for a place for Thursday 14 January 2027" in said
    assert "/training/runs/deep-2027-01/book/" in response.content.decode()
    assert "14 January 2027: Cancel by the end of Thursday 7 January 2027" in said
    assert "Step-free from the street" in said
    assert "Ask for the training room at the front desk" not in said  # for booked people


def test_the_deadline_skips_easter_and_the_time_is_the_one_on_the_wall(client, people):
    course = CourseFactory()
    with clock_at(local(date(2027, 2, 1), time(12))):
        RunFactory(course=course, days=[date(2027, 4, 1)])
        said = text_of(page_of(client, course))
    assert "Thursday 1 April 2027, 9:30am to 1pm" in said
    assert "1 April 2027: Cancel by the end of Tuesday 23 March 2027" in said


def test_when_the_day_to_cancel_has_passed_the_page_says_so(client, people):
    course = CourseFactory()
    with clock_at(local(date(2027, 1, 8), time(0))):
        RunFactory(course=course, days=[date(2027, 1, 14)])
        said = text_of(page_of(client, course))
    assert "14 January 2027: The last day to cancel was Thursday 7 January 2027" in said


def test_a_course_without_dates_says_so(client, people):
    assert "No dates are set at the moment" in text_of(page_of(client, CourseFactory()))


def test_an_unpublished_course_is_not_found(client, people):
    assert page_of(client, CourseFactory(is_published=False)).status_code == 404
    assert client.get("/training/courses/made-up/").status_code == 404


def test_runs_that_cannot_be_booked_have_no_book_link(client, people):
    course = CourseFactory()
    RunFactory(course=course, status="cancelled")
    RunFactory(course=course, status="closed")
    response = page_of(client, course)
    assert b"/book/" not in response.content
    assert "Cancelled" in text_of(response)


def test_the_course_page_takes_at_most_6_queries(client, people, keeps_one_query_count):
    course = CourseFactory(requires=CourseFactory())
    assert keeps_one_query_count(lambda: RunFactory(course=course), lambda: page_of(client, course), at_most=6) <= 6


def test_the_list_and_the_book_page_agree_about_what_is_open(people):
    """``availability`` and ``rules.why_not_open`` are two readings of one rule."""
    from .. import queries, rules
    from ..queries.catalogue import run_by_ref

    now = datetime(2026, 12, 1, 12, tzinfo=LONDON)
    day = date(2027, 1, 14)
    kinds = [
        {"status": status, "opens_date": opens, "closes_date": closes, "days": [first]}
        for status in ("published", "closed", "cancelled")
        for opens, closes in (
            (date(2026, 11, 1), date(2026, 11, 30)),
            (date(2026, 11, 1), date(2026, 12, 1)),
            (date(2026, 12, 1), date(2026, 12, 1)),
            (date(2026, 12, 2), date(2026, 12, 9)),
        )
        for first in (day, date(2026, 11, 20))
    ]
    for kind in kinds:
        run = RunFactory(**kind)
        row = run_by_ref(run.ref, now)
        assert bool(row.availability.action) == (not rules.why_not_open(run, queries.dates_of(run), now)), kind
