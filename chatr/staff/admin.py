"""What every page of the staff site shares: our permissions, our audit, an "ask first" page, and export.

A page of the staff site in short::

    @admin.register(Venue)
    class VenueAdmin(ExportMixin, StaffAdmin):
        permission = Permission.MANAGE_TRAINING      # may see and change
        view_permission = Permission.SEE_NEEDS       # optional: may see only
        deletable = True                             # default: nothing is deleted here
        refusals = (CannotCloseVenue,)               # shown in the form as they stand, whatever was written undone
        export_columns = [("Name", "name"), ("Runs", lambda venue: venue.run_count)]

        def save_model(self, request, obj, form, change):   # when an operation exists
            operations.change_venue(venue=obj, by=request.user)

        @button("Close this venue", when=lambda request, venue: venue.is_open, danger=True)
        def close(self, request, venue):
            return self.ask_first(
                request, title=f"Close {venue}?", act=lambda reason: operations.close(…), done=f"{venue} is closed.",
                form_class=ReasonForm, preview=["Ada Okafor is told by e-mail"], back=self.change_url(venue),
            )

        @admin.action(description="Close", permissions=["act"])
        def close_selected(self, request, queryset):
            return self.ask_first(request, title="Close these venues?", act=…, chosen=queryset, preview=queryset)
"""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.template.response import TemplateResponse

from chatr.accounts.models import User
from chatr.accounts.permissions import Permission
from chatr.audit.models import AuditEvent
from chatr.audit.operations import record

from .asking import AsksFirst, ReasonForm, button
from .exporting import ExportMixin
from .widgets import NamedFields

__all__ = ["ExportMixin", "ReasonForm", "StaffAdmin", "StaffStackedInline", "StaffTabularInline", "button"]


class StaffAdmin(NamedFields, AsksFirst, admin.ModelAdmin):
    """A page of the staff site: who may use it is a Permission, and what is done on it is audited."""

    permission: Permission
    view_permission: Permission | None = None
    read_only = False
    addable = True
    deletable = False
    audited_by_operation = False  # True when save_model calls an operation that writes its own audit event

    save_on_top = False
    list_per_page = 50
    show_full_result_count = False

    # Who may use it

    def may_change(self, request: HttpRequest) -> bool:
        return request.user.may(self.permission)

    def has_act_permission(self, request: HttpRequest) -> bool:
        """For list actions, also of a read-only page: ``@admin.action(permissions=["act"])``."""
        return self.may_change(request)

    def has_module_permission(self, request):
        return self.has_view_permission(request)

    def has_view_permission(self, request, obj=None):
        may_view = self.view_permission is not None and request.user.may(self.view_permission)
        return may_view or self.may_change(request)

    def has_add_permission(self, request):
        return self.addable and not self.read_only and self.may_change(request)

    def has_change_permission(self, request, obj=None):
        return not self.read_only and self.may_change(request)

    def has_delete_permission(self, request, obj=None):
        return self.deletable and not self.read_only and self.may_change(request)

    # A refused change is shown in the form, with everything else undone

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except self.refusals as refusal:
            request.staff_refusal = str(refusal)
            return super().changeform_view(request, object_id, form_url, extra_context)

    def get_form(self, request, obj=None, change=False, **kwargs):
        form_class = super().get_form(request, obj, change, **kwargs)
        refusal = getattr(request, "staff_refusal", None)
        if refusal is None:
            return form_class

        class Refused(form_class):
            def clean(self):
                cleaned = super().clean()
                self.add_error(None, refusal)
                return cleaned

        return Refused

    # The audit keeps which fields changed, never what they held

    def construct_change_message(self, request, form, formsets, add=False):
        details = {"fields": sorted(form.changed_data)}
        for formset in formsets or ():
            rows = formset.model._meta.model_name
            if added := getattr(formset, "new_objects", ()):
                details[f"{rows}_added"] = len(added)
            if changed := getattr(formset, "changed_objects", ()):
                details[f"{rows}_changed"] = sorted({name for _, names in changed for name in names})
            if deleted := getattr(formset, "deleted_objects", ()):
                details[f"{rows}_deleted"] = len(deleted)
        return details

    def log_addition(self, request, obj, message):
        self._audit(request, obj, "added", message)

    def log_change(self, request, obj, message):
        self._audit(request, obj, "changed", message)

    def log_deletions(self, request, queryset):
        for thing in queryset:
            self._audit(request, thing, "deleted", {})

    def _audit(self, request, thing, what: str, details: dict) -> None:
        if not self.audited_by_operation:
            record(
                f"staff.{self.opts.model_name}_{what}",
                thing,
                by=request.user,
                details=details,
            )

    # The history of a record is its audit

    def history_view(self, request, object_id, extra_context=None):
        thing = self.get_object(request, object_id)
        if thing is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_permission(request, thing):
            raise PermissionDenied
        page = Paginator(AuditEvent.objects.about(thing).order_by("-at", "-pk"), 50).get_page(request.GET.get("page"))
        people = User.objects.in_bulk({event.actor_id for event in page if event.actor_id})
        events = [
            {"at": event.at, "who": people.get(event.actor_id, "The portal"), "what": in_words(event)} for event in page
        ]
        context = self.admin_site.each_context(request) | {
            "title": f"History of {thing}",
            "events": events,
            "page": page,
            "module_name": self.opts.verbose_name_plural,
            "object": thing,
            "opts": self.opts,
            "preserved_filters": self.get_preserved_filters(request),
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/object_history.html", context | (extra_context or {}))

    # Fields edited in a list have no label of their own

    def get_changelist_form(self, request, **kwargs):
        form_class = super().get_changelist_form(request, **kwargs)

        class Named(form_class):
            def __init__(self, *args, **kwargs):
                super().__init__(*args, **kwargs)
                for field in self.fields.values():
                    field.widget.attrs["aria-label"] = f"{field.label}: {self.instance}"

        return Named


def in_words(event: AuditEvent) -> str:
    """What was done, from its code, with the fields that changed: "Course run changed: title, closes on"."""
    said = event.action.rpartition(".")[2].replace("_", " ").capitalize()
    fields = event.details.get("fields") or []
    return said + (": " + ", ".join(name.replace("_", " ") for name in fields) if fields else "")


class OfParent(NamedFields):
    """An inline is seen and changed by whoever may see and change the page it is on."""

    read_only = False
    deletable = True
    extra = 0
    show_change_link = False

    def _parent(self):
        return self.admin_site.get_model_admin(self.parent_model)

    def has_view_permission(self, request, obj=None):
        return self._parent().has_view_permission(request, obj)

    def has_add_permission(self, request, obj=None):
        return not self.read_only and self._parent().has_change_permission(request, obj)

    def has_change_permission(self, request, obj=None):
        return not self.read_only and self._parent().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        return self.deletable and self.has_change_permission(request, obj)


class StaffTabularInline(OfParent, admin.TabularInline):
    """Rows of another record on this page, as a table."""


class StaffStackedInline(OfParent, admin.StackedInline):
    """Rows of another record on this page, one under the other."""
