"""What every table of the area shares."""

import uuid

from django.db import models


class Row(models.Model):
    """A row with an id made here: row-level security refuses ids made by the database when the row is written."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        # Never a word of content: this is what errors and logs would show.
        return f"{self._meta.verbose_name} {str(self.pk)[:8]}"
