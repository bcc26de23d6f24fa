"""The conference itself: ids, dates and codes. What people said and why is in tables of its own."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from chatr.encryption.fields import EncryptedTextField

from .codes import SIGNED_STATES, ConferenceKind, InquorateGround, Mode, Reason, State
from .rows import Row
from .teams import Team


class Conference(Row):
    """One meeting about a family. It holds no name and no free text, so its constraints can be printed in a log."""

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="conferences")
    kind = models.CharField(max_length=12, choices=ConferenceKind.choices)
    state = models.CharField(max_length=12, choices=State.choices, default=State.SCHEDULED)
    previous = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="next")
    scheduled_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField("how long, in minutes", default=120)
    mode = models.CharField(max_length=10, choices=Mode.choices, default=Mode.IN_PERSON)
    held_on = models.DateField(null=True, blank=True)
    notified_on = models.DateField("written notification of the transfer", null=True, blank=True)
    mother_not_medically_fit = models.BooleanField(default=False)
    chair = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    report_author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Who wrote the section 47 or social work report, or manages the case: they do not chair.",
    )
    independence_overridden_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    late_agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    quorate = models.BooleanField(null=True, blank=True)
    inquorate_grounds = ArrayField(
        models.CharField(max_length=20, choices=InquorateGround.choices), default=list, blank=True
    )
    signed_at = models.DateTimeField(null=True, blank=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    signed_for_chair = models.BooleanField(default=False)
    content_sha256 = models.CharField(max_length=64, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["team", "scheduled_at"], name="conference_by_team")]
        constraints = [
            models.CheckConstraint(
                condition=Q(held_on=None) | Q(held_on__iso_week_day__lt=6),
                name="not_held_at_a_weekend",
                violation_error_message="A conference is not held at a weekend.",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=SIGNED_STATES, signed_at__isnull=False, signed_by__isnull=False, held_on__isnull=False
                )
                & ~Q(content_sha256="")
                | ~Q(state__in=SIGNED_STATES) & Q(signed_at=None, signed_by=None, content_sha256=""),
                name="signed_means_by_whom_and_when",
            ),
            models.CheckConstraint(
                condition=Q(signed_by=None) | Q(signed_by=F("chair")) | Q(signed_for_chair=True),
                name="the_chair_signs_or_somebody_for_them",
            ),
            models.CheckConstraint(
                condition=Q(report_author=None)
                | ~Q(report_author=F("chair"))
                | Q(independence_overridden_by__isnull=False),
                name="the_chair_is_independent",
                violation_error_message="Whoever wrote the social work report or manages the case does not chair.",
            ),
            models.CheckConstraint(
                condition=~Q(independence_overridden_by=F("chair")) | Q(independence_overridden_by=None),
                name="nobody_calls_themselves_independent",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=SIGNED_STATES) | Q(quorate=True) | ~Q(inquorate_grounds=[]),
                name="signed_with_a_quorum_or_grounds",
            ),
            models.CheckConstraint(
                condition=~Q(kind=ConferenceKind.TRANSFER_IN) | Q(notified_on__isnull=False),
                name="a_transfer_has_its_notification_date",
                violation_error_message="Enter the date of the written notification.",
            ),
        ]


class Arrangements(Row):
    """Where and how people meet, in words."""

    conference = models.OneToOneField(Conference, on_delete=models.PROTECT, related_name="arrangements")
    place = EncryptedTextField(blank=True)
    joining = EncryptedTextField("how to join online", blank=True)
    notes = EncryptedTextField("for those who prepare the meeting", blank=True)


class Explanation(Row):
    """The chair's words on one thing that has to be explained."""

    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="explanations")
    child = models.ForeignKey(
        "ConferenceChild", null=True, blank=True, on_delete=models.PROTECT, related_name="explanations"
    )
    kind = models.CharField(max_length=20, choices=Reason.choices)
    words = EncryptedTextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["conference", "child", "kind"], nulls_distinct=False, name="one_explanation_of_a_kind"
            ),
        ]
