"""Other directories we take services from, and which service came from where."""

from django.contrib import admin
from django.db.models import Count, Q
from django.urls import reverse
from django.utils.html import format_html

from chatr.accounts.permissions import Permission
from chatr.staff.admin import StaffAdmin

from ..models import Source, SourceRecord


@admin.register(Source)
class SourceAdmin(StaffAdmin):
    """Each feed, since it was first harvested. ``script/manage harvest_oruk`` reads it again."""

    permission = Permission.MANAGE_DIRECTORY
    addable = False
    list_display = ("name", "url", "harvested_at", "services", "missing")
    ordering = ("name", "pk")
    fields = ("name", "url", "licence", "harvested_at")
    readonly_fields = ("url", "harvested_at")

    def get_queryset(self, request):
        missing = Count("records", filter=Q(records__gone_at__isnull=False))
        return super().get_queryset(request).annotate(service_count=Count("records"), missing_count=missing)

    @admin.display(description="services", ordering="service_count")
    def services(self, source):
        url = reverse("admin:directory_sourcerecord_changelist")
        return format_html('<a href="{}?source__id__exact={}">{}</a>', url, source.pk, source.service_count)

    @admin.display(description="no longer in it", ordering="missing_count")
    def missing(self, source):
        return source.missing_count


@admin.register(SourceRecord)
class SourceRecordAdmin(StaffAdmin):
    """Where a service came from, and since when its feed no longer has it. Staff decide what that means."""

    permission = Permission.MANAGE_DIRECTORY
    read_only = True
    list_display = ("service", "source", "read_at", "gone_at")
    list_select_related = ("service", "source")
    list_filter = ("source", ("gone_at", admin.EmptyFieldListFilter))
    search_fields = ("service__name",)
    search_help_text = "By service."
    ordering = ("service__name", "pk")
    fields = ("service", "source", "external_id", "read_at", "gone_at")
