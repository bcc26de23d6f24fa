"""Where staff edit public pages."""

from django.contrib import admin
from django.utils import timezone
from django.utils.html import format_html

from chatr.accounts.permissions import Permission
from chatr.staff import desk
from chatr.staff.admin import StaffAdmin

from .forms import PageForm
from .markdown import render
from .models import Page


@admin.register(Page)
class PageAdmin(StaffAdmin):
    permission = Permission.MANAGE_PAGES
    deletable = True
    form = PageForm
    list_display = ["title", "slug", "is_published", "review_on", "updated_at"]
    list_filter = ["is_published"]
    search_fields = ["title", "slug", "body"]
    ordering = ["title"]
    fields = ["slug", "title", "summary", "body", "preview", "is_published", "review_on", "updated_at"]
    readonly_fields = ["preview", "updated_at"]

    class Media:
        css = {"all": ["pages/preview.css"]}

    @admin.display(description="as people read it")
    def preview(self, page):
        if not page.body:
            return "Save the page to see it here."
        return format_html('<div class="page-preview">{}</div>', render(page.body))


@desk.register
def pages_to_look_at(request, now):
    """Pages whose day to be looked at again has come."""
    if not request.user.may(Permission.MANAGE_PAGES):
        return None
    due = Page.objects.published().filter(review_on__lte=timezone.localdate(now)).order_by("review_on")[:10]
    rows = [
        desk.Row(page.title, f"/admin/pages/page/{page.pk}/change/", f"since {page.review_on:%d/%m/%Y}") for page in due
    ]
    return desk.Panel("Pages to look at again", rows, "No page is due.") if rows else None
