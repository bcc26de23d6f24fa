"""Every app's ``privacy.py``, collected: what is classified how, and what the portal holds about a person."""

from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

from django.apps import apps

from . import third_party
from .classification import Classification


def privacy_modules() -> dict[str, ModuleType]:
    """The ``privacy.py`` of each app that has one, by app label."""
    return {
        config.label: import_module(f"{config.name}.privacy")
        for config in apps.get_app_configs()
        if find_spec(f"{config.name}.privacy")
    }


def classified() -> dict[str, Classification]:
    """How every field is classified, by ``app.Model.field``."""
    tables = dict(third_party.CLASSIFIED)
    for label, module in privacy_modules().items():
        tables |= {f"{label}.{model}": fields for model, fields in getattr(module, "CLASSIFIED", {}).items()}
    return {f"{table}.{field}": kind for table, fields in tables.items() for field, kind in fields.items()}


def every_field() -> set[str]:
    """Every field of every table, as ``app.Model.field``."""
    return {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in (*model._meta.local_concrete_fields, *model._meta.local_many_to_many)
    }


def export_for(user) -> dict[str, dict]:
    """Everything the portal holds about a person, by app label, for them to download."""
    parts = {
        label: module.export_for(user)
        for label, module in sorted(privacy_modules().items())
        if hasattr(module, "export_for")
    }
    return {label: part for label, part in parts.items() if part}
