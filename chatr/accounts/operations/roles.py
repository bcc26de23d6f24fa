"""Giving and taking roles, and what a role allows."""

from datetime import datetime

from django.db import IntegrityError, transaction

from chatr.audit.operations import record
from chatr.notifications import operations as notifications

from ..models import Role, RoleGrant, User
from ..permissions import Permission

GRANTED = "accounts/role_granted"


class CannotChangeRole(Exception):
    """Why a role can't be given, taken or changed, worded for staff."""


@transaction.atomic
def grant_role(*, user: User, role: Role, by: User | None, tell: bool = True) -> RoleGrant:
    """Give a person a role and tell them. ``by`` None is the command that makes the first administrator.

    :param tell: whether they are written to; not when the caller writes to them about what the role is for
    :raises CannotChangeRole: for oneself, somebody who can't sign in, or somebody who has it already
    """
    if by is not None and user.pk == by.pk:
        raise CannotChangeRole("Nobody gives a role to themselves. Ask a colleague.")
    if not user.is_active:
        raise CannotChangeRole(f"{user} can't sign in, so a role would do nothing.")
    try:
        with transaction.atomic():
            grant = RoleGrant.objects.create(user=user, role=role, granted_by=by)
    except IntegrityError:
        raise CannotChangeRole(f"{user} already has the role {role}.") from None
    record("accounts.role_granted", user, by=by, details={"role": role.code})
    if tell:
        notifications.queue(GRANTED, to=user, about=grant, dedupe_key=f"{GRANTED}:{grant.pk}")
    return grant


def ensure_role(*, user: User, role: str, by: User | None, tell: bool = True) -> None:
    """Give the person the role with this code, if they do not have it already.

    :param tell: whether they are written to, as ``grant_role`` does
    :raises CannotChangeRole: as ``grant_role`` does
    """
    if not user.role_grants.filter(role__code=role, ended_at=None).exists():
        grant_role(user=user, role=Role.objects.get(code=role), by=by, tell=tell)


@transaction.atomic
def end_role(*, grant: RoleGrant, by: User, now: datetime) -> None:
    """Take a role away.

    :raises CannotChangeRole: if it ended already, or nobody would be left to look after accounts
    """
    grant = RoleGrant.objects.select_for_update(of=("self",)).select_related("user", "role").get(pk=grant.pk)
    if grant.ended_at:
        raise CannotChangeRole("This role ended already.")
    grant.ended_at = now
    grant.save(update_fields=["ended_at"])
    _refuse_if_nobody_is_left()
    record("accounts.role_ended", grant.user, by=by, details={"role": grant.role.code})


@transaction.atomic
def save_role(*, role: Role, by: User) -> Role:
    """Keep a new or changed role.

    :raises CannotChangeRole: if it would allow the acting person more, or leave nobody to look after accounts
    """
    before = Role.objects.select_for_update().filter(pk=role.pk).first()
    added = set(role.permissions) - set(before.permissions if before else ())
    if before and added and by.role_grants.filter(role=role, ended_at=None).exists():
        raise CannotChangeRole("You have this role, so a colleague must add to what it allows.")
    role.save()
    _refuse_if_nobody_is_left()
    gone = set(before.permissions if before else ()) - set(role.permissions)
    details = {"role": role.code, "added": sorted(added), "removed": sorted(gone)}
    record(
        "accounts.role_changed" if before else "accounts.role_added",
        role,
        by=by,
        details=details,
    )
    return role


def _refuse_if_nobody_is_left() -> None:
    looks_after_accounts = RoleGrant.objects.filter(
        ended_at=None,
        user__is_active=True,
        role__permissions__contains=[Permission.MANAGE_ACCOUNTS],
    )
    # Locked, so that two administrators taking each other's role away at once can't both succeed.
    roles = Role.objects.select_for_update().filter(permissions__contains=[Permission.MANAGE_ACCOUNTS])
    list(roles.order_by("pk").values_list("pk", flat=True))
    if not looks_after_accounts.exists():
        raise CannotChangeRole("Nobody would be left who looks after accounts and roles.")
