"""Pathways with their steps and services on one page, and steps that lost their services on the desk."""

from django import forms
from django.contrib import admin
from django.contrib.admin.checks import InlineModelAdminChecks
from django.contrib.admin.widgets import AutocompleteSelect
from django.forms.models import BaseModelFormSet, modelformset_factory
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from chatr.accounts.permissions import Permission
from chatr.staff import desk
from chatr.staff.admin import StaffAdmin, StaffStackedInline, StaffTabularInline

from ..models import Pathway, PathwayStep, StepService, ThresholdLevel
from ..operations.pathways import CannotSavePathway, remove_pathway, save_pathway
from ..queries import pathways as queries
from ..rules.pathways import StepPlan
from .in_order import NumberedForm, Previews, rows_of


class LevelChoice(forms.ModelChoiceField):
    """A level, named with its area and document."""

    def label_from_instance(self, obj):
        return f"{obj.framework.area}, {obj.framework.title}: {obj.order}. {obj.name}"


class StepForm(NumberedForm):
    """A step. It names the steps it leads to by their numbers, so that a whole pathway can be written at once."""

    level = LevelChoice(
        ThresholdLevel.objects.select_related("framework__area").order_by(
            "framework__area__place", "-framework__valid_from", "order"
        ),
        required=False,
        help_text="Of the document this pathway goes by.",
    )
    up = forms.IntegerField(label="Step up to step number", required=False, min_value=1)
    down = forms.IntegerField(label="Step down to step number", required=False, min_value=1)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["up"] = self.instance.step_up and self.instance.step_up.order
            self.initial["down"] = self.instance.step_down and self.instance.step_down.order


class StepInline(StaffStackedInline):
    """The steps of a pathway."""

    model = PathwayStep
    form = StepForm
    fk_name = "pathway"
    ordering = ("order",)
    fields = ("order", "title", "level", "entry", "exit", "up", "down", "leads_to_front_door")

    def get_extra(self, request, obj=None, **kwargs):
        return 0 if obj else 2

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("step_up", "step_down")

    def get_formset(self, request, obj=None, **kwargs):
        """With the levels read once for all steps."""
        levels = list(StepForm.base_fields["level"].choices)

        class StepFormSet(super().get_formset(request, obj, **kwargs)):
            def add_fields(self, form, index):
                super().add_fields(form, index)
                form.fields["level"].choices = levels

            def get_unique_error_message(self, unique_check):
                return "Two steps cannot have the same number."

        return StepFormSet


class AtStepForm(forms.ModelForm):
    """A service at a step, which it names by its number."""

    number = forms.IntegerField(label="Step number", min_value=1)

    class Meta:
        model = StepService
        fields = ("number", "service", "note")
        widgets = {"service": AutocompleteSelect(StepService._meta.get_field("service"), admin.site)}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["number"] = self.instance.step.order


class AtStepsFormSet(BaseModelFormSet):
    """The services at all steps of a pathway. They belong to its steps, so Django finds no key between the two."""

    def __init__(self, data=None, files=None, instance=None, save_as_new=False, prefix=None, queryset=None, **kwargs):
        self.instance = instance
        theirs = StepService.objects.filter(step__pathway=instance.pk).select_related("step", "service")
        super().__init__(data, files, prefix=prefix, queryset=theirs.order_by("step__order", "pk"), **kwargs)

    @classmethod
    def get_default_prefix(cls):
        return "services"


class OfStepsChecks(InlineModelAdminChecks):
    """Those of any inline, but for the key to the page's own record."""

    def _check_exclude_of_parent_model(self, obj, parent_model):
        return []

    def _check_relation(self, obj, parent_model):
        return []


class AtStepsInline(StaffTabularInline):
    """Which services help at which step."""

    model = StepService
    checks_class = OfStepsChecks
    verbose_name_plural = "services at the steps"
    fields = ("number", "service", "note")

    def get_formset(self, request, obj=None, **kwargs):
        return modelformset_factory(
            StepService, form=AtStepForm, formset=AtStepsFormSet, extra=0 if obj else 2, can_delete=True
        )


@admin.register(Pathway)
class PathwayAdmin(Previews, StaffAdmin):
    """A pathway, whole. Look at the preview before you tick that it is shown."""

    permission = Permission.MANAGE_DIRECTORY
    deletable = True
    audited_by_operation = True
    refusals = (CannotSavePathway,)
    list_display = ("title", "area", "need", "is_published")
    list_filter = ("is_published", "framework__area")
    list_select_related = ("framework__area", "need")
    search_fields = ("title", "summary")
    search_help_text = "By title or summary."
    ordering = ("title",)
    fields = ("title", "slug", "framework", "need", "summary", "is_published")
    prepopulated_fields = {"slug": ("title",)}
    inlines = (StepInline, AtStepsInline)

    @admin.display(description="area", ordering="framework__area__name")
    def area(self, pathway):
        return pathway.framework.area

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "need":
            kwargs["queryset"] = db_field.related_model.objects.of("need")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_view_on_site_url(self, obj=None):
        return reverse("directory:pathway", args=[obj.slug]) if obj and obj.is_published else None

    def save_model(self, request, obj, form, change):
        """Written together with its steps, below."""

    def save_related(self, request, form, formsets, change):
        save_pathway(pathway=form.instance, steps=_plans(*formsets), by=request.user, now=timezone.now())

    def delete_model(self, request, obj):
        remove_pathway(pathway=obj, by=request.user)

    def delete_queryset(self, request, queryset):
        for pathway in queryset:
            self.delete_model(request, pathway)

    def preview(self, request, thing):
        page = queries.pathway_page(thing, timezone.localdate())
        context = {"page": page, "pathway": thing, "is_preview": True}
        return render(request, "directory/pathways/pathway.html", context)


def _plans(steps, services) -> list[StepPlan]:
    """The page's rows as plain values.

    :raises CannotSavePathway: when a service is at a step that is not there
    """
    kept, at = [form.cleaned_data for form in rows_of(steps)[0]], {}
    for form in rows_of(services)[0]:
        row = form.cleaned_data
        at.setdefault(row["number"], []).append((row["service"].pk, row["note"]))
    if strays := at.keys() - {row["order"] for row in kept}:
        raise CannotSavePathway(f"A service is at step {min(strays)}, which this pathway does not have.")
    return [
        StepPlan(
            order=row["order"],
            title=row["title"],
            entry=row["entry"],
            exit=row["exit"],
            level=row["level"] and row["level"].pk,
            up=row["up"],
            down=row["down"],
            leads_to_front_door=row["leads_to_front_door"],
            services=tuple(at.get(row["order"], ())),
        )
        for row in sorted(kept, key=lambda row: row["order"])
    ]


def steps_without_a_service(request, now) -> desk.Panel | None:
    """Steps people read that lead to no service any more."""
    if not request.user.may(Permission.MANAGE_DIRECTORY):
        return None
    rows = [
        desk.Row(
            f"{step.pathway}, step {step.order}: {step.title}",
            reverse("admin:directory_pathway_change", args=[step.pathway_id]),
            "Add a service, or say that it leads to the front door.",
            "No service left",
        )
        for step in queries.dead_steps(timezone.localdate(now))
    ]
    return desk.Panel("Pathways with a step that leads nowhere", rows, "") if rows else None


desk.register(steps_without_a_service, place=66)
