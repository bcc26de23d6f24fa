"""Private files: who put them in and what they are. Their bytes are in a table of their own, or in a bucket."""

import uuid

from django.conf import settings
from django.db import models


class PrivateFile(models.Model):
    """One file somebody put in. The rule of its kind (``rules.register_kind``) says who may read it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=60)
    name = models.CharField(max_length=150)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField(help_text="In bytes.")
    sha256 = models.CharField(max_length=64)
    bucket_key = models.CharField(max_length=100, blank=True, help_text="Blank: the bytes are in this database.")
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    uploaded_at = models.DateTimeField()
    keep_until = models.DateField(null=True, blank=True, help_text="Blank: for as long as what it belongs to.")

    class Meta:
        indexes = [models.Index(fields=["keep_until"], name="files_by_last_day")]

    def __str__(self) -> str:
        return self.name


class FileBytes(models.Model):
    """What a file holds, kept apart so that lists of files never load it."""

    file = models.OneToOneField(PrivateFile, primary_key=True, on_delete=models.CASCADE, related_name="held")
    data = models.BinaryField()

    def __str__(self) -> str:
        return f"{self.file_id}"
