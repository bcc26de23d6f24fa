"""Roles: what each allows, and who holds it."""

from django import forms
from django.contrib import admin
from django.db.models import Count, Q
from django.utils import timezone

from chatr.staff.admin import StaffAdmin, button

from ..models import Role, RoleGrant
from ..operations import roles
from ..permissions import Permission


class RoleForm(forms.ModelForm):
    permissions = forms.MultipleChoiceField(
        choices=Permission.choices, required=False, widget=forms.CheckboxSelectMultiple, label="What it allows"
    )


@admin.register(Role)
class RoleAdmin(StaffAdmin):
    """A named list of permissions, in plain English."""

    permission = Permission.MANAGE_ACCOUNTS
    audited_by_operation = True
    refusals = (roles.CannotChangeRole,)
    form = RoleForm
    list_display = ("name", "description", "people")
    search_fields = ("name", "description")
    ordering = ("name",)
    fields = ("name", "code", "description", "permissions")

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(holders=Count("grants", filter=Q(grants__ended_at=None)))

    def get_readonly_fields(self, request, obj=None):
        return ("code",) if obj else ()

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else {"code": ("name",)}

    @admin.display(description="people", ordering="holders")
    def people(self, role):
        return role.holders

    def save_model(self, request, obj, form, change):
        roles.save_role(role=obj, by=request.user)


class LiveFilter(admin.SimpleListFilter):
    title, parameter_name = "state", "state"

    def lookups(self, request, model_admin):
        return [("live", "Held now"), ("ended", "Ended")]

    def queryset(self, request, queryset):
        if not self.value():
            return queryset
        return queryset.filter(ended_at__isnull=self.value() == "live")


@admin.register(RoleGrant)
class RoleGrantAdmin(StaffAdmin):
    """Who holds which role, since when, and who gave it. Roles are given on the person's page."""

    permission = Permission.MANAGE_ACCOUNTS
    read_only = True
    refusals = (roles.CannotChangeRole,)
    list_display = ("user", "role", "granted_by", "granted_at", "ended_at")
    list_select_related = ("user", "role", "granted_by")
    list_filter = (LiveFilter, "role")
    search_fields = ("user__name", "user__email")
    ordering = ("-granted_at",)
    fields = ("user", "role", "granted_by", "granted_at", "ended_at")

    @button("Take this role away", danger=True, when=lambda request, grant: grant.ended_at is None)
    def end(self, request, grant):
        return self.ask_first(
            request,
            title=f"Take the role {grant.role} away from {grant.user}?",
            explanation="It ends at once, in every session.",
            act=lambda: roles.end_role(grant=grant, by=request.user, now=timezone.now()),
            button="Take it away",
            done="The role has ended.",
            danger=True,
            back=self.change_url(grant),
        )
