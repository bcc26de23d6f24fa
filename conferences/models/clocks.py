"""What is due by when, with the rule and its version it was worked out from."""

from django.db import models
from django.db.models import Q

from .children import ConferenceChild
from .conference import Conference
from .rows import Row


class ClockKind(models.TextChoices):
    CONFERENCE = "conference", "Conference"
    REPORTS = "reports", "Reports to the family"
    CORE_GROUP = "core_group", "First core group meeting"
    REVIEW = "review", "Review conference"
    DECISION_LETTER = "decision_letter", "Decision letter"
    RECORD = "record", "Record given out"
    ACCURACY = "accuracy", "Comments on accuracy"
    RECONVENE = "reconvene", "New date after a conference without a quorum"
    BIRTH = "birth", "Review or core group after the birth"
    BREAK_GLASS = "break_glass", "Emergency reading reviewed"


class Clock(Row):
    """One statutory limit that runs. Ids, dates and codes only."""

    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="clocks")
    child = models.ForeignKey(ConferenceChild, null=True, blank=True, on_delete=models.PROTECT, related_name="clocks")
    kind = models.CharField(max_length=16, choices=ClockKind.choices)
    start_on = models.DateField()
    due_on = models.DateField()
    rule = models.CharField(max_length=40)
    rule_version = models.PositiveSmallIntegerField()
    met_on = models.DateField(null=True, blank=True)
    not_needed = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["due_on"], condition=Q(met_on=None), name="clock_running")]
        constraints = [
            models.UniqueConstraint(
                fields=["conference", "child", "kind"], nulls_distinct=False, name="one_clock_of_a_kind"
            ),
        ]
