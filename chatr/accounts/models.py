"""People, the organisations they work for, and what they may do. One table of each for the whole portal."""

import uuid

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.expressions import RawSQL
from django.db.models.functions import Lower

from .permissions import NEEDS_SECOND_FACTOR, Permission

PERMISSION_CODES = """
ARRAY(SELECT unnest(role.permissions) FROM accounts_rolegrant held JOIN accounts_role role ON role.id = held.role_id
      WHERE held.user_id = accounts_user.id AND held.ended_at IS NULL)
"""


class UserManager(BaseUserManager):
    """Creates people; ``create_user`` is enough, because roles are granted, not ticked."""

    def create_user(self, email: str, name: str = "", password: str | None = None, **fields) -> "User":
        """A new person. Without a password they sign in by an e-mailed code or a passkey."""
        user = self.model(email=email.strip().lower(), name=name, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, email: str) -> "User":
        return self.get(email=email.strip().lower())

    def with_permissions(self) -> models.QuerySet:
        """People with what ``permissions`` reads already loaded. It is on the way of every page, so it is plain SQL."""
        codes = ArrayField(models.CharField())
        return self.annotate(permission_codes=RawSQL(PERMISSION_CODES, (), output_field=codes))


class User(AbstractBaseUser):
    """A person with an account. The login is the e-mail address; the name is as they write it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField("e-mail address", unique=True)
    name = models.CharField("name", max_length=200, blank=True, help_text="As the person writes it.")
    is_active = models.BooleanField("can sign in", default=True)
    invited_at = models.DateTimeField("invited", null=True, blank=True, help_text="Set when staff made the account.")
    created_at = models.DateTimeField("joined", auto_now_add=True)
    landing_path = models.CharField(
        max_length=300, blank=True, help_text="Where they were going when they signed up; used once, after verifying."
    )
    chosen_membership = models.ForeignKey(
        "Membership",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Which of their organisations they are acting for now.",
    )
    erased_at = models.DateTimeField("erased", null=True, blank=True)

    objects = UserManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = []

    class Meta:
        verbose_name = "person"
        verbose_name_plural = "people"
        constraints = [
            models.CheckConstraint(
                condition=Q(email=Lower("email")),
                name="email_in_lower_case",
                violation_error_message="Write the e-mail address in lower case.",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def clean(self) -> None:
        self.email = (self.email or "").strip().lower()

    def get_full_name(self) -> str:
        return self.name or self.email

    def get_short_name(self) -> str:
        return self.name or self.email

    @property
    def permissions(self) -> frozenset[str]:
        """Every permission of the person's roles that are live today, read once per loaded person."""
        if not hasattr(self, "_permissions"):
            if not hasattr(self, "permission_codes"):
                lists = Role.objects.filter(grants__user=self, grants__ended_at=None).values_list("permissions")
                self.permission_codes = [code for (codes,) in lists for code in codes]
            self._permissions = frozenset(self.permission_codes)
        return self._permissions

    def may(self, permission: Permission) -> bool:
        """Whether any live role of an active person allows this."""
        return self.is_active and permission in self.permissions

    @property
    def needs_second_factor(self) -> bool:
        return self.is_active and not NEEDS_SECOND_FACTOR.isdisjoint(self.permissions)

    # Django admin's questions, answered from roles. Each admin page names the permission it needs (chatr/staff).

    @property
    def is_staff(self) -> bool:
        return self.may(Permission.ENTER_ADMIN)

    @property
    def is_superuser(self) -> bool:
        return False

    def has_perm(self, perm: str, obj=None) -> bool:
        return self.may(Permission.MANAGE_ACCOUNTS)

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_staff


class Role(models.Model):
    """A named list of permissions, explained in plain English."""

    code = models.SlugField(unique=True)
    name = models.CharField(max_length=80)
    description = models.TextField()
    permissions = ArrayField(models.CharField(max_length=40, choices=Permission.choices), default=list)

    def __str__(self) -> str:
        return self.name


