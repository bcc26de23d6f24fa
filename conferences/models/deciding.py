"""What is decided for each child, and who disagrees."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from chatr.encryption.fields import EncryptedTextField

from .children import ConferenceChild
from .codes import Category, Outcome
from .conference import Conference
from .family import Person
from .rows import Row

CATEGORIES = [code for code, _ in Category.choices]


class Decision(Row):
    """The decision for one child. Its codes are constrained; its words are in the same row, encrypted."""

    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="decisions")
    child = models.OneToOneField(ConferenceChild, on_delete=models.PROTECT, related_name="decision")
    threshold_met = models.BooleanField("significant harm, or likely to be")
    outcome = models.CharField(max_length=14, choices=Outcome.choices)
    categories = ArrayField(models.CharField(max_length=3, choices=Category.choices), default=list, blank=True)
    reasons = EncryptedTextField("why")
    family_view = EncryptedTextField("what the family thinks", blank=True)
    family_view_not_given = models.BooleanField("the family chose not to say", default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome__in=[Outcome.PLAN, Outcome.CONTINUE], categories__len__gte=1, threshold_met=True)
                | ~Q(outcome__in=[Outcome.PLAN, Outcome.CONTINUE]) & Q(categories=[]),
                name="a_plan_has_its_categories",
                violation_error_message="A plan needs significant harm and a category; nothing else has categories.",
            ),
            models.CheckConstraint(
                condition=Q(categories__contained_by=CATEGORIES, categories__len__lte=4) | Q(categories=[]),
                name="categories_are_the_four",
            ),
        ]


class Dissent(Row):
    """That somebody disagrees, in their own words. It is printed unedited; the decision stands."""

    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="dissents")
    child = models.ForeignKey(ConferenceChild, null=True, blank=True, on_delete=models.PROTECT, related_name="dissents")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="dissents")
    formal = models.BooleanField("a professional's formal dissent", default=False)
    words = EncryptedTextField()
    next_step = EncryptedTextField("what happens with it")
