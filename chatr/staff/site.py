"""The staff site: Django admin behind our own sign-in, with today's work above the list of pages."""

from functools import wraps

from django.contrib.admin import AdminSite
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import BadRequest, PermissionDenied
from django.shortcuts import redirect, resolve_url
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

from chatr.accounts.rules import signed_in_with_second_factor

from . import desk

# The areas in the order staff need them; any other follows by name.
ORDER = ["training", "accounts", "notifications", "pages", "help_contacts", "workdays", "retention", "audit"]


class StaffSite(AdminSite):
    """Only for staff who signed in with a second factor in this session."""

    site_header = "ChATR portal: staff"
    site_title = "ChATR portal"
    index_title = "Today"
    enable_nav_sidebar = False  # lists need the width; every page is on the staff home page

    def has_permission(self, request) -> bool:
        return request.user.is_staff and signed_in_with_second_factor(request)

    def admin_view(self, view, cacheable=False):
        """A filter with a null character, which the database refuses, is nothing any page of ours asked for."""

        @wraps(view)
        def without_nulls(request, *args, **kwargs):
            if "%00" in request.META["QUERY_STRING"]:
                raise BadRequest("A null character in the address.")
            return view(request, *args, **kwargs)

        return super().admin_view(without_nulls, cacheable)

    def register(self, model_or_iterable, admin_class=None, **options):
        """Put a page up. Other packages' pages are left out: they know nothing of our permissions and our audit."""
        from .admin import StaffAdmin

        if admin_class is not None and issubclass(admin_class, StaffAdmin):
            super().register(model_or_iterable, admin_class, **options)

    # Signing in, signing out and passwords are the portal's own pages

    @method_decorator(never_cache)
    @login_not_required
    def login(self, request, extra_context=None):
        if request.user.is_authenticated:
            if self.has_permission(request):
                return redirect("admin:index")
            raise PermissionDenied("The staff pages are for programme staff.")
        return redirect_to_login(request.GET.get("next") or resolve_url("admin:index"))

    login = method_decorator(never_cache)(login)
    login.login_required = False

    def logout(self, request, extra_context=None):
        return redirect("account_logout")

    def password_change(self, request, extra_context=None):
        return redirect("account_change_password")

    password_change_done = password_change

    # What the pages show

    def get_app_list(self, request, app_label=None) -> list[dict]:
        """The areas in our order, their pages by name."""

        def place(app):
            known = app["app_label"] in ORDER
            return (ORDER.index(app["app_label"]) if known else len(ORDER), app["name"])

        areas = sorted(self._build_app_dict(request, app_label).values(), key=place)
        for area in areas:
            area["models"].sort(key=lambda page: page["name"])
        return areas

    def index(self, request, extra_context=None):
        now = timezone.now()
        today = {"panels": desk.panels(request, now), "now": now}
        return super().index(request, today | (extra_context or {}))
