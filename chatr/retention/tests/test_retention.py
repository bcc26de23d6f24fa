from datetime import timedelta

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.utils import timezone

from chatr.retention.retention import forget_ended_sessions


def test_ended_sessions_are_forgotten_with_where_they_came_from_and_live_ones_stay(people):
    now = timezone.now()

    def signed_in(key, user, expires):
        Session.objects.create(session_key=key, session_data="", expire_date=expires)
        UserSession.objects.create(user=user, session_key=key, ip="192.0.2.1", created_at=now - timedelta(days=3))

    signed_in("ended", people.person, now - timedelta(days=1))
    signed_in("live", people.person, now + timedelta(hours=1))
    assert forget_ended_sessions(now) == 1
    assert list(UserSession.objects.values_list("session_key", flat=True)) == ["live"]
    assert list(Session.objects.values_list("session_key", flat=True)) == ["live"]
    assert forget_ended_sessions(now) == 0
