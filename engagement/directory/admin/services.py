"""Services as staff look after them: what is in each entry, who keeps it, and whether the public sees it."""

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminDateWidget
from django.db.models import Q
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from chatr.accounts.models import Organisation
from chatr.accounts.permissions import Permission
from chatr.staff.admin import ExportMixin, StaffAdmin, button
from chatr.web.templatetags.portal import short_day

from ..models import ConfidentialAddress, Location, Service, Verification
from ..operations import looking_after
from ..operations.looking_after import CannotLookAfter
from ..operations.services import CannotPublish, withdraw_service
from ..operations.sheets import CannotImport, export_services
from ..operations.verifying import CannotVerify, verify
from ..queries.entries import entry_of
from ..queries.pathways import steps_left_dead
from ..queries.staff import SOON, has_hidden_place, who_may_look_after, with_editor_count
from ..rules import verifying
from ..rules.entries import Entry
from ..rules.postcodes import is_postcode
from ..sheets.columns import HEADINGS
from ..sheets.plan import exported_services
from .importing import ImportsServices
from .showing import entry_table
from .writing import WritesEntries

State = Service.State


class KeepingForm(forms.Form):
    """Who looks after a service, and when it is shown."""

    kept_by = forms.ModelChoiceField(
        queryset=None, required=False, label="Looked after by", empty_label="Whoever looks after the directory"
    )
    visible_from = forms.DateField(label="Shown from", required=False, widget=AdminDateWidget)
    visible_to = forms.DateField(label="Shown until", required=False, widget=AdminDateWidget)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kept_by"].queryset = who_may_look_after()


class AddForm(forms.Form):
    """Whose service, and what it is called."""

    organisation = forms.ModelChoiceField(
        queryset=Organisation.objects.active().order_by("name"), label="Organisation", empty_label="Choose one"
    )
    name = forms.CharField(label="What people call the service", max_length=120)


def hidden_address_form(hidden: dict[Location, ConfidentialAddress | None]) -> type[forms.Form]:
    """A form that asks where hidden places are; nothing else on the staff pages shows it."""
    boxes = {}
    for location, known in hidden.items():
        boxes[f"address_{location.pk}"] = forms.CharField(
            label=f"Address ({location.area})",
            required=False,
            max_length=300,
            initial=known.address if known else "",
            widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
        )
        boxes[f"postcode_{location.pk}"] = forms.CharField(
            label=f"Postcode ({location.area})",
            required=False,
            max_length=10,
            initial=known.postcode if known else "",
            validators=[_postcode],
            widget=forms.TextInput(attrs={"autocomplete": "off"}),
        )
    return type("HiddenAddressForm", (forms.Form,), boxes)


def _postcode(text: str) -> None:
    if not is_postcode(text):
        raise forms.ValidationError("Enter a whole postcode, like E8 1DY.")


class VerifiedFilter(admin.SimpleListFilter):
    """Public services by when they have to be verified."""

    title = "verified"
    parameter_name = "verified"

    def lookups(self, request, model_admin):
        return [("unverified", "Unverified"), ("soon", "Due within 14 days, or overdue"), ("never", "Never verified")]

    def queryset(self, request, queryset):
        today = timezone.localdate()
        match self.value():
            case "unverified":
                return queryset.filter(listing__unverified_from__lte=today)
            case "soon":
                return queryset.filter(listing__unverified_from__lte=verifying.badge_on(today + SOON))
            case "never":
                return queryset.filter(listing__verified_on=None, state=State.PUBLISHED)
        return queryset


class EditorFilter(admin.SimpleListFilter):
    """Services with or without somebody to edit them."""

    title = "editors"
    parameter_name = "editors"

    def lookups(self, request, model_admin):
        return [("none", "Nobody edits it"), ("some", "Somebody edits it")]

    def queryset(self, request, queryset):
        return {"none": queryset.filter(editors=0), "some": queryset.filter(editors__gt=0)}.get(self.value(), queryset)


def is_public(request, service: Service) -> bool:
    """Whether the public may read it."""
    return service.state == State.PUBLISHED


def can_come_back(request, service: Service) -> bool:
    """Whether it was withdrawn and may be public again."""
    return service.state == State.ARCHIVED and service.merged_into_id is None and service.version > 0


