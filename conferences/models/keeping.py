"""How long records are kept, and who agreed that one may go. Nothing goes by itself."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from chatr.encryption.fields import EncryptedTextField

from .conference import Conference
from .rows import Row


class LegalHold(Row):
    """That a record must be kept whatever any rule says: a court, an inquiry, a complaint."""

    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="legal_holds")
    placed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    placed_at = models.DateTimeField()
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    lifted_at = models.DateTimeField(null=True, blank=True)
    reason = EncryptedTextField()


class KeepingRule(Row):
    """How many years something is kept after what, on whose authority. A portal starts with none."""

    kind = models.CharField(max_length=12, choices=[("record", "The record"), ("feedback", "Feedback")])
    years = models.PositiveSmallIntegerField()
    trigger = models.CharField(
        max_length=16, choices=[("plan_ended", "After the last plan ended"), ("held", "After the conference")]
    )
    authority = models.CharField(max_length=200)
    agreed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    in_force_from = models.DateField()


class DisposalProposal(Row):
    """That a record has been kept as long as its rule says. Two people agree, or it stays."""

    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="disposal_proposals")
    rule = models.ForeignKey(KeepingRule, on_delete=models.PROTECT, related_name="+")
    proposed_on = models.DateField()
    first_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    first_at = models.DateTimeField(null=True, blank=True)
    second_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    second_at = models.DateTimeField(null=True, blank=True)
    declined_at = models.DateTimeField(null=True, blank=True)
    disposed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["conference"], condition=Q(declined_at=None), name="one_open_disposal_proposal"
            ),
            models.CheckConstraint(
                condition=Q(second_by=None) | Q(first_by__isnull=False) & ~Q(second_by=F("first_by")),
                name="two_different_people_agree",
                violation_error_message="The second person must be somebody else.",
            ),
            models.CheckConstraint(
                condition=Q(disposed_at=None) | Q(second_by__isnull=False), name="disposed_only_when_two_agreed"
            ),
        ]
