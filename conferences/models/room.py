"""The meeting as it happens: its parts, who is in each, and breaks."""

from django.db import models
from django.db.models import F, Q

from chatr.encryption.fields import EncryptedTextField

from .codes import Attending, ExclusionGround
from .conference import Conference
from .family import Person
from .rows import Row


class ConferencePart(Row):
    """A stretch of the meeting with its own people, place and call. Most conferences have one."""

    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="parts")
    number = models.PositiveSmallIntegerField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    began_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    place = EncryptedTextField("room", blank=True)
    waiting_area = EncryptedTextField(blank=True)
    call = EncryptedTextField("link of the call", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["conference", "number"], name="one_part_of_a_number"),
            models.UniqueConstraint(fields=["id", "conference"], name="part_and_conference"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="a_part_ends_after_it_starts"),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(began_at__isnull=False, ended_at__gte=F("began_at")),
                name="a_part_ended_after_it_began",
            ),
        ]


class Attendance(Row):
    """Whether a person is in a part, and if they are kept out of it: why, how long at least, how they were heard."""

    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="attendances")
    part = models.ForeignKey(ConferencePart, on_delete=models.PROTECT, related_name="attendances")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="attendances")
    status = models.CharField(max_length=12, choices=Attending.choices, default=Attending.INVITED)
    online = models.BooleanField(default=False)
    waits_in = EncryptedTextField("waiting area", blank=True)
    ground = models.CharField(max_length=24, choices=ExclusionGround.choices, blank=True)
    minimum_minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    decided_by_chair = models.BooleanField(default=False)
    views_obtained = EncryptedTextField("how their views were heard all the same", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["part", "person"], name="one_attendance_in_a_part"),
            models.CheckConstraint(
                condition=~Q(status=Attending.EXCLUDED)
                | ~Q(ground="") & Q(minimum_minutes__isnull=False, decided_by_chair=True),
                name="an_exclusion_has_its_ground",
                violation_error_message="Say why and for how long at least; the chair decides.",
            ),
        ]


class Break(Row):
    """A pause. Nothing is discussed while the family is out; what is saved meanwhile is shown to the chair."""

    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="breaks")
    part = models.ForeignKey(ConferencePart, on_delete=models.PROTECT, related_name="breaks")
    asked_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["conference"],
                condition=Q(ended_at=None),
                name="one_break_at_a_time",
                violation_error_message="There is a break already.",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("started_at")), name="a_break_ends_after_it_starts"
            ),
        ]
