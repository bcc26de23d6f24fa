"""The admin site programme staff use."""

from django.contrib.admin import AdminSite


class StaffSite(AdminSite):
    site_header = site_title = "ChATR portal: staff"
