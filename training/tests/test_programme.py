"""Importing a programme: what a coordinator sees first, and that only what they saw is written."""

from datetime import datetime

import pytest

from chatr.accounts.models import User
from chatr.notifications.models import Message
from chatr.workdays.clock import LONDON

from ..models import Course, CourseRun, RunDate, Venue
from ..operations import programme as ops
from ..operations.bookings import book_place
from ..programme.plan import plan_programme
from ..programme.rows import COLUMNS
from .factories import RunFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=LONDON)


def row(**cells) -> dict[str, str]:
    """A good row, with these cells instead."""
    good = {
        "course_code": "INTRO",
        "course_title": "Introduction to trauma",
        "level": "introductory",
        "summary": "What helps.",
        "audience": "Everyone",
        "cpd_minutes": "210",
        "requires_course_code": "",
        "approval": "none",
        "run_ref": "INTRO-1",
        "date": "14/01/2027",
        "start_time": "09:30",
        "end_time": "13:00",
        "mode": "in_person",
        "venue": "Hackney Service Centre",
        "address": "1 Hillman Street",
        "postcode": "E8 1DY",
        "trainer_email": "trainer.one@example.org",
        "capacity": "24",
        "min_places": "8",
        "waiting_list_cap": "12",
        "places_per_organisation": "4",
        "cancel_deadline_working_days": "5",
        "booking_opens": "05/11/2026",
        "booking_closes": "11/01/2027",
    }
    return good | cells


def plan(*rows, now=NOW):
    return plan_programme(list(enumerate(rows, start=2)), now=now)


def do_import(people, *rows, now=NOW):
    return ops.import_programme(plan=plan(*rows, now=now), by=people.staff, now=now)


def the_sentence(**cells) -> str:
    (sentence,) = plan(row(**cells)).refused
    return sentence


class TestReading:
    def test_counts_courses_runs_dates_and_places(self, people):
        found = plan(
            row(), row(run_ref="INTRO-2", capacity="10"), row(run_ref="INTRO-2", capacity="10", date="15/01/2027")
        )
        assert found.totals == "1 course, 2 runs, 3 dates, 34 places"
        assert found.outcome == "3 new, 0 changed"
        assert not Course.objects.exists()

    @pytest.mark.parametrize(
        ("cells", "said"),
        [
            ({"end_time": "08:00"}, "it ends at 08:00, which is not after it starts at 09:30."),
            ({"capacity": "twenty"}, "places must be a whole number, not “twenty”."),
            ({"capacity": "-3"}, "places must be 1 or more, not -3."),
            ({"capacity": "0"}, "places must be 1 or more, not 0."),
            ({"date": "31/02/2027"}, "the date 31/02/2027 does not exist in the calendar."),
            ({"date": "next week"}, "the date must look like 31/01/2027, not “next week”."),
            ({"requires_course_code": "NO-SUCH"}, "it needs the course NO-SUCH first, and there is no such course"),
            ({"requires_course_code": "INTRO"}, "a course cannot need itself first."),
            ({"course_title": ""}, "course title is missing."),
            ({"trainer_email": "not an email"}, "the trainer's e-mail “not an email” is not an e-mail address."),
            ({"date": "28/03/2027", "start_time": "01:30"}, "01:30 on 28 March 2027 does not exist"),
            ({"course_title": '=HYPERLINK("http://example.invalid","x")'}, "starts with “=”"),
            ({"summary": "@SUM(A1)"}, "starts with “@”"),
            ({"level": "expert"}, "the level is “expert”; it must be introductory or in_depth."),
            ({"postcode": "nowhere"}, "is not a postcode"),
            ({"booking_opens": "12/01/2027"}, "booking closes before it opens."),
            ({"min_places": "30"}, "more than the places"),
            ({"venue": ""}, "the venue is missing"),
            ({"run_ref": "bad ref!"}, "may only hold letters, numbers and hyphens"),
            ({"run_ref": ""}, "run reference is missing."),
            ({"course_title": "x" * 201}, "longer than 200 letters"),
        ],
    )
    def test_a_mistake_is_one_plain_sentence_and_nothing_is_written(self, people, cells, said):
        sentence = the_sentence(**cells)
        assert sentence.startswith("Row 2") and said in sentence
        do_import(people, row(**cells))
        assert not CourseRun.objects.exists() and not Course.objects.exists() and not Venue.objects.exists()

    def test_one_bad_row_refuses_its_whole_run_and_no_other(self, people):
        found = plan(row(run_ref="A-1"), row(run_ref="B-1"), row(run_ref="B-1", date="32/01/2027"))
        assert found.refused_runs == ["B-1"] and [p.ref for p in found.runs] == ["A-1"]

    def test_rows_of_one_run_that_disagree_say_so_even_when_the_first_is_wrong(self, people):
        found = plan(row(capacity="-3"), row(capacity="18", date="15/01/2027"))
        assert len(found.refused) == 2 and "rows of one run must say the same" in found.refused[1]

    def test_rows_of_one_course_that_disagree_say_so(self, people):
        found = plan(row(), row(run_ref="INTRO-2", course_title="Something else"))
        assert "course title is not the same as in row 2" in found.refused[0]

    def test_dates_of_a_run_go_in_order(self, people):
        found = plan(row(date="15/01/2027"), row(date="14/01/2027"))
        assert "put the dates of a run in order" in found.refused[0]

    def test_a_bank_holiday_is_a_warning_not_a_refusal(self, people):
        found = plan(row(date="29/03/2027", booking_closes="26/03/2027"))
        assert not found.refused and "Monday 29 March 2027 is a bank holiday" in found.warnings[0]

    def test_a_course_needed_first_that_cannot_be_reached_in_time_is_a_warning(self, people):
        depth = row(
            course_code="DEPTH",
            course_title="In depth",
            requires_course_code="INTRO",
            run_ref="D-1",
            date="10/01/2027",
            booking_closes="09/01/2027",
        )
        assert any("nobody can finish INTRO" in w for w in plan(row(), depth).warnings)
        assert not plan(row(), depth | {"date": "20/01/2027"}).warnings


