"""Words services are sorted under: needs, groups of people, ways of working."""

from django.db import models
from django.db.models import F, Q


class Taxonomy(models.Model):
    """One list of terms, published in the feed with its description."""

    NEEDS, GROUPS, MODES, ACCESS = "need", "group", "mode", "access"

    id = models.UUIDField(primary_key=True, editable=False)
    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    description = models.TextField()
    uri = models.URLField("web address of the list", blank=True)
    version = models.CharField(max_length=40, blank=True)

    class Meta:
        verbose_name_plural = "taxonomies"
        constraints = [
            models.CheckConstraint(
                condition=~Q(description=""),
                name="taxonomy_described",
                violation_error_message="Say what this list is for: the feed may not leave it out.",
            )
        ]

    def __str__(self) -> str:
        return self.name


class TermQuerySet(models.QuerySet):
    def shown(self):
        """Those people may choose."""
        return self.filter(is_hidden=False)

    def of(self, taxonomy: str):
        """The terms of one list, by its code, in the order staff chose."""
        return self.filter(taxonomy__code=taxonomy).order_by("place", "name")


class Term(models.Model):
    """One word of a list, in plain words for people who search and in full for the feed."""

    id = models.UUIDField(primary_key=True, editable=False)
    taxonomy = models.ForeignKey(Taxonomy, on_delete=models.PROTECT, related_name="terms")
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    code = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120, help_text="In plain words, as people would say it.")
    description = models.TextField()
    term_uri = models.URLField("web address of the term", blank=True)
    place = models.PositiveSmallIntegerField("place in the list", default=50, help_text="Lower comes first.")
    is_hidden = models.BooleanField("no longer offered", default=False)

    objects = TermQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(description=""),
                name="term_described",
                violation_error_message="Say what this term means: the feed may not leave it out.",
            ),
            models.CheckConstraint(
                condition=~Q(parent=F("id")),
                name="term_not_its_own_parent",
                violation_error_message="A term cannot stand under itself.",
            ),
        ]

    def __str__(self) -> str:
        return self.name
