"""The buttons of the staff pages, each pressed by who may press it and refused to who may not."""

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse
from django.utils import timezone

from chatr.accounts.models import DeviceReset, Membership, Organisation, Role, User
from chatr.accounts.permissions import Permission
from chatr.testing.people import give_second_factor, make_organisation, make_person


def address(model: str, act: str, thing=None) -> str:
    return reverse(f"admin:accounts_{model}_{act}", args=[] if thing is None else [thing.pk])


def press(client, url: str, **fields):
    """Look at the page that asks first, then confirm."""
    assert client.get(url).status_code == 200
    return client.post(url, {"confirmed": "yes"} | fields)


@pytest.fixture
def as_admin(client, people, sign_in):
    return sign_in(client, people.admin)


@pytest.fixture
def as_staff(client, people, sign_in):
    return sign_in(client, people.staff)


def test_invite_with_a_role_and_an_organisation(as_admin, people):
    fields = {
        "name": "New Trainer",
        "email": "New@trainers.example.org",
        "role": Role.objects.get(code="trainer").pk,
        "organisation": people.organisation.pk,
    }
    assert press(as_admin, address("user", "invite"), **fields).status_code == 302
    invited = User.objects.get(email="new@trainers.example.org")
    assert invited.may(Permission.TRAIN) and invited.memberships.get().is_confirmed
    # Asked again, the account stays as it is.
    assert press(as_admin, address("user", "invite"), **fields).status_code == 302
    assert (invited.memberships.count(), invited.role_grants.count()) == (1, 1)


def test_inviting_oneself_to_another_role_is_refused_and_leaves_nothing_behind(as_admin, people):
    fields = {"name": "Me", "email": people.admin.email, "role": Role.objects.get(code="conference_chair").pk}
    page = press(as_admin, address("user", "invite"), **fields)
    assert "Nobody gives a role to themselves" in page.content.decode()
    assert people.admin.role_grants.count() == 1


def test_give_a_role_and_take_it_away(as_admin, people):
    role = Role.objects.get(code="moderator")
    press(as_admin, address("user", "give-role", people.person), role=role.pk)
    assert User.objects.get(pk=people.person.pk).may(Permission.MODERATE_VOICES)
    press(as_admin, address("user", "take-role", people.person), role=role.pk)
    assert not User.objects.get(pk=people.person.pk).may(Permission.MODERATE_VOICES)
    assert as_admin.get(address("user", "give-role", people.admin)).status_code == 403


def test_reset_a_lost_device_needs_a_reason_and_is_never_ones_own(as_admin, people):
    give_second_factor(people.person)
    url = address("user", "reset-device", people.person)
    assert "This field is required" in as_admin.post(url, {"confirmed": "yes", "reason": " "}).content.decode()
    assert Authenticator.objects.filter(user=people.person).exists()
    assert press(as_admin, url, reason="Phone stolen").status_code == 302
    assert not Authenticator.objects.filter(user=people.person).exists()
    own = address("user", "reset-device", people.admin)
    assert as_admin.post(own, {"confirmed": "yes", "reason": "Mine"}).status_code == 403
    assert Authenticator.objects.filter(user=people.admin).exists()


def test_a_chairs_device_is_reset_when_a_second_administrator_agrees(as_admin, people, client, sign_in):
    chair = make_person("Hal Price", "hal@chairs.example.org", None, "conference_chair")
    second = make_person("Gita Rao", "gita@programme.example.org", None, "programme_administrator")
    give_second_factor(chair)
    press(as_admin, address("user", "reset-device", chair), reason="Phone stolen")
    reset = DeviceReset.objects.get()
    url = address("devicereset", "agree", reset)
    assert as_admin.post(url, {"confirmed": "yes"}).status_code == 403
    assert sign_in(client, people.staff).post(url, {"confirmed": "yes"}).status_code == 403
    assert Authenticator.objects.filter(user=chair).exists()
    assert press(sign_in(client, second), url).status_code == 302
    assert not Authenticator.objects.filter(user=chair).exists()


