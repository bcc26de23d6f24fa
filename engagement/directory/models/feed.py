"""What the Open Referral UK feed sends, written when an entry changes and sent as it stands."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import Q

from .fields import PointField
from .services import Service


class FeedQuerySet(models.QuerySet):
    def sent(self, day):
        """Those in the feed on a day: public ones, and withdrawn ones until they are gone."""
        return self.filter(Q(gone_on=None) | Q(gone_on__gt=day))


class FeedService(models.Model):
    """One service in the feed. ``number`` only grows, so a page read twice holds the same while data changes."""

    service = models.OneToOneField(Service, primary_key=True, on_delete=models.CASCADE, related_name="feed")
    number = models.BigIntegerField(unique=True)
    item = models.TextField(help_text="The JSON of a list.")
    whole = models.TextField(help_text="The JSON of the service by itself.")
    last_modified = models.DateTimeField(help_text="When the entry last changed, verification apart.")
    changed_at = models.DateTimeField(db_index=True, help_text="When anything above last changed.")
    gone_on = models.DateField(null=True, help_text="Withdrawn: the first day it is no longer in the feed.")

    objects = FeedQuerySet.as_manager()

    class Meta:
        # A page is found in the index alone, from whichever end is nearer; the wide rows are read for it only.
        indexes = [models.Index(fields=["number", "gone_on"], name="feed_service_order")]

    def __str__(self) -> str:
        return str(self.service_id)


class FeedPlace(models.Model):
    """One service at one place in the feed. It outlives the place it names, so that pages stay as they were."""

    id = models.UUIDField(primary_key=True, editable=False, help_text="That of the service at the location.")
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="feed_places")
    number = models.BigIntegerField(unique=True)
    item = models.TextField()
    whole = models.TextField()
    bng = PointField(null=True)
    areas = ArrayField(models.CharField(max_length=9), null=True, help_text="Boroughs served; null is not stated.")
    gone_on = models.DateField(null=True, help_text="Withdrawn: the first day it is no longer in the feed.")

    objects = FeedQuerySet.as_manager()

    class Meta:
        indexes = [
            GistIndex(fields=["bng"], name="feed_place_bng"),
            models.Index(fields=["number", "gone_on"], name="feed_place_order"),
        ]

    def __str__(self) -> str:
        return str(self.id)
