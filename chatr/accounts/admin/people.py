"""People, where they work, and what is asked about their accounts."""

from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import admin
from django.db.models import Exists, OuterRef, Prefetch
from django.utils import timezone

from chatr.staff.admin import ExportMixin, ReasonForm, StaffAdmin, StaffTabularInline, button

from ..models import DeviceReset, ErasureRequest, Membership, Organisation, Role, RoleGrant, User
from ..operations import access, confirmations, devices, erasure, invitations, memberships, roles
from ..permissions import Permission

REFUSALS = (
    access.CannotChangeAccess,
    confirmations.CannotConfirm,
    devices.CannotResetDevice,
    erasure.CannotErase,
    invitations.CannotInvite,
    roles.CannotChangeRole,
)


class RoleFilter(admin.SimpleListFilter):
    title, parameter_name = "role", "role"

    def lookups(self, request, model_admin):
        return [(role.code, role.name) for role in Role.objects.order_by("name")]

    def queryset(self, request, queryset):
        if not self.value():
            return queryset
        held = RoleGrant.objects.filter(user=OuterRef("pk"), role__code=self.value(), ended_at=None)
        return queryset.filter(Exists(held))


class AccountFilter(admin.SimpleListFilter):
    title, parameter_name = "account", "account"

    def lookups(self, request, model_admin):
        return [
            ("active", "Can sign in"),
            ("invited", "Invited, not signed in yet"),
            ("stopped", "Can't sign in"),
            ("erased", "Erased"),
        ]

    def queryset(self, request, queryset):
        return {
            "active": queryset.filter(is_active=True),
            "invited": queryset.filter(invited_at__isnull=False, last_login=None, is_active=True),
            "stopped": queryset.filter(is_active=False, erased_at=None),
            "erased": queryset.filter(erased_at__isnull=False),
        }.get(self.value(), queryset)


class OrganisationFilter(admin.SimpleListFilter):
    """Shown only when a link from an organisation asked for it: a list of every organisation would be too long."""

    title, parameter_name = "organisation", "organisation"

    def __init__(self, request, params, model, model_admin):
        asked = params.get(self.parameter_name, [""])[-1]
        self.chosen = Organisation.objects.filter(pk=asked).first() if _is_id(asked) else None
        super().__init__(request, params, model, model_admin)

    def lookups(self, request, model_admin):
        return [(str(self.chosen.pk), self.chosen.name)] if self.chosen else []

    def queryset(self, request, queryset):
        if not self.chosen:
            return queryset
        theirs = Membership.objects.live().filter(user=OuterRef("pk"), organisation=self.chosen)
        return queryset.filter(Exists(theirs))


def _is_id(text: str) -> bool:
    try:
        return bool(Organisation._meta.pk.to_python(text))
    except forms.ValidationError:
        return False


class MembershipsOfPerson(StaffTabularInline):
    model = Membership
    read_only = True
    show_change_link = True
    verbose_name_plural = "where they work"
    fields = readonly_fields = ("organisation", "job_role", "state", "valid_from", "valid_to")

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("organisation", "user").order_by("-valid_from")

    @admin.display(description="state")
    def state(self, membership):
        return membership_state(membership)


class RolesOfPerson(StaffTabularInline):
    model = RoleGrant
    fk_name = "user"
    read_only = True
    verbose_name_plural = "roles"
    fields = readonly_fields = ("role", "granted_at", "granted_by", "ended_at")

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("role", "granted_by", "user").order_by("-granted_at")


class InvitePersonForm(forms.Form):
    name = forms.CharField(label="Name", max_length=200)
    email = forms.EmailField(label="E-mail address")
    role = forms.ModelChoiceField(
        Role.objects.order_by("name"), required=False, empty_label="No role", help_text="A practitioner needs none."
    )
    organisation = forms.ModelChoiceField(
        Organisation.objects.active().order_by("name"), required=False, empty_label="Not known yet",
        label="Where they work",
    )  # fmt: skip


class ChooseRoleForm(forms.Form):
    role = forms.ModelChoiceField(Role.objects.order_by("name"), empty_label="Choose a role")


