"""Lost devices: with a reason, never one's own, and two people where the person has a conference role."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import IntegrityError, transaction
from django.utils import timezone

from chatr.accounts.models import DeviceReset
from chatr.accounts.operations import devices, roles
from chatr.audit.models import AuditEvent
from chatr.notifications.models import Message
from chatr.testing.people import give_second_factor, make_person

REASON = "Phone lost on the bus; called back on the school's number."


@pytest.fixture
def second_admin(people):
    return make_person("Gita Rao", "gita@programme.example.org", None, "programme_administrator")


@pytest.fixture
def chair(people):
    return make_person("Hal Price", "hal@chairs.example.org", None, "conference_chair")


@pytest.fixture
def session(people, client, sign_in):
    """The practitioner signed in with a browser, and has a device set up."""
    give_second_factor(people.person)
    sign_in(client, people.person)
    return UserSession.objects.create(
        user=people.person, ip="192.0.2.1", user_agent="Browser", session_key=client.session.session_key
    )


def ask(user, by, now=None):
    return devices.ask_device_reset(user=user, reason=REASON, by=by, now=now or timezone.now())


def test_a_practitioners_device_is_reset_at_once_and_they_are_told(people, client, session):
    assert client.get("/accounts/me/").status_code == 200

    reset = ask(people.person, people.admin)

    assert reset.done_at is not None
    assert not Authenticator.objects.filter(user=people.person).exists()
    assert not UserSession.objects.filter(user=people.person).exists()
    assert client.get("/accounts/me/").status_code == 302
    message = Message.objects.get(kind=devices.RESET)
    assert (message.recipient, message.about_id) == (people.person, str(reset.pk))
    event = AuditEvent.objects.get(action="accounts.device_reset")
    assert (event.actor_id, event.details["devices"]) == (people.admin.pk, 1)
    assert REASON not in str(AuditEvent.objects.values_list("details"))


def test_nobody_resets_their_own_device(people):
    give_second_factor(people.admin)
    with pytest.raises(devices.CannotResetDevice, match="their own"):
        ask(people.admin, people.admin)
    assert Authenticator.objects.filter(user=people.admin).exists()
    assert not DeviceReset.objects.exists()


def test_without_a_device_there_is_nothing_to_reset(people):
    with pytest.raises(devices.CannotResetDevice, match="no device"):
        ask(people.person, people.admin)


def test_a_chairs_device_waits_for_a_second_person(people, chair, second_admin):
    give_second_factor(chair)
    reset = ask(chair, people.admin)
    assert reset.done_at is None and Authenticator.objects.filter(user=chair).exists()
    assert not Message.objects.filter(kind=devices.RESET).exists()

    with pytest.raises(devices.CannotResetDevice, match="somebody else"):
        devices.agree_device_reset(reset=reset, by=people.admin, now=timezone.now())
    with pytest.raises(devices.CannotResetDevice, match="their own"):
        devices.agree_device_reset(reset=reset, by=chair, now=timezone.now())
    assert Authenticator.objects.filter(user=chair).exists()

    devices.agree_device_reset(reset=reset, by=second_admin, now=timezone.now())
    assert not Authenticator.objects.filter(user=chair).exists()
    assert DeviceReset.objects.get().agreed_by == second_admin
    assert Message.objects.filter(kind=devices.RESET).count() == 1
    with pytest.raises(devices.CannotResetDevice, match="decided already"):
        devices.agree_device_reset(reset=reset, by=second_admin, now=timezone.now())


def test_taking_the_role_away_first_does_not_go_round_the_second_person(people, chair):
    give_second_factor(chair)
    roles.end_role(grant=chair.role_grants.get(), by=people.admin, now=timezone.now())
    assert ask(chair, people.admin).done_at is None


def test_a_role_that_ended_long_ago_needs_one_person(people, chair):
    give_second_factor(chair)
    now = timezone.now()
    roles.end_role(grant=chair.role_grants.get(), by=people.admin, now=now - timedelta(days=31))
    assert ask(chair, people.admin, now).done_at == now


def test_one_request_waits_at_a_time_and_a_declined_one_changes_nothing(people, chair, second_admin):
    give_second_factor(chair)
    reset = ask(chair, people.admin)
    with pytest.raises(devices.CannotResetDevice, match="already"):
        ask(chair, second_admin)
    devices.decline_device_reset(reset=reset, by=second_admin, now=timezone.now())
    assert Authenticator.objects.filter(user=chair).exists()
    with pytest.raises(devices.CannotResetDevice, match="decided already"):
        devices.agree_device_reset(reset=reset, by=second_admin, now=timezone.now())


@pytest.mark.parametrize(
    ("wrong", "constraint"),
    [
        ({"agreed_by": "admin"}, "second_person_agrees_to_reset"),
        ({"agreed_by": "chair"}, "nobody_resets_their_own_device"),
        ({"done_at": "now"}, "reset_done_only_when_agreed"),
    ],
)
def test_the_database_keeps_the_rule_too(people, chair, wrong, constraint):
    give_second_factor(chair)
    ask(chair, people.admin)
    values = {"admin": people.admin, "chair": chair, "now": timezone.now()}
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        DeviceReset.objects.update(**{field: values[value] for field, value in wrong.items()})
    assert refused.value.__cause__.diag.constraint_name == constraint


def test_ending_sessions_leaves_the_devices(people, client, session):
    assert devices.end_sessions(user=people.person, by=people.admin) == 1
    assert client.get("/accounts/me/").status_code == 302
    assert Authenticator.objects.filter(user=people.person).exists()
