"""What finding reads. These rows repeat what the entry says, ready to search; ``operations.listings`` writes them."""

from django.contrib.postgres.fields import ArrayField, DecimalRangeField
from django.contrib.postgres.indexes import GinIndex, GistIndex, OpClass
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper

from chatr.accounts.models import Organisation

from .fields import MinutesField, PointField
from .services import Cost, Service
from .taxonomies import Term

CONFIG = "directory_english"  # English stems, accents ignored; made by the first migration


class ListingQuerySet(models.QuerySet):
    def shown(self, day):
        """Those the public may see on a day."""
        return self.filter(Q(visible_from=None) | Q(visible_from__lte=day), Q(visible_to=None) | Q(visible_to__gte=day))


class Listing(models.Model):
    """One published service, as searching needs it. Null means *not stated*, everywhere.

    Nothing here comes from a confidential place but its borough.
    """

    service = models.OneToOneField(Service, primary_key=True, on_delete=models.CASCADE, related_name="listing")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    slug = models.SlugField(max_length=140)
    name = models.CharField(max_length=120)
    sort_name = models.CharField(max_length=140, help_text="In lower case, without accents.")
    terms_text = models.TextField(help_text="Organisation and terms, in words.")
    body_text = models.TextField(help_text="Summary, description, who it is for.")
    words = models.GeneratedField(
        expression=SearchVector("name", weight="A", config=CONFIG)
        + SearchVector("terms_text", weight="B", config=CONFIG)
        + SearchVector("body_text", weight="C", config=CONFIG),
        output_field=SearchVectorField(),
        db_persist=True,
    )
    # The same without the text, so that the best matches are found without reading all others.
    tags = models.GeneratedField(
        expression=SearchVector("name", weight="A", config=CONFIG)
        + SearchVector("terms_text", weight="B", config=CONFIG),
        output_field=SearchVectorField(),
        db_persist=True,
    )
    visible_from = models.DateField(null=True)
    visible_to = models.DateField(null=True)
    is_verified = models.BooleanField(default=False)
    verified_on = models.DateField(null=True)
    unverified_from = models.DateField(help_text="The first day it counts as unverified.")
    terms = ArrayField(models.CharField(max_length=60), help_text="Codes of its terms and of those above them.")
    ages = DecimalRangeField(null=True)
    areas = ArrayField(models.CharField(max_length=9), null=True, help_text="ONS codes of the boroughs it serves.")
    for_family = models.BooleanField(null=True)
    for_professional = models.BooleanField(null=True)
    cost = models.CharField(max_length=4, choices=Cost.choices, null=True)
    languages = ArrayField(models.CharField(max_length=3), null=True)
    access = ArrayField(models.CharField(max_length=60), help_text="Access terms some place of it has.")
    lacks_access = ArrayField(models.CharField(max_length=60), help_text="Access terms all its places say no to.")
    levels = ArrayField(models.BigIntegerField())
    open_at = MinutesField(null=True)
    space = models.CharField(max_length=8, null=True)
    space_until = models.DateField(null=True)
    is_closed = models.BooleanField(default=False)
    is_sensitive = models.BooleanField(default=False)
    has_places = models.BooleanField(help_text="Has a place people can be shown.")
    hidden_in = ArrayField(models.CharField(max_length=9), help_text="Boroughs of places whose address is not shown.")
    card = models.JSONField(help_text="What a result shows.")
    refresh_on = models.DateField(null=True, db_index=True, help_text="The next day something in it changes by itself.")

    objects = ListingQuerySet.as_manager()

    class Meta:
        indexes = [
            GinIndex(fields=["words"], name="listing_words"),
            GinIndex(fields=["tags"], name="listing_tags"),
            GinIndex(fields=["terms"], name="listing_terms"),
            GinIndex(fields=["levels"], name="listing_levels"),
            models.Index(
                models.F("is_verified").desc(), models.F("sort_name"), models.F("service"), name="listing_order"
            ),
            models.Index(fields=["organisation"], name="listing_organisation"),
            GinIndex(OpClass("sort_name", name="gin_trgm_ops"), name="listing_name_trigrams"),
        ]

    def __str__(self) -> str:
        return self.name


class ListingPlace(models.Model):
    """A place of a listing that may be shown: where distances come from."""

    listing = models.ForeignKey(Listing, on_delete=models.CASCADE, related_name="places")
    bng = PointField()
    gss = models.CharField(max_length=9, blank=True)

    class Meta:
        indexes = [GistIndex(fields=["bng"], name="listing_place_bng")]

    def __str__(self) -> str:
        return f"{self.listing}, {self.bng}"


class SearchWord(models.Model):
    """A word of the published entries, to correct a mistyped one by. Rebuilt every night."""

    word = models.CharField(max_length=60, primary_key=True)
    entries = models.PositiveIntegerField(default=1)
    is_only_in_names = models.BooleanField(default=False, help_text="May be somebody's name, so it is never logged.")

    class Meta:
        indexes = [GistIndex(OpClass("word", name="gist_trgm_ops"), name="search_word_trigrams")]

    def __str__(self) -> str:
        return self.word


class SynonymGroup(models.Model):
    """Words that mean the same when people search, and the need they speak of."""

    name = models.CharField(max_length=80, unique=True)
    need = models.ForeignKey(
        Term,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="synonym_groups",
        help_text="Services with this need are found by any of the words.",
    )

    def __str__(self) -> str:
        return self.name


class Synonym(models.Model):
    """A word or phrase of a group, in lower case with single spaces."""

    group = models.ForeignKey(SynonymGroup, on_delete=models.CASCADE, related_name="synonyms")
    phrase = models.CharField(max_length=80, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Upper("phrase"),
                "group",
                name="phrase_once_a_group",
                violation_error_message="The group has this word already.",
            )
        ]

    def __str__(self) -> str:
        return self.phrase


class SearchGap(models.Model):
    """Searches that found nothing, counted by day: only words we already have, never what else was typed."""

    day = models.DateField()
    words = ArrayField(models.CharField(max_length=60))
    filters = ArrayField(models.CharField(max_length=80), help_text="Such as need=housing; never an age or a postcode.")
    outcode = models.CharField(max_length=4, blank=True)
    count = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["day", "words", "filters", "outcode"],
                name="one_count_of_a_gap",
                violation_error_message="This is counted already.",
            )
        ]

    def __str__(self) -> str:
        return " ".join(self.words) or "no words"


class ServiceDay(models.Model):
    """How often a service's page was looked at on a day, and whether people said it helped. Of nobody in particular."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="days")
    day = models.DateField()
    views = models.PositiveIntegerField(default=0)
    helped = models.PositiveIntegerField(default=0)
    did_not_help = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["service", "day"], name="one_count_a_day", violation_error_message="This is counted already."
            )
        ]

    def __str__(self) -> str:
        return f"{self.service}, {self.day:%-d %B %Y}"
