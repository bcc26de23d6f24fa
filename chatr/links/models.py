"""Which one-use links have been used."""

from django.db import models


class UsedLink(models.Model):
    """That a link was used. The token itself is not kept, only its digest."""

    purpose = models.CharField(max_length=60)
    token_digest = models.CharField(max_length=64, unique=True)
    used_at = models.DateTimeField()
    valid_until = models.DateTimeField(help_text="After this the link is refused anyway, and the row can go.")

    def __str__(self) -> str:
        return f"{self.purpose}, {self.used_at:%d/%m/%Y}"
