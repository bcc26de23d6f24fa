"""What was done, when, by whom. It has no foreign keys, so it outlives what it describes."""

from datetime import datetime

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone


class AuditEventQuerySet(models.QuerySet):
    def about(self, thing: models.Model):
        """What was done to one record."""
        return self.filter(object_type=thing._meta.label_lower, object_id=str(thing.pk))

    def by(self, user: models.Model):
        """What one person did."""
        return self.filter(actor_id=user.pk)

    def between(self, start: datetime, end: datetime):
        """From ``start`` up to but not including ``end``."""
        return self.filter(at__gte=start, at__lt=end)


class AuditEvent(models.Model):
    """One thing done. The database refuses to change or remove it."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField("when", default=timezone.now)
    action = models.CharField("what was done", max_length=80)
    actor_id = models.UUIDField("who", null=True)
    object_type = models.CharField("kind of record", max_length=80, blank=True)
    object_id = models.CharField("record", max_length=64, blank=True)
    details = models.JSONField(default=dict, encoder=DjangoJSONEncoder)

    objects = AuditEventQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["-at"], name="audit_by_time"),
            models.Index(fields=["action", "-at"], name="audit_by_action"),
            models.Index(fields=["actor_id", "-at"], name="audit_by_actor"),
            models.Index(fields=["object_id", "object_type"], name="audit_by_object"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.object_type} {self.object_id}".strip()
