from django.contrib import admin

from chatr.accounts.permissions import Permission
from chatr.staff.admin import StaffAdmin

from .models import BankHoliday


@admin.register(BankHoliday)
class BankHolidayAdmin(StaffAdmin):
    permission = Permission.MANAGE_TRAINING
    deletable = True
    list_display = ["date", "name"]
    list_display_links = ["date"]
    ordering = ["-date"]
