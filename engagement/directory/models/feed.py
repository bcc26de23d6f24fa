"""What the Open Referral UK feed sends, written when an entry changes and sent as it stands."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GistIndex
from django.db import models

from .fields import PointField
from .locations import ServiceAtLocation
from .services import Service


class FeedService(models.Model):
    """One service in the feed. ``number`` only grows, so a page read twice holds the same while data changes."""

    service = models.OneToOneField(Service, primary_key=True, on_delete=models.CASCADE, related_name="feed")
    number = models.BigIntegerField(unique=True)
    item = models.TextField(help_text="The JSON of a list.")
    whole = models.TextField(help_text="The JSON of the service by itself.")
    last_modified = models.DateTimeField(help_text="When the entry last changed, verification apart.")
    changed_at = models.DateTimeField(db_index=True, help_text="When anything above last changed.")
    gone_on = models.DateField(null=True, help_text="Withdrawn: the first day it is no longer in the feed.")

    def __str__(self) -> str:
        return str(self.service_id)


class FeedPlace(models.Model):
    """One service at one place in the feed."""

    at_location = models.OneToOneField(
        ServiceAtLocation, primary_key=True, on_delete=models.CASCADE, related_name="feed"
    )
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="feed_places")
    number = models.BigIntegerField(unique=True)
    item = models.TextField()
    whole = models.TextField()
    bng = PointField(null=True)
    areas = ArrayField(models.CharField(max_length=9), null=True)

    class Meta:
        indexes = [GistIndex(fields=["bng"], name="feed_place_bng")]

    def __str__(self) -> str:
        return str(self.at_location_id)
