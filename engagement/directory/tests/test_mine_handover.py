"""Editing is given to a colleague of the same organisation or to somebody invited; it may be given up."""

import pytest
from django.urls import reverse
from django.utils import timezone

from chatr.accounts.models import Membership, User
from chatr.audit.models import AuditEvent
from chatr.notifications.models import Message
from chatr.pages import whats_next
from chatr.testing.people import make_organisation, make_person

from ..models import Listing, Revision, Service
from ..operations.handover import CannotHandOver, give_editing, hand_over
from ..operations.revisions import reject_revision, save_revision, submit_revision
from ..queries.entries import entry_of
from .making import NOW, entry, publish

ADDRESS = "/services/mine/hand-over/"


@pytest.fixture
def colleague(together):
    return make_person("Cora Colleague", "cora@together.example.org", together)


@pytest.fixture
def mine(client, sign_in, editor):
    return sign_in(client, editor)


def may_edit(user):
    return Membership.objects.confirmed().filter(user=user, can_edit_directory=True).exists()


def told(kind):
    return sorted(Message.objects.filter(kind=f"directory/{kind}").values_list("to_email", flat=True))


def test_a_colleague_may_edit_from_now_on_and_both_they_and_staff_are_told(mine, colleague, editor, keeper, together):
    service = publish(together)
    assert not Service.objects.editable_by(colleague).exists()
    mine.post(ADDRESS, {"colleague": str(colleague.memberships.get().pk), "stop": "on"})
    assert Service.objects.editable_by(colleague).get() == service
    assert not may_edit(editor)
    assert told("editing_given") == [colleague.email]
    assert told("editing_given_to") == [keeper.email]
    assert told("editing_given_up") == [keeper.email]
    actions = set(AuditEvent.objects.values_list("action", flat=True))
    assert {"directory.editing_given", "directory.editing_given_up"} <= actions
    assert mine.get(ADDRESS).status_code == 404


def test_a_person_of_the_next_organisation_is_not_to_be_chosen(mine, neighbour, editor, together):
    other = make_person("Nick Next", "nick@nextdoor.example.org", neighbour.memberships.get().organisation)
    response = mine.post(ADDRESS, {"colleague": str(other.memberships.get().pk)})
    assert "colleague" in response.context["form"].errors
    assert not may_edit(other)
    with pytest.raises(CannotHandOver):
        give_editing(organisation=together, membership=other.memberships.get(), by=editor, now=NOW)


def test_the_next_organisations_hand_over_page_does_not_exist(mine, next_door):
    assert mine.get(f"{ADDRESS}?organisation={next_door.pk}").status_code == 404
    assert mine.post(f"{ADDRESS}?organisation={next_door.pk}", {"stop": "on"}).status_code == 404


def test_somebody_new_is_invited_and_may_edit_where_the_address_shows_they_work_here(mine, together):
    mine.post(ADDRESS, {"colleague": "new", "name": "Nora New", "email": "nora@together.example.org"})
    assert may_edit(User.objects.get(email="nora@together.example.org"))
    assert Message.objects.filter(kind="accounts/invitation").count() == 1


def test_somebody_new_from_elsewhere_waits_until_staff_confirm_them(mine, keeper):
    page = mine.post(
        ADDRESS, {"colleague": "new", "name": "Otto Other", "email": "otto@elsewhere.example.org"}, follow=True
    )
    other = User.objects.get(email="otto@elsewhere.example.org")
    assert not may_edit(other)
    assert "Programme staff check" in page.content.decode()
    other.memberships.update(confirmed_at=timezone.now())
    assert may_edit(other)


@pytest.mark.parametrize(
    ("data", "box"),
    [
        ({"colleague": "new", "name": "", "email": "x@together.example.org"}, "name"),
        ({"colleague": "new", "name": "Nora", "email": "nonsense"}, "email"),
        ({"colleague": ""}, "colleague"),
    ],
)
def test_what_is_missing_is_said_beside_the_box(mine, editor, data, box):
    assert box in mine.post(ADDRESS, data).context["form"].errors
    assert may_edit(editor)


def test_the_last_editor_may_leave_and_staff_are_reminded_instead(editor, keeper, together):
    said = hand_over(organisation=together, to=None, invite=None, stop=True, by=editor, now=NOW)
    assert "programme staff get the reminders" in said
    assert not may_edit(editor)


def test_an_editor_of_two_organisations_sees_both_and_no_third(mine, editor, together, next_door):
    second = make_organisation("Example Second", "second.example.org")
    Membership.objects.create(
        user=editor, organisation=second, can_edit_directory=True, confirmed_at=NOW, valid_from=NOW.date()
    )
    for organisation, name in ((together, "First one"), (second, "Second one"), (next_door, "Third one")):
        publish(organisation, entry(name))
    page = mine.get(reverse("directory:mine")).content.decode()
    assert "First one" in page
    assert "Second one" in page
    assert "Third one" not in page
    choice = mine.get(reverse("directory:add-service")).context["form"].fields["organisation"]
    assert len(choice.choices) == 2
    forged = {"organisation": str(next_door.pk), "name": "x", "description": "y"}
    assert "organisation" in mine.post(reverse("directory:add-service"), forged).context["form"].errors


def test_the_home_page_says_what_waits_for_an_editor_and_nothing_to_others(editor, neighbour, keeper, together):
    service = publish(together)

    def save():
        now = entry_of(Service.objects.get(pk=service.pk))
        return save_revision(service=service, entry=now.but(name="Other"), edit=0, by=editor, now=NOW)

    def actions(user):
        return [item.action for item in whats_next.items(user, NOW)]

    assert actions(editor) == []
    revision = save()
    assert actions(editor) == ["Go on writing"]
    reject_revision(revision=submit_revision(revision=revision, by=editor, now=NOW), reason="No.", by=keeper, now=NOW)
    assert actions(editor) == ["Read why"]
    Revision.objects.all().delete()
    Listing.objects.update(unverified_from=NOW.date())
    assert actions(editor) == ["Say whether it is still right"]
    assert actions(neighbour) == []
