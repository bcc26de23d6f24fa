"""The five journeys of the first slice, end to end: from the file or the first click to the e-mail that leaves.

The clock stands still on 1 December 2026 until a journey sets it on, so that the dates in ``data/`` never go stale.
"""

import io
import re
from datetime import date, time
from pathlib import Path
from unittest import mock

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from chatr.celery import app as celery
from chatr.notifications.models import Message
from chatr.notifications.operations import drain
from chatr.notifications.tests import smtp
from chatr.notifications.tests.workers import empty_broker, running_worker, wait_until
from chatr.testing.people import PASSWORD, make_organisation, make_people, make_person, sign_in
from chatr.workdays.clock import local

from ..models import Booking, Course, CourseRun, Status, Venue
from .factories import RunFactory, book, fill
from .test_calendar import check

DATA = Path(__file__).parent / "data"
FIRST_DAY = local(date(2026, 12, 1), time(12))

TEN_MISTAKES = [
    "Row 2 (INTRO-2027-01): it ends at 08:00, which is not after it starts at 09:30.",
    "Row 3 (INTRO-2027-02): places must be a whole number, not “twenty”.",
    "Row 4 (INTRO-2027-03): the date 31/02/2027 does not exist in the calendar.",
    "Row 5 (INTRO-2027-04): it needs the course NO-SUCH first, and there is no such course in this file or on the "
    "portal.",
    "Row 6 (ESS-2026-12): course title is missing.",
    "Row 7 (ESS-2027-01): the trainer's e-mail “ask Sam” is not an e-mail address.",
    "Row 8 (ESS-2027-03): 01:30 on 28 March 2027 does not exist: the clocks go forward over it.",
    "Row 9 (REL-2027-02): places must be 1 or more, not -3.",
    "Row 10 (REL-2027-02): places: “18” here but “-3” in row 9; rows of one run must say the same.",
    "Row 11 (REL-2027-04): the course title starts with “=”, which a spreadsheet would run as a formula. "
    "Type plain words.",
]


@pytest.fixture(autouse=True)
def clock():
    """The portal's clock; ``clock.return_value`` sets it on."""
    with mock.patch("django.utils.timezone.now", return_value=FIRST_DAY) as clock:
        yield clock


@pytest.fixture
def staff(clock, request):
    """A way to act as programme staff: ``staff()`` is a client signed in just now, whatever the clock says."""
    request.getfixturevalue("transactional_db" if request.node.get_closest_marker("browser") else "db")
    people = make_people()

    def staff():
        return sign_in(request.getfixturevalue("client"), people.staff)

    staff.people = people
    return staff


@pytest.fixture
def programme(staff):
    """The example programme, imported and published on the staff pages; its venues say how to arrive."""
    preview = upload(staff(), "programme.csv")
    press(staff(), preview, "Import")
    press(staff(), preview, "Publish")
    Venue.objects.update(arrival_instructions="Ask for the training room at the front desk.")


def upload(client, name: str) -> str:
    """The address of the preview of one of our files."""
    file = SimpleUploadedFile(name, (DATA / name).read_bytes(), content_type="text/csv")
    return client.post(reverse("admin:training_courserun_import-file"), {"file": file})["Location"]


def press(client, preview: str, button: str) -> str:
    """Press a button of the preview; the words of the page that follows."""
    plan = client.get(preview).context["plan"]
    pressed = {"Import": {"fingerprint": plan.fingerprint}, "Publish": {"publish": "yes"}}[button]
    return words(client.post(preview, pressed, follow=True))


def words(response) -> str:
    """What a page says, without its tags."""
    assert response.status_code == 200
    text = re.sub(r"<(script|style).*?</\1>|<[^>]*>", " ", response.content.decode(), flags=re.S)
    return " ".join(text.replace("&#x27;", "'").replace("&amp;", "&").split())


def entry_of(mail) -> dict:
    """The one calendar entry of an e-mail, checked against the standard."""
    (part,) = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    (entry,) = check(part.get_payload(decode=True), part.get_param("method"))
    return entry


def messages(*arguments: str) -> list[str]:
    """The lines ``manage.py messages`` writes: what would be due."""
    out = io.StringIO()
    call_command("messages", *arguments, stdout=out, stderr=io.StringIO())
    return out.getvalue().splitlines()


