"""The web server's application."""

import os

from django.core.wsgi import get_wsgi_application

from .celery import app  # noqa: F401  (so that the web process finds the broker)

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.floor.settings")
application = get_wsgi_application()
