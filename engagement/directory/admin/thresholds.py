"""Threshold documents and their levels, and the way from one version to the next."""

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminDateWidget
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from chatr.accounts.permissions import Permission
from chatr.staff.admin import StaffAdmin, StaffStackedInline, button

from ..models import ThresholdFramework, ThresholdLevel
from ..operations import thresholds
from ..operations.thresholds import CannotChangeThresholds
from ..queries import thresholds as queries
from .in_order import NumberedForm, Previews, rows_of


class NextVersionForm(forms.Form):
    """What is new about the next version."""

    version = forms.CharField(max_length=40)
    valid_from = forms.DateField(label="In force from", widget=AdminDateWidget)
    source_url = forms.URLField(label="Where the document is", required=False, assume_scheme="https")


class LevelInline(StaffStackedInline):
    """The levels of a document, from the lightest."""

    model = ThresholdLevel
    form = NumberedForm
    ordering = ("order",)
    fields = ("order", "name", "description", "what_to_do")

    def get_extra(self, request, obj=None, **kwargs):
        return 0 if obj else 3

    def get_formset(self, request, obj=None, **kwargs):
        """With a refusal in our own words where a level that is in use is ticked to go."""
        made = super().get_formset(request, obj, **kwargs)

        class LevelForm(made.form):
            def hand_clean_DELETE(self):
                if self.cleaned_data.get("DELETE") and self.instance.pk:
                    try:
                        thresholds.refuse_if_used(self.instance)
                    except CannotChangeThresholds as refusal:
                        self._errors[forms.forms.NON_FIELD_ERRORS] = self.error_class([str(refusal)])

        class LevelFormSet(made):
            form = LevelForm

            def get_unique_error_message(self, unique_check):
                return "Two levels cannot have the same place."

        return LevelFormSet


@admin.register(ThresholdFramework)
class ThresholdFrameworkAdmin(Previews, StaffAdmin):
    """One version of one area's document. It is shown, and followed, from the day it is brought into force."""

    permission = Permission.MANAGE_DIRECTORY
    deletable = True
    audited_by_operation = True
    refusals = (CannotChangeThresholds,)
    list_display = ("title", "area", "version", "valid_from", "is_published")
    list_filter = ("area", "is_published")
    list_select_related = ("area",)
    search_fields = ("title", "version")
    search_help_text = "By title or version."
    ordering = ("area__place", "-valid_from")
    fields = ("area", "title", "version", "valid_from", "source_url", "is_published")
    inlines = (LevelInline,)

    def get_readonly_fields(self, request, obj=None):
        if obj is None:
            return ("is_published",)
        return ("area", "is_published", *(("valid_from",) if obj.is_published else ()))

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and not (obj and obj.is_published)

    def get_view_on_site_url(self, obj=None):
        return reverse("directory:levels") + f"#{obj.area.slug}" if obj and obj.is_published else None

    def save_model(self, request, obj, form, change):
        """Written together with its levels, below."""

    def save_related(self, request, form, formsets, change):
        kept, gone = rows_of(formsets[0])
        thresholds.save_framework(
            framework=form.instance,
            levels=[each.instance for each in kept],
            gone=[each.instance for each in gone if each.instance.pk],
            by=request.user,
            now=timezone.now(),
        )

    def delete_model(self, request, obj):
        thresholds.remove_framework(framework=obj, by=request.user)

    def delete_queryset(self, request, queryset):
        for framework in queryset:
            self.delete_model(request, framework)

    def preview(self, request, thing):
        pages = queries.framework_pages(
            ThresholdFramework.objects.filter(pk=thing.pk).select_related("area"), timezone.localdate()
        )
        return render(request, "directory/pathways/levels.html", {"pages": pages, "is_preview": True})

    # Acts

    @button("Copy into its next version")
    def copy(self, request, framework):
        def make_copy(version, valid_from, source_url):
            made = thresholds.copy_framework(
                framework=framework, version=version, valid_from=valid_from, source_url=source_url, by=request.user
            )
            return f"{made} is copied, with {made.levels.count()} levels. Nobody sees the copy yet."

        return self.ask_first(
            request,
            title=f"Copy {framework} into its next version",
            explanation="The levels are copied in their order, and you can change them. Services and pathways stay "
            "with this version until you bring the next one into force.",
            form_class=NextVersionForm,
            initial={"valid_from": timezone.localdate(), "source_url": framework.source_url},
            act=make_copy,
            preview=[f"{level.order}. {level.name}" for level in framework.levels.order_by("order")],
            preview_title="Levels that are copied",
            button="Copy",
        )

    @button("Bring into force", when=lambda request, framework: not framework.is_published)
    def bring_into_force(self, request, framework):
        def act():
            moved = thresholds.bring_into_force(framework=framework, by=request.user, now=timezone.now())
            said = "1 service" if moved == 1 else f"{moved} services"
            return f"{framework} is in force. {said} moved to its levels."

        return self.ask_first(
            request,
            title=f"Bring {framework} into force?",
            explanation="Everybody sees it. What goes by the version before it moves to the level in the same place. "
            "The version before stays here to read.",
            act=act,
            preview=_moves(framework),
            preview_title="What moves",
            button="Bring into force",
            back=self.change_url(framework),
        )

    @button("Hide it again", danger=True, when=lambda request, framework: framework.is_published)
    def hide(self, request, framework):
        return self.ask_first(
            request,
            title=f"Hide {framework} again?",
            explanation="For a document shown by mistake. It can be hidden while nothing goes by it.",
            act=lambda: thresholds.take_back(framework=framework, by=request.user),
            button="Hide it",
            done=f"{framework} is hidden.",
            danger=True,
            back=self.change_url(framework),
        )


def _moves(framework: ThresholdFramework) -> list[str]:
    """Each level of the document before, what it becomes and what moves with it; or why nothing can move."""
    old = queries.before(framework)
    if old is None:
        return ["Nothing: this area has no document before it."]
    new = {level.order: level for level in framework.levels.all()}
    lines = []
    for level in old.levels.order_by("order"):
        uses, to = queries.uses_of(level), new.get(level.order)
        what = f"{_count(uses.services, 'service')}, {_count(uses.steps, 'step')} of pathways"
        lines.append(f"{level.order}. {level.name} → {to.name if to else 'no level in this place'}: {what}")
    return lines + [f"Pathway: {pathway}" for pathway in queries.pathways_by(old)]


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
