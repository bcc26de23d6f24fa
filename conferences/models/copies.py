"""Copies: what each recipient may read, made only from what was cleared for them."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from chatr.encryption.fields import EncryptedTextField

from .codes import WithholdingGround
from .conference import Conference
from .family import Person
from .rows import Row


class CopyKind(models.TextChoices):
    RECORD = "record", "The record"
    CHILD_LETTER = "child_letter", "A letter to the child"
    FAMILY_PLAN = "family_plan", "The plan, for the family"
    DECISION_LETTER = "decision_letter", "The decision letter"
    INVITATION = "invitation", "The invitation"


class CopyMethod(models.TextChoices):
    BY_HAND = "by_hand", "Given by hand"
    POST = "post", "Posted to the address that is safe"
    PORTAL = "portal", "Read here, after signing in"


class Copy(Row):
    """One person's copy: prepared, seen exactly as they will see it, agreed, given out, perhaps taken back."""

    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="copies")
    kind = models.CharField(max_length=16, choices=CopyKind.choices)
    recipient = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="copies")
    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="conference_copies"
    )
    replaces = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by")
    needs_second_person = models.BooleanField(default=False)
    prepared_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField()
    previewed_at = models.DateTimeField(null=True, blank=True)
    seconded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    seconded_at = models.DateTimeField(null=True, blank=True)
    html_sha256 = models.CharField(max_length=64, blank=True)
    pdf_sha256 = models.CharField(max_length=64, blank=True)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    issued_at = models.DateTimeField(null=True, blank=True)
    method = models.CharField(max_length=8, choices=CopyMethod.choices, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_reason = EncryptedTextField(blank=True)

    class Meta:
        verbose_name_plural = "copies"
        constraints = [
            models.UniqueConstraint(fields=["id", "conference"], name="copy_and_conference"),
            models.CheckConstraint(
                condition=Q(issued_at=None)
                | Q(previewed_at__isnull=False, issued_by__isnull=False)
                & ~Q(html_sha256="")
                & ~Q(pdf_sha256="")
                & ~Q(method=""),
                name="issued_only_as_previewed",
            ),
            models.CheckConstraint(
                condition=Q(issued_at=None) | Q(needs_second_person=False) | Q(seconded_by__isnull=False),
                name="a_second_person_where_somebody_is_kept_safe",
                violation_error_message="A second person must look at this copy first.",
            ),
            models.CheckConstraint(
                condition=Q(seconded_by=None) | ~Q(seconded_by=F("prepared_by")),
                name="the_second_person_is_another",
                violation_error_message="The second person is somebody else than the one who prepared the copy.",
            ),
            models.CheckConstraint(
                condition=Q(seconded_by=None) | Q(issued_by=None) | ~Q(seconded_by=F("issued_by")),
                name="the_second_person_does_not_issue_it",
                violation_error_message="The second person is somebody else than the one who gives the copy out.",
            ),
            models.CheckConstraint(
                condition=Q(method="") | ~Q(method=CopyMethod.PORTAL) | Q(reader__isnull=False),
                name="read_here_by_somebody_with_an_account",
            ),
        ]


class Clearance(Row):
    """That one thing in the record may be read by one person. What is not cleared does not exist for them."""

    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="clearances")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="clearances")
    object_type = models.CharField(max_length=40)
    object_id = models.UUIDField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    # A child's words go only to readers the child agreed to, unless the chair says here why.
    despite_child_because = EncryptedTextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "object_type", "object_id"], name="cleared_once_for_a_person")
        ]


class Withholding(Row):
    """That one thing is kept from one person, and why."""

    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="withholdings")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="withholdings")
    object_type = models.CharField(max_length=40)
    object_id = models.UUIDField()
    ground = models.CharField(max_length=16, choices=WithholdingGround.choices)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()
    seconded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    review_on = models.DateField(null=True, blank=True)
    reason = EncryptedTextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "object_type", "object_id"], name="withheld_once_from_a_person"),
            models.CheckConstraint(
                condition=Q(seconded_by=None) | ~Q(seconded_by=F("decided_by")), name="seconded_by_somebody_else"
            ),
        ]


class CopyContent(Row):
    """The bytes of a copy, as they were seen before it was given out, and what they were made of."""

    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="+")
    copy = models.OneToOneField(Copy, on_delete=models.PROTECT, related_name="content")
    made_of = ArrayField(models.CharField(max_length=120), default=list)
    # Typed for this reader alone; in the copy as it stands.
    talked_about = EncryptedTextField("what we talked about", blank=True)
    personal = EncryptedTextField("some words of your own", blank=True)
    html = EncryptedTextField()
    pdf_base64 = EncryptedTextField()