class RoleGrant(models.Model):
    """That a person holds a role, from when until when, and who gave it."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="role_grants", verbose_name="person")
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="grants")
    granted_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    granted_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "role held"
        verbose_name_plural = "roles held"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role"],
                condition=Q(ended_at=None),
                name="one_live_grant_of_a_role",
                violation_error_message="This person already has that role.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.role}"


class Sector(models.TextChoices):
    """The kinds of service that take part."""

    SCHOOL = "school", "School or college"
    EARLY_YEARS = "early_years", "Early years"
    HEALTH = "health", "Health"
    SOCIAL_CARE = "social_care", "Children's or adults' social care"
    EARLY_HELP = "early_help", "Early help and youth services"
    POLICE_JUSTICE = "police_justice", "Police and justice"
    HOUSING = "housing", "Housing"
    VOLUNTARY = "voluntary", "Voluntary and community"
    FAITH = "faith", "Faith group"
    OTHER = "other", "Other"


class Borough(models.TextChoices):
    """Where an organisation works. The programme is for the first three."""

    HACKNEY = "hackney", "Hackney"
    CITY = "city", "City of London"
    BOTH = "both", "Hackney and the City of London"
    ELSEWHERE = "elsewhere", "Somewhere else"


class OrganisationQuerySet(models.QuerySet):
    def active(self):
        return self.filter(status=Organisation.Status.ACTIVE)

    def local(self):
        """Those whose staff work in Hackney or the City, so their practitioners may book."""
        return self.exclude(borough=Borough.ELSEWHERE)

    def with_domain(self, domain: str):
        """Those that hold this e-mail domain as their own."""
        return self.filter(email_domains__contains=[domain.lower()])


class Organisation(models.Model):
    """A service that takes part, or asks to. It may exist with no members at all."""

    class Status(models.TextChoices):
        PENDING = "pending", "Waiting for approval"
        ACTIVE = "active", "Active"
        SUSPENDED = "suspended", "Suspended"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=200)
    sector = models.CharField(max_length=20, choices=Sector.choices, default=Sector.OTHER)
    borough = models.CharField("where it works", max_length=12, choices=Borough.choices, default=Borough.HACKNEY)
    email_domains = ArrayField(
        models.CharField(max_length=120),
        default=list,
        blank=True,
        verbose_name="e-mail domains",
        help_text="Domains only this organisation uses, such as school.example.org. Shared domains never match.",
    )
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.PENDING)
    suspended_because = models.CharField("why it is suspended", max_length=300, blank=True)
    requested_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("name"),
                name="one_organisation_of_a_name",
                violation_error_message="There is already an organisation with this name.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class SharedEmailDomain(models.Model):
    """A domain many organisations share (nhs.net, gmail.com), so it says nothing about where a person works."""

    domain = models.CharField(max_length=120, unique=True)

    class Meta:
        verbose_name = "shared e-mail domain"

    def __str__(self) -> str:
        return self.domain


class MembershipQuerySet(models.QuerySet):
    def live(self):
        """Those not ended, confirmed or not."""
        return self.filter(valid_to=None)

    def confirmed(self):
        """Live, confirmed, and in an active organisation: enough to act on."""
        return self.live().filter(confirmed_at__isnull=False, organisation__status=Organisation.Status.ACTIVE)

    def editors(self):
        """Those under which somebody who can sign in may edit the organisation's directory entries today."""
        return self.confirmed().filter(can_edit_directory=True, user__is_active=True)


class Membership(models.Model):
    """That a person works for an organisation, as what, and from when until when."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships", verbose_name="person")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="memberships")
    job_role = models.CharField("job role", max_length=120, blank=True)
    line_manager_name = models.CharField("line manager's name", max_length=200, blank=True)
    line_manager_email = models.EmailField("line manager's e-mail", blank=True)
    can_book_for_others = models.BooleanField("may book for colleagues", default=False)
    can_edit_directory = models.BooleanField("may edit directory entries", default=False)
    confirmed_at = models.DateTimeField(
        "confirmed", null=True, blank=True, help_text="By the e-mail domain, or by staff. Empty: waiting for staff."
    )
    valid_from = models.DateField("from")
    valid_to = models.DateField("until", null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation"],
                condition=Q(valid_to=None),
                name="one_live_membership",
                violation_error_message="This person already works for that organisation.",
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="membership_ends_after_it_starts",
                violation_error_message="The last day must not be before the first.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} at {self.organisation}"

    @property
    def is_confirmed(self) -> bool:
        """Whether bookings made under it may be confirmed at once."""
        return (
            self.valid_to is None
            and self.confirmed_at is not None
            and self.organisation.status == Organisation.Status.ACTIVE
        )


class DeviceResetQuerySet(models.QuerySet):
    def waiting(self):
        """Those neither done nor declined."""
        return self.filter(done_at=None, declined_at=None)


class DeviceReset(models.Model):
    """A request to remove a person's second factor after they lost the device: who, why, and who agreed."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="device_resets", verbose_name="person")
    reason = models.CharField(max_length=300)
    needs_second_person = models.BooleanField(
        default=False, help_text="Set when the person has a conference role, or had one lately."
    )
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField("asked", auto_now_add=True)
    agreed_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    declined_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    declined_at = models.DateTimeField("declined", null=True, blank=True)
    done_at = models.DateTimeField("done", null=True, blank=True)

    objects = DeviceResetQuerySet.as_manager()

    class Meta:
        verbose_name = "lost device"
        verbose_name_plural = "lost devices"
        constraints = [
            models.CheckConstraint(
                condition=~Q(user=F("asked_by")) & (Q(agreed_by=None) | ~Q(user=F("agreed_by"))),
                name="nobody_resets_their_own_device",
                violation_error_message="Nobody can reset their own device.",
            ),
            models.CheckConstraint(
                condition=Q(agreed_by=None) | ~Q(agreed_by=F("asked_by")),
                name="second_person_agrees_to_reset",
                violation_error_message="A second person must agree.",
            ),
            models.CheckConstraint(
                condition=Q(done_at=None) | Q(needs_second_person=False) | Q(agreed_by__isnull=False),
                name="reset_done_only_when_agreed",
                violation_error_message="A second person must agree first.",
            ),
            models.CheckConstraint(
                condition=Q(done_at=None) | Q(declined_at=None),
                name="reset_done_or_declined",
                violation_error_message="A reset is either done or declined.",
            ),
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(done_at=None, declined_at=None),
                name="one_waiting_device_reset",
                violation_error_message="A reset for this person is waiting already.",
            ),
        ]

    def __str__(self) -> str:
        return f"Device of {self.user}"


class ErasureRequest(models.Model):
    """That a person asked for their account to be erased. They may take it back until staff have done it."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="erasure_requests", verbose_name="person")
    asked_at = models.DateTimeField("asked")
    withdrawn_at = models.DateTimeField("taken back", null=True, blank=True)
    done_at = models.DateTimeField("done", null=True, blank=True)

    class Meta:
        verbose_name = "request to be erased"
        verbose_name_plural = "requests to be erased"
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(withdrawn_at=None, done_at=None),
                name="one_open_erasure_request",
                violation_error_message="This person has already asked.",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | Q(done_at=None),
                name="erasure_taken_back_or_done",
                violation_error_message="A request is either taken back or done.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.asked_at:%-d %B %Y}"
