"""Levels of need, in each area's own document, and pathways through services from one level to the next."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from .areas import Area
from .services import Service
from .taxonomies import Term


class FrameworkQuerySet(models.QuerySet):
    def current(self, day):
        """The newest version of each area's document that is valid on a day."""
        return (
            self.filter(is_published=True, valid_from__lte=day).order_by("area", "-valid_from", "-pk").distinct("area")
        )


class ThresholdFramework(models.Model):
    """One version of one area's threshold document. Hackney and the City use different ones."""

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="frameworks")
    title = models.CharField(max_length=160)
    source_url = models.URLField("where the document is", blank=True)
    version = models.CharField(max_length=40, blank=True)
    valid_from = models.DateField("in force from", default=timezone.localdate)
    is_published = models.BooleanField("shown", default=False)

    objects = FrameworkQuerySet.as_manager()

    class Meta:
        verbose_name = "threshold document"
        constraints = [
            models.UniqueConstraint(
                fields=["area", "valid_from"],
                name="one_framework_a_day",
                violation_error_message="This area has a document from that day already.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.area})"


class ThresholdLevel(models.Model):
    """One level of need, in order from the lightest."""

    framework = models.ForeignKey(ThresholdFramework, on_delete=models.CASCADE, related_name="levels")
    order = models.PositiveSmallIntegerField(help_text="1 is the lightest.")
    name = models.CharField(max_length=80)
    description = models.TextField(blank=True)
    what_to_do = models.TextField("what a practitioner does at this level", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["framework", "order"],
                name="levels_in_order",
                violation_error_message="Two levels cannot have the same place.",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Pathway(models.Model):
    """A way through services for one need: what to try first, what comes next, when to step up or down."""

    title = models.CharField(max_length=120)
    slug = models.SlugField(max_length=120, unique=True)
    need = models.ForeignKey(Term, null=True, blank=True, on_delete=models.PROTECT, related_name="pathways")
    framework = models.ForeignKey(
        ThresholdFramework, on_delete=models.PROTECT, related_name="pathways", verbose_name="threshold document"
    )
    summary = models.TextField()
    is_published = models.BooleanField("shown", default=False)

    def __str__(self) -> str:
        return self.title


class PathwayStep(models.Model):
    """One step: for whom, with which services, and what says it is time to move on."""

    pathway = models.ForeignKey(Pathway, on_delete=models.CASCADE, related_name="steps")
    order = models.PositiveSmallIntegerField(help_text="1 is tried first.")
    title = models.CharField(max_length=120)
    level = models.ForeignKey(ThresholdLevel, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    entry = models.TextField("when to begin here")
    exit = models.TextField("when to move on", blank=True)
    step_up = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    step_down = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    leads_to_front_door = models.BooleanField("stepping up means asking the front door", default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["pathway", "order"],
                name="steps_in_order",
                violation_error_message="Two steps cannot have the same place.",
            ),
            models.CheckConstraint(
                condition=(Q(step_up=None) | ~Q(step_up=models.F("id")))
                & (Q(step_down=None) | ~Q(step_down=models.F("id"))),
                name="step_leads_elsewhere",
                violation_error_message="A step cannot lead to itself.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order}. {self.title}"


class StepService(models.Model):
    """A service that helps at a step."""

    step = models.ForeignKey(PathwayStep, on_delete=models.CASCADE, related_name="step_services")
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="steps")
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = "service at a step"
        constraints = [
            models.UniqueConstraint(
                fields=["step", "service"],
                name="service_once_a_step",
                violation_error_message="The service is at this step already.",
            )
        ]

    def __str__(self) -> str:
        return str(self.service)
