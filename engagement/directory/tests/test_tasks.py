"""What the directory does by itself, as beat starts it."""

from datetime import date, time, timedelta
from unittest import mock

import pytest
from celery.schedules import crontab
from django.conf import settings

from chatr.celery import app
from chatr.notifications.models import Message
from chatr.workdays.clock import LONDON, local

from .. import tasks
from ..models import Listing
from .making import publish

pytestmark = pytest.mark.django_db

VERIFIED = local(date(2026, 10, 12), time(10))
DUE = date(2027, 1, 11)


def test_editors_are_asked_in_the_morning_of_london_and_one_missed_run_costs_no_day():
    schedule = settings.CELERY_BEAT_SCHEDULE["remind-editors"]["schedule"]
    assert isinstance(schedule, crontab) and schedule.hour == {9, 10, 11, 12} and schedule.minute == {0}
    assert str(app.timezone) == str(LONDON)


def test_the_tasks_of_the_directory_run_again_without_adding_anything(together, editor):
    publish(together, now=VERIFIED, verified=VERIFIED)
    with mock.patch("django.utils.timezone.now", return_value=local(DUE, time(9))):
        for _ in range(2):
            tasks.remind_editors()
            tasks.refresh_listings()
    assert Message.objects.count() == 1
    with mock.patch("django.utils.timezone.now", return_value=local(DUE + timedelta(days=29), time(0, 10))):
        for _ in range(2):
            tasks.refresh_listings()
    assert not Listing.objects.get().is_verified