class EraseForm(forms.Form):
    reason = forms.ChoiceField(
        choices=[
            ("asked", "The person asked for it here"),
            ("asked elsewhere", "The person asked for it in another way"),
            ("left", "The person left and the account is not needed"),
            ("mistake", "The account was made by mistake"),
        ]
    )


@admin.register(User)
class PersonAdmin(ExportMixin, StaffAdmin):
    """A person's account. What changes their access is a button with its own rule."""

    permission = Permission.MANAGE_ACCOUNTS
    view_permission = Permission.MANAGE_ORGANISATIONS
    addable = False
    refusals = REFUSALS
    list_display = ("shown_name", "email", "works_for", "has_roles", "account")
    list_filter = (AccountFilter, RoleFilter, OrganisationFilter)
    search_fields = ("name", "email", "memberships__organisation__name")
    search_help_text = "By name, e-mail address or organisation."
    ordering = ("name", "email")
    fields = ("name", "email", "account", "second_step", "created_at", "invited_at", "last_login")
    readonly_fields = ("email", "account", "second_step", "created_at", "invited_at", "last_login")
    inlines = (MembershipsOfPerson, RolesOfPerson)
    export_columns = (
        ("Name", "name"),
        ("E-mail", "email"),
        ("Works for", lambda person: PersonAdmin.works_for(None, person)),
        ("Roles", lambda person: PersonAdmin.has_roles(None, person)),
        ("Account", lambda person: account_state(person)),
        ("Joined", "created_at"),
    )

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related(
            Prefetch("memberships", Membership.objects.live().select_related("organisation"), "live_memberships"),
            Prefetch("role_grants", RoleGrant.objects.filter(ended_at=None).select_related("role"), "live_grants"),
        )  # fmt: skip

    @admin.display(description="name", ordering="name")
    def shown_name(self, person):
        return person.name or "No name yet"

    @admin.display(description="works for")
    def works_for(self, person):
        return ", ".join(sorted(each.organisation.name for each in person.live_memberships))

    @admin.display(description="roles")
    def has_roles(self, person):
        return ", ".join(sorted(grant.role.name for grant in person.live_grants))

    @admin.display(description="account")
    def account(self, person):
        return account_state(person)

    @admin.display(description="second step when signing in")
    def second_step(self, person):
        kinds = sorted({each.get_type_display() for each in Authenticator.objects.filter(user=person)})
        return ", ".join(kinds) or "Not set up"

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and not (obj and obj.erased_at)

    @button("Invite a person", on_list=True)
    def invite(self, request):
        def act(name, email, role, organisation):
            person = invitations.invite_person(
                name=name, email=email, by=request.user, reason="to join the ChATR portal"
            )
            if role:
                roles.ensure_role(user=person, role=role.code, by=request.user)
            if organisation and not person.memberships.live().filter(organisation=organisation).exists():
                membership = Membership(user=person, organisation=organisation, valid_from=timezone.localdate())
                confirmations.add_membership(membership=membership, by=request.user, now=timezone.now())
            return f"{person} has an account and is told by e-mail."

        return self.ask_first(
            request,
            title="Invite a person",
            explanation="They get an e-mail with a link. If they have an account already, it stays as it is.",
            form_class=InvitePersonForm,
            act=act,
            button="Send the invitation",
        )

    @button("Give a role", when=lambda request, person: person.is_active and person != request.user)
    def give_role(self, request, person):
        return self.ask_first(
            request,
            title=f"Give {person} a role",
            explanation="They are told by e-mail. Some roles need a second step when signing in.",
            form_class=ChooseRoleForm,
            act=lambda role: roles.grant_role(user=person, role=role, by=request.user) and None,
            button="Give the role",
            done=f"{person} has the role, and is told by e-mail.",
            back=self.change_url(person),
        )

    @button("Take a role away", when=lambda request, person: bool(person.live_grants))
    def take_role(self, request, person):
        held = RoleGrant.objects.filter(user=person, ended_at=None).select_related("role")

        class HeldRoleForm(forms.Form):
            role = forms.ModelChoiceField(Role.objects.filter(grants__in=held), empty_label="Choose a role")

        return self.ask_first(
            request,
            title=f"Take a role away from {person}",
            explanation="It ends at once, in every session.",
            form_class=HeldRoleForm,
            act=lambda role: roles.end_role(grant=held.get(role=role), by=request.user, now=timezone.now()),
            button="Take the role away",
            done="The role has ended.",
            danger=True,
            back=self.change_url(person),
        )

    @button(
        "Reset a lost device",
        when=lambda request, person: person != request.user and Authenticator.objects.filter(user=person).exists(),
    )
    def reset_device(self, request, person):
        second = devices.needs_second_person(person, now=timezone.now())

        def act(reason):
            reset = devices.ask_device_reset(user=person, reason=reason, by=request.user, now=timezone.now())
            if reset.done_at is None:
                return "A colleague must now agree. The request is on the desk."
            return f"{person} has no device any more, is signed out everywhere, and is told by e-mail."

        return self.ask_first(
            request,
            title=f"Reset the lost device of {person}",
            explanation=(
                "First make sure it is really them: call a number you already know. Every app, passkey and recovery "
                "code is removed, they are signed out everywhere, and told by e-mail, with your reason."
                + (" Because of their conference role a colleague must agree first." if second else "")
            ),
            form_class=ReasonForm,
            act=act,
            button="Ask a colleague to agree" if second else "Reset the device",
            danger=True,
            back=self.change_url(person),
        )

    @button("Sign out everywhere")
    def sign_out(self, request, person):
        return self.ask_first(
            request,
            title=f"Sign {person} out everywhere?",
            explanation="Every browser and phone they are signed in on has to sign in again.",
            act=lambda: f"{devices.end_sessions(user=person, by=request.user)} ended.",
            button="Sign out everywhere",
            back=self.change_url(person),
        )

    @button("Stop signing in", danger=True, when=lambda request, person: person.is_active and person != request.user)
    def stop_signing_in(self, request, person):
        return self.ask_first(
            request,
            title=f"Stop {person} signing in?",
            explanation="They are signed out at once and can't sign in. Their bookings and roles stay as they are.",
            act=lambda: access.stop_signing_in(user=person, by=request.user),
            button="Stop signing in",
            done=f"{person} can't sign in any more.",
            danger=True,
            back=self.change_url(person),
        )

    @button("Let them sign in again", when=lambda request, person: not person.is_active and not person.erased_at)
    def let_sign_in(self, request, person):
        return self.ask_first(
            request,
            title=f"Let {person} sign in again?",
            act=lambda: access.let_sign_in(user=person, by=request.user),
            button="Let them sign in",
            done=f"{person} can sign in again.",
            back=self.change_url(person),
        )

    @button(
        "Erase the account", danger=True, when=lambda request, person: not person.erased_at and person != request.user
    )
    def erase(self, request, person):
        def act(reason):
            erasure.erase_account(user=person, by=request.user, reason=reason, now=timezone.now())

        return self.ask_first(
            request,
            title=f"Erase the account of {person}?",
            explanation=(
                "This can't be undone. Their name, address, sign-in and needs are removed. What must be kept, such as "
                "how many people came to a course, stays without them."
            ),
            form_class=EraseForm,
            act=act,
            button="Erase the account",
            done="The account has been erased.",
            danger=True,
        )


