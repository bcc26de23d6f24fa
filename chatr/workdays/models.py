"""England's bank holidays. A table, because one is added or moved by proclamation now and then."""

from django.db import models


class BankHoliday(models.Model):
    """A weekday on which offices in England are closed."""

    date = models.DateField(unique=True, error_messages={"unique": "There is already a bank holiday on this date."})
    name = models.CharField(max_length=100)

    def __str__(self) -> str:
        return f"{self.name}, {self.date:%d/%m/%Y}"
