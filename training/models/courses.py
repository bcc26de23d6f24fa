"""What is taught, and where."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Upper

CODE = RegexValidator(r"^[A-Z0-9][A-Z0-9-]{1,39}\Z", "Use capital letters, numbers and hyphens only.")


class CourseQuerySet(models.QuerySet):
    def published(self):
        """Those anybody may read about."""
        return self.filter(is_published=True)


class Course(models.Model):
    """One thing that is taught, however often it runs."""

    class Level(models.TextChoices):
        INTRODUCTORY = "introductory", "Introductory"
        IN_DEPTH = "in_depth", "In depth"

    class Approval(models.TextChoices):
        NONE = "none", "Nobody: a place is given at once"
        MANAGER = "manager", "The line manager"
        STAFF = "staff", "Programme staff"

    code = models.CharField(max_length=40, unique=True, validators=[CODE], help_text="Such as INTRO-ACES.")
    slug = models.SlugField(max_length=120, unique=True)
    title = models.CharField(max_length=200)
    level = models.CharField(max_length=12, choices=Level.choices)
    summary = models.TextField(help_text="Two or three sentences: what it covers.")
    aims = models.TextField("what people will be able to do", blank=True, help_text="One on each line.")
    audience = models.CharField("who it is for", max_length=300, blank=True)
    content_note = models.TextField(
        "what might be hard in it",
        blank=True,
        help_text="Said before people book, so that nothing comes as a surprise.",
    )
    cpd_minutes = models.PositiveIntegerField("CPD minutes", default=0)
    requires = models.ForeignKey(
        "self",
        verbose_name="course needed first",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="leads_to",
    )
    approval = models.CharField("who approves a booking", max_length=8, choices=Approval.choices, default=Approval.NONE)
    is_published = models.BooleanField("published", default=False)

    objects = CourseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(code=Upper("code")),
                name="course_code_in_capitals",
                violation_error_message="Write the course code in capital letters.",
            ),
            models.CheckConstraint(
                condition=~models.Q(requires=models.F("id")),
                name="course_does_not_require_itself",
                violation_error_message="A course cannot need itself first.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def needs_decision(self) -> bool:
        """Whether a booking is a request that somebody decides, rather than a place at once."""
        return self.requires_id is not None or self.approval != self.Approval.NONE


class Venue(models.Model):
    """A place where training happens, and what people need to know to get in."""

    name = models.CharField(max_length=200)
    address = models.CharField(max_length=300, blank=True)
    postcode = models.CharField(max_length=8, blank=True)
    arrival_instructions = models.TextField(
        blank=True, help_text="Which door, who to ask for, where to wait. Sent a week before; held back while empty."
    )
    access = models.TextField(
        "access", blank=True, help_text="Steps, lift, toilets, hearing loop, quiet room, prayer room, parking."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["name", "postcode"],
                name="one_venue_of_a_name_and_postcode",
                violation_error_message="There is already a venue with this name and postcode.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def one_line(self) -> str:
        """Name, address and postcode, as on an envelope."""
        return ", ".join(part for part in (self.name, self.address, self.postcode) if part)
