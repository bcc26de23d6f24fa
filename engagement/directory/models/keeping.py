"""Keeping entries true: proposed changes, verification, suggestions from anybody, two entries that are one."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from .services import Service

PERSON = {"null": True, "blank": True, "on_delete": models.SET_NULL, "related_name": "+"}


class RevisionQuerySet(models.QuerySet):
    def open(self):
        """Those being written or waiting for staff."""
        return self.filter(state__in=(Revision.State.DRAFT, Revision.State.SUBMITTED))

    def waiting(self):
        """Those staff have to decide, the oldest first."""
        return self.filter(state=Revision.State.SUBMITTED).order_by("submitted_at", "pk")


class Revision(models.Model):
    """A proposed entry, whole, beside the approved one. ``entry`` is ``Entry.as_json()``; ``edit`` counts savings."""

    class State(models.TextChoices):
        DRAFT = "draft", "Being written"
        SUBMITTED = "submitted", "Waiting for staff"
        APPROVED = "approved", "Approved"
        REJECTED = "rejected", "Not approved"
        WITHDRAWN = "withdrawn", "Taken back"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="revisions")
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    base_version = models.PositiveIntegerField(help_text="The approved version it began from.")
    base = models.JSONField(default=dict, help_text="What was public when it was begun; empty for a first entry.")
    entry = models.JSONField(help_text="What is proposed.")
    edit = models.PositiveIntegerField(default=1)
    edited_by = models.ForeignKey(settings.AUTH_USER_MODEL, **PERSON)
    edited_at = models.DateTimeField()
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, **PERSON)
    submitted_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, **PERSON)
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField("why it was not approved", blank=True)
    changed_by_staff = models.BooleanField(default=False)

    objects = RevisionQuerySet.as_manager()

    class Meta:
        verbose_name = "proposed change"
        constraints = [
            models.UniqueConstraint(
                fields=["service"],
                condition=Q(state__in=("draft", "submitted")),
                name="one_open_revision",
                violation_error_message="A change to this service is open already.",
            ),
            models.CheckConstraint(
                condition=~Q(state="rejected") | ~Q(reason=""),
                name="rejected_with_a_reason",
                violation_error_message="Say why it is not approved.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.service}: {self.get_state_display()}"


class Verification(models.Model):
    """That somebody looked at an entry and said whether it is still right. The only source of ``assured_date``."""

    class Method(models.TextChoices):
        PAGE = "page", "On the service's page"
        LINK = "link", "By the link in a reminder"
        BULK = "bulk", "For all services at once"
        STAFF = "staff", "By programme staff, who asked the service"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="verifications")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, **PERSON)
    method = models.CharField(max_length=5, choices=Method.choices)
    still_right = models.BooleanField(default=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.service}, {self.at:%-d %B %Y}"


class SuggestionQuerySet(models.QuerySet):
    def open(self):
        """Those nobody has answered, the oldest first."""
        return self.filter(answered_at=None).order_by("made_at", "pk")


class Suggestion(models.Model):
    """What anybody says is wrong with an entry."""

    class Topic(models.TextChoices):
        CONTACT = "contact", "A phone number, address or web page is wrong"
        CLOSED = "closed", "The service has closed or moved"
        REFERRAL = "referral", "Who it is for, or how to refer, is wrong"
        OTHER = "other", "Something else"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="suggestions")
    topic = models.CharField("what is wrong", max_length=8, choices=Topic.choices)
    words = models.TextField("what should it say?")
    reply_to = models.EmailField("e-mail address for our answer", blank=True)
    made_at = models.DateTimeField()
    answer = models.TextField("our answer", blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, **PERSON)
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = SuggestionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at=None) | ~Q(answer=""),
                name="answered_with_words",
                violation_error_message="Write an answer.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.service}: {self.get_topic_display()}"


class NotADuplicate(models.Model):
    """That two entries look alike and staff said they are two."""

    first = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="+")
    said_by = models.ForeignKey(settings.AUTH_USER_MODEL, **PERSON)
    said_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "pairs that are not duplicates"
        constraints = [
            models.UniqueConstraint(
                fields=["first", "second"], name="said_once_of_a_pair", violation_error_message="This was said already."
            ),
            models.CheckConstraint(
                condition=Q(first__lt=F("second")),
                name="pair_in_order",
                violation_error_message="Put the pair in order.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first} and {self.second}"


class Lookalike(models.Model):
    """Two public entries that may be one, as last looked for. Staff say which, or that they are two."""

    first = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="+")
    score = models.PositiveSmallIntegerField(help_text="Higher is more alike.")
    reasons = ArrayField(models.CharField(max_length=20), help_text="Codes of rules.duplicates.REASONS.")

    class Meta:
        verbose_name = "pair of services that may be one"
        verbose_name_plural = "pairs of services that may be one"
        constraints = [
            models.UniqueConstraint(
                fields=["first", "second"],
                name="lookalikes_once",
                violation_error_message="This pair is listed already.",
            ),
            models.CheckConstraint(
                condition=Q(first__lt=F("second")),
                name="lookalikes_in_order",
                violation_error_message="Put the pair in order.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first} and {self.second}"