def account_state(person: User) -> str:
    """Whether a person can sign in, in words."""
    if person.erased_at:
        return "Erased"
    if not person.is_active:
        return "Can't sign in"
    if person.invited_at and person.last_login is None:
        return "Invited"
    return "Can sign in"


class MembershipStateFilter(admin.SimpleListFilter):
    title, parameter_name = "state", "state"

    def lookups(self, request, model_admin):
        return [("waiting", "Waiting to be confirmed"), ("confirmed", "Confirmed"), ("ended", "Ended")]

    def queryset(self, request, queryset):
        return {
            "waiting": queryset.live().filter(confirmed_at=None),
            "confirmed": queryset.live().filter(confirmed_at__isnull=False),
            "ended": queryset.filter(valid_to__isnull=False),
        }.get(self.value(), queryset)


def membership_state(membership: Membership) -> str:
    """How far a membership has come, in words."""
    if membership.valid_to:
        return "Ended"
    if membership.confirmed_at is None:
        return "Waiting to be confirmed"
    return (
        "Confirmed" if membership.is_confirmed else f"Confirmed, {membership.organisation.get_status_display().lower()}"
    )


def is_waiting(request, membership: Membership) -> bool:
    return membership.confirmed_at is None and membership.valid_to is None


@admin.register(Membership)
class MembershipAdmin(ExportMixin, StaffAdmin):
    """Where people work. Staff confirm what an e-mail domain could not."""

    permission = Permission.MANAGE_ORGANISATIONS
    refusals = (confirmations.CannotConfirm,)
    list_display = ("user", "organisation", "job_role", "state", "valid_from")
    list_select_related = ("user", "organisation")
    list_filter = (MembershipStateFilter, "can_book_for_others", "can_edit_directory", "organisation__sector")
    search_fields = ("user__name", "user__email", "organisation__name")
    search_help_text = "By the person's name or e-mail address, or the organisation."
    ordering = ("-valid_from", "user__name")
    autocomplete_fields = ("user", "organisation")
    fields = (
        "user",
        "organisation",
        "job_role",
        "line_manager_name",
        "line_manager_email",
        "can_book_for_others",
        "can_edit_directory",
        "valid_from",
        "valid_to",
        "state",
    )
    readonly_fields = ("valid_to", "state")
    actions = ("confirm_selected",)
    export_columns = (
        ("Name", lambda membership: membership.user.name),
        ("E-mail", lambda membership: membership.user.email),
        ("Organisation", lambda membership: membership.organisation.name),
        ("Job role", "job_role"),
        ("State", membership_state),
        ("From", "valid_from"),
        ("Until", "valid_to"),
    )

    def get_readonly_fields(self, request, obj=None):
        return (*self.readonly_fields, "user", "organisation", "valid_from") if obj else self.readonly_fields

    def get_changeform_initial_data(self, request):
        return {"valid_from": timezone.localdate()} | super().get_changeform_initial_data(request)

    def export_queryset(self, request, queryset):
        return queryset.select_related("user", "organisation")

    @admin.display(description="state")
    def state(self, membership):
        return membership_state(membership) if membership.user_id else "Confirmed when you save"

    def save_model(self, request, obj, form, change):
        if change:
            super().save_model(request, obj, form, change)
        else:
            confirmations.add_membership(membership=obj, by=request.user, now=timezone.now())

    def log_addition(self, request, obj, message):
        """``add_membership`` has written it down."""

    @admin.action(description="Confirm", permissions=["act"])
    def confirm_selected(self, request, queryset):
        def act():
            for membership in queryset:
                confirmations.confirm_membership(membership=membership, by=request.user, now=timezone.now())

        return self.ask_first(
            request,
            title="Confirm where these people work?",
            explanation="Each is told by e-mail, and what they asked for while they waited goes on.",
            act=act,
            button="Confirm",
            done="Confirmed.",
            chosen=queryset,
            preview=queryset.select_related("user", "organisation"),
        )

    @button("Confirm", when=is_waiting)
    def confirm(self, request, membership):
        return self.ask_first(
            request,
            title=f"Confirm that {membership.user} works for {membership.organisation}?",
            explanation="They are told by e-mail, and what they asked for while they waited goes on.",
            act=lambda: confirmations.confirm_membership(membership=membership, by=request.user, now=timezone.now()),
            button="Confirm",
            done="Confirmed. They are told by e-mail.",
            back=self.list_url() + "?state=waiting",
        )

    @button("Decline", when=is_waiting, danger=True)
    def decline(self, request, membership):
        def act(reason):
            confirmations.decline_membership(membership=membership, reason=reason, by=request.user, now=timezone.now())

        return self.ask_first(
            request,
            title=f"Decline that {membership.user} works for {membership.organisation}?",
            explanation="They are told by e-mail, with your reason, and how to put it right.",
            form_class=ReasonForm,
            act=act,
            button="Decline",
            done="Declined. They are told by e-mail.",
            danger=True,
            back=self.list_url() + "?state=waiting",
        )

    @button("No longer works there", when=lambda request, membership: membership.valid_to is None)
    def end(self, request, membership):
        return self.ask_first(
            request,
            title=f"{membership.user} no longer works for {membership.organisation}?",
            explanation="It ends today. Their bookings stay as they are.",
            act=lambda: memberships.end_membership(membership=membership, by=request.user, now=timezone.now()),
            button="End it today",
            done="Ended.",
            back=self.change_url(membership),
        )


