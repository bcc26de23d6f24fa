"""The staff pages of training: what staff see and do, what others may not, and the programme import by hand."""

from datetime import timedelta
from unittest import mock

import pytest
from django.contrib.admin import site
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from chatr.notifications.models import Message
from chatr.notifications.operations import drain
from chatr.testing.people import make_organisation, make_person

from ..admin.runs import CourseRunAdmin
from ..models import Booking, Course, CourseRun, Needs, Status
from ..operations import bookings as ops
from ..operations import runs
from ..programme.rows import COLUMNS
from .factories import CourseFactory, RunFactory, VenueFactory, book, fill, thursday_in
from .test_programme import row

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client, people, sign_in):
    return sign_in(client, people.staff)


def run_url(run, act="change") -> str:
    return reverse(f"admin:training_courserun_{act}", args=[run.pk])


def booking_url(booking, act="change") -> str:
    return reverse(f"admin:training_booking_{act}", args=[booking.pk])


def confirm(client, url, **data):
    return client.post(url, {"confirmed": "yes"} | data, follow=True)


def programme(*rows) -> SimpleUploadedFile:
    lines = [",".join(COLUMNS)] + [",".join(f'"{each[column]}"' for column in COLUMNS) for each in rows]
    return SimpleUploadedFile("programme.csv", "\n".join(lines).encode(), content_type="text/csv")


class TestWhoMay:
    @pytest.mark.parametrize("who", ["person", "trainer"])
    def test_nobody_but_training_staff_reaches_a_run_or_its_acts(self, client, people, sign_in, who):
        run = RunFactory()
        sign_in(client, getattr(people, who))
        for url in (run_url(run), run_url(run, "cancel"), reverse("admin:training_courserun_import-file")):
            assert client.get(url).status_code in (302, 403)
            assert confirm(client, url, reason="x").status_code in (200, 403)
        run.refresh_from_db()
        assert run.status == "published"

    def test_needs_show_only_to_those_who_may_see_them(self, staff, people):
        from chatr.accounts.models import Role

        booking = book(people.person, RunFactory(), needs=ops.NeedsGiven(access="a seat near the door"))
        assert "a seat near the door" in staff.get(booking_url(booking)).content.decode()
        role = Role.objects.get(code="programme_staff")
        role.permissions = [code for code in role.permissions if code != "see_needs"]
        role.save()
        assert "a seat near the door" not in staff.get(booking_url(booking)).content.decode()

    def test_an_export_of_bookings_never_holds_needs(self, staff, people):
        book(people.person, RunFactory(), needs=ops.NeedsGiven(access="a seat near the door"))
        chosen = {"action": "export_csv", "_selected_action": [b.pk for b in Booking.objects.all()]}
        answer = staff.post(reverse("admin:training_booking_changelist"), chosen)
        text = b"".join(answer).decode()
        assert people.person.email in text and "near the door" not in text


