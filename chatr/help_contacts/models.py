"""Who to call or text for help, and when they answer."""

from django.db import models


class HelpContactQuerySet(models.QuerySet):
    def shown(self):
        """Those on the help page, in the order staff chose."""
        return self.filter(is_shown=True).order_by("place", "name")


class HelpContact(models.Model):
    """A number that helps: what for, where and when. Staff check each one and say on which day they did."""

    class By(models.TextChoices):
        CALL = "call", "Call"
        TEXT = "text", "Text"

    name = models.CharField(max_length=120, unique=True)
    by = models.CharField("call or text", max_length=4, choices=By.choices, default=By.CALL)
    number = models.CharField(max_length=40)
    what_for = models.TextField("what for", max_length=400)
    area = models.CharField(max_length=120, default="Everywhere in the UK")
    hours = models.CharField(max_length=200, help_text="For example: day and night, every day.")
    website = models.URLField(blank=True)
    checked_on = models.DateField(
        "checked on", null=True, blank=True, help_text="The day somebody of the programme last rang or looked it up."
    )
    place = models.PositiveSmallIntegerField("place in the list", default=50, help_text="Lower comes first.")
    is_shown = models.BooleanField("shown", default=True)

    objects = HelpContactQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name

    @property
    def link(self) -> str:
        """The address that starts a call or a text on a phone."""
        digits = "".join(filter(str.isdigit, self.number))
        return f"{'sms' if self.by == self.By.TEXT else 'tel'}:{digits}"
