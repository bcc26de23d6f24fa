"""Where things are: boroughs, postcodes, and the front door for a worry about a child in each borough."""

from django.contrib.postgres.indexes import GistIndex
from django.db import models

from .fields import PointField


class Area(models.Model):
    """A borough, by its code from the Office for National Statistics, such as E09000012 for Hackney."""

    gss = models.CharField("ONS code", max_length=9, primary_key=True)
    name = models.CharField(max_length=80, unique=True)
    slug = models.SlugField(max_length=80, unique=True)
    place = models.PositiveSmallIntegerField("place in lists", default=50, help_text="Lower comes first.")

    def __str__(self) -> str:
        return self.name


class FrontDoor(models.Model):
    """Where a worry about a child goes in one borough. Staff write it and say on which day they checked it."""

    area = models.OneToOneField(Area, on_delete=models.CASCADE, related_name="front_door")
    name = models.CharField(max_length=120, help_text="For example: Multi-agency safeguarding hub.")
    phone = models.CharField(max_length=40)
    hours = models.CharField(max_length=200)
    out_of_hours_phone = models.CharField("phone at night and weekends", max_length=40, blank=True)
    url = models.URLField("web page or form", blank=True)
    checked_on = models.DateField("checked on", null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.name}, {self.area}"


class PostcodeQuerySet(models.QuerySet):
    def live(self):
        """Those still in use."""
        return self.filter(terminated_on=None)


class Postcode(models.Model):
    """One postcode and its middle. No key leads to or from this table, so that it can be loaded anew by itself."""

    code = models.CharField("postcode", max_length=7, primary_key=True, help_text="In capitals, without a space.")
    outcode = models.CharField(max_length=4, db_index=True)
    latitude = models.FloatField()
    longitude = models.FloatField()
    bng = PointField("easting and northing, metres")
    gss = models.CharField("borough", max_length=9, blank=True, db_index=True)
    terminated_on = models.DateField("no longer used since", null=True, blank=True)

    objects = PostcodeQuerySet.as_manager()

    class Meta:
        indexes = [GistIndex(fields=["bng"], name="postcode_bng")]

    def __str__(self) -> str:
        return f"{self.code[:-3]} {self.code[-3:]}"
