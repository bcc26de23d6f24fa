from datetime import datetime, timedelta

from django.utils import timezone

from chatr.retention.rules import RetentionRule, register

from . import operations
from .models import PrivateFile


def remove_ended_files(before: datetime) -> int:
    """Remove the files whose last day is over."""
    ended = PrivateFile.objects.filter(keep_until__lt=timezone.localdate(before))
    for file in ended:
        operations.remove(file=file, by=None)
    return len(ended)


register(RetentionRule("files", "Files past their last day", timedelta(0), remove_ended_files))
