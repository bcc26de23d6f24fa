"""The Celery application: what beat starts, and how often.

Every scan claims the rows it works on, so two beats do no harm and losing the broker loses no message.
"""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chatr.settings")

app = Celery("chatr")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
