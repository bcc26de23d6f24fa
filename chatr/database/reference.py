"""The rows a portal can't do without: roles, bank holidays, public pages. Each app lays down its own."""

from importlib import import_module
from importlib.util import find_spec

from django.apps import apps
from django.db import transaction


@transaction.atomic
def lay_all_down() -> None:
    """Add what is missing, app by app, by each one's ``reference.lay_down()``. Staff's own changes stay."""
    for config in apps.get_app_configs():
        name = f"{config.name}.reference"
        if name != __name__ and find_spec(name):
            import_module(name).lay_down()
