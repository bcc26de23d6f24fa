"""Services put aside for a family, without a word about the family."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from .services import Service


class ShortlistItem(models.Model):
    """A service on a signed-in person's shortlist. A visitor's own is in their session alone."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "service"],
                name="service_once_on_a_shortlist",
                violation_error_message="It is on the shortlist already.",
            )
        ]

    def __str__(self) -> str:
        return str(self.service)


class SharedShortlist(models.Model):
    """A shortlist as it was when it was shared: for whoever has the link, until it ends or is taken back."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    digest = models.CharField(max_length=64, unique=True, help_text="Of the link's token, which is not kept.")
    services = ArrayField(models.UUIDField())
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+")
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"Shared {self.made_at:%-d %B %Y}"
