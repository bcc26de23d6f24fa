"""Form fields that say what they are, where Django admin's own have no label."""

from django.contrib.admin.widgets import AdminSplitDateTime
from django.db import models
from django.utils.text import capfirst


class NamedDateTime(AdminSplitDateTime):
    """A date box and a time box, each with its own name for a screen reader."""

    label = ""

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        for box, part in zip(context["widget"]["subwidgets"], ("date", "time"), strict=True):
            box["attrs"]["aria-label"] = f"{self.label}: {part}" if self.label else part.capitalize()
        return context


class NamedFields:
    """For pages and inlines: date and time boxes take the field's own name; web addresses are https."""

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if isinstance(db_field, models.URLField):
            kwargs.setdefault("assume_scheme", "https")
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and isinstance(field.widget, AdminSplitDateTime):
            field.widget = NamedDateTime()
            field.widget.label = str(capfirst(db_field.verbose_name))
        return field
