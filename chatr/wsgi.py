"""The WSGI application gunicorn serves."""

import gc
import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chatr.settings")
application = get_wsgi_application()

# gunicorn loads this once and then makes its workers. What is loaded by now they share: without the views, each
# would load its own on its first page. Left out of garbage collection it stays shared.
import_module(settings.ROOT_URLCONF)
gc.collect()
gc.freeze()
