"""Where a service is given. An address that could put somebody at risk is in a table of its own."""

import uuid

from django.db import models
from django.db.models import F, Q

from chatr.accounts.models import Organisation
from chatr.encryption.fields import EncryptedTextField

from .fields import PointField
from .services import OfService, Service, YesNo

NO_ADDRESS = {
    "address_1": "",
    "city": "",
    "postal_code": "",
    "latitude": None,
    "longitude": None,
    "bng": None,
    "external_identifier": "",
}


class Location(models.Model):
    """A place of an organisation. A confidential one has a borough and nothing else here."""

    class Kind(models.TextChoices):
        PHYSICAL = "physical", "A place people go to"
        POSTAL = "postal", "A postal address only"
        VIRTUAL = "virtual", "Online or by phone"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="locations")
    kind = models.CharField("kind of place", max_length=8, choices=Kind.choices, default=Kind.PHYSICAL)
    name = models.CharField(max_length=120, blank=True)
    description = models.CharField("how to find it", max_length=300, blank=True)
    is_confidential = models.BooleanField("address not shown", default=False)
    area = models.ForeignKey(
        "Area", null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name="borough"
    )
    address_1 = models.CharField("street", max_length=200, blank=True)
    city = models.CharField("town", max_length=80, blank=True)
    state_province = models.CharField("county", max_length=80, default="Greater London")
    postal_code = models.CharField("postcode", max_length=8, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    bng = PointField("easting and northing, metres", null=True, blank=True)
    external_identifier = models.CharField("UPRN", max_length=40, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(is_confidential=False) | Q(**NO_ADDRESS, name="", description="", area__isnull=False),
                name="confidential_places_have_no_address",
                violation_error_message="A confidential place has a borough and no name, address or directions here.",
            ),
        ]

    def __str__(self) -> str:
        if self.is_confidential:
            return f"{self.area}, address not shown"
        return (
            ", ".join(part for part in (self.name, self.address_1, self.postal_code) if part) or self.get_kind_display()
        )


class ConfidentialAddress(models.Model):
    """Where a confidential place is. Nothing public reads this table: not a page, the search, the feed nor a file."""

    location = models.OneToOneField(
        Location, primary_key=True, on_delete=models.CASCADE, related_name="confidential_address"
    )
    address = EncryptedTextField(blank=True)
    postcode = EncryptedTextField(blank=True)

    class Meta:
        verbose_name_plural = "confidential addresses"

    def __str__(self) -> str:
        return "A confidential address"


class ServiceAtLocation(models.Model):
    """That a service is given at a place."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="at_locations")
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="at_services")
    place = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["service", "location"],
                name="service_once_at_a_location",
                violation_error_message="The service is given there already.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.service} at {self.location}"


class Accessibility(models.Model):
    """Whether a place has something, such as step-free access. No row: nobody said."""

    id = models.UUIDField(primary_key=True, editable=False)
    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="accessibility")
    term = models.ForeignKey("Term", on_delete=models.PROTECT, related_name="+")
    state = models.CharField("has it?", max_length=3, choices=YesNo.choices[:2])
    details = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name_plural = "accessibility"
        constraints = [
            models.UniqueConstraint(
                fields=["location", "term"],
                name="access_fact_once_a_place",
                violation_error_message="This is said of the place already.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.term}: {self.get_state_display()}"


class Schedule(OfService):
    """When a service is open, each week. It goes live as soon as an editor saves it."""

    class Day(models.IntegerChoices):
        MO, TU, WE, TH, FR, SA, SU = range(7)

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="schedules")
    at_location = models.ForeignKey(
        ServiceAtLocation, null=True, blank=True, on_delete=models.CASCADE, related_name="schedules"
    )
    day = models.PositiveSmallIntegerField(choices=Day.choices)
    opens_at = models.TimeField("opens")
    closes_at = models.TimeField("closes", help_text="00:00 is midnight at the end of the day.")
    valid_from = models.DateField("from", null=True, blank=True)
    valid_to = models.DateField("until", null=True, blank=True)
    term_time_only = models.BooleanField("in school terms only", default=False)
    notes = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_at="00:00") | Q(closes_at__gt=F("opens_at")),
                name="opens_before_it_closes",
                violation_error_message="It must close after it opens. For past midnight, add a line for the next day.",
            ),
            models.CheckConstraint(
                condition=Q(day__gte=0, day__lte=6), name="day_of_a_week", violation_error_message="Choose a day."
            ),
            models.CheckConstraint(
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="hours_from_before_until",
                violation_error_message="The last day must not be before the first.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_day_display()} {self.opens_at:%H:%M} to {self.closes_at:%H:%M}"


class Availability(models.Model):
    """Whether a service can take people now and how long they wait, as said on a day, for as long as it holds."""

    class State(models.TextChoices):
        SPACE = "space", "Has space now"
        WAITING = "waiting", "Has a waiting list"
        FULL = "full", "Takes nobody at the moment"

    service = models.OneToOneField(Service, primary_key=True, on_delete=models.CASCADE, related_name="availability")
    state = models.CharField(max_length=8, choices=State.choices)
    waiting_time = models.CharField("how long people wait", max_length=120, blank=True)
    as_of = models.DateField("said on")
    expires_on = models.DateField("holds until")

    class Meta:
        verbose_name_plural = "availability"
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_on__gte=F("as_of")),
                name="availability_expires_after_it_is_said",
                violation_error_message="It cannot end before it was said.",
            )
        ]

    def __str__(self) -> str:
        return self.get_state_display()
