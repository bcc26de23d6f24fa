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

        @admin.action(description="Close")
        def close_selected(self, request, queryset):
            return self.ask_first(request, title="Close these venues?", act=…, chosen=queryset, preview=queryset)
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone

from chatr.accounts.permissions import Permission
from chatr.audit.operations import record


class ReasonForm(forms.Form):
    """Asks why. The reason is kept with the record, and where a person is told, they read it too."""

    reason = forms.CharField(
        label="Reason", max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )


@dataclass(frozen=True)
class Button:
    """An act offered at the top of a page: on one record, or (``on_list``) above a list."""

    label: str
    method: str
    when: Callable[[HttpRequest, models.Model | None], bool]
    danger: bool
    on_list: bool
    view_is_enough: bool

    @property
    def slug(self) -> str:
        return self.method.replace("_", "-")


def button(
    label: str,
    *,
    when: Callable = lambda request, thing: True,
    danger: bool = False,
    on_list: bool = False,
    view_is_enough: bool = False,
) -> Callable:
    """Give a method ``(self, request, thing)`` of a StaffAdmin an address and a button on the record's page.

    :param when: ``when(request, thing)`` says whether it is offered now; asked again when it is used
    :param on_list: the button stands above the list and the method is ``(self, request)``
    :param view_is_enough: offered to those who may only see the record; otherwise they must be able to change it
    """

    def declare(method):
        method.staff_button = Button(
            label, method.__name__, when, danger, on_list, view_is_enough
        )
        return method

    return declare


