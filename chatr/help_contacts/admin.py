"""Where staff keep the numbers right."""

from datetime import timedelta

from django.contrib import admin
from django.db.models import Q
from django.utils import timezone

from chatr.accounts.permissions import Permission
from chatr.staff import desk
from chatr.staff.admin import StaffAdmin

from .models import HelpContact

GOOD_FOR = timedelta(days=182)


@admin.register(HelpContact)
class HelpContactAdmin(StaffAdmin):
    permission = Permission.MANAGE_PAGES
    deletable = True
    list_display = ["name", "number", "area", "hours", "checked_on", "is_shown"]
    search_fields = ["name", "what_for"]
    ordering = ["place", "name"]


@desk.register
def numbers_to_check(request, now):
    """Numbers nobody has checked for half a year."""
    if not request.user.may(Permission.MANAGE_PAGES):
        return None
    stale = Q(checked_on=None) | Q(checked_on__lt=timezone.localdate(now) - GOOD_FOR)
    rows = [
        desk.Row(contact.name, f"/admin/help_contacts/helpcontact/{contact.pk}/change/", _last(contact))
        for contact in HelpContact.objects.shown().filter(stale)[:10]
    ]
    return desk.Panel("Help numbers to check", rows, "All were checked in the last six months.") if rows else None


def _last(contact: HelpContact) -> str:
    return f"last checked {contact.checked_on:%d/%m/%Y}" if contact.checked_on else "not checked yet"
