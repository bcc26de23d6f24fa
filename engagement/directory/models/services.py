"""A service of the directory. What the public reads is in these tables; proposals wait in ``revisions``."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from chatr.accounts.models import Membership, Organisation, User


class YesNo(models.TextChoices):
    """A fact that is known or is not: nobody guesses what nobody said."""

    YES = "yes", "Yes"
    NO = "no", "No"
    NOT_STATED = "", "Not stated"


class Cost(models.TextChoices):
    FREE = "free", "Free"
    PAID = "paid", "Costs money"
    NOT_STATED = "", "Not stated"


class ServiceQuerySet(models.QuerySet):
    def published(self):
        """Those the public may read, whatever the day: none of an organisation that is suspended."""
        taking_part = self.exclude(organisation__status=Organisation.Status.SUSPENDED)
        return taking_part.filter(state=Service.State.PUBLISHED)

    def editable_by(self, user: User):
        """Services of every organisation the person may edit entries for, under a membership confirmed and live."""
        theirs = Membership.objects.editors().filter(user=user)
        return self.filter(organisation__in=theirs.values("organisation"))


class Service(models.Model):
    """One service of one organisation, as approved. ``version`` counts what was approved."""

    class State(models.TextChoices):
        DRAFT = "draft", "Not public yet"
        PUBLISHED = "published", "Public"
        ARCHIVED = "archived", "No longer public"

    CYCLES = ((1, "Every month"), (3, "Every 3 months"), (6, "Every 6 months"), (12, "Once a year"))

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="services")
    slug = models.SlugField(max_length=140, unique=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    version = models.PositiveIntegerField(default=0, editable=False)

    name = models.CharField(max_length=120)
    summary = models.CharField("in one line", max_length=200, blank=True)
    description = models.TextField("what it does")
    url = models.URLField("web page", blank=True)
    email = models.EmailField("public e-mail address", blank=True)
    alert = models.CharField("to know at once", max_length=300, blank=True)
    accreditations = models.CharField(max_length=300, blank=True)
    funding = models.CharField("paid for by", max_length=300, blank=True)
    who_for = models.TextField("who it is for", blank=True)
    not_for = models.TextField("who it is not for", blank=True)
    any_age = models.BooleanField("for every age", default=False)
    minimum_age = models.DecimalField("youngest age, years", max_digits=4, decimal_places=2, null=True, blank=True)
    maximum_age = models.DecimalField("oldest age, years", max_digits=5, decimal_places=2, null=True, blank=True)
    cost = models.CharField(max_length=4, choices=Cost.choices, default=Cost.NOT_STATED, blank=True)
    interpreters = models.CharField(max_length=3, choices=YesNo.choices, default=YesNo.NOT_STATED, blank=True)
    is_sensitive = models.BooleanField(
        "shows Exit this page", default=False, help_text="For services where being seen reading about it is a risk."
    )

    closed_from = models.DateField("closed from", null=True, blank=True)
    reopens_on = models.DateField("opens again on", null=True, blank=True)
    closed_note = models.CharField("why it is closed", max_length=200, blank=True)

    cycle_months = models.PositiveSmallIntegerField("how often it is verified", choices=CYCLES, default=3)
    kept_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name="member of staff who looks after it",
        help_text="Reminded where the organisation has no editor. Empty: whoever looks after the directory.",
    )
    visible_from = models.DateField("shown from", null=True, blank=True)
    visible_to = models.DateField("shown until", null=True, blank=True)
    created_at = models.DateTimeField()
    published_at = models.DateTimeField("first public", null=True, blank=True)
    withdrawn_at = models.DateTimeField("withdrawn", null=True, blank=True)
    merged_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged")

    objects = ServiceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(minimum_age=None) | Q(maximum_age=None) | Q(maximum_age__gte=F("minimum_age")),
                name="ages_in_order",
                violation_error_message="The oldest age must not be below the youngest.",
            ),
            models.CheckConstraint(
                condition=(Q(minimum_age=None) | Q(minimum_age__gte=0))
                & (Q(maximum_age=None) | Q(maximum_age__lte=120)),
                name="ages_of_people",
                violation_error_message="Ages are between 0 and 120 years.",
            ),
            models.CheckConstraint(
                condition=Q(any_age=False) | Q(minimum_age=None, maximum_age=None),
                name="every_age_or_some",
                violation_error_message="Give ages, or say that it is for every age, not both.",
            ),
            models.CheckConstraint(
                condition=Q(reopens_on=None) | Q(closed_from__isnull=False, reopens_on__gt=F("closed_from")),
                name="closed_before_it_reopens",
                violation_error_message="It must open again after the day it closes.",
            ),
            models.CheckConstraint(
                condition=Q(visible_from=None) | Q(visible_to=None) | Q(visible_to__gte=F("visible_from")),
                name="shown_from_before_until",
                violation_error_message="The last day it is shown must not be before the first.",
            ),
            models.CheckConstraint(
                condition=Q(state="draft", published_at=None, withdrawn_at=None)
                | Q(state="published", published_at__isnull=False, withdrawn_at=None)
                | Q(state="archived", withdrawn_at__isnull=False),
                name="service_state_has_its_times",
                violation_error_message="The state and its times do not go together.",
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None) | (Q(state="archived") & ~Q(merged_into=F("id"))),
                name="merged_services_are_archived",
                violation_error_message="A service that was merged is no longer public.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def ages_stated(self) -> bool:
        """Whether anything is said about age at all."""
        return self.any_age or self.minimum_age is not None or self.maximum_age is not None


class OfService(models.Model):
    """Rows that belong to one service and go with it."""

    id = models.UUIDField(primary_key=True, editable=False)
    place = models.PositiveSmallIntegerField(default=0, help_text="Its place among its like.")

    class Meta:
        abstract = True


class ServiceTerm(OfService):
    """That a service stands under a term."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="service_terms")
    term = models.ForeignKey("Term", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["service", "term"],
                name="term_once_a_service",
                violation_error_message="The service has this term already.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.service}: {self.term}"


class ReferralRoute(OfService):
    """How one kind of person gets in: the family by itself, or a professional. No row: nobody said."""

    class Audience(models.TextChoices):
        FAMILY = "family", "The family themselves"
        PROFESSIONAL = "professional", "A professional"

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="routes")
    audience = models.CharField("who asks", max_length=12, choices=Audience.choices)
    is_open = models.BooleanField("may they?", default=True)
    how = models.TextField("how to ask", blank=True)
    url = models.URLField("web page", blank=True)
    email = models.EmailField("e-mail address", blank=True)
    phone = models.CharField(max_length=40, blank=True)
    form_url = models.URLField("referral form", blank=True)
    consent = models.CharField(
        "consent needed", max_length=3, choices=YesNo.choices, default=YesNo.NOT_STATED, blank=True
    )
    documents = models.TextField("what to send with it", blank=True, help_text="One on each line.")
    what_next = models.TextField("what happens next", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["service", "audience"],
                name="one_route_an_audience",
                violation_error_message="There is a route for them already.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.service}: {self.get_audience_display()}"


class CostOption(OfService):
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="cost_options")
    option = models.CharField("for whom or what", max_length=120, blank=True)
    amount = models.DecimalField("pounds", max_digits=8, decimal_places=2, null=True, blank=True)
    amount_description = models.CharField("in words", max_length=120, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(amount=None) | Q(amount__gte=0),
                name="no_negative_cost",
                violation_error_message="A cost is nought or more.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.option} {self.amount or ''}".strip()


class Phone(OfService):
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="phones")
    number = models.CharField(max_length=40)
    description = models.CharField("what for, and when", max_length=120, blank=True)

    def __str__(self) -> str:
        return self.number


class Contact(OfService):
    """A person or desk to ask for. Private unless the service says otherwise."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="contacts")
    name = models.CharField(max_length=120, blank=True)
    title = models.CharField("role", max_length=120, blank=True)
    is_public = models.BooleanField("may be published", default=False)

    def __str__(self) -> str:
        return self.name or self.title


class ServiceLanguage(OfService):
    """A language the service itself speaks, by its ISO 639-3 code."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="languages")
    code = models.CharField(max_length=3)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["service", "code"],
                name="language_once_a_service",
                violation_error_message="The service has this language already.",
            )
        ]

    def __str__(self) -> str:
        return self.code


class ServiceArea(OfService):
    """A borough whose families may come. No row at all: nobody said."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="areas")
    area = models.ForeignKey("Area", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["service", "area"],
                name="area_once_a_service",
                violation_error_message="The service has this area already.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.service}: {self.area}"


class ServiceLevel(OfService):
    """A level of need the service works at, in one area's own document."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="levels")
    level = models.ForeignKey("ThresholdLevel", on_delete=models.PROTECT, related_name="services")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["service", "level"],
                name="level_once_a_service",
                violation_error_message="The service has this level already.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.service}: {self.level}"
