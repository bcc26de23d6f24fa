"""Where people work: found by domain, chosen, asked for, changed and left."""

import uuid
from datetime import date, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from chatr.accounts import confirmed, queries, rules
from chatr.accounts.models import Borough, Membership, Organisation, Role, RoleGrant, SharedEmailDomain, User
from chatr.accounts.operations import memberships
from chatr.accounts.operations.memberships import CannotChoose, CannotJoin, Job, OrganisationExists
from chatr.audit.models import AuditEvent
from chatr.testing.people import PASSWORD, make_organisation, make_person

pytestmark = pytest.mark.django_db
JOB = Job("Class teacher", "Lena", "lena@mill.example.org")


def now():
    return timezone.now()


def newcomer(email="grace@mill.example.org") -> User:
    return make_person("Grace", email)


def join_by_domain(user):
    return memberships.join_by_domain(user=user, now=now())


# By e-mail domain


def test_one_active_organisation_with_the_domain_is_joined_and_confirmed():
    mill = make_organisation("Mill Lane School", "mill.example.org")
    make_organisation("Canal Club", "canal.example.org")
    membership = join_by_domain(newcomer("GRACE@Mill.Example.ORG"))
    assert (membership.organisation, membership.is_confirmed) == (mill, True)
    assert AuditEvent.objects.filter(action="accounts.joined_by_domain").count() == 1


@pytest.mark.parametrize(
    "email",
    [
        "grace@team.mill.example.org",
        "grace@xmill.example.org",
        "grace@mill.example.org.evil.example",
        "grace@example.org",
        '"a@mill.example.org"@evil.example',
    ],
)
def test_a_domain_matches_whole_or_not_at_all(email):
    make_organisation("Mill Lane School", "mill.example.org")
    assert join_by_domain(newcomer(email)) is None


def test_a_shared_domain_never_matches_even_if_an_organisation_claims_it():
    SharedEmailDomain.objects.get_or_create(domain="nhs.net")
    make_organisation("Homerton Clinic", "nhs.net")
    user = newcomer("grace@nhs.net")
    assert join_by_domain(user) is None
    assert not rules.is_known_by_domain(user, Organisation.objects.get())


@pytest.mark.parametrize("status", [Organisation.Status.SUSPENDED, Organisation.Status.PENDING])
def test_only_an_active_organisation_matches(status):
    make_organisation("Mill Lane School", "mill.example.org", status=status)
    assert join_by_domain(newcomer()) is None


def test_a_domain_two_organisations_hold_decides_nothing():
    make_organisation("Mill Lane School", "mill.example.org")
    make_organisation("Mill Lane Nursery", "mill.example.org")
    assert join_by_domain(newcomer()) is None


def test_an_organisation_elsewhere_is_joined_by_a_trainer_but_not_a_practitioner():
    make_organisation("Kent Trainers", "mill.example.org", borough=Borough.ELSEWHERE)
    assert join_by_domain(newcomer()) is None
    trainer = make_person("Dina", "dina@mill.example.org", None, "trainer")
    assert join_by_domain(trainer).is_confirmed


def test_joining_again_changes_nothing_and_leaving_is_respected():
    make_organisation("Mill Lane School", "mill.example.org")
    user = newcomer()
    first = join_by_domain(user)
    assert join_by_domain(user) is None
    memberships.end_membership(membership=first, by=user, now=now())
    assert join_by_domain(user) is None
    assert user.memberships.count() == 1


def test_somebody_waiting_is_confirmed_by_their_domain_and_others_are_told():
    mill = make_organisation("Mill Lane School", "mill.example.org")
    user = newcomer()
    waiting = Membership.objects.create(user=user, organisation=mill, valid_from=date(2026, 1, 1))
    told = []
    confirmed.when_confirmed(lambda memberships, by, at: told.extend(memberships))
    try:
        join_by_domain(user)
    finally:
        confirmed._followers.pop()
    waiting.refresh_from_db()
    assert waiting.is_confirmed
    assert told == [waiting]


