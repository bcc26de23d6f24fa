"""Children, as the council knows them, and which of them a conference is about."""

from django.db import models
from django.db.models import Q

from chatr.encryption.fields import EncryptedTextField

from .codes import ParticipationCode
from .conference import Conference
from .rows import Row


class Child(Row):
    """A child by the council's own id, and nothing else: found by the exact id alone."""

    la_child_id = models.CharField("local child id", max_length=20, unique=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(la_child_id__regex=r"^[A-Za-z0-9]{1,20}$"),
                name="local_child_id_is_letters_and_digits",
                violation_error_message="A local child id is up to 20 letters and digits.",
            ),
        ]


class Sex(models.TextChoices):
    FEMALE = "F", "Female"
    MALE = "M", "Male"
    NOT_KNOWN = "U", "Not known, or not born yet"
    NOT_STATED = "N", "Not stated"


class ChildDetails(Row):
    """What a child is called and when they were born, or are expected."""

    child = models.OneToOneField(Child, on_delete=models.PROTECT, related_name="details")
    name = EncryptedTextField(blank=True)
    known_as = EncryptedTextField(blank=True)
    born_on = models.DateField(null=True, blank=True)
    expected_on = models.DateField(null=True, blank=True)
    sex = models.CharField(max_length=1, choices=Sex.choices, default=Sex.NOT_KNOWN)
    died_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(born_on__isnull=False) | Q(expected_on__isnull=False, sex=Sex.NOT_KNOWN, died_on=None),
                name="born_or_expected",
                violation_error_message="Enter the date of birth, or the expected date of an unborn child.",
            ),
        ]


class ConferenceChild(Row):
    """That a conference is about a child. Everything about one child in a conference hangs from here."""

    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="children")
    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="conferences")
    position = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["conference", "child"], name="a_child_once_in_a_conference"),
            models.UniqueConstraint(fields=["id", "conference"], name="child_and_conference"),
        ]


class Section47(Row):
    """The enquiry that leads to an initial conference, for one child of it."""

    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="enquiries")
    child = models.OneToOneField(ConferenceChild, on_delete=models.PROTECT, related_name="enquiry")
    started_on = models.DateField()
    referral_on = models.DateField(null=True, blank=True)
    icpc_not_required = models.BooleanField(default=False)


class StrategyDiscussion(Row):
    """One strategy discussion. The one that started section 47 starts the fifteen working days."""

    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="strategy_discussions")
    child = models.ForeignKey(ConferenceChild, on_delete=models.PROTECT, related_name="strategy_discussions")
    held_on = models.DateField()
    initiated_s47 = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["child"], condition=Q(initiated_s47=True), name="one_discussion_starts_section_47"
            ),
            models.UniqueConstraint(fields=["child", "held_on"], name="one_discussion_a_day"),
        ]


class Participation(Row):
    """How a child took part. Being there is not the same as taking part."""

    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="participations")
    child = models.OneToOneField(ConferenceChild, on_delete=models.PROTECT, related_name="participation")
    code = models.CharField(max_length=3, choices=ParticipationCode.choices)
    how = EncryptedTextField("how the child was helped to take part", blank=True)
    by_whom = EncryptedTextField("who helped them", blank=True)
    next_step = EncryptedTextField("what is done next", blank=True)
