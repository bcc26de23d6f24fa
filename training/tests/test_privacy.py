"""What a person gets of their training when they ask for their data, and what erasing leaves."""

from datetime import time

import pytest
from django.utils import timezone

from chatr.notifications.models import Message
from chatr.privacy.operations import erase
from chatr.privacy.queries import export_for
from chatr.workdays.clock import local

from ..models import Booking, Needs, Status, TrainerAssignment
from ..operations.bookings import NeedsGiven
from .factories import RunFactory, book, thursday_in

pytestmark = pytest.mark.django_db


def test_the_export_holds_the_persons_bookings_and_needs_and_nobody_elses(people):
    run = RunFactory(ref="INTRO-1", trainers=[people.trainer])
    booking = book(people.person, run, needs=NeedsGiven(access="Large print"))
    theirs = book(people.colleague, run, needs=NeedsGiven(access="Hearing loop"))
    mine = export_for(people.person)["training"]
    assert mine["bookings"] == [
        {
            "reference": booking.reference,
            "course": run.course.title,
            "run": "INTRO-1",
            "organisation": "Mill Lane School",
            "status": "Booked",
            "asked_at": booking.created_at.isoformat(),
            "decided_at": booking.decided_at.isoformat(),
            "ended_at": "",
            "reason": "",
            "access_needs": "Large print",
            "dietary_needs": "",
        }
    ]
    assert theirs.reference not in str(mine) and "Hearing loop" not in str(mine)
    assert export_for(people.trainer)["training"]["teaching"] == [
        {"run": "INTRO-1", "at": run.dates.get().starts_at.isoformat()}
    ]


def test_erasing_gives_up_what_is_to_come_and_forgets_what_was_needed(people):
    now = timezone.now()
    to_come = book(people.person, RunFactory(), needs=NeedsGiven(access="Large print"))
    over = book(people.person, RunFactory(days=[thursday_in(-2)]), now=local(thursday_in(-9), time(9)))
    Needs.objects.create(booking=over, access="Step-free", purge_after=thursday_in(2))
    theirs = book(people.colleague, to_come.run, needs=NeedsGiven(access="Hearing loop"))
    Booking.objects.filter(pk=over.pk).update(reason="She rang to say she was ill.")

    erase(people.person, by=people.admin, now=now)

    to_come.refresh_from_db()
    over.refresh_from_db()
    assert to_come.status == Status.CANCELLED
    assert (over.status, over.reason) == (Status.CONFIRMED, "")
    assert [needs.booking for needs in Needs.objects.all()] == [theirs]
    about_them = Message.objects.filter(about_type="training.booking", about_id__in=[str(to_come.pk), str(over.pk)])
    assert set(about_them.values_list("state", flat=True)) == {Message.State.SUPPRESSED}
    assert not Message.objects.filter(to_email=people.person.email).exists()
    theirs.refresh_from_db()
    assert theirs.is_confirmed


def test_an_erased_trainer_teaches_nothing_to_come_any_more(people):
    RunFactory(trainers=[people.trainer], days=[thursday_in(-2), thursday_in(3)])
    erase(people.trainer, by=people.admin, now=timezone.now())
    assert [each.run_date.number for each in TrainerAssignment.objects.select_related("run_date")] == [1]
