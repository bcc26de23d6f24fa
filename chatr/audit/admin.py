"""The staff page of what was done, when and by whom. Nothing can be changed on it."""

from django.apps import apps
from django.contrib import admin
from django.utils.dateparse import parse_date

from chatr.accounts.permissions import Permission
from chatr.staff.admin import StaffAdmin

from . import queries
from .models import AuditEvent


class ActionFilter(admin.SimpleListFilter):
    title = "what was done"
    parameter_name = "action"

    def lookups(self, request, model_admin):
        actions = AuditEvent.objects.order_by("action").values_list("action", flat=True).distinct()
        return [(action, action) for action in actions]

    def queryset(self, request, queryset):
        return queryset.filter(action=self.value()) if self.value() else queryset


class WhoAndWhenFilter(admin.ListFilter):
    """A small form beside the list: the person, the record, from which day and until which."""

    title = "person, record and dates"
    template = "admin/audit/who_and_when.html"
    names = ("person", "record", "first", "last")

    def __init__(self, request, params, model, model_admin):
        super().__init__(request, params, model, model_admin)
        self.used_parameters = {name: params.pop(name)[-1].strip() for name in self.names if name in params}

    def expected_parameters(self):
        return list(self.names)

    def has_output(self):
        return True

    def choices(self, changelist):
        """None to click; what the other filters hold is carried along by the form."""
        held = changelist.get_filters_params().items()
        self.carried = [(name, each) for name, values in held if name not in self.names for each in values]
        return []

    def queryset(self, request, queryset):
        asked = self.used_parameters
        if asked.get("person"):
            queryset = queryset.filter(actor_id__in=queries.ids_of_people(asked["person"]))
        if asked.get("record"):
            queryset = queryset.filter(object_id=asked["record"])
        return queries.on_days(queryset, _day(asked.get("first")), _day(asked.get("last")))


def _day(text: str | None):
    try:
        return parse_date(text or "")
    except ValueError:  # a day no calendar has
        return None


@admin.register(AuditEvent)
class AuditEventAdmin(StaffAdmin):
    permission = Permission.READ_AUDIT
    read_only = True
    list_display = ["at", "who", "action", "record", "more"]
    list_display_links = ["at"]
    list_filter = [WhoAndWhenFilter, ActionFilter]
    fields = ["at", "who", "action", "record", "more"]
    ordering = ["-at", "-id"]

    def get_queryset(self, request):
        return queries.with_actors().order_by(*self.ordering)

    @admin.display(description="who")
    def who(self, event) -> str:
        if event.actor_id is None:
            return "The portal itself"
        return event.actor_name or event.actor_email or f"An account that is gone ({event.actor_id})"

    @admin.display(description="record")
    def record(self, event) -> str:
        if not event.object_type:
            return ""
        try:
            kind = str(apps.get_model(event.object_type)._meta.verbose_name)
        except LookupError:  # a table the portal no longer has
            kind = event.object_type
        return f"{kind} {event.object_id}"

    @admin.display(description="details")
    def more(self, event) -> str:
        return ", ".join(f"{name}: {_in_words(value)}" for name, value in event.details.items())


def _in_words(value) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
