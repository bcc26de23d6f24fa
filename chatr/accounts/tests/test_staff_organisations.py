"""What staff decide about organisations and about where people work."""

import pytest
from django.utils import timezone

from chatr.accounts import confirmed
from chatr.accounts.models import Membership, Organisation, SharedEmailDomain
from chatr.accounts.operations import confirmations, organisations
from chatr.audit.models import AuditEvent
from chatr.notifications.models import Message
from chatr.testing.people import make_organisation, make_person

Status = Organisation.Status


@pytest.fixture
def told(monkeypatch):
    """The memberships said to be confirmed, in order."""
    heard = []
    monkeypatch.setattr(confirmed, "_followers", [lambda memberships, by, now: heard.extend(memberships)])
    return heard


@pytest.fixture
def waiting(people):
    """An organisation asked for by one person, with a second person who says they work there."""
    organisation = make_organisation("Marsh Youth Project", status=Status.PENDING)
    asker = make_person("Ivy Stone", "ivy@marsh.example.org", organisation, confirmed_at=None)
    make_person("Jo Field", "jo@gmail.com", organisation, confirmed_at=None)
    organisation.requested_by = asker
    organisation.save()
    return organisation


def test_approving_confirms_whoever_asked_and_nobody_else(people, waiting, told):
    organisations.approve_organisation(organisation=waiting, by=people.staff, now=timezone.now())
    waiting.refresh_from_db()
    assert waiting.status == Status.ACTIVE
    confirmed_names = [each.user.name for each in waiting.memberships.confirmed()]
    assert confirmed_names == ["Ivy Stone"]
    assert [each.user.name for each in told] == ["Ivy Stone"]
    assert Message.objects.get(kind=organisations.APPROVED).recipient.name == "Ivy Stone"
    assert AuditEvent.objects.about(waiting).get().action == "accounts.organisation_approved"
    with pytest.raises(organisations.CannotChangeOrganisation, match="not waiting"):
        organisations.approve_organisation(organisation=waiting, by=people.staff, now=timezone.now())


def test_a_suspended_organisation_confirms_nobody_until_it_is_opened_again(people, told):
    theirs = people.person.memberships.get()
    assert theirs.is_confirmed
    organisations.suspend_organisation(
        organisation=people.organisation, reason="Closed for good", by=people.staff, now=timezone.now()
    )
    assert not Membership.objects.get(pk=theirs.pk).is_confirmed
    assert people.neighbour.memberships.get().is_confirmed
    with pytest.raises(organisations.CannotChangeOrganisation, match="suspended already"):
        organisations.suspend_organisation(
            organisation=people.organisation, reason="Again", by=people.staff, now=timezone.now()
        )
    organisations.open_organisation_again(organisation=people.organisation, by=people.staff, now=timezone.now())
    assert Membership.objects.get(pk=theirs.pk).is_confirmed
    assert {each.user for each in told} == {people.person, people.colleague}


@pytest.mark.parametrize(
    ("domains", "why"),
    [
        (["gmail.com"], "Many organisations use"),
        (["NHS.net "], "Many organisations use"),
        (["office@mill.example.org"], "only what follows the @"),
        (["school"], "is not an e-mail domain"),
        (["canal.example.org"], "Canal Youth Club has"),
    ],
)
def test_a_domain_must_be_the_organisations_own(people, domains, why):
    people.organisation.email_domains = domains
    with pytest.raises(organisations.CannotChangeOrganisation, match=why):
        organisations.save_organisation(organisation=people.organisation, by=people.staff, now=timezone.now())
    assert Organisation.objects.get(pk=people.organisation.pk).email_domains == ["mill-lane.example.org"]


def test_domains_are_kept_in_lower_case_once(people):
    people.organisation.email_domains = [" Mill-Lane.example.org", "mill-lane.example.org", "ML.example.org"]
    organisations.save_organisation(organisation=people.organisation, by=people.staff, now=timezone.now())
    assert people.organisation.email_domains == ["mill-lane.example.org", "ml.example.org"]


