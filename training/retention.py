"""What training keeps for how long."""

from datetime import datetime, timedelta

from chatr.retention.rules import RetentionRule, register

from . import rules
from .models import Needs


def erase_needs(before: datetime) -> int:
    """Each row carries the last day it may be kept: four weeks after the run's last date."""
    return Needs.objects.filter(purge_after__lt=rules.local_day(before)).delete()[0]


register(RetentionRule("training-needs", "What people told us they need on the day", timedelta(0), erase_needs))
