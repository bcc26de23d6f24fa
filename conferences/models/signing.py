"""What was signed, and what was added to it afterwards."""

from django.conf import settings
from django.db import models

from chatr.encryption.fields import EncryptedTextField

from .children import ConferenceChild
from .conference import Conference
from .family import Person
from .rows import Row
from .words import Block


class SignedRecord(Row):
    """The whole record as it was signed, as canonical JSON whose SHA-256 is on the conference."""

    conference = models.OneToOneField(Conference, on_delete=models.PROTECT, related_name="signed_record")
    content = EncryptedTextField()
    signer_name = EncryptedTextField()
    signer_role = models.CharField(max_length=80)


class Amendment(Row):
    """A change after signing: what it said, what it says now, why, who, when. The signed words stay as they are."""

    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="amendments")
    child = models.ForeignKey(
        ConferenceChild, null=True, blank=True, on_delete=models.PROTECT, related_name="amendments"
    )
    number = models.PositiveSmallIntegerField()
    object_type = models.CharField(max_length=40)
    object_id = models.UUIDField()
    field = models.CharField(max_length=40)
    old = EncryptedTextField(blank=True)
    new = EncryptedTextField(blank=True)
    reason = EncryptedTextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["conference", "number"], name="one_amendment_of_a_number")]


class ChallengeOutcome(models.TextChoices):
    WAITING = "waiting", "Not answered yet"
    AMENDED = "amended", "The record was amended"
    STANDS = "stands", "The record stays, and these words stay beside it"


class AccuracyChallenge(Row):
    """That somebody says something is not accurate. It sits beside the text, even if it is not accepted."""

    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="challenges")
    child = models.ForeignKey(
        ConferenceChild, null=True, blank=True, on_delete=models.PROTECT, related_name="challenges"
    )
    block = models.ForeignKey(Block, null=True, blank=True, on_delete=models.PROTECT, related_name="challenges")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="challenges")
    received_on = models.DateField()
    outcome = models.CharField(max_length=8, choices=ChallengeOutcome.choices, default=ChallengeOutcome.WAITING)
    answered_at = models.DateTimeField(null=True, blank=True)
    words = EncryptedTextField()
    response = EncryptedTextField("the chair's answer", blank=True)