class StaffAdmin(admin.ModelAdmin):
    """A page of the staff site: who may use it is a Permission, and what is done on it is audited."""

    permission: Permission
    view_permission: Permission | None = None
    read_only = False
    addable = True
    deletable = False
    audited_by_operation = (
        False  # True when save_model calls an operation that writes its own audit event
    )
    refusals: tuple[type[Exception], ...] = ()

    save_on_top = False
    list_per_page = 50
    show_full_result_count = False

    # Who may use it

    def may_change(self, request: HttpRequest) -> bool:
        return request.user.may(self.permission)

    def has_module_permission(self, request):
        return self.has_view_permission(request)

    def has_view_permission(self, request, obj=None):
        may_view = self.view_permission is not None and request.user.may(
            self.view_permission
        )
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
                details[f"{rows}_changed"] = sorted(
                    {name for _, names in changed for name in names}
                )
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

    # Buttons

    @classmethod
    def staff_buttons(cls) -> list[Button]:
        """Those declared with ``@button``, in the order they are written, a base class's first."""
        found = {}
        for base in reversed(cls.__mro__):
            for name, method in vars(base).items():
                if hasattr(method, "staff_button"):
                    found[name] = method.staff_button
        return list(found.values())

    def _may_press(self, request, pressed: Button, thing=None) -> bool:
        may = (
            self.has_view_permission
            if pressed.view_is_enough
            else self.has_change_permission
        )
        return may(request, thing) and pressed.when(request, thing)

    def _offered(self, request, thing=None) -> list[dict]:
        info = f"admin:{self.opts.app_label}_{self.opts.model_name}"
        return [
            {
                "label": each.label,
                "danger": each.danger,
                "url": reverse(
                    f"{info}_{each.slug}", args=[] if each.on_list else [thing.pk]
                ),
            }
            for each in self.staff_buttons()
            if each.on_list == (thing is None) and self._may_press(request, each, thing)
        ]

    def get_urls(self):
        info = f"{self.opts.app_label}_{self.opts.model_name}"
        ours = []
        for each in self.staff_buttons():
            where = (
                f"{each.slug}/" if each.on_list else f"<path:object_id>/{each.slug}/"
            )
            ours.append(
                path(
                    where,
                    self.admin_site.admin_view(self._presser(each)),
                    name=f"{info}_{each.slug}",
                )
            )
        return ours + super().get_urls()

    def _presser(self, pressed: Button):
        method = getattr(self, pressed.method)

        def press(request, object_id=None):
            if pressed.on_list:
                thing, arguments = None, (request,)
            else:
                thing = self.get_object(request, object_id)
                if thing is None:
                    raise Http404
                arguments = (request, thing)
            if not self._may_press(request, pressed, thing):
                raise PermissionDenied
            return method(*arguments)

        return press

    def change_view(self, request, object_id, form_url="", extra_context=None):
        thing = self.get_object(request, object_id)
        offered = self._offered(request, thing) if thing is not None else []
        return super().change_view(
            request,
            object_id,
            form_url,
            {"staff_buttons": offered} | (extra_context or {}),
        )

    def changelist_view(self, request, extra_context=None):
        offered = {"staff_buttons": self._offered(request)}
        return super().changelist_view(request, offered | (extra_context or {}))

    def list_url(self) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")

    def change_url(self, thing: models.Model) -> str:
        return reverse(
            f"admin:{self.opts.app_label}_{self.opts.model_name}_change",
            args=[thing.pk],
        )

    # Ask first

    def ask_first(
        self,
        request: HttpRequest,
        *,
        title: str,
        act: Callable[..., str | None],
        button: str = "Confirm",
        done: str = "Done.",
        form_class: type[forms.Form] = forms.Form,
        initial: dict | None = None,
        explanation: str = "",
        preview: Iterable = (),
        preview_title: str = "",
        danger: bool = False,
        chosen: models.QuerySet | None = None,
        back: str | None = None,
    ) -> HttpResponse:
        """Show what is about to happen, with a form and one button; when pressed, call ``act(**cleaned_data)``.

        ``act`` runs in one transaction. What it returns is said to the person (otherwise ``done`` is). One of
        ``refusals`` undoes everything it did and is shown on the page as it stands.

        :param chosen: the records picked in a list, when this answers a list action
        :param preview: lines or records listed on the page
        :param back: where to go afterwards and on "Go back" (the list, when not given)
        """
        pressed = request.method == "POST" and "confirmed" in request.POST
        form = (
            form_class(request.POST, request.FILES)
            if pressed
            else form_class(initial=initial)
        )
        if pressed and form.is_valid():
            try:
                with transaction.atomic():
                    said = act(**form.cleaned_data)
            except self.refusals as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, said or done)
                return HttpResponseRedirect(back or self.list_url())
        carried = []
        if chosen is not None:
            carried = [("action", request.POST["action"])]
            carried += [
                (ACTION_CHECKBOX_NAME, pk) for pk in chosen.values_list("pk", flat=True)
            ]
        context = self.admin_site.each_context(request) | {
            "opts": self.opts,
            "title": title,
            "form": form,
            "media": self.media + form.media,
            "button": button,
            "explanation": explanation,
            "preview": list(preview),
            "preview_title": preview_title,
            "danger": danger,
            "carried": carried,
            "back": back or self.list_url(),
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/staff/confirm.html", context)


class OfParent:
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


class ExportMixin:
    """List actions that hand over the chosen rows as CSV or Excel. Formulas are neutralised, and the export audited.

    ``export_columns`` are pairs of a title and an attribute name (or a callable given the record).
    """

    export_columns: Sequence[tuple[str, str | Callable]] = ()

    def export_queryset(self, request, queryset):
        """The chosen rows with what the columns need; override to join or count in one query."""
        return queryset

    def get_actions(self, request):
        actions = super().get_actions(request)
        for name in ("export_csv", "export_excel"):
            actions[name] = self.get_action(name)
        return actions

    @admin.action(description="Download as CSV")
    def export_csv(self, request, queryset):
        from chatr.spreadsheets.writing import csv_response

        return self._export(request, queryset, csv_response, "csv")

    @admin.action(description="Download for Excel")
    def export_excel(self, request, queryset):
        from chatr.spreadsheets.writing import xlsx_response

        return self._export(request, queryset, xlsx_response, "xlsx")

    def _export(self, request, queryset, respond, extension: str) -> HttpResponse:
        header = [title for title, _ in self.export_columns]
        rows = [
            [
                column(thing) if callable(column) else getattr(thing, column)
                for _, column in self.export_columns
            ]
            for thing in self.export_queryset(request, queryset)
        ]
        details = {"rows": len(rows), "format": extension}
        record(
            f"staff.{self.opts.model_name}_exported",
            None,
            by=request.user,
            details=details,
        )
        name = str(self.opts.verbose_name_plural).replace(" ", "-")
        return respond(
            f"{name}-{timezone.localdate():%Y-%m-%d}.{extension}", header, rows
        )
