"""Child protection plans: how long each lasts, and what each conference plans."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from chatr.encryption.fields import EncryptedTextField

from .children import Child, ConferenceChild
from .codes import Category
from .conference import Conference
from .deciding import CATEGORIES
from .family import Person
from .rows import Row


class DateRange(Func):
    function = "daterange"
    output_field = DateRangeField()


class Plan(Row):
    """A child's protection plan from the conference that opened it to the one that ended it. Dates and codes only."""

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="plans")
    opened_at = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="plans_opened")
    ended_at = models.ForeignKey(
        Conference, null=True, blank=True, on_delete=models.PROTECT, related_name="plans_ended"
    )
    started_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)
    initial_categories = ArrayField(models.CharField(max_length=3, choices=Category.choices))
    latest_categories = ArrayField(models.CharField(max_length=3, choices=Category.choices))
    other_authority = models.BooleanField("a plan of another authority", default=False)

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="one_plan_of_a_child_at_a_time",
                expressions=[
                    (F("child"), RangeOperators.EQUAL),
                    (DateRange("started_on", "ended_on", RangeBoundary()), RangeOperators.OVERLAPS),
                ],
                violation_error_message="This child already has a plan on that day.",
            ),
            models.UniqueConstraint(fields=["child"], condition=Q(ended_on=None), name="one_open_plan_of_a_child"),
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gt=F("started_on")),
                name="a_plan_ends_after_it_starts",
                violation_error_message="A plan ends after the day it started.",
            ),
            models.CheckConstraint(
                condition=Q(initial_categories__len__gte=1, initial_categories__contained_by=CATEGORIES)
                & Q(latest_categories__len__gte=1, latest_categories__contained_by=CATEGORIES),
                name="a_plan_has_categories",
            ),
        ]


class PlanAction(Row):
    """One thing somebody does by a day, and the sentence that says so to the child or family."""

    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="actions")
    child = models.ForeignKey(ConferenceChild, null=True, blank=True, on_delete=models.PROTECT, related_name="actions")
    position = models.PositiveSmallIntegerField()
    owner = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="actions")
    due_on = models.DateField(null=True, blank=True)
    carried_from = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="carried")
    need = EncryptedTextField("what is needed", blank=True)
    outcome = EncryptedTextField("what will be different", blank=True)
    action = EncryptedTextField("what is done")
    measure = EncryptedTextField("how we will know", blank=True)
    contingency = EncryptedTextField("what happens if it is not done", blank=True)
    plain_words = EncryptedTextField("the same, said to the child or family", blank=True)


class Progress(models.TextChoices):
    DONE = "done", "Done"
    PARTLY = "partly", "Partly done"
    NOT_DONE = "not_done", "Not done"


class ActionReview(Row):
    """What came of an action of the last conference, looked at in this one."""

    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="action_reviews")
    action = models.ForeignKey(PlanAction, on_delete=models.PROTECT, related_name="reviews")
    child = models.ForeignKey(ConferenceChild, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    progress = models.CharField(max_length=8, choices=Progress.choices)
    evidence = EncryptedTextField("what shows it")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["conference", "action"], name="an_action_reviewed_once")]


class CoreGroupMember(Row):
    """Somebody in the core group of a child's plan, one of them leading. Core group meetings are not recorded here."""

    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="core_group")
    child = models.ForeignKey(ConferenceChild, on_delete=models.PROTECT, related_name="core_group")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    is_lead = models.BooleanField("lead practitioner", default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["child", "person"], name="once_in_a_core_group"),
            models.UniqueConstraint(fields=["child"], condition=Q(is_lead=True), name="one_lead_in_a_core_group"),
        ]


class NextMeeting(models.TextChoices):
    CORE_GROUP = "core_group", "First core group meeting"
    REVIEW = "review", "Review conference"


class NextDate(Row):
    """When people meet next."""

    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="next_dates")
    kind = models.CharField(max_length=12, choices=NextMeeting.choices)
    on = models.DateField()
    place = EncryptedTextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["conference", "kind"], name="one_next_date_of_a_kind")]
