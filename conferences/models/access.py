"""Who may open a conference, and the log of everything that was read. No content in any of it."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from chatr.encryption.fields import EncryptedTextField

from .children import ConferenceChild
from .codes import AssignmentRole, SectionKind
from .conference import Conference
from .rows import Row


class AssignmentQuerySet(models.QuerySet):
    def live(self):
        """Those that let somebody in now."""
        return self.filter(Q(until=None) | Q(until__gt=timezone.now()))


class Assignment(Row):
    """That a person may open a conference, as what, from when until when. Nothing else lets anybody in."""

    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="assignments")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="conference_assignments")
    role = models.CharField(max_length=12, choices=AssignmentRole.choices)
    all_children = models.BooleanField(default=True)
    sections = ArrayField(
        models.CharField(max_length=16, choices=SectionKind.choices),
        null=True,
        blank=True,
        help_text="Only these kinds of section; empty for all that the role reads.",
    )
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["user", "conference"], name="assignment_by_person")]
        constraints = [
            models.UniqueConstraint(
                fields=["conference", "user", "role"], condition=Q(until=None), name="one_live_assignment_in_a_role"
            ),
            models.UniqueConstraint(
                fields=["conference"], condition=Q(until=None, role=AssignmentRole.CHAIR), name="one_chair_at_a_time"
            ),
            models.UniqueConstraint(fields=["id", "conference"], name="assignment_and_conference"),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="assignment_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=~Q(role=AssignmentRole.BREAK_GLASS) | Q(until__isnull=False),
                name="emergency_reading_ends_by_itself",
            ),
            models.CheckConstraint(
                condition=~Q(role__in=[AssignmentRole.CONTRIBUTOR, AssignmentRole.ADVOCATE, AssignmentRole.BREAK_GLASS])
                | Q(all_children=False),
                name="others_are_let_in_child_by_child",
            ),
        ]


class AssignmentChild(Row):
    """One child an assignment is limited to."""

    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="+")
    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="for_children")
    child = models.ForeignKey(ConferenceChild, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["assignment", "child"], name="a_child_once_in_an_assignment")]


class BreakGlassGround(models.TextChoices):
    RISK_NOW = "risk_now", "A child may be at risk now"
    CHAIR_AWAY = "chair_away", "The chair cannot be reached and somebody must act"
    COURT = "court", "A court or the police asks and it cannot wait"


class BreakGlass(Row):
    """Emergency reading of one child's record: why, for sixty minutes, and what the manager made of it."""

    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="emergency_readings")
    child = models.ForeignKey(ConferenceChild, on_delete=models.PROTECT, related_name="emergency_readings")
    assignment = models.OneToOneField(Assignment, on_delete=models.PROTECT, related_name="emergency_reading")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    ground = models.CharField(max_length=12, choices=BreakGlassGround.choices)
    reason = EncryptedTextField()
    at = models.DateTimeField()
    until = models.DateTimeField()
    review_due_on = models.DateField()
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reviewed_at = models.DateTimeField(null=True, blank=True)
    was_right = models.BooleanField(null=True, blank=True)
    verdict = EncryptedTextField(blank=True)

    class Meta:
        verbose_name = "emergency reading"
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(reviewed_at=None), name="one_unreviewed_emergency_reading"
            ),
            models.CheckConstraint(
                condition=Q(reviewed_at=None, reviewed_by=None, was_right=None)
                | Q(reviewed_at__isnull=False, reviewed_by__isnull=False, was_right__isnull=False),
                name="reviewed_by_somebody",
            ),
            models.CheckConstraint(condition=~Q(reviewed_by=F("user")), name="nobody_reviews_their_own_reading"),
        ]


class AccessEvent(models.Model):
    """One thing somebody read, or tried to. Written by a function in the database before the page is served, each row
    with the hash of the one before it; nobody can change or remove one."""

    id = models.UUIDField(primary_key=True, editable=False)
    chain = models.UUIDField("conference, or person where it is about none")
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    user_id = models.UUIDField()
    conference_id = models.UUIDField(null=True)
    assignment_id = models.UUIDField(null=True)
    role = models.CharField(max_length=12, blank=True)
    action = models.CharField(max_length=20)
    object_type = models.CharField(max_length=40, blank=True)
    object_id = models.CharField(max_length=64, blank=True)
    sections = ArrayField(models.UUIDField(), default=list)
    request_id = models.CharField(max_length=36, blank=True)
    address = models.CharField("network address", max_length=45, blank=True)
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        indexes = [
            models.Index(fields=["conference_id", "-at"], name="access_by_conference"),
            models.Index(fields=["user_id", "-at"], name="access_by_person"),
        ]
        constraints = [models.UniqueConstraint(fields=["chain", "number"], name="one_access_event_of_a_number")]

    def __str__(self) -> str:
        return f"access event {self.number} of {self.chain}"


class AccessChain(models.Model):
    """The last link of each chain."""

    chain = models.UUIDField(primary_key=True)
    number = models.PositiveIntegerField()
    hash = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return f"chain {self.chain}"
