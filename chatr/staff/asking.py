"""Acts on the staff site: a button at the top of a page, and a page that asks first."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import BadRequest, PermissionDenied, ValidationError
from django.db import models, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.text import capfirst


class ReasonForm(forms.Form):
    """Asks why. The reason is kept with the record, and where a person is told, they read it too."""

    reason = forms.CharField(label="Reason", max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


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
    :param view_is_enough: offered to those who may only see the record; otherwise they must hold ``permission``
    """

    def declare(method):
        method.staff_button = Button(label, method.__name__, when, danger, on_list, view_is_enough)
        return method

    return declare


class AsksFirst:
    """The part of a StaffAdmin that shows buttons and asks before it acts."""

    refusals: tuple[type[Exception], ...] = ()

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
        may = self.has_view_permission(request, thing) if pressed.view_is_enough else self.may_change(request)
        return may and pressed.when(request, thing)

    def _offered(self, request, thing=None) -> list[dict]:
        info = f"admin:{self.opts.app_label}_{self.opts.model_name}"
        return [
            {
                "label": each.label,
                "danger": each.danger,
                "url": reverse(f"{info}_{each.slug}", args=[] if each.on_list else [thing.pk]),
            }
            for each in self.staff_buttons()
            if each.on_list == (thing is None) and self._may_press(request, each, thing)
        ]

    def get_urls(self):
        info = f"{self.opts.app_label}_{self.opts.model_name}"
        ours = []
        for each in self.staff_buttons():
            where = f"{each.slug}/" if each.on_list else f"<path:object_id>/{each.slug}/"
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
        for key in request.POST.getlist(ACTION_CHECKBOX_NAME):
            try:
                self.opts.pk.to_python(key)
            except ValidationError:
                raise BadRequest("That row was never on the page.") from None
        offered = {"staff_buttons": self._offered(request), "title": capfirst(self.opts.verbose_name_plural)}
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
        form = form_class(request.POST, request.FILES) if pressed else form_class(initial=initial)
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
            carried += [(ACTION_CHECKBOX_NAME, pk) for pk in chosen.values_list("pk", flat=True)]
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
