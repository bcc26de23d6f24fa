"""Loading the example data of every app, in the order the apps are installed."""

from collections.abc import Iterator
from datetime import datetime
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps
from django.conf import settings
from django.db import transaction


class NotHere(Exception):
    """Example data is refused: this is not a local portal."""


@transaction.atomic
def load_examples(*, now: datetime) -> bool:
    """Load example people, organisations and everything the areas add, all of it or nothing.

    :returns: False when they are there already, so nothing was done
    :raises NotHere: under production settings
    """
    if not settings.LOCAL:
        raise NotHere("Example data is only for a portal on this computer: SITE_URL is not a loopback address.")
    loaded = [module.load(now=now) for module in _example_modules()]
    return any(loaded)


def _example_modules() -> Iterator:
    for app in apps.get_app_configs():
        name = f"{app.name}.examples"
        if app.name.split(".")[0] != "django" and app.label != "examples" and find_spec(name):
            yield import_module(name)
