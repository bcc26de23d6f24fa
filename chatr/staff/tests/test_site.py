"""Who gets into the staff pages, and what each of them answers."""

import pytest
from django.urls import reverse

from chatr.accounts.models import (
    DeviceReset,
    ErasureRequest,
    Membership,
    Organisation,
    RoleGrant,
    SharedEmailDomain,
    User,
)
from chatr.accounts.permissions import Permission
from chatr.audit.models import AuditEvent
from chatr.staff import desk
from chatr.staff.admin import StaffAdmin
from chatr.testing.people import make_organisation, make_person

INDEX = "/admin/"


def test_a_visitor_is_asked_to_sign_in_on_the_portals_own_page(client, db):
    response = client.get(INDEX, follow=True)
    assert response.redirect_chain[-1][0].startswith("/accounts/login/")
    assert "next=%2Fadmin%2F" in response.redirect_chain[-1][0].replace("/admin/", "%2Fadmin%2F")


def test_a_practitioner_and_a_trainer_are_refused(client, people, sign_in):
    for person in (people.person, people.trainer):
        assert sign_in(client, person).get(INDEX, follow=True).status_code == 403


def test_staff_without_the_second_step_in_this_session_do_not_get_in(client, people):
    client.force_login(people.staff, backend="chatr.accounts.backends.PersonBackend")
    response = client.get(INDEX)
    assert response.status_code == 302 and not response.url.startswith(INDEX)


def test_staff_with_the_second_step_see_today(client, people, sign_in):
    response = sign_in(client, people.staff).get(INDEX)
    assert response.status_code == 200
    assert b"Organisations to approve" in response.content
    assert b"Lost devices" not in response.content  # for those who look after accounts
    assert b"Lost devices" in sign_in(client, people.admin).get(INDEX).content


def test_password_and_signing_out_are_the_portals_own_pages(client, people, sign_in):
    sign_in(client, people.staff)
    assert client.get("/admin/password_change/").url == reverse("account_change_password")
    assert client.post("/admin/logout/").url == reverse("account_logout")


def test_only_our_own_pages_are_put_up(db):
    from django.contrib import admin

    for page in admin.site._registry.values():
        assert isinstance(page, StaffAdmin)
        assert page.permission in Permission


PAGES = [User, Membership, Organisation, SharedEmailDomain, RoleGrant, DeviceReset, ErasureRequest]
FOR_STAFF = {User, Membership, Organisation, SharedEmailDomain}


@pytest.mark.parametrize("model", PAGES)
def test_a_list_opens_for_those_it_is_for(client, people, sign_in, model):
    address = reverse(f"admin:accounts_{model._meta.model_name}_changelist")
    assert sign_in(client, people.admin).get(address).status_code == 200
    assert sign_in(client, people.staff).get(address).status_code == (200 if model in FOR_STAFF else 403)
    assert sign_in(client, people.person).get(address, follow=True).status_code == 403


def test_a_person_is_seen_but_not_changed_without_the_permission(client, people, sign_in):
    address = reverse("admin:accounts_user_change", args=[people.person.pk])
    sign_in(client, people.staff)
    page = client.get(address).content.decode()
    assert "Ada Okafor" in page
    for act in ("Erase the account", "Give a role", "Reset a lost device", 'name="_save"'):
        assert act not in page
    assert client.post(address, {"name": "Eve was here"}).status_code == 403
    for slug in ("give-role", "take-role", "reset-device", "sign-out", "stop-signing-in", "erase"):
        assert client.post(f"{address.removesuffix('change/')}{slug}/", {"confirmed": "yes"}).status_code == 403
    assert client.get(reverse("admin:accounts_user_invite")).status_code == 403
    people.person.refresh_from_db()
    assert people.person.name == "Ada Okafor"


def test_a_change_in_a_form_is_written_down_by_the_names_of_its_fields(client, people, sign_in):
    address = reverse("admin:accounts_user_change", args=[people.person.pk])
    inlines = {
        f"{prefix}-{part}": 0 for prefix in ("memberships", "role_grants") for part in ("TOTAL_FORMS", "INITIAL_FORMS")
    }
    response = sign_in(client, people.admin).post(address, {"name": "Ada Okafor-Bell"} | inlines)
    assert response.status_code == 302
    event = AuditEvent.objects.get(action="staff.user_changed")
    assert (event.actor_id, event.object_id, event.details) == (
        people.admin.pk,
        str(people.person.pk),
        {"fields": ["name"]},
    )
    history = client.get(reverse("admin:accounts_user_history", args=[people.person.pk])).content.decode()
    assert "User changed: name" in history and "Femi Bello" in history


def test_adding_and_deleting_are_written_down_too(client, people, sign_in):
    sign_in(client, people.staff)
    client.post(reverse("admin:accounts_sharedemaildomain_add"), {"domain": "Many.Example.org"})
    domain = SharedEmailDomain.objects.get(domain="many.example.org")
    client.post(reverse("admin:accounts_sharedemaildomain_delete", args=[domain.pk]), {"post": "yes"})
    actions = AuditEvent.objects.filter(object_id=str(domain.pk)).order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["staff.sharedemaildomain_added", "staff.sharedemaildomain_deleted"]