def test_merging_moves_people_and_domains_and_keeps_one_membership_each(people, told):
    duplicate = make_organisation("Mill Lane Primary", "primary.example.org", status=Status.PENDING)
    make_person("Kim Lee", "kim@primary.example.org", duplicate)
    both = Membership.objects.create(
        user=people.person, organisation=duplicate, valid_from=timezone.localdate(), confirmed_at=None
    )
    people.person.chosen_membership = both
    people.person.save()
    now = timezone.now()
    organisations.merge_organisations(kept=people.organisation, duplicate=duplicate, by=people.staff, now=now)

    assert not Organisation.objects.filter(pk=duplicate.pk).exists()
    people.organisation.refresh_from_db()
    assert people.organisation.email_domains == ["mill-lane.example.org", "primary.example.org"]
    live = people.organisation.memberships.live()
    assert sorted(each.user.name for each in live) == ["Ada Okafor", "Ben Carter", "Kim Lee"]
    people.person.refresh_from_db()
    assert people.person.chosen_membership == live.get(user=people.person) != both
    assert Membership.objects.get(pk=both.pk).valid_to == timezone.localdate(now)
    assert [each.user.name for each in told] == ["Kim Lee"]


def test_merging_an_organisation_with_itself_or_into_a_waiting_one_is_refused(people, waiting):
    now = timezone.now()
    for kept, duplicate in [(people.organisation, people.organisation), (waiting, people.organisation)]:
        with pytest.raises(organisations.CannotChangeOrganisation):
            organisations.merge_organisations(kept=kept, duplicate=duplicate, by=people.staff, now=now)
    assert Organisation.objects.filter(pk=people.organisation.pk).exists()


@pytest.fixture
def newcomer(people):
    """Somebody who says they work at the first organisation, with an address that does not show it."""
    return make_person("Lou Park", "lou@gmail.com", people.organisation, confirmed_at=None).memberships.get()


def test_confirming_tells_the_person_and_whoever_follows(people, newcomer, told):
    confirmations.confirm_membership(membership=newcomer, by=people.staff, now=timezone.now())
    assert Membership.objects.get(pk=newcomer.pk).is_confirmed
    assert told == [newcomer]
    assert Message.objects.get(kind=confirmations.CONFIRMED).recipient == newcomer.user
    with pytest.raises(confirmations.CannotConfirm, match="not waiting"):
        confirmations.confirm_membership(membership=newcomer, by=people.staff, now=timezone.now())


def test_a_membership_of_a_waiting_organisation_is_not_confirmed_before_it(people, waiting, told):
    with pytest.raises(confirmations.CannotConfirm, match="Approve it first"):
        confirmations.confirm_membership(membership=waiting.memberships.first(), by=people.staff, now=timezone.now())
    assert told == []


def test_staff_do_not_confirm_themselves(people):
    own = Membership.objects.create(
        user=people.staff, organisation=people.organisation, valid_from=timezone.localdate(), confirmed_at=None
    )
    with pytest.raises(confirmations.CannotConfirm, match="themselves"):
        confirmations.confirm_membership(membership=own, by=people.staff, now=timezone.now())


def test_declining_ends_it_and_says_why(people, newcomer, told):
    confirmations.decline_membership(
        membership=newcomer, reason="Nobody there knows you yet.", by=people.staff, now=timezone.now()
    )
    newcomer.refresh_from_db()
    assert (newcomer.valid_to, newcomer.confirmed_at, told) == (timezone.localdate(), None, [])
    assert Message.objects.get(kind=confirmations.DECLINED).facts == {"reason": "Nobody there knows you yet."}


def test_a_second_live_membership_at_one_place_is_refused(people):
    double = Membership(user=people.person, organisation=people.organisation, valid_from=timezone.localdate())
    with pytest.raises(confirmations.CannotConfirm, match="already works"):
        confirmations.add_membership(membership=double, by=people.staff, now=timezone.now())


def test_reference_data_lays_shared_domains_once_and_leaves_staffs_choice(people):
    from chatr.accounts.reference import lay_down

    assert SharedEmailDomain.objects.filter(domain="nhs.net").exists()
    SharedEmailDomain.objects.filter(domain="sky.com").delete()
    lay_down()
    assert not SharedEmailDomain.objects.filter(domain="sky.com").exists()
