"""What people are told about staff's decisions: each message whole, and none that is no longer true."""

import pytest
from django.utils import timezone

from chatr.accounts.models import Organisation, Role
from chatr.accounts.operations import confirmations, devices, organisations, roles
from chatr.notifications import kinds
from chatr.notifications.models import Message
from chatr.notifications.rendering import render
from chatr.testing.people import give_second_factor, make_organisation, make_person


def words(kind: str) -> tuple[str, str]:
    """The subject and text of the one message of a kind, as it would be sent now."""
    message = Message.objects.get(kind=kind)
    rendered = render(message, kinds.get(kind).compose(message, timezone.now()))
    return rendered.subject, rendered.text


def is_stopped(kind: str) -> bool:
    message = Message.objects.get(kind=kind)
    with pytest.raises(kinds.Suppress):
        kinds.get(kind).compose(message, timezone.now())
    return True


def test_organisation_approved(people):
    waiting = make_organisation("St. Mary's & All Saints", status=Organisation.Status.PENDING)
    waiting.requested_by = make_person("Ivy Stone", "ivy@marsh.example.org", waiting, confirmed_at=None)
    waiting.save()
    organisations.approve_organisation(organisation=waiting, by=people.staff, now=timezone.now())
    subject, text = words(organisations.APPROVED)
    assert subject == "St. Mary's & All Saints is now in the ChATR portal"
    assert "/accounts/me/" in text
    organisations.suspend_organisation(organisation=waiting, reason="Mistake", by=people.staff, now=timezone.now())
    assert is_stopped(organisations.APPROVED)


@pytest.fixture
def newcomer(people):
    return make_person("Lou Park", "lou@gmail.com", people.organisation, confirmed_at=None).memberships.get()


def test_membership_confirmed(people, newcomer):
    confirmations.confirm_membership(membership=newcomer, by=people.staff, now=timezone.now())
    subject, text = words(confirmations.CONFIRMED)
    assert subject == "We have confirmed that you work for Mill Lane School"
    assert "You can book training." in text
    newcomer.refresh_from_db()
    newcomer.valid_to = timezone.localdate()
    newcomer.save()
    assert is_stopped(confirmations.CONFIRMED)


def test_membership_declined(people, newcomer):
    confirmations.decline_membership(
        membership=newcomer, reason="The office doesn't know you.", by=people.staff, now=timezone.now()
    )
    subject, text = words(confirmations.DECLINED)
    assert subject == "We could not confirm that you work for Mill Lane School"
    assert "This is why: The office doesn't know you." in text


@pytest.mark.parametrize(("code", "second_step"), [("trainer", False), ("conference_chair", True)])
def test_role_granted_says_when_a_second_step_is_needed(people, code, second_step):
    grant = roles.grant_role(user=people.person, role=Role.objects.get(code=code), by=people.admin)
    subject, text = words(roles.GRANTED)
    assert subject == f"You have a new role in the ChATR portal: {grant.role.name}"
    assert ("second step" in text) is second_step
    roles.end_role(grant=grant, by=people.admin, now=timezone.now())
    assert is_stopped(roles.GRANTED)


def test_device_reset(people):
    give_second_factor(people.person)
    devices.ask_device_reset(user=people.person, reason="Lost on the bus", by=people.admin, now=timezone.now())
    subject, text = words(devices.RESET)
    assert subject == "The device you sign in with has been reset"
    assert "Lost on the bus" in text and "Your role needs one" not in text
