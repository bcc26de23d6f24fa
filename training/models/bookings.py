"""Who asked for a place on which run, and what became of it."""

import secrets
import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from chatr.encryption.fields import EncryptedTextField

from .runs import CourseRun, Place

# Read aloud over the telephone without doubt: no 0/O, 1/I/L, U/V.
REFERENCE_LETTERS = "23456789ABCDEFGHJKMNPQRSTWXYZ"


def new_reference() -> str:
    """Eight letters and numbers a person can read out, such as ``K7QF-3M2X``."""
    letters = "".join(secrets.choice(REFERENCE_LETTERS) for _ in range(8))
    return f"{letters[:4]}-{letters[4:]}"


class Status(models.TextChoices):
    """What became of a booking. Only ``training.operations`` moves one from state to state."""

    REQUESTED = "requested", "Waiting for a decision"
    WAITLISTED = "waitlisted", "On the waiting list"
    CONFIRMED = "confirmed", "Booked"
    CANCELLED = "cancelled", "Cancelled"
    CANCELLED_LATE = "cancelled_late", "Cancelled after the deadline"
    WITHDRAWN = "withdrawn", "Taken back"
    DECLINED = "declined", "Declined"
    MOVED = "moved", "Moved to another run"
    RUN_CANCELLED = "run_cancelled", "The run was cancelled"


LAST_END = "(SELECT MAX(d.ends_at) FROM training_rundate d WHERE d.run_id = %(expressions)s)"
LIVE = (Status.REQUESTED, Status.WAITLISTED, Status.CONFIRMED)


class BookingQuerySet(models.QuerySet):
    def live(self):
        """Asked for, waiting or booked."""
        return self.filter(status__in=LIVE)

    def confirmed(self):
        return self.filter(status=Status.CONFIRMED)

    def with_end(self):
        """Adds ``over_at``: when the last date of the run ends. A subquery, so that nothing has to be grouped."""
        return self.annotate(over_at=models.Func("run", template=LAST_END, output_field=models.DateTimeField()))

    def waiting_in_order(self):
        """The waiting list, first come first: keys are handed out under the run's lock."""
        return self.filter(status=Status.WAITLISTED).order_by("pk")

    def visible_to(self, user):
        """A person's own bookings. Staff use admin."""
        return self.filter(attendee=user)


class Booking(models.Model):
    """One person's wish for a place on one run.

    The primary key is the order of asking and is never reused; people see ``uuid`` in addresses and
    ``reference`` on paper. The organisation is the one they worked for when they asked.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    reference = models.CharField(max_length=9, unique=True, default=new_reference, editable=False)
    run = models.ForeignKey(CourseRun, on_delete=models.PROTECT, related_name="bookings")
    attendee = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="training_bookings")
    booked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(
        "accounts.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="training_bookings"
    )
    status = models.CharField(max_length=16, choices=Status.choices)
    place = models.OneToOneField(Place, null=True, blank=True, on_delete=models.PROTECT, related_name="booking")
    # Sent with the form, so the same answers sent twice, even after cancelling, are one booking.
    form_key = models.UUIDField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField("asked")
    decided_at = models.DateTimeField("decided", null=True, blank=True)
    ended_at = models.DateTimeField("ended", null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True, help_text="What staff said about the last change.")
    moved_to = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="moved_from", editable=False
    )

    objects = BookingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["run", "attendee"],
                condition=Q(status__in=["requested", "waitlisted", "confirmed"]),
                name="one_live_booking",
                violation_error_message="This person already has a booking on this run.",
            ),
            models.UniqueConstraint(fields=["attendee", "form_key"], name="one_booking_a_form"),
            models.CheckConstraint(
                condition=Q(status="confirmed", place__isnull=False) | (~Q(status="confirmed") & Q(place=None)),
                name="confirmed_holds_a_place",
                violation_error_message="A confirmed booking holds a place, and no other booking does.",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["requested", "waitlisted", "confirmed"], ended_at=None)
                | (~Q(status__in=["requested", "waitlisted", "confirmed"]) & Q(ended_at__isnull=False)),
                name="ended_booking_has_its_moment",
                violation_error_message="A booking that ended needs the moment it ended.",
            ),
            models.CheckConstraint(
                condition=Q(status="moved", moved_to__isnull=False) | (~Q(status="moved") & Q(moved_to=None)),
                name="moved_booking_says_where",
                violation_error_message="A moved booking says where it went.",
            ),
        ]
        indexes = [models.Index(fields=["run", "status", "id"], name="booking_queue")]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_live(self) -> bool:
        return self.status in LIVE

    @property
    def is_confirmed(self) -> bool:
        return self.status == Status.CONFIRMED

    @property
    def is_waiting(self) -> bool:
        return self.status == Status.WAITLISTED

    @property
    def is_request(self) -> bool:
        return self.status == Status.REQUESTED


class Needs(models.Model):
    """What a person told us they need on the day: encrypted, for the people who must know, gone afterwards.

    There is no history of it, and it is never in a list, a message, a calendar or a log.
    """

    booking = models.OneToOneField(Booking, on_delete=models.CASCADE, related_name="needs")
    access = EncryptedTextField("access needs", blank=True)
    dietary = EncryptedTextField("dietary needs", blank=True)
    purge_after = models.DateField(help_text="The day after which it is erased.")

    class Meta:
        verbose_name_plural = "needs"

    def __str__(self) -> str:
        return f"Needs for {self.booking_id}"