class WaitingFilter(admin.SimpleListFilter):
    title, parameter_name = "state", "state"

    def lookups(self, request, model_admin):
        return [("waiting", "Waiting"), ("done", "Done")]

    def queryset(self, request, queryset):
        if self.value() == "waiting":
            return queryset.waiting()
        return queryset.filter(done_at__isnull=False) if self.value() == "done" else queryset


@admin.register(DeviceReset)
class DeviceResetAdmin(StaffAdmin):
    """Lost devices: who asked, why, and who agreed."""

    permission = Permission.MANAGE_ACCOUNTS
    read_only = True
    refusals = (devices.CannotResetDevice,)
    list_display = ("user", "asked_by", "asked_at", "needs_second_person", "state")
    list_select_related = ("user", "asked_by")
    list_filter = (WaitingFilter,)
    search_fields = ("user__name", "user__email")
    ordering = ("-asked_at",)
    fields = ("user", "reason", "asked_by", "asked_at", "needs_second_person", "agreed_by", "declined_by", "state")

    @admin.display(description="state")
    def state(self, reset):
        if reset.done_at:
            return "Done"
        return "Declined" if reset.declined_at else "Waiting for a second person"

    @button(
        "Agree to the reset",
        when=lambda request, reset: (
            not reset.done_at and not reset.declined_at and request.user.pk not in (reset.asked_by_id, reset.user_id)
        ),
    )
    def agree(self, request, reset):
        return self.ask_first(
            request,
            title=f"Agree to reset the device of {reset.user}?",
            explanation=(
                f"{reset.asked_by} asked for it: {reset.reason} Make sure yourself that it is really them. Every app, "
                "passkey and recovery code is removed, they are signed out everywhere, and told by e-mail."
            ),
            act=lambda: devices.agree_device_reset(reset=reset, by=request.user, now=timezone.now()),
            button="Agree and reset",
            done=f"{reset.user} has no device any more, and is told by e-mail.",
            danger=True,
            back=self.change_url(reset),
        )

    @button("Decline", when=lambda request, reset: not reset.done_at and not reset.declined_at)
    def decline(self, request, reset):
        return self.ask_first(
            request,
            title=f"Do not reset the device of {reset.user}?",
            act=lambda: devices.decline_device_reset(reset=reset, by=request.user, now=timezone.now()),
            button="Decline the reset",
            done="Declined. Nothing was changed.",
            back=self.change_url(reset),
        )