class TestImporting:
    """Journey 1."""

    def test_the_programme_shows_8_courses_15_runs_19_dates_418_places_and_again_nothing_new(self, staff):
        client = staff()
        preview = upload(client, "programme.csv")
        page = words(client.get(preview))
        assert "8 courses, 15 runs, 19 dates, 418 places" in page
        assert "23 new, 0 changed" in page
        assert "Monday 29 March 2027 is a bank holiday." in page
        assert not Course.objects.exists()
        assert "0 new, 0 changed" in press(client, preview, "Import")
        assert set(CourseRun.objects.values_list("status", flat=True)) == {CourseRun.Status.DRAFT}
        again = words(client.get(upload(client, "programme.csv")))
        assert "8 courses, 15 runs, 19 dates, 418 places" in again
        assert "0 new, 0 changed" in again
        press(client, preview, "Publish")
        assert CourseRun.objects.filter(status=CourseRun.Status.PUBLISHED).count() == 15
        assert "0 new, 0 changed" in words(client.get(upload(client, "programme.csv")))

    def test_the_programme_with_mistakes_shows_its_ten_sentences_and_writes_nothing(self, staff):
        client = staff()
        preview = upload(client, "programme-with-mistakes.csv")
        assert client.get(preview).context["plan"].refused == TEN_MISTAKES
        page = words(client.get(preview))
        assert "Refused: 10 problems" in page
        assert "There is nothing to write." in page
        client.post(preview, {"fingerprint": client.get(preview).context["plan"].fingerprint})
        assert not Course.objects.exists() and not CourseRun.objects.exists() and not Venue.objects.exists()


@pytest.fixture
def mail(site, monkeypatch):
    """What a real worker sends: woken over a real broker by each change, at the clock of the journey."""
    with empty_broker() as broker, smtp.running_sink() as (sink, port):
        monkeypatch.setattr(celery, "_pool", None)
        monkeypatch.setattr(celery.amqp, "_producer_pool", None)
        monkeypatch.setattr(celery.conf, "broker_write_url", broker)
        with running_worker(broker, port, clock=FIRST_DAY):
            yield sink


@pytest.mark.browser
@pytest.mark.servers
@pytest.mark.django_db(transaction=True)
def test_a_new_practitioner_verifies_in_another_browser_books_the_same_run_and_gets_one_email(
    programme, mail, open_page
):
    """Journey 2."""
    email = "grace@mill-lane.example.org"
    page, other = open_page(), open_page()
    page.goto("/training/")
    page.get_by_role("link", name="First steps: noticing trauma and responding well").first.click()
    page.get_by_role("row").filter(has_text="14 January 2027").get_by_role("button", name="Book").click()
    page.get_by_role("button", name="Create an account").click()
    page.get_by_label("Your name").fill("Grace Adeyemi")
    page.get_by_label("Work e-mail address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Create account").click()
    page.get_by_role("heading", name="Check your e-mail").wait_for()

    wait_until(lambda: email in mail.recipients)
    text = mail.mail_to(email).get_body("plain").get_content()
    other.goto(re.search(r"https?://\S+/confirm-email/\S+", text)[0])
    other.get_by_role("button", name="Yes, this is my address").click()
    other.wait_for_load_state()
    page.get_by_role("button", name="I have opened the link").click()

    page.get_by_role("heading", name="What do you need on the day?").wait_for()
    page.get_by_text("(INTRO-2027-01)").wait_for()
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Book this place").click()
    page.get_by_role("heading", name="You have a place", level=1).wait_for()
    assert "Cancel by the end of Thursday 7 January 2027" in page.inner_text("main")

    booking = Booking.objects.get(attendee__email=email)
    assert (booking.run.ref, booking.status) == ("INTRO-2027-01", Status.CONFIRMED)
    wait_until(lambda: mail.recipients.count(email) == 2)
    confirmation = mail.taken[-1][1]
    assert confirmation["Subject"].startswith("You have a place: First steps")
    assert entry_of(confirmation)["DTSTART"] == ":20270114T093000Z"
    left = Message.objects.filter(recipient=booking.attendee).exclude(state=Message.State.SENT)
    assert sorted(left.values_list("kind", flat=True)) == ["training/joining_instructions", "training/reminder"]


