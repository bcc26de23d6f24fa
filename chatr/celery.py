"""The Celery application: what beat starts, and how often.

Every scan claims the rows it works on, so two beats do no harm and losing the broker loses no message.
"""

import os

from celery import Celery
from celery.signals import task_postrun, task_prerun
from django.db import close_old_connections

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chatr.settings")

app = Celery("chatr")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@task_prerun.connect
@task_postrun.connect
def look_after_connections(**_) -> None:
    """What Django does around each request: close the database connections that are too old, or broken."""
    close_old_connections()
