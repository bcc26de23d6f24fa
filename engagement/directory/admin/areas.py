"""Boroughs, and where a worry about a child goes in each of them."""

from datetime import timedelta

from django import forms
from django.contrib import admin
from django.urls import reverse
from django.utils import timezone

from chatr.accounts.permissions import Permission
from chatr.staff import desk
from chatr.staff.admin import StaffAdmin
from chatr.web.templatetags.portal import short_day

from ..models import Area, FrontDoor
from ..queries.front_doors import front_doors_to_check

GOOD_FOR = timedelta(days=182)


@admin.register(Area)
class AreaAdmin(StaffAdmin):
    permission = Permission.MANAGE_DIRECTORY
    list_display = ["name", "gss", "front_door", "place"]
    list_select_related = ["front_door"]
    search_fields = ["name", "gss"]
    ordering = ["place", "name"]
    prepopulated_fields = {"slug": ["name"]}

    def get_readonly_fields(self, request, obj=None):
        """The code of a borough says which one it is: entries and postcodes go by it."""
        return ["gss"] if obj else []

    def get_prepopulated_fields(self, request, obj=None):
        """The address of a borough stays when its name is corrected."""
        return {} if obj else self.prepopulated_fields


class FrontDoorForm(forms.ModelForm):
    def clean_checked_on(self):
        """A day on which somebody rang is not in the future."""
        day = self.cleaned_data["checked_on"]
        if day and day > timezone.localdate():
            raise forms.ValidationError("This day is still to come. Enter the day somebody rang the number.")
        return day


@admin.register(FrontDoor)
class FrontDoorAdmin(StaffAdmin):
    permission = Permission.MANAGE_DIRECTORY
    form = FrontDoorForm
    deletable = True
    list_display = ["area", "name", "phone", "hours", "out_of_hours_phone", "checked_on"]
    list_select_related = ["area"]
    search_fields = ["name", "area__name"]
    ordering = ["area__place", "area__name"]


@desk.register
def front_doors_on_the_desk(request, now):
    """Front doors that Hackney or the City lacks, or that nobody has checked for half a year."""
    if not request.user.may(Permission.MANAGE_DIRECTORY):
        return None
    rows = [_row(each) for each in front_doors_to_check(timezone.localdate(now) - GOOD_FOR)]
    return desk.Panel("Front doors to check", rows, "All were checked in the last six months.") if rows else None


def _row(each) -> desk.Row:
    if each.door is None:
        address = reverse("admin:directory_frontdoor_add") + f"?area={each.area.pk}"
        return desk.Row(f"{each.area}: nothing written yet", address, "Families and practitioners see no number.")
    last = each.door.checked_on
    note = f"last checked on {short_day(last)}" if last else "not checked yet"
    return desk.Row(str(each.door), reverse("admin:directory_frontdoor_change", args=[each.door.pk]), note)
