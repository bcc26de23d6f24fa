"""What agencies report before a conference."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from chatr.encryption.fields import EncryptedTextField

from .children import ConferenceChild
from .codes import Discipline
from .conference import Conference
from .family import Person
from .rows import Row


class SpokeDirectly(models.TextChoices):
    YES = "yes", "Yes"
    NO = "no", "No"
    NOT_ASKED = "not_asked", "Not answered"


class AgencyReport(Row):
    """One agency's report: when it was due and came, whether the family knew of it first. Dates and codes only."""

    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="reports")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="reports")
    contributor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="conference_reports"
    )
    discipline = models.CharField(max_length=20, choices=Discipline.choices)
    due_on = models.DateField("to the family by")
    due_rule = models.CharField(max_length=40)
    invited_at = models.DateTimeField(null=True, blank=True)
    received_at = models.DateTimeField(
        null=True, blank=True, help_text="When it was first filed, whatever was changed since."
    )
    changed_at = models.DateTimeField("last changed after it was filed", null=True, blank=True)
    typed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Who typed it in, where it came on paper.",
    )
    discussed_on = models.DateField("discussed with the family on", null=True, blank=True)
    not_discussed = models.BooleanField("not discussed with the family", default=False)
    spoke_directly = models.CharField(
        "spoke to them directly", max_length=10, choices=SpokeDirectly.choices, default=SpokeDirectly.NOT_ASKED
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["id", "conference"], name="report_and_conference"),
            models.UniqueConstraint(
                fields=["conference", "person"], condition=Q(withdrawn_at=None), name="one_report_of_a_professional"
            ),
            models.CheckConstraint(
                condition=Q(changed_at=None) | Q(received_at__isnull=False), name="changed_after_it_was_filed"
            ),
            models.CheckConstraint(
                condition=Q(not_discussed=False) | Q(discussed_on=None),
                name="discussed_or_not",
                violation_error_message="Either it was discussed with the family, or it was not.",
            ),
        ]


class ReportChild(Row):
    """A child a report is about."""

    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="+")
    report = models.ForeignKey(AgencyReport, on_delete=models.PROTECT, related_name="children")
    child = models.ForeignKey(ConferenceChild, on_delete=models.PROTECT, related_name="reports")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "child"], name="a_child_once_in_a_report")]


class ReportPartKind(models.TextChoices):
    """What a report is made of. The last goes to the chair alone."""

    CONTACT = "contact", "How you know the child and family"
    STRENGTHS = "strengths", "What is going well"
    FACTS = "facts", "What you have seen or know: facts"
    WORRIES = "worries", "What you are worried about: your view"
    CHILD_SAYS = "child_says", "What the child says, in their words"
    FAMILY_SAYS = "family_says", "What the family says about this report"
    HELP = "help", "What would help, and what you offer"
    DISCUSSION = "discussion", "Who in the family you discussed it with, or why you did not"
    CHAIR_ONLY = "chair_only", "What the family must not see, for the chair only"


class ReportPart(Row):
    """One part of a report, in the contributor's words."""

    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="+")
    report = models.ForeignKey(AgencyReport, on_delete=models.PROTECT, related_name="parts")
    kind = models.CharField(max_length=12, choices=ReportPartKind.choices)
    words = EncryptedTextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "kind"], name="one_part_of_a_kind")]
