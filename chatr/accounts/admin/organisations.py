"""Organisations, and the e-mail domains that say nothing about where a person works."""

from django import forms
from django.contrib import admin
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from chatr.staff.admin import ExportMixin, ReasonForm, StaffAdmin, button

from ..models import Organisation, SharedEmailDomain
from ..operations import organisations
from ..permissions import Permission

Status = Organisation.Status


class OrganisationForm(forms.ModelForm):
    """Says at the field itself why a domain can't be the organisation's own."""

    def clean_email_domains(self):
        domains = organisations.tidy_domains(self.cleaned_data["email_domains"])
        if refusal := organisations.domains_refusal(Organisation(pk=self.instance.pk, email_domains=domains)):
            raise forms.ValidationError(refusal)
        return domains


def is_pending(request, organisation: Organisation) -> bool:
    return organisation.status == Status.PENDING


@admin.register(Organisation)
class OrganisationAdmin(ExportMixin, StaffAdmin):
    """The services that take part, and those that ask to."""

    permission = Permission.MANAGE_ORGANISATIONS
    audited_by_operation = True
    refusals = (organisations.CannotChangeOrganisation,)
    form = OrganisationForm
    list_display = ("name", "sector", "borough", "status", "domains", "people")
    list_filter = ("status", "sector", "borough")
    search_fields = ("name", "email_domains__icontains")
    search_help_text = "By name or e-mail domain."
    ordering = ("name",)
    fields = (
        "name",
        "sector",
        "borough",
        "email_domains",
        "status",
        "suspended_because",
        "requested_by",
        "created_at",
        "who_works_there",
    )
    readonly_fields = ("status", "suspended_because", "requested_by", "created_at", "who_works_there")
    actions = ("approve_selected", "merge_selected")
    export_columns = (
        ("Name", "name"),
        ("Sector", lambda organisation: organisation.get_sector_display()),
        ("Where it works", lambda organisation: organisation.get_borough_display()),
        ("Status", lambda organisation: organisation.get_status_display()),
        ("E-mail domains", lambda organisation: ", ".join(organisation.email_domains)),
        ("People", "people_count"),
    )

    def get_queryset(self, request):
        live = Count("memberships", filter=Q(memberships__valid_to=None))
        return super().get_queryset(request).annotate(people_count=live)

    @admin.display(description="e-mail domains")
    def domains(self, organisation):
        return ", ".join(organisation.email_domains)

    @admin.display(description="people", ordering="people_count")
    def people(self, organisation):
        return organisation.people_count

    @admin.display(description="who works there")
    def who_works_there(self, organisation):
        if organisation._state.adding:
            return "Nobody yet"
        url = reverse("admin:accounts_membership_changelist")
        people = organisation.people_count
        words = "1 person" if people == 1 else f"{people} people"
        return format_html('<a href="{}?organisation__id__exact={}">{}</a>', url, organisation.pk, words)

    def save_model(self, request, obj, form, change):
        if not change:
            obj.status = Status.ACTIVE
        organisations.save_organisation(organisation=obj, by=request.user, now=timezone.now())

    @admin.action(description="Approve", permissions=["act"])
    def approve_selected(self, request, queryset):
        def act():
            for organisation in queryset:
                organisations.approve_organisation(organisation=organisation, by=request.user, now=timezone.now())

        return self.ask_first(
            request,
            title="Approve these organisations?",
            explanation=APPROVING,
            act=act,
            button="Approve",
            done="Approved.",
            chosen=queryset,
            preview=queryset,
        )

    @admin.action(description="Merge into one", permissions=["act"])
    def merge_selected(self, request, queryset):
        class KeepForm(forms.Form):
            kept = forms.ModelChoiceField(
                queryset, label="Keep", empty_label="Choose one", help_text="Its name, sector and place stay."
            )

        def act(kept):
            others = [each for each in queryset if each != kept]
            if not others:
                raise organisations.CannotChangeOrganisation("Choose two or more organisations in the list.")
            for duplicate in others:
                organisations.merge_organisations(kept=kept, duplicate=duplicate, by=request.user, now=timezone.now())
            return f"There is one {kept} now."

        return self.ask_first(
            request,
            title="Merge these organisations into one?",
            explanation=(
                "Everybody who works for one of them works for the one you keep, with their bookings; it gets all "
                "their e-mail domains. The others are gone. This can't be undone."
            ),
            form_class=KeepForm,
            act=act,
            button="Merge",
            danger=True,
            chosen=queryset,
            preview=[f"{each}: {each.people_count} people, {each.get_status_display().lower()}" for each in queryset],
        )

    @button("Approve", when=is_pending)
    def approve(self, request, organisation):
        return self.ask_first(
            request,
            title=f"Approve {organisation}?",
            explanation=APPROVING,
            preview=[
                f"Sector: {organisation.get_sector_display()}",
                f"Where it works: {organisation.get_borough_display()}",
                f"Asked for by {organisation.requested_by or 'staff'}",
            ],
            act=lambda: organisations.approve_organisation(
                organisation=organisation, by=request.user, now=timezone.now()
            ),
            button="Approve",
            done=f"{organisation} is approved.",
            back=self.change_url(organisation),
        )

    @button("Suspend", when=lambda request, organisation: organisation.status != Status.SUSPENDED, danger=True)
    def suspend(self, request, organisation):
        return self.ask_first(
            request,
            title=f"Suspend {organisation}?",
            explanation=(
                "Nobody can book or edit entries as somebody who works there until you open it again, and the public "
                "does not see its services in the directory. Bookings made stay."
            ),
            form_class=ReasonForm,
            act=lambda reason: organisations.suspend_organisation(
                organisation=organisation, reason=reason, by=request.user, now=timezone.now()
            ),
            button="Suspend",
            done=f"{organisation} is suspended.",
            danger=True,
            back=self.change_url(organisation),
        )

    @button("Open again", when=lambda request, organisation: organisation.status == Status.SUSPENDED)
    def open_again(self, request, organisation):
        return self.ask_first(
            request,
            title=f"Open {organisation} again?",
            act=lambda: organisations.open_organisation_again(
                organisation=organisation, by=request.user, now=timezone.now()
            ),
            button="Open again",
            done=f"{organisation} takes part again.",
            back=self.change_url(organisation),
        )


APPROVING = (
    "Whoever asked for it is confirmed as working there and told by e-mail, and what they asked for while they waited "
    "goes on. Anybody else who says they work there still waits for you."
)


class SharedDomainForm(forms.ModelForm):
    def clean_domain(self):
        domain = self.cleaned_data["domain"].strip().lower()
        if "@" in domain or "." not in domain.strip("."):
            raise forms.ValidationError("Write what follows the @, such as example.org.")
        if holder := Organisation.objects.with_domain(domain).first():
            raise forms.ValidationError(f"{holder} has this domain as its own. Remove it there first.")
        return domain


@admin.register(SharedEmailDomain)
class SharedEmailDomainAdmin(StaffAdmin):
    """Domains like gmail.com: many organisations use them, so they never show where a person works."""

    permission = Permission.MANAGE_ORGANISATIONS
    deletable = True
    form = SharedDomainForm
    list_display = ("domain",)
    search_fields = ("domain",)
    ordering = ("domain",)
