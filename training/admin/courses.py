"""What is taught, and where."""

from django.contrib import admin
from django.db.models import Count
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from chatr.accounts.permissions import Permission
from chatr.staff.admin import ExportMixin, StaffAdmin

from ..models import Course, Venue
from ..operations import joining


@admin.register(Course)
class CourseAdmin(ExportMixin, StaffAdmin):
    """Courses. What is written here is what people read before they book."""

    permission = Permission.MANAGE_TRAINING
    list_display = ("title", "code", "level", "requires", "approval", "is_published", "runs")
    list_filter = ("level", "is_published", "approval")
    list_select_related = ("requires",)
    search_fields = ("title", "code")
    search_help_text = "By title or code."
    ordering = ("title",)
    prepopulated_fields = {"slug": ("title",)}
    autocomplete_fields = ("requires",)
    fieldsets = (
        (None, {"fields": ("title", "code", "slug", "level", "is_published")}),
        ("What people read", {"fields": ("summary", "aims", "audience", "content_note", "cpd_minutes")}),
        ("Who gets a place", {"fields": ("requires", "approval")}),
    )
    export_columns = (
        ("Code", "code"),
        ("Title", "title"),
        ("Level", lambda course: course.get_level_display()),
        ("CPD minutes", "cpd_minutes"),
        ("Published", lambda course: "yes" if course.is_published else "no"),
        ("Runs", "run_count"),
    )

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(run_count=Count("runs"))

    def get_readonly_fields(self, request, obj=None):
        return ("code",) if obj else ()

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else self.prepopulated_fields

    @admin.display(description="runs", ordering="run_count")
    def runs(self, course):
        url = reverse("admin:training_courserun_changelist") + f"?course__id__exact={course.pk}"
        return format_html('<a href="{}">{}</a>', url, course.run_count)


@admin.register(Venue)
class VenueAdmin(ExportMixin, StaffAdmin):
    """Places where training happens. Joining instructions wait until the arrival instructions are written."""

    permission = Permission.MANAGE_TRAINING
    list_display = ("name", "postcode", "says_how_to_arrive")
    search_fields = ("name", "postcode")
    search_help_text = "By name or postcode."
    ordering = ("name",)
    fields = ("name", "address", "postcode", "arrival_instructions", "access")
    export_columns = (("Name", "name"), ("Address", "address"), ("Postcode", "postcode"), ("Access", "access"))

    def save_model(self, request, obj, form, change):
        joining.save_joining_details(thing=obj, now=timezone.now())

    @admin.display(description="arrival instructions", boolean=True)
    def says_how_to_arrive(self, venue):
        return bool(venue.arrival_instructions.strip())
