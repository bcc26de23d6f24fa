"""May this person, and is it really them? Nothing here changes anything."""

import time

from allauth.account.internal.flows.login import get_authentication_records
from django.conf import settings
from django.utils.http import url_has_allowed_host_and_scheme

from .models import Borough, Membership, Organisation, User
from .queries import domain_of, may_work_elsewhere, organisations_with_domain_of

LONGEST_PATH = 300


def safe_path(path: str | None) -> str:
    """The path if it is one of this site's own and short enough to keep, otherwise an empty string."""
    path = path or ""
    ours = (
        path.startswith("/")
        and len(path) <= LONGEST_PATH
        and path.isprintable()
        and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
    )
    return path if ours else ""


def can_work_for(user: User, organisation: Organisation) -> bool:
    """Practitioners' organisations work in Hackney or the City; invited trainers' and contributors' need not."""
    return organisation.borough != Borough.ELSEWHERE or may_work_elsewhere(user)


def is_known_by_domain(user: User, organisation: Organisation) -> bool:
    """Whether the person's own e-mail address shows that they work there, so nobody need confirm it."""
    if domain_of(user.email) not in organisation.email_domains:
        return False
    return organisation in organisations_with_domain_of(user.email)


def can_act_for(user: User, membership: Membership) -> bool:
    """Whether this is one of the person's own memberships, not ended, in an organisation that is not suspended."""
    return (
        membership.user_id == user.pk
        and membership.valid_to is None
        and membership.organisation.status != Organisation.Status.SUSPENDED
    )


def signed_in_with_second_factor(request) -> bool:
    """Whether an authenticator app, a passkey or a recovery code was used in this very session. No query."""
    return any(record.get("method") == "mfa" for record in get_authentication_records(request, request.user))


def recently_confirmed(request) -> bool:
    """Whether the person has shown who they are within the last minutes: signing in counts. No query.

    For pages that need it, ``views.steps.RecentlyConfirmed`` asks for it and comes back.
    """
    if not request.user.is_authenticated:
        return False
    latest = max((record["at"] for record in get_authentication_records(request, request.user)), default=0)
    return time.time() - latest < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
