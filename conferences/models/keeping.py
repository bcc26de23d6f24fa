"""How long records are kept, and who agreed that one may go. Nothing goes by itself."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from chatr.encryption.fields import EncryptedTextField

from .conference import Conference
from .rows import Row


class Kept(models.TextChoices):
    RECORD = "record", "The record of a conference, with everything in it"
    FEEDBACK = "feedback", "What people said afterwards about how it was"


class KeptFrom(models.TextChoices):
    PLAN_ENDED = "plan_ended", "The end of the last plan of its children"
    HELD = "held", "The day of the conference"


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
    """How many years something is kept from when, and on whose authority. A portal starts with none.

    For each kind the rule with the latest day not in the future holds; the ones before it stay to be read.
    """

    kind = models.CharField("what", max_length=12, choices=Kept.choices)
    years = models.PositiveSmallIntegerField()
    trigger = models.CharField("counted from", max_length=16, choices=KeptFrom.choices)
    authority = models.CharField(max_length=200)
    agreed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    in_force_from = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "in_force_from"],
                name="one_keeping_rule_from_a_day",
                violation_error_message="There is a rule from that day already. Choose another day.",
            ),
            models.CheckConstraint(condition=Q(years__gte=1), name="kept_for_a_year_at_least"),
        ]


class DisposalProposal(Row):
    """That a record has been kept as long as its rule says. Two people agree, or it stays.

    Once it is disposed of, this row is what remains beside the access log: ids, days, and who agreed.
    """

    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="disposal_proposals")
    rule = models.ForeignKey(KeepingRule, on_delete=models.PROTECT, related_name="+")
    proposed_on = models.DateField()
    kept_until = models.DateField("had to be kept until", null=True, blank=True)
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
                fields=["conference"],
                condition=Q(declined_at=None, disposed_at=None),
                name="one_open_disposal_proposal",
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
