"""What people say about how it was. Never attributable: no person, no exact time."""

from django.db import models

from .conference import Conference
from .rows import Row


class Cohort(models.TextChoices):
    CHILD_UNDER_12 = "child_under_12", "Child under 12"
    CHILD_12_PLUS = "child_12_plus", "Child or young person, 12 or older"
    PARENT = "parent", "Parent or carer"
    PROFESSIONAL = "professional", "Professional"


class Feedback(Row):
    """One person's answers. It has a day and a cohort, and no key to a person; nobody can read a single row."""

    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="feedback")
    cohort = models.CharField(max_length=16, choices=Cohort.choices)
    answers = models.JSONField(default=dict)
    received_on = models.DateField()


class FeedbackCode(Row):
    """A code that works once. It goes when it is used, and when its time is over: nothing says which of the two.

    It has no key to the link that was handed over, and only the digest of the code is kept. Nobody but the job that
    takes answers sees it.
    """

    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="+")
    cohort = models.CharField(max_length=16, choices=Cohort.choices)
    digest = models.CharField(max_length=64, unique=True)
    until = models.DateField("last day it works")


class FeedbackLink(Row):
    """That a link was made for somebody of a cohort: so that a family has one each, and no more is known."""

    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="feedback_links")
    cohort = models.CharField(max_length=16, choices=Cohort.choices)
    made_on = models.DateField()
    until = models.DateField("last day it works")