def test_signing_in_finds_the_organisation_by_itself(client):
    mill = make_organisation("Mill Lane School", "mill.example.org")
    user = newcomer()
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    assert queries.membership_for_booking(user).organisation == mill


def test_verifying_a_changed_address_finds_the_new_employer(client, sign_in):
    canal = make_organisation("Canal Club", "canal.example.org")
    user = make_person("Ada", "ada@mill.example.org", make_organisation("Mill Lane School", "mill.example.org"))
    sign_in(client, user)
    client.post(reverse("account_email"), {"email": "ada@canal.example.org", "action_add": ""})
    from .mailbox import path_of, secret

    client.post(path_of(secret("ada@canal.example.org", "activate_url")))
    user.refresh_from_db()
    assert user.email == "ada@canal.example.org"
    assert {m.organisation.name for m in queries.live_memberships(user)} == {"Mill Lane School", canal.name}


def test_an_address_somebody_else_was_invited_with_is_not_taken_over(client, sign_in):
    make_person("Other", "ada@canal.example.org")
    EmailAddress.objects.filter(email="ada@canal.example.org").update(verified=False)
    user = make_person("Ada", "ada@mill.example.org")
    sign_in(client, user)
    client.post(reverse("account_email"), {"email": "ada@canal.example.org", "action_add": ""})
    from .mailbox import path_of, secret

    client.post(path_of(secret("ada@canal.example.org", "activate_url")), follow=True)
    user.refresh_from_db()
    assert user.email == "ada@mill.example.org"


# Choosing one


def test_choosing_an_organisation_waits_for_staff():
    mill = make_organisation("Mill Lane School", "mill.example.org")
    membership = memberships.join_organisation(user=newcomer("g@gmail.example"), organisation=mill, job=JOB, now=now())
    assert not membership.is_confirmed
    assert (membership.job_role, membership.line_manager_email) == ("Class teacher", "lena@mill.example.org")


def test_choosing_one_of_two_that_hold_ones_domain_is_confirmed_at_once():
    mill = make_organisation("Mill Lane School", "mill.example.org")
    make_organisation("Mill Lane Nursery", "mill.example.org")
    assert memberships.join_organisation(user=newcomer(), organisation=mill, job=JOB, now=now()).is_confirmed


def test_one_live_membership_of_an_organisation_and_several_organisations():
    mill, canal = make_organisation("Mill"), make_organisation("Canal")
    user = newcomer()
    memberships.join_organisation(user=user, organisation=mill, job=JOB, now=now())
    memberships.join_organisation(user=user, organisation=canal, job=JOB, now=now())
    with pytest.raises(CannotJoin, match="already down"):
        memberships.join_organisation(user=user, organisation=mill, job=JOB, now=now())
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(user=user, organisation=mill, valid_from=date(2026, 1, 1))
    assert user.memberships.count() == 2


@pytest.mark.parametrize(
    ("fields", "words"),
    [({"borough": Borough.ELSEWHERE}, "Hackney"), ({"status": Organisation.Status.SUSPENDED}, "not taking part")],
)
def test_some_organisations_cannot_be_chosen(fields, words):
    away = make_organisation("Away", **fields)
    with pytest.raises(CannotJoin, match=words):
        memberships.join_organisation(user=newcomer(), organisation=away, job=JOB, now=now())


def test_the_page_lists_active_local_organisations_and_refuses_any_other(client, sign_in):
    mill = make_organisation("Mill")
    away = make_organisation("Away", borough=Borough.ELSEWHERE)
    make_organisation("Stopped", status=Organisation.Status.SUSPENDED)
    make_organisation("Asked for", status=Organisation.Status.PENDING)
    sign_in(client, newcomer())
    url = reverse("accounts:where-you-work")
    assert [str(o) for o in client.get(url).context["form"].fields["organisation"].queryset] == ["Mill"]
    client.post(url, {"organisation": away.pk, "job_role": "Teacher"})
    assert not Membership.objects.exists()
    response = client.post(url, {"organisation": mill.pk, "job_role": "Teacher", "next": "/training/runs/X/book/"})
    assert response.url == "/training/runs/X/book/"
    assert Membership.objects.get().organisation == mill