class TestRuns:
    def test_the_list_costs_the_same_with_one_and_three_runs(self, staff, keeps_one_query_count):
        keeps_one_query_count(
            lambda: fill(RunFactory()), lambda: staff.get(reverse("admin:training_courserun_changelist"))
        )

    def test_the_desk_costs_the_same_with_one_and_three_of_everything(self, staff, people, keeps_one_query_count):
        def more():
            run = RunFactory(places=1, days=[thursday_in(1)], closes_date=thursday_in(1), min_places=2)
            (held,) = fill(run)
            book(make_person(f"W {run.ref}", f"w.{run.ref}@x.example.org".lower(), people.organisation), run)
            ops.cancel_booking(booking=held, by=held.attendee, now=timezone.now())

        keeps_one_query_count(more, lambda: staff.get(reverse("admin:index")), at_most=24)

    def test_saving_a_run_undoes_nothing_a_colleague_did_meanwhile(self, staff, people):
        run = RunFactory(places=3)
        runs.cancel_run(run=run, reason="The trainer is ill.", by=people.admin, now=timezone.now())
        as_loaded = CourseRunAdmin(CourseRun, site).get_queryset(None).get(pk=run.pk)
        as_loaded.status, as_loaded.cancelled_at, as_loaded.cancel_reason = "published", None, ""
        shown = staff.get(run_url(run)).context["adminform"].form
        form = {name: shown[name].value() or "" for name in shown.fields} | {"min_places": "2"}
        with mock.patch.object(CourseRunAdmin, "get_object", return_value=as_loaded):
            staff.post(run_url(run), form)
        run.refresh_from_db()
        assert (run.min_places, run.status, run.cancel_reason) == (2, "cancelled", "The trainer is ill.")

    def test_cutting_places_below_those_held_is_refused_in_the_form(self, staff, people):
        run = RunFactory(places=3)
        fill(run)
        form = {
            "mode": "in_person",
            "places": "1",
            "min_places": "0",
            "waiting_list_cap": "5",
            "opens_date": "01/11/2026",
            "closes_date": "01/12/2026",
            "cancel_deadline_working_days": "5",
        }
        answer = staff.post(run_url(run), form)
        assert "3 people hold a place" in answer.content.decode()
        run.refresh_from_db()
        assert run.places.count() == 3 and run.waiting_list_cap == 5
        assert run.opens_date.isoformat() != "2026-11-01", "a refused change writes nothing"

    def test_staff_see_a_free_place_with_two_waiting_and_give_it_to_the_first(self, staff, people):
        run = RunFactory(places=1)
        (held,) = fill(run)
        first, _ = book(people.person, run), book(people.neighbour, run)
        ops.cancel_booking(booking=held, by=held.attendee, now=timezone.now())
        assert "Free place, 2 waiting" in staff.get(reverse("admin:index")).content.decode()
        page = staff.get(run_url(run, "give-free-place")).content.decode()
        assert str(people.person) in page
        assert Booking.objects.filter(status=Status.CONFIRMED).count() == 0, "looking changes nothing"
        confirm(staff, run_url(run, "give-free-place"))
        first.refresh_from_db()
        assert first.is_confirmed
        assert Message.objects.filter(kind="training/booking_confirmed").about(first).count() == 1

    def test_cancelling_shows_who_is_told_first(self, staff, people):
        run = RunFactory()
        book(people.person, run)
        page = staff.get(run_url(run, "cancel")).content.decode()
        assert "Ada Okafor (booked)" in page
        refused = confirm(staff, run_url(run, "cancel"), reason="")
        assert "This field is required" in refused.content.decode() or "Enter" in refused.content.decode()
        confirm(staff, run_url(run, "cancel"), reason="The room is flooded.")
        run.refresh_from_db()
        assert (run.status, run.cancel_reason) == ("cancelled", "The room is flooded.")

    def test_moving_a_run_previews_and_then_tells(self, staff, people):
        run = RunFactory()
        book(people.person, run)
        day = run.dates.get().starts_at.date()
        lines = {
            "dates-TOTAL_FORMS": "1",
            "dates-INITIAL_FORMS": "0",
            "dates-0-day": f"{day:%d/%m/%Y}",
            "dates-0-starts": "14:00",
            "dates-0-ends": "17:30",
            "dates-0-venue": str(run.dates.get().venue_id),
            "dates-0-trainers": "",
        }
        preview = staff.post(run_url(run, "change-dates"), lines).content.decode()
        assert "2pm to 5:30pm" in preview and "Ada Okafor" in preview
        assert not Message.objects.filter(kind="training/run_changed").exists()
        staff.post(run_url(run, "change-dates"), lines | {"confirmed": "yes"})
        assert timezone.localtime(run.dates.get().starts_at).hour == 14
        assert Message.objects.filter(kind="training/run_changed").count() == 1

    def test_a_time_that_does_not_exist_is_refused_beside_the_line(self, staff):
        run = RunFactory()
        lines = {
            "dates-TOTAL_FORMS": "1",
            "dates-INITIAL_FORMS": "0",
            "dates-0-day": "28/03/2027",
            "dates-0-starts": "01:30",
            "dates-0-ends": "03:30",
        }
        answer = staff.post(run_url(run, "change-dates"), lines).content.decode()
        assert "01:30 on 28 March 2027 does not exist" in answer and 'value="28/03/2027"' in answer

    def test_writing_to_everyone_is_read_through_before_it_is_sent(self, staff, people):
        run = RunFactory()
        book(people.person, run)
        words = {"subject": "Parking", "words": "There is none <b>nearby</b>."}
        preview = staff.post(run_url(run, "write-to-everyone"), words).content.decode()
        assert "What they will read" in preview and "&lt;b&gt;nearby" in preview
        assert not Message.objects.filter(kind="training/run_note").exists()
        staff.post(run_url(run, "write-to-everyone"), words | {"confirmed": "Send"})
        assert Message.objects.filter(kind="training/run_note").count() == 1

    def test_a_copy_keeps_the_time_on_the_wall_over_the_change_of_the_clocks(self, staff, people):
        run = RunFactory(days=[thursday_in(4)])
        summer = timezone.localdate().replace(month=6, day=10) + timedelta(days=365)
        confirm(
            staff,
            run_url(run, "copy"),
            ref="copy-summer",
            first_day=f"{summer:%d/%m/%Y}",
            opens_date="01/01/2027",
            closes_date="01/06/2027",
        )
        copied = CourseRun.objects.get(ref="COPY-SUMMER").dates.get()
        assert timezone.localtime(copied.starts_at).strftime("%H:%M") == "09:30"

    def test_a_person_is_booked_by_name_and_email(self, staff):
        run = RunFactory()
        confirm(staff, run_url(run, "book-person"), name="Zoë", email="zoe@new.example.org", organisation="")
        assert run.bookings.get().attendee.email == "zoe@new.example.org"

    def test_arrival_instructions_written_late_let_held_messages_go_at_once(self, staff, people):
        now, venue = timezone.now(), VenueFactory(arrival_instructions="")
        soon = timezone.localdate() + timedelta(days=2)
        booking = book(people.person, RunFactory(days=[soon], venue=venue), now=now - timedelta(days=20))
        drain(now=now)
        (held,) = Message.objects.held().about(booking)
        assert held.next_attempt_at > now
        form = {"name": venue.name, "address": "", "postcode": venue.postcode, "arrival_instructions": "Ask Sam."}
        staff.post(reverse("admin:training_venue_change", args=[venue.pk]), form | {"access": ""})
        held.refresh_from_db()
        assert held.next_attempt_at <= timezone.now()


