"""Giving and taking roles, keeping people out, and the first administrator."""

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from chatr.accounts.models import Role, RoleGrant, User
from chatr.accounts.operations import access, roles
from chatr.accounts.permissions import Permission
from chatr.audit.models import AuditEvent
from chatr.notifications.models import Message
from chatr.testing.people import make_person


def role(code: str) -> Role:
    return Role.objects.get(code=code)


def fresh(user: User) -> User:
    return User.objects.get(pk=user.pk)


def test_a_role_is_given_once_written_down_and_told(people):
    roles.grant_role(user=people.person, role=role("trainer"), by=people.admin)
    assert fresh(people.person).may(Permission.TRAIN)
    assert not fresh(people.colleague).may(Permission.TRAIN)
    event = AuditEvent.objects.get(action="accounts.role_granted")
    assert (event.object_id, event.actor_id, event.details) == (
        str(people.person.pk),
        people.admin.pk,
        {"role": "trainer"},
    )
    assert Message.objects.get(kind=roles.GRANTED).recipient == people.person
    with pytest.raises(roles.CannotChangeRole, match="already has"):
        roles.grant_role(user=people.person, role=role("trainer"), by=people.admin)
    assert RoleGrant.objects.filter(user=people.person).count() == 1


def test_nobody_gives_a_role_to_themselves(people):
    with pytest.raises(roles.CannotChangeRole, match="themselves"):
        roles.grant_role(user=people.admin, role=role("conference_chair"), by=people.admin)
    assert not fresh(people.admin).may(Permission.CHAIR_CONFERENCES)


def test_a_role_that_ended_allows_nothing_and_may_be_given_again(people):
    grant = people.trainer.role_grants.get()
    roles.end_role(grant=grant, by=people.admin, now=timezone.now())
    assert not fresh(people.trainer).may(Permission.TRAIN)
    with pytest.raises(roles.CannotChangeRole, match="ended already"):
        roles.end_role(grant=grant, by=people.admin, now=timezone.now())
    roles.ensure_role(user=people.trainer, role="trainer", by=people.admin)
    roles.ensure_role(user=people.trainer, role="trainer", by=people.admin)
    assert people.trainer.role_grants.count() == 2


def test_the_last_administrator_keeps_the_role(people):
    only = people.admin.role_grants.get()
    with pytest.raises(roles.CannotChangeRole, match="Nobody would be left"):
        roles.end_role(grant=only, by=people.admin, now=timezone.now())
    assert fresh(people.admin).may(Permission.MANAGE_ACCOUNTS)
    make_person("Gita Rao", "gita@programme.example.org", None, "programme_administrator")
    roles.end_role(grant=only, by=people.admin, now=timezone.now())
    assert not fresh(people.admin).may(Permission.MANAGE_ACCOUNTS)


def test_nobody_adds_to_their_own_role(people):
    own = role("programme_administrator")
    own.permissions = [*own.permissions, Permission.CHAIR_CONFERENCES]
    with pytest.raises(roles.CannotChangeRole, match="colleague"):
        roles.save_role(role=own, by=people.admin)
    other = role("trainer")
    other.permissions = [*other.permissions, Permission.SEE_NEEDS]
    roles.save_role(role=other, by=people.admin)
    event = AuditEvent.objects.get(action="accounts.role_changed")
    assert event.details == {"role": "trainer", "added": ["see_needs"], "removed": []}


def test_somebody_kept_out_can_do_nothing_until_let_in(people):
    access.stop_signing_in(user=people.trainer, by=people.admin)
    assert not fresh(people.trainer).may(Permission.TRAIN)
    with pytest.raises(access.CannotChangeAccess, match="can't sign in already"):
        access.stop_signing_in(user=people.trainer, by=people.admin)
    with pytest.raises(roles.CannotChangeRole, match="can't sign in"):
        roles.grant_role(user=people.trainer, role=role("moderator"), by=people.admin)
    access.let_sign_in(user=people.trainer, by=people.admin)
    assert fresh(people.trainer).may(Permission.TRAIN)
    with pytest.raises(access.CannotChangeAccess, match="themselves"):
        access.stop_signing_in(user=people.admin, by=people.admin)


def test_the_command_makes_the_first_administrator(db, capsys):
    call_command("grant_role", "First@programme.example.org", "programme_administrator")
    first = User.objects.get(email="first@programme.example.org")
    assert first.may(Permission.MANAGE_ACCOUNTS)
    assert not first.has_usable_password()
    assert "Programme administrator" in capsys.readouterr().out
    with pytest.raises(CommandError, match="already has"):
        call_command("grant_role", "first@programme.example.org", "programme_administrator")
    with pytest.raises(CommandError, match="The roles are: agency_contributor"):
        call_command("grant_role", "first@programme.example.org", "chief")