def test_a_refusal_is_shown_in_the_form_and_nothing_is_kept(client, people, sign_in, monkeypatch):
    from chatr.accounts.operations import organisations

    def refuse(*, organisation, by, now):
        organisation.save()
        raise organisations.CannotChangeOrganisation("Somebody was quicker.")

    monkeypatch.setattr(organisations, "save_organisation", refuse)
    sign_in(client, people.staff)
    fields = {"name": "Renamed", "sector": "school", "borough": "hackney", "email_domains": ""}
    response = client.post(reverse("admin:accounts_organisation_change", args=[people.organisation.pk]), fields)
    assert response.status_code == 200
    assert "Somebody was quicker." in response.content.decode()
    people.organisation.refresh_from_db()
    assert people.organisation.name == "Mill Lane School"


def test_asking_first_changes_nothing_until_confirmed(client, people, sign_in):
    address = reverse("admin:accounts_organisation_suspend", args=[people.organisation.pk])
    sign_in(client, people.staff)
    assert client.get(address).status_code == 200
    assert "This field is required" in client.post(address, {"confirmed": "yes"}).content.decode()
    assert client.post(address, {"reason": "No longer takes part"}).status_code == 200
    people.organisation.refresh_from_db()
    assert people.organisation.status == Organisation.Status.ACTIVE
    client.post(address, {"confirmed": "yes", "reason": "No longer takes part"})
    people.organisation.refresh_from_db()
    assert people.organisation.status == Organisation.Status.SUSPENDED
    # The button is gone, and pressing it again from an old page is refused.
    assert client.post(address, {"confirmed": "yes", "reason": "Again"}).status_code == 403


def test_a_list_action_asks_first_and_acts_on_all_or_none(client, people, sign_in):
    waiting = make_organisation("Marsh Project", status=Organisation.Status.PENDING)
    address = reverse("admin:accounts_organisation_changelist")
    sign_in(client, people.staff)
    chosen = {"action": "approve_selected", "_selected_action": [waiting.pk, people.organisation.pk]}
    page = client.post(address, chosen | {"index": 0}).content.decode()
    assert "Approve these organisations?" in page and str(waiting.pk) in page
    page = client.post(address, chosen | {"confirmed": "yes"}).content.decode()
    assert "Mill Lane School is not waiting for approval." in page
    waiting.refresh_from_db()
    assert waiting.status == Organisation.Status.PENDING
    response = client.post(address, chosen | {"confirmed": "yes", "_selected_action": [waiting.pk]})
    assert response.status_code == 302
    waiting.refresh_from_db()
    assert waiting.status == Organisation.Status.ACTIVE


def test_an_export_is_neutralised_and_written_down(client, people, sign_in):
    make_organisation("=HYPERLINK(1)", "trick.example.org")
    chosen = {
        "action": "export_csv",
        "_selected_action": list(Organisation.objects.values_list("pk", flat=True)),
        "index": 0,
    }
    response = sign_in(client, people.staff).post(reverse("admin:accounts_organisation_changelist"), chosen)
    text = response.getvalue().decode("utf-8-sig")
    assert text.splitlines()[0].startswith("Name,Sector,Where it works")
    assert "'=HYPERLINK(1)" in text and "\n=HYPERLINK" not in text
    event = AuditEvent.objects.get(action="staff.organisation_exported")
    assert event.details == {"rows": 3, "format": "csv"}


def add_person():
    number = User.objects.count()
    organisation = make_organisation(f"Service {number}", status=Organisation.Status.PENDING)
    person = make_person(f"Person {number}", f"p{number}@service.example.org", organisation, "trainer")
    ErasureRequest.objects.create(user=person, asked_at=person.created_at)
    DeviceReset.objects.create(user=person, reason="Lost", asked_by=User.objects.get(name="Femi Bello"))


@pytest.mark.parametrize("model", PAGES)
def test_a_list_keeps_one_query_count(client, people, sign_in, keeps_one_query_count, model):
    sign_in(client, people.admin)
    address = reverse(f"admin:accounts_{model._meta.model_name}_changelist")
    keeps_one_query_count(add_person, lambda: client.get(address))


def test_the_desk_keeps_one_query_count(client, people, sign_in, keeps_one_query_count):
    sign_in(client, people.admin)
    keeps_one_query_count(add_person, lambda: client.get(INDEX), at_most=30)


def test_a_panel_answers_none_to_those_it_is_not_for(people, rf):
    from django.utils import timezone

    request = rf.get(INDEX)
    request.user = people.person
    assert desk.panels(request, timezone.now()) == []


@pytest.mark.parametrize(
    "address",
    [
        "organisation/?status=%00",
        "organisation/?sector__exact=x%00",
        "user/?role=%00",
        "membership/?organisation__sector=%00",
        "../autocomplete/?app_label=accounts&model_name=membership&field_name=organisation&term=%00",
    ],
)
def test_a_null_character_in_an_address_is_a_bad_request(client, people, sign_in, address):
    assert sign_in(client, people.admin).get(reverse("admin:app_list", args=["accounts"]) + address).status_code == 400


@pytest.mark.parametrize("key", ["\x00", "nobody"])
def test_a_row_that_was_never_on_the_page_is_a_bad_request(client, people, sign_in, key):
    sent = {"action": "export_csv", "_selected_action": key}
    people_page = reverse("admin:accounts_user_changelist")
    assert sign_in(client, people.admin).post(people_page, sent).status_code == 400