class TestBookings:
    def test_the_list_costs_the_same_with_one_and_three_bookings(self, staff, keeps_one_query_count):
        run = RunFactory(places=9)
        place = make_organisation("Somewhere")
        people = iter(range(9))

        def more():
            n = next(people)
            book(make_person(f"P {n}", f"p{n}@list.example.org", place), run)

        keeps_one_query_count(more, lambda: staff.get(reverse("admin:training_booking_changelist")))

    def test_bulk_approval_obeys_the_places_left(self, staff, people):
        run = RunFactory(places=1, course=CourseFactory(approval=Course.Approval.STAFF))
        requests = [book(person, run) for person in (people.person, people.colleague, people.neighbour)]
        chosen = {"action": "approve_selected", "_selected_action": [b.pk for b in requests]}
        answer = staff.post(reverse("admin:training_booking_changelist"), chosen | {"confirmed": "yes"}, follow=True)
        assert "1 given a place, 2 put on the waiting list." in answer.content.decode()

    def test_declining_needs_a_reason(self, staff, people):
        request = book(people.person, RunFactory(course=CourseFactory(approval=Course.Approval.STAFF)))
        confirm(staff, booking_url(request, "decline"), reason="")
        request.refresh_from_db()
        assert request.is_request
        confirm(staff, booking_url(request, "decline"), reason="It is for managers.")
        request.refresh_from_db()
        assert request.status == Status.DECLINED

    def test_moving_a_person_carries_them_and_their_needs(self, staff, people):
        booking = book(people.person, RunFactory(), needs=ops.NeedsGiven(dietary="vegan"))
        other = RunFactory()
        confirm(staff, booking_url(booking, "move"), to_run=other.pk, reason="Asked by telephone.")
        assert Needs.objects.get().booking.run == other

    def test_cancelling_for_somebody_is_never_late(self, staff, people):
        booking = book(people.person, RunFactory(days=[thursday_in(1)], closes_date=thursday_in(1)))
        confirm(staff, booking_url(booking, "cancel"), reason="Ill")
        booking.refresh_from_db()
        assert (booking.status, booking.reason) == ("cancelled", "Ill")


class TestImport:
    def upload(self, client, *rows):
        return client.post(reverse("admin:training_courserun_import-file"), {"file": programme(*rows)}, follow=True)

    def test_preview_import_publish(self, staff):
        answer = self.upload(staff, row(), row(run_ref="INTRO-2", date="20/01/2027"))
        page = answer.content.decode()
        assert "1 course, 2 runs, 2 dates, 48 places" in page and "3 new, 0 changed" in page
        assert not CourseRun.objects.exists()
        url = answer.redirect_chain[-1][0]
        page = staff.post(url, {"fingerprint": answer.context["plan"].fingerprint}, follow=True).content.decode()
        assert "0 new, 0 changed" in page and "Publish 2 runs" in page
        assert set(CourseRun.objects.values_list("status", flat=True)) == {"draft"}
        staff.post(url, {"publish": "yes"})
        assert set(CourseRun.objects.values_list("status", flat=True)) == {"published"}

    def test_mistakes_show_and_nothing_is_written(self, staff):
        page = self.upload(staff, row(date="31/02/2027"), row(run_ref="B-1", capacity="twenty")).content.decode()
        assert "Row 2 (INTRO-1): the date 31/02/2027 does not exist in the calendar." in page
        assert "Row 3 (B-1): places must be a whole number" in page
        assert not CourseRun.objects.exists() and not Course.objects.exists()

    def test_when_the_portal_changed_since_the_preview_it_is_shown_again(self, staff, people):
        answer = self.upload(staff, row())
        RunFactory(ref="INTRO-1", course=CourseFactory(code="INTRO"), status="draft")
        again = staff.post(answer.redirect_chain[-1][0], {"fingerprint": answer.context["plan"].fingerprint})
        assert "Something changed on the portal since you looked" in again.content.decode()
        assert CourseRun.objects.count() == 1

    @pytest.mark.parametrize(
        ("name", "data", "said"),
        [
            ("programme.csv", b"", "empty"),
            ("programme.csv", b"a,b\n1,2\n", "missing"),
            ("programme.pdf", b"%PDF-1.7 hello", "must be one of these"),
        ],
    )
    def test_a_file_that_is_no_programme_is_refused_beside_the_field(self, staff, name, data, said):
        answer = staff.post(
            reverse("admin:training_courserun_import-file"), {"file": SimpleUploadedFile(name, data)}, follow=True
        )
        assert said in answer.content.decode()

    def test_a_made_up_or_foreign_file_is_not_found(self, staff):
        url = reverse("admin:training_courserun_import-preview", args=["6b8b4567-327b-23c6-643c-986966334873"])
        assert staff.get(url).status_code == 404
