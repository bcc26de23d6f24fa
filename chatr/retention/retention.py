"""What other packages leave behind."""

from datetime import datetime, timedelta

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session

from .rules import RetentionRule, register


def forget_ended_sessions(before: datetime) -> int:
    """Sessions that ran out, and where they were signed in from."""
    Session.objects.filter(expire_date__lt=before).delete()
    live = Session.objects.values("session_key")
    ended = UserSession.objects.filter(created_at__lt=before).exclude(session_key__in=live)
    return ended.delete()[0]


register(RetentionRule("sessions", "Where people were signed in from", timedelta(days=1), forget_ended_sessions))