def test_keep_out_let_in_sign_out_and_erase(as_admin, people):
    press(as_admin, address("user", "sign-out", people.person))
    press(as_admin, address("user", "stop-signing-in", people.person))
    people.person.refresh_from_db()
    assert not people.person.is_active
    press(as_admin, address("user", "let-sign-in", people.person))
    press(as_admin, address("user", "erase", people.person), reason="left")
    people.person.refresh_from_db()
    assert (people.person.name, people.person.is_active) == ("", False)
    # An erased account stays as it is: no act is offered, and its form is read-only.
    assert as_admin.get(address("user", "let-sign-in", people.person)).status_code == 403
    assert b'name="_save"' not in as_admin.get(address("user", "change", people.person)).content


@pytest.fixture
def newcomer(people) -> Membership:
    return make_person("Lou Park", "lou@gmail.com", people.organisation, confirmed_at=None).memberships.get()


def test_confirm_or_decline_where_somebody_works(as_staff, people, newcomer):
    press(as_staff, address("membership", "confirm", newcomer))
    newcomer.refresh_from_db()
    assert newcomer.is_confirmed
    assert as_staff.get(address("membership", "decline", newcomer)).status_code == 403
    press(as_staff, address("membership", "end", newcomer))
    newcomer.refresh_from_db()
    assert newcomer.valid_to == timezone.localdate()


def test_decline_with_a_reason(as_staff, people, newcomer):
    url = address("membership", "decline", newcomer)
    as_staff.post(url, {"confirmed": "yes", "reason": ""})
    newcomer.refresh_from_db()
    assert newcomer.valid_to is None
    press(as_staff, url, reason="Nobody there knows you")
    newcomer.refresh_from_db()
    assert newcomer.valid_to == timezone.localdate() and newcomer.confirmed_at is None


def test_an_organisations_domain_is_refused_at_its_field(as_staff, people):
    fields = {"name": "Mill Lane School", "sector": "school", "borough": "hackney"}
    url = address("organisation", "change", people.organisation)
    page = as_staff.post(url, fields | {"email_domains": "canal.example.org"})
    assert page.context["adminform"].form.errors == {
        "email_domains": ["Canal Youth Club has one of these domains already."]
    }
    assert as_staff.post(url, fields | {"email_domains": "Mill.example.org, mill.example.org"}).status_code == 302
    people.organisation.refresh_from_db()
    assert people.organisation.email_domains == ["mill.example.org"]


def test_an_organisation_staff_add_takes_part_at_once(as_staff, people):
    fields = {"name": "Harbour Nursery", "sector": "early_years", "borough": "city", "email_domains": ""}
    assert as_staff.post(address("organisation", "add"), fields).status_code == 302
    assert Organisation.objects.get(name="Harbour Nursery").status == Organisation.Status.ACTIVE


def test_merge_two_in_the_list(as_staff, people):
    twin = make_organisation("Mill Lane Schl")
    chosen = {"action": "merge_selected", "_selected_action": [people.organisation.pk, twin.pk]}
    url = address("organisation", "changelist")
    assert "Keep" in as_staff.post(url, chosen | {"index": 0}).content.decode()
    as_staff.post(url, chosen | {"confirmed": "yes", "kept": people.next_organisation.pk})  # not one of those chosen
    assert Organisation.objects.filter(pk=twin.pk).exists()
    assert as_staff.post(url, chosen | {"confirmed": "yes", "kept": people.organisation.pk}).status_code == 302
    assert not Organisation.objects.filter(pk=twin.pk).exists()


def test_a_shared_domain_is_not_one_an_organisation_holds(as_staff, people):
    page = as_staff.post(address("sharedemaildomain", "add"), {"domain": "Canal.example.org"})
    assert page.context["adminform"].form.errors["domain"] == [
        "Canal Youth Club has this domain as its own. Remove it there first."
    ]


def test_what_a_role_allows_is_ticked(as_admin, people):
    trainer = Role.objects.get(code="trainer")
    fields = {"name": "Trainer", "description": trainer.description, "permissions": ["train", "see_needs"]}
    assert as_admin.post(address("role", "change", trainer), fields).status_code == 302
    assert User.objects.get(pk=people.trainer.pk).may(Permission.SEE_NEEDS)
    own = Role.objects.get(code="programme_administrator")
    fields = {"name": own.name, "description": own.description, "permissions": [*own.permissions, "chair_conferences"]}
    page = as_admin.post(address("role", "change", own), fields)
    assert "a colleague must add" in page.content.decode()
    assert not User.objects.get(pk=people.admin.pk).may(Permission.CHAIR_CONFERENCES)