class TestAfterTheClocksChange:
    """Journey 3: INTRO-2027-04 is on 1 April 2027, in summer time and after Easter."""

    def test_every_text_says_930am_the_calendar_0830_utc_and_a_moved_run_tells_once(
        self, programme, staff, clock, client
    ):
        run = CourseRun.objects.get(ref="INTRO-2027-04")
        person = staff.people.person
        clock.return_value = local(date(2027, 2, 1), time(12))
        sign_in(client, person)
        book_url = reverse("training:book-place", args=["intro-2027-04"])
        pages = [client.get(reverse("training:course", args=[run.course.slug])), client.get(book_url)]
        checking = client.post(book_url, {"form_key": pages[1].context["form_key"], "step": ""})
        key = checking.context["form"].cleaned_data["form_key"]
        pages += [checking, client.post(book_url, {"form_key": key, "step": "confirm"}, follow=True)]
        booking = Booking.objects.get(attendee=person)
        pages.append(client.get(reverse("training:booking", args=[booking.uuid])))
        for page in map(words, pages):
            assert "1 April 2027" in page and "9:30am to 1pm" in page
            assert "8:30am" not in page
        for page in map(words, pages[2:]):
            assert "by the end of Tuesday 23 March 2027" in page

        with smtp.running_sink() as (sink, port), smtp.through(port):
            drain(now=timezone.now())
            confirmation = sink.mail_to(person.email)
            told = confirmation.get_body("plain").get_content()
            assert "Thursday 1 April 2027, 9:30am to 1pm" in told
            assert "By the end of Tuesday 23 March 2027" in told
            before = entry_of(confirmation)
            assert (before["DTSTART"], before["DTEND"]) == (":20270401T083000Z", ":20270401T120000Z")

            self.move_to_two_o_clock(staff(), run)
            sink.taken.clear()
            drain(now=timezone.now())
            changed = sink.mail_to(person.email)
            assert changed["Subject"].startswith("Changed")
            after = entry_of(changed)
            assert (after["DTSTART"], after["DTEND"]) == (":20270401T130000Z", ":20270401T163000Z")
            assert after["UID"] == before["UID"]
            assert int(after["SEQUENCE"][1:]) > int(before["SEQUENCE"][1:])

            (reminder,) = messages("--due-at", "2027-03-31 10:00", "--kind", "training/reminder")
            assert person.email in reminder
            sink.taken.clear()
            messages("--due-at", "2027-03-31 10:00", "--kind", "training/reminder", "--deliver")
            reminder = sink.mail_to(person.email)
            assert "2pm" in reminder["Subject"]
            assert "9:30am" not in reminder.get_body("plain").get_content()

    @staticmethod
    def move_to_two_o_clock(client, run):
        run_date = run.dates.get()
        lines = {
            "dates-TOTAL_FORMS": "1",
            "dates-INITIAL_FORMS": "0",
            "dates-0-day": "01/04/2027",
            "dates-0-starts": "14:00",
            "dates-0-ends": "17:30",
            "dates-0-venue": str(run_date.venue_id),
            "dates-0-trainers": "second.trainer@example.org",
        }
        url = reverse("admin:training_courserun_change-dates", args=[run.pk])
        preview = words(client.post(url, lines))
        assert "Thursday 1 April 2027, 9:30am to 1pm is now Thursday 1 April 2027, 2pm to 5:30pm." in preview
        client.post(url, lines | {"confirmed": "yes"})


def test_one_reminder_for_each_person_booked_none_for_the_cancelled_and_twice_delivered_arrives_once(
    programme, staff, client
):
    """Journey 4."""
    people = staff.people
    run = CourseRun.objects.get(ref="INTRO-2027-01")
    for person in (people.person, people.colleague, people.neighbour):
        book(person, run)
    cancelled = Booking.objects.get(attendee=people.colleague)
    sign_in(client, people.colleague).post(reverse("training:cancel-booking", args=[cancelled.uuid]))
    booked = {people.person.email, people.neighbour.email}
    with smtp.running_sink() as (sink, port), smtp.through(port):
        drain(now=local(date(2027, 1, 8), time(12)))  # confirmations, the cancellation, joining instructions
        sink.taken.clear()
        lines = messages("--due-at", "2027-01-13 10:00")
        assert len(lines) == 2 and all("training/reminder" in line for line in lines)
        assert {email for line in lines for email in booked if email in line} == booked
        assert messages("--due-at", "2027-01-13 10:00", "--deliver") == lines
        assert messages("--due-at", "2027-01-13 10:00", "--deliver") == []
        assert sorted(sink.recipients) == sorted(booked)
        assert "Tomorrow at 9:30am" in sink.mail_to(people.person.email)["Subject"]


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_a_freed_place_stays_full_for_a_newcomer_until_staff_give_it_to_the_first_who_is_told_once(staff, open_page):
    """Journey 5."""
    people = staff.people
    run = RunFactory(ref="FULL-1", course__title="First steps", places=2)
    leaving, _ = fill(run)
    first, second = book(people.person, run), book(people.neighbour, run)
    newcomer = make_person("Grace Adeyemi", "grace@marsh.example.org", make_organisation("Marsh Nursery"))

    page = open_page(leaving.attendee)
    page.goto(reverse("training:booking", args=[leaving.uuid]))
    page.get_by_role("button", name="Cancel my place").click()
    page.get_by_role("button", name="Yes, cancel my place").click()
    page.get_by_text("Your place has been given up.").wait_for()

    page = open_page(newcomer)
    page.goto(reverse("training:course", args=[run.course.slug]))
    row = page.get_by_role("row").filter(has_text="9:30am to 1pm")
    assert "Full: join the waiting list" in row.inner_text()
    assert row.get_by_role("button", name="Book").count() == 0

    page = open_page(people.staff)
    page.goto("/admin/")
    waiting = page.get_by_role("region", name="Free places with people waiting").get_by_role("listitem")
    assert "Free place, 2 waiting" in waiting.inner_text()
    waiting.get_by_role("link", name="FULL-1").click()
    page.get_by_role("button", name="Give the place").click()
    page.get_by_text("Ada Okafor has a place.").wait_for()

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.status, second.status) == (Status.CONFIRMED, Status.WAITLISTED)
    with smtp.running_sink() as (sink, port), smtp.through(port):
        drain(now=timezone.now())
        told = [mail["Subject"] for to, mail in sink.taken if to == people.person.email]
        assert len([subject for subject in told if subject.startswith("You have a place")]) == 1
        assert not [mail for to, mail in sink.taken if to == people.neighbour.email and "place" in mail["Subject"]]