class TestWriting:
    def test_runs_come_in_as_drafts_with_their_places_and_an_invited_trainer(self, people):
        done = do_import(people, row())
        (run,) = done.new_runs
        assert run.status == CourseRun.Status.DRAFT and run.places.count() == 24
        assert not run.course.is_published
        assert run.dates.get().starts_at.isoformat() == "2027-01-14T09:30:00+00:00"
        trainer = User.objects.get(email="trainer.one@example.org")
        assert trainer.role_grants.get().role.code == "trainer" and trainer.invited_at

    def test_the_same_file_again_changes_nothing(self, people):
        rows = [row(), row(run_ref="INTRO-2", date="20/01/2027"), row(run_ref="INTRO-2", date="21/01/2027")]
        do_import(people, *rows)
        again = plan(*rows)
        assert again.outcome == "0 new, 0 changed"
        done = ops.import_programme(plan=again, by=people.staff, now=NOW)
        assert (done.new_runs, done.changed_runs) == ([], [])

    def test_a_course_and_the_one_it_needs_come_in_whatever_their_order(self, people):
        depth = row(
            course_code="DEPTH", course_title="In depth", requires_course_code="INTRO", run_ref="D-1", date="20/02/2027"
        )
        do_import(people, depth, row())
        assert Course.objects.get(code="DEPTH").requires.code == "INTRO"

    def test_a_moved_run_keeps_its_dates_identity_and_says_who_is_told(self, people):
        (run,) = do_import(people, row()).new_runs
        CourseRun.objects.update(status=CourseRun.Status.PUBLISHED)
        book_place(run=run, attendee=people.person, membership=people.person.chosen_membership, now=NOW)
        before = run.dates.get()
        moved = row(start_time="14:00", end_time="17:30")
        found = plan(moved)
        assert found.runs[0].told == ["Ada Okafor (booked)"] and found.outcome == "0 new, 1 changed"
        ops.import_programme(plan=found, by=people.staff, now=NOW)
        after = RunDate.objects.get()
        assert after.pk == before.pk and after.ics_sequence == before.ics_sequence + 1
        assert Message.objects.filter(kind="training/run_changed").count() == 1
        assert CourseRun.objects.get().status == CourseRun.Status.PUBLISHED

    def test_cutting_places_below_those_held_refuses_the_run_with_the_count(self, people):
        (run,) = do_import(people, row()).new_runs
        CourseRun.objects.update(status=CourseRun.Status.PUBLISHED)
        for person in (people.person, people.neighbour):
            book_place(run=run, attendee=person, membership=person.chosen_membership, now=NOW)
        found = plan(row(capacity="1", min_places="1"))
        assert found.refused == ["Row 2 (INTRO-1): 2 people hold a place, so it cannot have 1."]
        assert run.places.count() == 24

    def test_runs_that_are_not_in_the_file_are_untouched(self, people):
        other = RunFactory()
        do_import(people, row())
        assert CourseRun.objects.filter(pk=other.pk, status=CourseRun.Status.PUBLISHED).exists()

    def test_a_cancelled_run_is_not_changed(self, people):
        do_import(people, row())
        CourseRun.objects.update(status="cancelled", cancelled_at=NOW)
        assert "has been cancelled" in plan(row(start_time="10:00")).refused[0]

    def test_a_changed_venue_tells_people_and_keeps_what_staff_wrote_about_it(self, people):
        (run,) = do_import(people, row()).new_runs
        Venue.objects.update(arrival_instructions="Ask at the desk.")
        CourseRun.objects.update(status=CourseRun.Status.PUBLISHED)
        book_place(run=run, attendee=people.person, membership=people.person.chosen_membership, now=NOW)
        do_import(people, row(venue="Guildhall", postcode="EC2V 7HH", address="Gresham Street"))
        assert Message.objects.filter(kind="training/run_changed").count() == 1
        assert Venue.objects.get(name="Hackney Service Centre").arrival_instructions == "Ask at the desk."


def test_a_corrected_address_is_a_change_that_tells_nobody(people):
    do_import(people, row())
    found = plan(row(address="2 Hillman Street"))
    assert found.runs[0].changes == ["address of Hackney Service Centre: 1 Hillman Street → 2 Hillman Street"]
    ops.import_programme(plan=found, by=people.staff, now=NOW)
    assert Venue.objects.get().address == "2 Hillman Street"
    assert plan(row(address="2 Hillman Street")).outcome == "0 new, 0 changed"


def test_an_xlsx_style_number_such_as_24_point_0_is_read(people):
    assert plan(row(capacity="24.0")).places == 24


def test_a_run_reference_in_small_letters_is_the_same_run(people):
    do_import(people, row())
    assert plan(row(run_ref="intro-1")).outcome == "0 new, 0 changed"


def test_every_column_of_the_spreadsheet_is_known():
    assert len(COLUMNS) == len(set(COLUMNS)) == 24
