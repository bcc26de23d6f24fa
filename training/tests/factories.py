"""Courses, runs and bookings for tests. Runs start in about two months and are open for booking unless told."""

from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from unittest import mock

import factory
from django.utils import timezone
from django.utils.text import slugify
from factory.django import DjangoModelFactory

from chatr.accounts.models import User
from chatr.accounts.queries import membership_for_booking
from chatr.workdays.clock import local

from ..models import (
    Booking,
    Course,
    CourseRun,
    Place,
    RunDate,
    TrainerAssignment,
    Venue,
)
from ..operations.bookings import NeedsGiven, book_place

MORNING, LUNCH = time(9, 30), time(13, 0)


def thursday_in(weeks: int) -> date:
    """A Thursday about that many weeks from now (before now, when negative)."""
    today = timezone.localdate()
    return today + timedelta(days=(3 - today.weekday()) % 7, weeks=weeks)


@contextmanager
def clock_at(moment: datetime):
    """The portal's clock stands still at this moment."""
    with mock.patch("django.utils.timezone.now", return_value=moment):
        yield


class CourseFactory(DjangoModelFactory):
    class Meta:
        model = Course

    code = factory.Sequence(lambda n: f"COURSE-{n + 1}")
    slug = factory.LazyAttribute(lambda course: slugify(course.code))
    title = factory.Sequence(lambda n: f"Understanding trauma, part {n + 1}")
    level = Course.Level.INTRODUCTORY
    summary = "How trauma shows up, and what helps children and families recover."
    aims = "Say what trauma is\nNotice how it shows up"
    audience = "Anyone working with children or families in Hackney or the City"
    content_note = "We talk about harm to children, in general and without names."
    cpd_minutes = 210
    is_published = True


class VenueFactory(DjangoModelFactory):
    class Meta:
        model = Venue

    name = factory.Sequence(lambda n: f"Training room {n + 1}")
    address = "1 Hillman Street"
    postcode = "E8 1DY"
    arrival_instructions = "Ask for the training room at the front desk."
    access = "Step-free from the street, lift, hearing loop."


class RunFactory(DjangoModelFactory):
    """A published run. ``days`` are its dates, from ``starts`` (9:30) to ``ends`` (13:00),
    ``places`` its seats, ``trainers`` the people who deliver every date of it.
    """

    class Meta:
        model = CourseRun
        skip_postgeneration_save = True

    class Params:
        days = factory.LazyFunction(lambda: [thursday_in(8)])

    ref = factory.Sequence(lambda n: f"RUN-{n + 1}")
    course = factory.SubFactory(CourseFactory)
    status = CourseRun.Status.PUBLISHED
    mode = CourseRun.Mode.IN_PERSON
    online_link = factory.LazyAttribute(
        lambda run: "" if run.mode == "in_person" else "https://meet.example.org/room-7"
    )
    opens_date = factory.LazyAttribute(lambda run: run.days[0] - timedelta(weeks=20))
    closes_date = factory.LazyAttribute(lambda run: run.days[0] - timedelta(days=1))
    waiting_list_cap = 5
    cancelled_at = factory.LazyAttribute(lambda run: timezone.now() if run.status == "cancelled" else None)

    @classmethod
    def _generate(cls, strategy, params):
        seats, trainers = params.pop("places", 3), params.pop("trainers", [])
        starts, ends = params.pop("starts", MORNING), params.pop("ends", LUNCH)
        days = params.setdefault("days", [thursday_in(8)])
        venue = params.pop("venue", None)
        run = super()._generate(strategy, params)
        if venue is None and run.mode != CourseRun.Mode.ONLINE:
            venue = VenueFactory()
        for number, day in enumerate(days, start=1):
            run_date = RunDate.objects.create(
                run=run,
                number=number,
                starts_at=local(day, starts),
                ends_at=local(day, ends),
                venue=venue,
            )
            for trainer in trainers:
                TrainerAssignment.objects.create(run_date=run_date, trainer=trainer)
        Place.objects.bulk_create(Place(run=run, number=number) for number in range(1, seats + 1))
        return run


def book(
    person: User,
    run: CourseRun,
    *,
    now: datetime | None = None,
    needs: NeedsGiven | None = None,
) -> Booking:
    """Book as the person would: a place, the waiting list or a request, as the run and their membership say."""
    return book_place(
        run=run,
        attendee=person,
        membership=membership_for_booking(person),
        now=now or timezone.now(),
        needs=needs or NeedsGiven(),
    )


def fill(run: CourseRun) -> list[Booking]:
    """Book every free place, each by a new person of a new organisation."""
    from chatr.testing.people import make_organisation, make_person

    free = run.places.free().count()
    organisation = make_organisation(f"Organisation filling {run.ref}")
    return [
        book(
            make_person(
                f"Person {n} of {run.ref}",
                f"p{n}.{run.ref.lower()}@filler.example.org",
                organisation,
            ),
            run,
        )
        for n in range(1, free + 1)
    ]