def test_the_page_goes_back_to_nowhere_else(client, sign_in):
    mill = make_organisation("Mill")
    sign_in(client, newcomer())
    fields = {"organisation": mill.pk, "job_role": "Teacher", "next": "//evil.example.org/"}
    assert client.post(reverse("accounts:where-you-work"), fields).url == reverse("accounts:my-account")


def test_the_list_costs_the_same_however_long(client, sign_in, keeps_one_query_count):
    sign_in(client, newcomer())
    keeps_one_query_count(
        lambda: make_organisation(f"Org {uuid.uuid4()}"), lambda: client.get(reverse("accounts:where-you-work"))
    )


# Asking for a new one


def ask(user, name="Clapton Nursery", borough=Borough.HACKNEY):
    return memberships.request_organisation(
        user=user, name=name, sector="early_years", borough=borough, job=JOB, now=now()
    )


def test_asking_for_an_organisation_makes_it_wait_with_its_first_member():
    user = newcomer()
    membership = ask(user, "  Clapton   Nursery ")
    organisation = membership.organisation
    assert (organisation.name, organisation.status, organisation.requested_by) == ("Clapton Nursery", "pending", user)
    assert not membership.is_confirmed
    assert queries.membership_for_booking(user) == membership


@pytest.mark.parametrize("name", ["mill lane school", "The Mill-Lane School", "MILL LANE  SCHOOL."])
def test_a_known_organisation_is_offered_not_doubled(name):
    mill = make_organisation("Mill Lane School")
    with pytest.raises(OrganisationExists) as refusal:
        ask(newcomer(), name)
    assert refusal.value.organisation == mill
    assert Organisation.objects.count() == 1


def test_a_near_name_is_a_different_organisation():
    make_organisation("Mill Lane School")
    assert ask(newcomer(), "Mill Lane Schools").organisation.status == "pending"


def test_a_colleagues_waiting_request_is_joined_not_repeated():
    first, second = ask(newcomer()), ask(newcomer("hana@mill.example.org"), "clapton nursery")
    assert first.organisation == second.organisation


def test_elsewhere_is_refused_kindly_to_a_practitioner_and_taken_from_those_invited():
    with pytest.raises(CannotJoin, match="Hackney or the City"):
        ask(newcomer(), borough=Borough.ELSEWHERE)
    assert not Organisation.objects.exists()
    for role, email in (("trainer", "d@x.example.org"), ("agency_contributor", "e@x.example.org")):
        assert ask(make_person("D", email, None, role), borough=Borough.ELSEWHERE)


def test_the_page_offers_the_organisation_there_is(client, sign_in):
    mill = make_organisation("Mill Lane School")
    sign_in(client, newcomer())
    fields = {
        "name": "mill lane school",
        "sector": "school",
        "borough": "hackney",
        "job_role": "Teacher",
        "next": "/x/",
    }
    response = client.post(reverse("accounts:request-organisation"), fields)
    assert f"organisation={mill.pk}" in response.content.decode()
    assert response.context["form"].non_field_errors() == ["Mill Lane School is already in the list. Choose it there."]


# Acting for one, and leaving


def test_which_membership_a_booking_is_made_under(django_assert_num_queries):
    user = newcomer()
    assert queries.membership_for_booking(user) is None
    waiting = memberships.join_organisation(user=user, organisation=make_organisation("A"), job=JOB, now=now())
    assert queries.membership_for_booking(user) == waiting
    sure = Membership.objects.create(
        user=user, organisation=make_organisation("B"), valid_from=date(2026, 11, 1), confirmed_at=now()
    )
    assert queries.membership_for_booking(user) == sure
    memberships.choose_membership(user=user, membership=waiting)
    with django_assert_num_queries(1):
        assert queries.membership_for_booking(user) == waiting
    Organisation.objects.filter(name="A").update(status="suspended")
    assert queries.membership_for_booking(user) == sure


