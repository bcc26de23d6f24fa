"""What the directory adds to an organisation of the portal: what the public reads about it, and who reads for it."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from chatr.accounts.models import Organisation


class Profile(models.Model):
    """What the public reads about an organisation that has services in the directory."""

    # Until staff say what it does. It names nobody: names change.
    NOT_DESCRIBED = "It gives services listed in this directory."

    organisation = models.OneToOneField(
        Organisation, primary_key=True, on_delete=models.CASCADE, related_name="directory_profile"
    )
    description = models.TextField(help_text="One or two sentences.")
    website = models.URLField(blank=True)
    email = models.EmailField("public e-mail address", blank=True)
    parent = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", verbose_name="part of"
    )

    class Meta:
        verbose_name = "organisation in the directory"
        verbose_name_plural = "organisations in the directory"
        constraints = [
            models.CheckConstraint(
                condition=~Q(description=""),
                name="organisation_described",
                violation_error_message="Say in a sentence what the organisation does.",
            )
        ]

    def __str__(self) -> str:
        return str(self.organisation)


class OrganisationIdentifier(models.Model):
    """A number others know the organisation by, such as its charity number. It helps to find duplicates."""

    id = models.UUIDField(primary_key=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="identifiers")
    scheme = models.CharField(
        max_length=20, help_text="As in org-id.guide: GB-CHC for charities, GB-COH for companies."
    )
    identifier_type = models.CharField("what it is called", max_length=60, help_text="For example: Charity number.")
    identifier = models.CharField("number", max_length=60)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "identifier"],
                name="one_organisation_of_an_identifier",
                violation_error_message="Another organisation has this number already.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.identifier_type} {self.identifier}"


class Keeper(models.Model):
    """Who of the programme looks after the directory: reads suggestions, and is reminded where nobody else is."""

    THE_ONE = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=THE_ONE, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="member of staff"
    )

    class Meta:
        verbose_name = "who looks after the directory"
        verbose_name_plural = "who looks after the directory"
        constraints = [
            models.CheckConstraint(
                condition=Q(id=1), name="one_keeper", violation_error_message="One person looks after the directory."
            )
        ]

    def __str__(self) -> str:
        return str(self.user)
