"""What the directory adds to an organisation, the numbers others know it by, and who looks after the directory."""

from django import forms
from django.contrib import admin
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join

from chatr.accounts.permissions import Permission
from chatr.staff.admin import StaffAdmin, button

from ..models import Keeper, OrganisationIdentifier, Profile, Service
from ..operations.looking_after import CannotLookAfter, name_keeper
from ..operations.organisations import (
    CannotChangeProfile,
    remove_identifier,
    remove_profile,
    save_identifier,
    save_profile,
)
from ..queries.staff import who_may_look_after


@admin.register(Profile)
class ProfileAdmin(StaffAdmin):
    """What the public and the feed read about an organisation that has services."""

    permission = Permission.MANAGE_DIRECTORY
    audited_by_operation = True
    refusals = (CannotChangeProfile,)
    list_display = ("organisation", "website", "services", "numbers")
    list_select_related = ("organisation",)
    search_fields = ("organisation__name", "organisation__identifiers__identifier")
    search_help_text = "By name or number."
    ordering = ("organisation__name",)
    autocomplete_fields = ("organisation", "parent")
    fields = ("organisation", "description", "website", "email", "parent", "numbers")

    def get_queryset(self, request):
        public = Q(organisation__services__state=Service.State.PUBLISHED)
        profiles = super().get_queryset(request).prefetch_related("organisation__identifiers")
        return profiles.annotate(service_count=Count("organisation__services", filter=public, distinct=True))

    def get_readonly_fields(self, request, obj=None):
        return ("numbers", "organisation") if obj else ("numbers",)

    @admin.display(description="public services", ordering="service_count")
    def services(self, profile):
        url = reverse("admin:directory_service_changelist")
        return format_html('<a href="{}?organisation__id__exact={}">{}</a>', url, profile.pk, profile.service_count)

    @admin.display(description="numbers")
    def numbers(self, profile):
        rows = profile.organisation.identifiers.all() if profile.pk else ()
        return format_html_join(", ", "{} {}", ((each.identifier_type, each.identifier) for each in rows)) or "–"

    def save_model(self, request, obj, form, change):
        save_profile(profile=obj, by=request.user, now=timezone.now())

    @button("Take out of the directory", danger=True)
    def remove(self, request, profile):
        """Only what the directory says of it goes; the organisation stays on the portal."""
        return self.ask_first(
            request,
            title=f"Take {profile} out of the directory?",
            button="Take out",
            danger=True,
            act=lambda: remove_profile(profile=profile, by=request.user, now=timezone.now()),
            done=f"{profile} is no longer in the directory.",
            explanation="Only what is said about it here goes. It stays on the portal, with everybody who works there.",
        )


@admin.register(OrganisationIdentifier)
class OrganisationIdentifierAdmin(StaffAdmin):
    """Charity and company numbers. Two organisations cannot have the same one."""

    permission = Permission.MANAGE_DIRECTORY
    audited_by_operation = True
    refusals = (CannotChangeProfile,)
    list_display = ("organisation", "identifier_type", "identifier", "scheme")
    list_select_related = ("organisation",)
    search_fields = ("organisation__name", "identifier")
    search_help_text = "By organisation or number."
    ordering = ("organisation__name", "scheme")
    autocomplete_fields = ("organisation",)
    fields = ("organisation", "scheme", "identifier_type", "identifier")

    def get_readonly_fields(self, request, obj=None):
        return ("organisation",) if obj else ()

    def save_model(self, request, obj, form, change):
        save_identifier(identifier=obj, by=request.user, now=timezone.now())

    @button("Remove this number", danger=True)
    def remove(self, request, identifier):
        """It is not theirs."""
        return self.ask_first(
            request,
            title=f"Remove {identifier} of {identifier.organisation}?",
            button="Remove",
            danger=True,
            act=lambda: remove_identifier(identifier=identifier, by=request.user, now=timezone.now()),
            done="The number is gone.",
        )


class KeeperForm(forms.Form):
    """Who looks after the directory."""

    user = forms.ModelChoiceField(queryset=None, label="Member of staff", empty_label="Choose one")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = who_may_look_after()


@admin.register(Keeper)
class KeeperAdmin(StaffAdmin):
    """The one who reads suggestions and is reminded where nobody else is."""

    permission = Permission.MANAGE_DIRECTORY
    read_only = True
    refusals = (CannotLookAfter,)
    list_display = ("user",)
    list_select_related = ("user",)
    fields = ("user",)
    ordering = ("pk",)

    @button("Name who looks after the directory", on_list=True)
    def name(self, request):
        """Somebody of staff, from now on."""
        return self.ask_first(
            request,
            title="Who looks after the directory?",
            button="Save",
            form_class=KeeperForm,
            initial={"user": Keeper.objects.values_list("user", flat=True).first()},
            act=lambda user: name_keeper(user=user, by=request.user) and None,
            done="Saved.",
            explanation=(
                "They are reminded to verify services that have no editor and no member of staff of their own, and "
                "suggestions wait for them."
            ),
        )
