"""Entries that come from another Open Referral UK feed, and where each came from."""

from django.db import models

from chatr.accounts.models import Organisation

from .services import Service


class Source(models.Model):
    """Another directory we read from."""

    name = models.CharField(max_length=120)
    url = models.URLField("address of its feed", unique=True)
    licence = models.CharField(max_length=200, blank=True)
    harvested_at = models.DateTimeField("last read", null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class SourceOrganisation(models.Model):
    """Which organisation of ours one of theirs is."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="organisations")
    external_id = models.UUIDField()
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "external_id"],
                name="one_organisation_a_source_id",
                violation_error_message="This organisation is known already.",
            )
        ]

    def __str__(self) -> str:
        return str(self.organisation)


class SourceRecord(models.Model):
    """Where an entry came from, and what it said when we last took it over."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="records")
    external_id = models.UUIDField()
    service = models.OneToOneField(Service, on_delete=models.CASCADE, related_name="source_record")
    taken = models.JSONField(help_text="The entry as it was taken over.")
    theirs = models.JSONField(help_text="The entry as they last sent it.")
    last_modified = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField()
    gone_at = models.DateTimeField(null=True, blank=True, help_text="When it was first missing from their feed.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "external_id"],
                name="one_entry_a_source_id",
                violation_error_message="This entry is known already.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.service} from {self.source}"