@admin.register(Service)
class ServiceAdmin(WritesEntries, ImportsServices, ExportMixin, StaffAdmin):
    """Every service. Nothing is typed over here: each change is an act of its own, checked and audited."""

    permission = Permission.MANAGE_DIRECTORY
    read_only = True
    refusals = (CannotLookAfter, CannotPublish, CannotVerify, CannotImport)
    change_form_template = "admin/directory/with_entry.html"
    list_display = ("name", "organisation", "state", "verified_on", "due_on", "editor_count", "keeper")
    list_filter = ("state", VerifiedFilter, EditorFilter, "is_sensitive")
    list_select_related = ("organisation", "listing", "kept_by")
    search_fields = ("name", "organisation__name")
    search_help_text = "By service or organisation."
    ordering = ("name", "pk")
    fields = (
        *("organisation", "state", "page", "verified_on", "due_on", "editor_count", "keeper"),
        *("visible_from", "visible_to", "withdrawn_at", "merged_into"),
    )
    readonly_fields = ("page", "verified_on", "due_on", "editor_count", "keeper")

    def get_queryset(self, request):
        services = super().get_queryset(request).select_related("organisation", "listing", "kept_by", "merged_into")
        return with_editor_count(services)

    def get_fields(self, request, obj=None):
        empty = [
            name for name in ("visible_from", "visible_to", "withdrawn_at", "merged_into") if not getattr(obj, name)
        ]
        return [name for name in self.fields if name not in empty]

    # What the list and the page show

    @admin.display(description="verified", ordering="listing__verified_on")
    def verified_on(self, service):
        listing = getattr(service, "listing", None)
        if listing is None:
            return "–"
        said = short_day(listing.verified_on) if listing.verified_on else "Never"
        return f"{said}, shown as unverified" if listing.unverified_from <= timezone.localdate() else said

    @admin.display(description="to verify by", ordering="listing__unverified_from")
    def due_on(self, service):
        listing = getattr(service, "listing", None)
        return short_day(verifying.due_before_badge(listing.unverified_from)) if listing else "–"

    @admin.display(description="editors", ordering="editors")
    def editor_count(self, service):
        return service.editors

    @admin.display(description="looked after by", ordering="kept_by__name")
    def keeper(self, service):
        return service.kept_by or "–"

    @admin.display(description="its page")
    def page(self, service):

        if service.state != State.PUBLISHED:
            return "–"
        url = reverse("directory:service", args=[service.slug])
        return format_html('<a href="{}">{}</a>', url, url)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        service = self.get_object(request, object_id)
        shown = {}
        if service is not None and service.version and self.has_view_permission(request, service):
            shown["entry_table"] = entry_table(entry_of(service), "The entry as approved")
        elif service is not None:
            shown["warning"] = "No entry is approved yet."
        return super().change_view(request, object_id, form_url, shown | (extra_context or {}))

    # Acts on one service

    @button("Verified: I asked the service", when=is_public)
    def verify(self, request, service):
        """Staff rang and the service said that all is right."""
        return self.ask_first(
            request,
            title=f"Is everything about {service} still right?",
            button="Yes, the service says so",
            act=lambda: (
                verify(service=service, method=Verification.Method.STAFF, by=request.user, now=timezone.now()) and None
            ),
            done=f"{service} is verified as of today.",
            explanation="Only when somebody of the service said so. The public reads that the programme verified it.",
            back=self.change_url(service),
        )

    @button("Write the entry", when=lambda request, service: service.state != State.ARCHIVED)
    def write(self, request, service):
        """Change what it says, public at once."""
        return self.write_entry_page(
            request,
            service=service,
            entry=entry_of(service) if service.version else Entry(name=service.name),
            seen=service.version,
            save=lambda entry, hidden, seen: looking_after.write_for_service(
                service=service, entry=entry, hidden=hidden, version=seen, by=request.user, now=timezone.now()
            ),
            title=f"Write the entry: {service}",
            button="Save and publish",
            done=f"{service} is public as you wrote it.",
            back=self.change_url(service),
        )

    @button("Who looks after it, and its dates")
    def keeping(self, request, service):
        """Who looks after it, and when it is shown."""
        return self.ask_first(
            request,
            title=f"Who looks after {service}, and when is it shown?",
            button="Save",
            form_class=KeepingForm,
            initial={name: getattr(service, name) for name in ("kept_by", "visible_from", "visible_to")},
            act=lambda **chosen: (
                looking_after.set_keeping(service=service, by=request.user, now=timezone.now(), **chosen) and None
            ),
            done="Saved.",
            explanation="Without days it is shown as long as it is public.",
            back=self.change_url(service),
        )

    @button("Show “Exit this page”", when=lambda request, service: service.version and not service.is_sensitive)
    def mark_sensitive(self, request, service):
        """Being seen reading about it is a risk."""
        return self._sensitive(request, service, True, f"Show “Exit this page” on {service}?")

    @button("Stop showing “Exit this page”", when=lambda request, service: service.version and service.is_sensitive)
    def unmark_sensitive(self, request, service):
        """Being seen reading about it is no risk."""
        return self._sensitive(request, service, False, f"Stop showing “Exit this page” on {service}?")

    def _sensitive(self, request, service, is_sensitive: bool, title: str):
        return self.ask_first(
            request,
            title=title,
            button="Save",
            act=lambda: (
                looking_after.mark_sensitive(
                    service=service, is_sensitive=is_sensitive, by=request.user, now=timezone.now()
                )
                and None
            ),
            done="Saved.",
            explanation="It is for services where somebody could be in danger for being seen reading about them.",
            back=self.change_url(service),
        )

    @button("Address that is not shown", when=lambda request, service: has_hidden_place(service))
    def hidden_address(self, request, service):
        """Where its hidden places are: only here, and for its editors. That somebody looked is written down."""
        hidden = looking_after.read_hidden_addresses(service=service, by=request.user)

        def act(**boxes):
            for location in hidden:
                looking_after.keep_hidden_address(
                    location=location,
                    address=boxes[f"address_{location.pk}"],
                    postcode=boxes[f"postcode_{location.pk}"],
                    by=request.user,
                )

        return self.ask_first(
            request,
            title=f"Where {service} is",
            button="Save",
            form_class=hidden_address_form(hidden),
            act=act,
            done="Saved.",
            explanation=(
                "Only staff who look after the directory may read this, and each reading is written down. It is kept "
                "encrypted and is on no public page, in no file, in no feed and in no message."
            ),
            back=self.change_url(service),
        )

    @button("Withdraw", when=is_public, danger=True)
    def withdraw(self, request, service):
        """Take it from the public. Steps of pathways it would leave dead are named first."""
        dead = [f"{step.pathway}: {step}" for step in steps_left_dead(service)]
        return self.ask_first(
            request,
            title=f"Take {service} from the public?",
            button="Withdraw",
            danger=True,
            act=lambda: withdraw_service(service=service, by=request.user, now=timezone.now()),
            done=f"{service} is no longer public.",
            explanation="Nobody finds it from now on. Other directories read that it is inactive for 90 days.",
            preview=dead,
            preview_title="These steps of pathways would have no service left" if dead else "",
            back=self.change_url(service),
        )

    @button("Publish again", when=can_come_back)
    def publish_again(self, request, service):
        """Give it back to the public, as it was."""
        return self.ask_first(
            request,
            title=f"Publish {service} again?",
            button="Publish",
            act=lambda: looking_after.publish_again(service=service, by=request.user, now=timezone.now()) and None,
            done=f"{service} is public again.",
            explanation="It is public as it was, with the day it was last verified. Verify it as well where you asked.",
            back=self.change_url(service),
        )

    # Acts on the list

    @button("Add a service", on_list=True)
    def add_for_organisation(self, request):
        """Start an entry for an organisation with nobody to write it."""
        made = []

        def act(organisation, name):
            made.append(
                looking_after.add_service(organisation=organisation, name=name, by=request.user, now=timezone.now())
            )

        answer = self.ask_first(
            request,
            title="Add a service",
            button="Add",
            form_class=AddForm,
            act=act,
            done="Write the entry: it is public as soon as you save it.",
            explanation="For an organisation that has nobody to write it. Its own editors can change it later.",
        )
        return HttpResponseRedirect(self.change_url(made[0])) if made else answer

    # Files

    def _export(self, request, queryset, extension: str):
        """The chosen services as a file that can be imported again."""
        from chatr.spreadsheets.writing import csv_response, xlsx_response  # heavy, and seldom needed

        chosen = exported_services().filter(pk__in=queryset.values("pk"))
        rows = export_services(by=request.user, services=chosen)
        respond = {"csv": csv_response, "xlsx": xlsx_response}[extension]
        return respond(f"services-{timezone.localdate():%Y-%m-%d}.{extension}", HEADINGS, rows)

    @button("Download all as CSV", on_list=True)
    def download_csv(self, request):
        """Every service as CSV."""
        return self._export(request, Service.objects.filter(~Q(state=State.DRAFT)), "csv")

    @button("Download all for Excel", on_list=True)
    def download_excel(self, request):
        """Every service for Excel."""
        return self._export(request, Service.objects.filter(~Q(state=State.DRAFT)), "xlsx")
