"""Example organisations of every sector, and one person for every role, for a portal on this computer."""

import base64
import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.hashers import make_password

from .models import Borough, Membership, Organisation, Role, RoleGrant, Sector, User
from .permissions import NEEDS_SECOND_FACTOR
from .roles import STARTING_ROLES

PASSWORD = "quiet-river-lantern-42"

# name, sector, where it works, e-mail domains, status
ORGANISATIONS = [
    ("Example Town Hall", Sector.SOCIAL_CARE, Borough.HACKNEY, ["example.org"], "active"),
    ("Example Lane Primary School", Sector.SCHOOL, Borough.HACKNEY, ["lane-primary.example.org"], "active"),
    ("Example Square Mile Academy", Sector.SCHOOL, Borough.CITY, ["square-mile.example.org"], "active"),
    ("Example Tiny Steps Nursery", Sector.EARLY_YEARS, Borough.HACKNEY, ["tiny-steps.example.org"], "active"),
    ("Example Health Visiting Service", Sector.HEALTH, Borough.BOTH, ["visiting.example.org"], "active"),
    ("Example Canal Youth Project", Sector.EARLY_HELP, Borough.HACKNEY, ["canal-youth.example.org"], "active"),
    ("Example Police Team", Sector.POLICE_JUSTICE, Borough.BOTH, ["police.example.org"], "active"),
    ("Example Homes", Sector.HOUSING, Borough.HACKNEY, ["homes.example.org"], "active"),
    ("Example Families Together", Sector.VOLUNTARY, Borough.BOTH, ["together.example.org"], "active"),
    ("Example Faith Forum", Sector.FAITH, Borough.HACKNEY, ["faith.example.org"], "active"),
    ("Example Arts Collective", Sector.OTHER, Borough.CITY, [], "active"),
    ("Example New Start Project", Sector.VOLUNTARY, Borough.HACKNEY, [], "pending"),
    ("Example Closed Centre", Sector.EARLY_HELP, Borough.HACKNEY, ["closed.example.org"], "suspended"),
]


@dataclass(frozen=True)
class ExampleAccount:
    """One person who can sign in to a local portal."""

    email: str
    name: str
    organisation: str = ""
    role: str = ""
    job_role: str = ""
    can_book_for_others: bool = False
    can_edit_directory: bool = False
    confirmed: bool = True

    @property
    def shown_roles(self) -> list[str]:
        """The person's roles, with the everyday ones that are no role rows named too."""
        if self.role:
            return [self.role]
        everyday = {"organisation_lead": self.can_book_for_others, "directory_editor": self.can_edit_directory}
        return ["practitioner", *(name for name, held in everyday.items() if held)]

    @property
    def totp_secret(self) -> str:
        """The authenticator secret, the same on every local portal; empty for people who need none."""
        if not self.role or NEEDS_SECOND_FACTOR.isdisjoint(STARTING_ROLES[self.role][2]):
            return ""
        return base64.b32encode(hashlib.sha256(self.email.encode()).digest()[:20]).decode()


ACCOUNTS = [
    ExampleAccount("practitioner@example.org", "Amina Example", "Example Town Hall", job_role="Social worker"),
    ExampleAccount("colleague@example.org", "Bolu Example", "Example Town Hall", job_role="Social worker"),
    ExampleAccount(
        "teacher@lane-primary.example.org", "Cerys Example", "Example Lane Primary School", job_role="Class teacher"
    ),
    ExampleAccount(
        "health.visitor@visiting.example.org",
        "Devika Example",
        "Example Health Visiting Service",
        job_role="Health visitor",
    ),
    ExampleAccount(
        "lead@lane-primary.example.org",
        "Edwin Example",
        "Example Lane Primary School",
        job_role="Designated safeguarding lead",
        can_book_for_others=True,
    ),
    ExampleAccount(
        "editor@together.example.org",
        "Fatima Example",
        "Example Families Together",
        job_role="Service manager",
        can_edit_directory=True,
    ),
    ExampleAccount(
        "newcomer@example-mail.example.org",
        "Goran Example",
        "Example New Start Project",
        job_role="Mentor",
        confirmed=False,
    ),
    ExampleAccount("trainer@example.org", "Hannah Example", role="trainer"),
    ExampleAccount("staff@example.org", "Idris Example", role="programme_staff"),
    ExampleAccount("administrator@example.org", "Joy Example", role="programme_administrator"),
    ExampleAccount("chair@example.org", "Kwame Example", "Example Town Hall", role="conference_chair"),
    ExampleAccount("minutes@example.org", "Leila Example", "Example Town Hall", role="minute_taker"),
    ExampleAccount("chairs.manager@example.org", "Maya Example", "Example Town Hall", role="chairs_manager"),
    ExampleAccount("contributor@police.example.org", "Noah Example", "Example Police Team", role="agency_contributor"),
    ExampleAccount("moderator@example.org", "Olu Example", role="moderator"),
    ExampleAccount("safeguarding@example.org", "Priya Example", role="safeguarding_lead"),
    ExampleAccount(
        "facilitator@canal-youth.example.org", "Quinn Example", "Example Canal Youth Project", role="facilitator"
    ),
    ExampleAccount(
        "editor@canal-youth.example.org",
        "Rosa Example",
        "Example Canal Youth Project",
        job_role="Service manager",
        can_edit_directory=True,
    ),
]


def load(*, now: datetime) -> bool:
    """Add the example organisations and people. Nothing happens when they are there already."""
    if User.objects.filter(email=ACCOUNTS[0].email).exists():
        return False
    for name, sector, borough, domains, status in ORGANISATIONS:
        Organisation.objects.create(
            name=name,
            sector=sector,
            borough=borough,
            email_domains=domains,
            status=status,
            suspended_because="It has closed." if status == "suspended" else "",
        )
    for account in ACCOUNTS:
        make_account(account, now)
    return True


@cache
def _hashed_password() -> str:
    """Of them all, hashed once: that takes a third of a second, and there are three dozen of them."""
    return make_password(PASSWORD)


def make_account(account: ExampleAccount, now: datetime) -> User:
    """One example person with a verified address, their membership, role and second factor."""
    user = User.objects.create(email=account.email, name=account.name, password=_hashed_password())
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    if account.organisation:
        Membership.objects.create(
            user=user,
            organisation=Organisation.objects.get(name=account.organisation),
            job_role=account.job_role,
            line_manager_name="Robin Example",
            line_manager_email="manager@example.org",
            can_book_for_others=account.can_book_for_others,
            can_edit_directory=account.can_edit_directory,
            confirmed_at=now if account.confirmed else None,
            valid_from=(now - timedelta(days=400)).date(),
        )
    if account.role:
        RoleGrant.objects.create(user=user, role=Role.objects.get(code=account.role))
    if account.totp_secret:
        TOTP.activate(user, account.totp_secret)
    return user