class OpenRequestFilter(admin.SimpleListFilter):
    title, parameter_name = "state", "state"

    def lookups(self, request, model_admin):
        return [("waiting", "Waiting"), ("done", "Done"), ("withdrawn", "Taken back")]

    def queryset(self, request, queryset):
        return {
            "waiting": queryset.filter(done_at=None, withdrawn_at=None),
            "done": queryset.filter(done_at__isnull=False),
            "withdrawn": queryset.filter(withdrawn_at__isnull=False),
        }.get(self.value(), queryset)


@admin.register(ErasureRequest)
class ErasureRequestAdmin(StaffAdmin):
    """People who asked for their account to be erased. Staff do it within a month."""

    permission = Permission.MANAGE_ACCOUNTS
    read_only = True
    refusals = (erasure.CannotErase,)
    list_display = ("user", "asked_at", "state")
    list_select_related = ("user",)
    list_filter = (OpenRequestFilter,)
    ordering = ("-asked_at",)
    fields = ("user", "asked_at", "state")

    @admin.display(description="state")
    def state(self, request):
        if request.done_at:
            return "Done"
        return "Taken back" if request.withdrawn_at else "Waiting"

    @button("Erase the account", danger=True, when=lambda request, asked: not asked.done_at and not asked.withdrawn_at)
    def erase(self, request, asked):
        return self.ask_first(
            request,
            title=f"Erase the account of {asked.user}?",
            explanation=(
                "They asked for it. It can't be undone. Their name, address, sign-in and needs are removed. What must "
                "be kept, such as how many people came to a course, stays without them."
            ),
            act=lambda: erasure.erase_account(user=asked.user, by=request.user, reason="asked", now=timezone.now()),
            button="Erase the account",
            done="The account has been erased.",
            danger=True,
        )
