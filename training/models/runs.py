"""One delivery of a course: its dates, its trainers, and one row for each seat."""

import uuid

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Min, Q
from django.db.models.functions import Upper

from .courses import Course, Venue

REF = RegexValidator(r"^[A-Z0-9][A-Z0-9-]{1,39}\Z", "Use capital letters, numbers and hyphens only.")


# How many of what a run has. Written as SQL, because composing four subqueries took longer than all else on a page.
NUMBERS = {
    "places_total": "(SELECT COUNT(*) FROM training_place n WHERE n.run_id = {run})",
    "places_held": "(SELECT COUNT(*) FROM training_booking n WHERE n.run_id = {run} AND n.place_id IS NOT NULL)",
    "waiting": "(SELECT COUNT(*) FROM training_booking n WHERE n.run_id = {run} AND n.status = 'waitlisted')",
    "requests": "(SELECT COUNT(*) FROM training_booking n WHERE n.run_id = {run} AND n.status = 'requested')",
}


def how_many(sql: str, run: F) -> models.Func:
    """One of ``NUMBERS``, of the run whose key is ``run``."""
    return models.Func(run, template=sql.format(run="%(expressions)s"), output_field=models.IntegerField())


class CourseRunQuerySet(models.QuerySet):
    def published(self):
        """Those the public may see: open, closed to new bookings, or cancelled and saying so."""
        return self.exclude(status=CourseRun.Status.DRAFT)

    def with_first_date(self):
        """Adds ``first_starts_at``."""
        return self.annotate(first_starts_at=Min("dates__starts_at"))

    def upcoming(self, now):
        """Those whose first date has not begun. Adds ``first_starts_at``."""
        return self.with_first_date().filter(first_starts_at__gt=now)

    def with_numbers(self):
        """Adds ``places_total``, ``places_held``, ``waiting`` and ``requests``."""
        return self.annotate(**{name: how_many(sql, F("pk")) for name, sql in NUMBERS.items()})

    def full_details(self):
        """With the course, dates and venues a page needs, in two queries however many rows."""
        return self.select_related("course__requires").prefetch_related(
            models.Prefetch("dates", RunDate.objects.in_order().select_related("venue"))
        )


class CourseRun(models.Model):
    """One delivery of a course, on one date or several. Its times live on its dates."""

    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        PUBLISHED = "published", "Published"
        CLOSED = "closed", "Closed to new bookings"
        CANCELLED = "cancelled", "Cancelled"

    class Mode(models.TextChoices):
        IN_PERSON = "in_person", "In person"
        ONLINE = "online", "Online"
        BLENDED = "blended", "In person and online"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    ref = models.CharField(
        "reference", max_length=40, unique=True, validators=[REF], help_text="Such as INTRO-2027-01."
    )
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="runs")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)
    mode = models.CharField("in person or online", max_length=10, choices=Mode.choices, default=Mode.IN_PERSON)
    online_link = models.URLField(
        "joining link", blank=True, help_text="Shown to booked people from 30 minutes before; never sent by e-mail."
    )
    opens_date = models.DateField("booking opens")
    closes_date = models.DateField("booking closes", help_text="The last day on which people can book.")
    min_places = models.PositiveIntegerField("fewest people to go ahead", default=0)
    waiting_list_cap = models.PositiveIntegerField("longest waiting list", default=0)
    places_per_organisation = models.PositiveIntegerField(
        "places for each organisation", null=True, blank=True, help_text="Empty: no limit."
    )
    cancel_deadline_working_days = models.PositiveIntegerField(
        "cancel by, working days before", default=5, help_text="Until 23:59 on that working day before the first date."
    )
    schedule_version = models.PositiveIntegerField(default=1, editable=False)
    cancelled_at = models.DateTimeField(null=True, blank=True, editable=False)
    cancel_reason = models.CharField("why it was cancelled", max_length=300, blank=True)

    objects = CourseRunQuerySet.as_manager()

    class Meta:
        verbose_name = "run"
        constraints = [
            models.CheckConstraint(
                condition=Q(ref=Upper("ref")),
                name="run_reference_in_capitals",
                violation_error_message="Write the run reference in capital letters.",
            ),
            models.CheckConstraint(
                condition=Q(opens_date__lte=F("closes_date")),
                name="booking_opens_before_it_closes",
                violation_error_message="Booking must open before it closes.",
            ),
            models.CheckConstraint(
                condition=Q(status="cancelled", cancelled_at__isnull=False)
                | (~Q(status="cancelled") & Q(cancelled_at=None)),
                name="cancelled_run_has_its_moment",
                violation_error_message="A cancelled run needs the moment it was cancelled.",
            ),
        ]

    def __str__(self) -> str:
        return self.ref

    @property
    def is_online(self) -> bool:
        return self.mode != self.Mode.IN_PERSON

    @property
    def is_in_person(self) -> bool:
        return self.mode != self.Mode.ONLINE


class RunDateQuerySet(models.QuerySet):
    def in_order(self):
        return self.order_by("number")


class RunDate(models.Model):
    """One day of a run. Its identity never changes, so people's calendars can follow a move."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    run = models.ForeignKey(CourseRun, on_delete=models.CASCADE, related_name="dates")
    number = models.PositiveSmallIntegerField(help_text="1 for the first date.")
    starts_at = models.DateTimeField("starts")
    ends_at = models.DateTimeField("ends")
    venue = models.ForeignKey(Venue, null=True, blank=True, on_delete=models.PROTECT, related_name="dates")
    ics_sequence = models.PositiveIntegerField(default=0, editable=False)

    objects = RunDateQuerySet.as_manager()

    class Meta:
        verbose_name = "date"
        constraints = [
            models.UniqueConstraint(fields=["run", "number"], name="one_date_of_a_number"),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="date_ends_after_it_starts",
                violation_error_message="It must end after it starts.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.run.ref} date {self.number}"


class TrainerAssignment(models.Model):
    """That a person delivers one date."""

    run_date = models.ForeignKey(RunDate, on_delete=models.CASCADE, related_name="trainer_assignments")
    trainer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="training_assignments")

    class Meta:
        verbose_name = "trainer"
        constraints = [
            models.UniqueConstraint(
                fields=["run_date", "trainer"],
                name="trainer_once_a_date",
                violation_error_message="This trainer is already on that date.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.trainer}: {self.run_date}"


class PlaceQuerySet(models.QuerySet):
    def free(self):
        """Those no booking holds."""
        return self.filter(booking=None)


class Place(models.Model):
    """One seat on a run. A booking that holds a seat holds one of these, so a run can never be overbooked."""

    run = models.ForeignKey(CourseRun, on_delete=models.CASCADE, related_name="places")
    number = models.PositiveIntegerField()
    is_extra = models.BooleanField("extra", default=False, help_text="Added beyond the planned places.")
    reason = models.CharField("why it was added", max_length=300, blank=True)

    objects = PlaceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "number"], name="one_place_of_a_number"),
            # The target of the key that keeps a booking's place on the booking's own run (see the first migration).
            models.UniqueConstraint(fields=["id", "run"], name="place_and_run"),
            models.CheckConstraint(
                condition=Q(is_extra=False) | ~Q(reason=""),
                name="extra_place_has_a_reason",
                violation_error_message="Say why the extra place is added.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.run.ref} place {self.number}"
