"""The people of a conference: family, supporters, professionals; what keeps them safe and what they chose."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from chatr.encryption.fields import EncryptedTextField

from .children import ConferenceChild
from .codes import Discipline, ParentalResponsibility, PersonKind, SafeContact
from .conference import Conference
from .rows import Row


class Person(Row):
    """Somebody a conference knows: a child of it, family, a supporter or a professional. Carried to the next one."""

    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="people")
    kind = models.CharField(max_length=12, choices=PersonKind.choices)
    child = models.OneToOneField(
        ConferenceChild,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="person",
        help_text="Set when the person is a child of this conference.",
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    discipline = models.CharField(max_length=20, choices=Discipline.choices, blank=True)
    had_direct_contact = models.BooleanField("has had direct contact with the child", default=False)
    carried_from = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)
    name = EncryptedTextField()
    known_as = EncryptedTextField("what they like to be called", blank=True)
    job = EncryptedTextField("job", blank=True)
    agency = EncryptedTextField("organisation", blank=True)
    language = EncryptedTextField("language", blank=True)
    pronouns = EncryptedTextField(blank=True)

    class Meta:
        verbose_name_plural = "people"
        constraints = [
            models.UniqueConstraint(fields=["id", "conference"], name="person_and_conference"),
            models.CheckConstraint(
                condition=Q(kind=PersonKind.CHILD, child__isnull=False) | ~Q(kind=PersonKind.CHILD) & Q(child=None),
                name="a_child_is_one_of_the_conference",
            ),
            models.CheckConstraint(
                condition=~Q(kind=PersonKind.PROFESSIONAL) | ~Q(discipline=""),
                name="a_professional_has_a_discipline",
                violation_error_message="Choose the professional's agency or discipline.",
            ),
        ]


class PersonContact(Row):
    """How to reach a person safely. Of all that is written down, this is what must not be passed on unseen."""

    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="contacts")
    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="contact")
    safe_contact = models.CharField(max_length=14, choices=SafeContact.choices, default=SafeContact.ASK)
    safe_contact_note = EncryptedTextField("what makes it safe", blank=True)
    address = EncryptedTextField(blank=True)
    phone = EncryptedTextField(blank=True)
    email = EncryptedTextField(blank=True)
    address_is_secret = models.BooleanField("nobody else may learn the address", default=False)


class Relationship(Row):
    """Who a person is to a child, and whether they have parental responsibility."""

    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="relationships")
    child = models.ForeignKey(ConferenceChild, on_delete=models.PROTECT, related_name="relationships")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="relationships")
    parental_responsibility = models.CharField(
        max_length=10, choices=ParentalResponsibility.choices, default=ParentalResponsibility.NOT_KNOWN
    )
    words = EncryptedTextField("who they are to the child")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["child", "person"], name="one_relationship_to_a_child")]


class SafetyFlagKind(models.TextChoices):
    NOT_TOGETHER = "not_together", "Never in the same part, waiting area, room or call"
    NO_ADDRESS = "no_address", "One must not learn where the other lives or stays"


class SafetyFlag(Row):
    """Two people who must be kept apart. It may be added at any time, also after signing."""

    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="safety_flags")
    person_a = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    person_b = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=14, choices=SafetyFlagKind.choices)
    review_on = models.DateField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    reason = EncryptedTextField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(person_a=F("person_b")),
                name="a_flag_is_about_two_people",
                violation_error_message="Choose two different people.",
            ),
        ]


class SupportKind(models.TextChoices):
    ADVOCATE = "advocate", "Advocate"
    INTERPRETER = "interpreter", "Interpreter"
    SUPPORTER = "supporter", "Somebody to support them"
    ADJUSTMENT = "adjustment", "Adjustment"


class SupportOutcome(models.TextChoices):
    ASKED = "asked", "Asked for, not arranged yet"
    ARRANGED = "arranged", "Arranged"
    BRIEFED = "briefed", "Arranged and briefed"
    DECLINED = "declined", "They chose not to have it"
    NOT_FOUND = "not_found", "It could not be arranged"


class Support(Row):
    """Help a person was offered to take part, and what came of it."""

    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="supports")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="supports")
    kind = models.CharField(max_length=12, choices=SupportKind.choices)
    offered_on = models.DateField(null=True, blank=True)
    outcome = models.CharField(max_length=10, choices=SupportOutcome.choices, default=SupportOutcome.ASKED)
    is_relative = models.BooleanField("the interpreter is a relative or friend", default=False)
    detail = EncryptedTextField(blank=True)


class Explained(models.TextChoices):
    WHAT_HAPPENS = "what_happens", "What happens in the meeting, and who will be there"
    WHAT_MAY_BE_DECIDED = "what_may_be_decided", "What may be decided"
    THEIR_CHOICES = "their_choices", "What they can choose"
    BREAKS = "breaks", "That they can have a break, and nothing is discussed meanwhile"
    WHO_READS = "who_reads", "Who will read what is written down"
    COMPLAINTS = "complaints", "How to complain or correct something"


class Preparation(Row):
    """The meeting of the chair with a family member before the conference, or that they chose not to have one."""

    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="preparations")
    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="preparation")
    met_on = models.DateField(null=True, blank=True)
    with_chair = models.BooleanField("the chair was there", default=True)
    declined = models.BooleanField("they chose not to meet", default=False)
    reports_read_together = models.BooleanField(default=False)
    explained = ArrayField(models.CharField(max_length=20, choices=Explained.choices), default=list, blank=True)
    questions = EncryptedTextField("what they asked", blank=True)
    offer = EncryptedTextField("what is offered instead, or afterwards", blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(declined=True, met_on=None) | Q(declined=False, met_on__isnull=False),
                name="met_or_chose_not_to",
                violation_error_message="Enter the day you met, or say that they chose not to.",
            ),
        ]


class ChoiceKind(models.TextChoices):
    PLACE = "place", "Place, room or seat"
    TIME = "time", "Time of day"
    ONLINE = "online", "Online or in the room; camera on or off"
    ORDER = "order", "When to speak"
    WORDS_TO_USE = "words_to_use", "Words they use"
    WORDS_TO_AVOID = "words_to_avoid", "Words to avoid"
    CULTURE = "culture", "Culture and faith, as they describe it"
    BREAKS = "breaks", "Breaks"


class Choice(Row):
    """What a person chose about how they take part, in their own words."""

    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="choices")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="choices")
    kind = models.CharField(max_length=14, choices=ChoiceKind.choices)
    words = EncryptedTextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "kind"], name="one_choice_of_a_kind")]
