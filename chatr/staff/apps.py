from django.contrib.admin.apps import AdminConfig


class StaffAdminConfig(AdminConfig):
    """Django admin with our own site: second factor, our name, today's work above the app list."""

    default_site = "chatr.staff.site.StaffSite"