def test_nobody_acts_for_somebody_elses_ended_or_suspended_membership(people):
    theirs = queries.membership_for_booking(people.neighbour)
    with pytest.raises(CannotChoose):
        memberships.choose_membership(user=people.person, membership=theirs)
    own = queries.membership_for_booking(people.person)
    memberships.end_membership(membership=own, by=people.person, now=now())
    own.refresh_from_db()
    with pytest.raises(CannotChoose):
        memberships.choose_membership(user=people.person, membership=own)


@pytest.mark.parametrize("name", ["accounts:change-job", "accounts:leave-organisation", "accounts:choose-membership"])
def test_somebody_elses_membership_does_not_exist(client, sign_in, people, name):
    colleague = queries.membership_for_booking(people.colleague)
    sign_in(client, people.person)
    url = reverse(name, args=[colleague.pk])
    assert client.get(url).status_code in (404, 405)
    assert client.post(url, {"job_role": "Head"}).status_code == 404
    colleague.refresh_from_db()
    assert (colleague.valid_to, colleague.job_role) == (None, "Practitioner")


def test_leaving_ends_the_membership_today_and_forgets_the_choice(client, sign_in, people):
    sign_in(client, people.person)
    own = queries.membership_for_booking(people.person)
    response = client.post(reverse("accounts:leave-organisation", args=[own.pk]))
    own.refresh_from_db()
    people.person.refresh_from_db()
    assert own.valid_to == timezone.localdate()
    assert people.person.chosen_membership is None
    assert response.url == reverse("accounts:where-you-work")


def test_somebody_who_left_may_come_back():
    mill = make_organisation("Mill", "mill.example.org")
    user = newcomer()
    first = memberships.join_organisation(user=user, organisation=mill, job=JOB, now=now())
    memberships.end_membership(membership=first, by=user, now=now() + timedelta(days=1))
    assert memberships.join_organisation(user=user, organisation=mill, job=JOB, now=now()).pk != first.pk


def test_changing_ones_job(client, sign_in, people):
    own = queries.membership_for_booking(people.person)
    sign_in(client, people.person)
    client.post(reverse("accounts:change-job", args=[own.pk]), {"job_role": "SENCO", "line_manager_name": "Lena"})
    own.refresh_from_db()
    assert (own.job_role, own.line_manager_name, own.line_manager_email) == ("SENCO", "Lena", "")


def test_these_pages_need_a_sign_in():
    for name in ("accounts:where-you-work", "accounts:request-organisation", "accounts:my-account"):
        assert Client().get(reverse(name)).url.startswith(reverse("account_login"))


# For any input


@given(st.text(max_size=60))
def test_a_safe_path_is_always_on_this_site(text):
    path = rules.safe_path(text)
    assert path in ("", text)
    assert path == "" or (path[0] == "/" and path[1:2] not in ("/", "\\") and path.isprintable())


@given(st.from_regex(r"[a-z0-9.\-]{1,20}", fullmatch=True), st.from_regex(r"[A-Za-z0-9.\-]{1,30}", fullmatch=True))
def test_the_domain_is_what_follows_the_last_at_sign(local, domain):
    assert queries.domain_of(f"{local}@{domain}") == domain.lower()


def test_a_role_that_ended_no_longer_lets_anybody_work_elsewhere():
    user = make_person("D", "d@x.example.org", None, "trainer")
    RoleGrant.objects.filter(user=user, role=Role.objects.get(code="trainer")).update(ended_at=now())
    assert not queries.may_work_elsewhere(User.objects.get(pk=user.pk))
