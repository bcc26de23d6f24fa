"""What a person gets of the directory when they ask, what erasing leaves, and what is forgotten when."""

import uuid
from datetime import timedelta

import pytest

from chatr.accounts.models import Membership
from chatr.accounts.operations.erasure import CannotErase, erase_account
from chatr.notifications.models import Message
from chatr.notifications.operations import drain
from chatr.privacy.queries import export_for
from chatr.retention.rules import every_rule
from chatr.testing.people import make_person

from .. import privacy, retention
from ..models import FeedPlace, FeedService, Keeper, Revision, Service, SharedShortlist, ShortlistItem, Suggestion
from ..operations.services import withdraw_service
from ..operations.suggestions import answer, suggest
from ..operations.verifying import verify
from .making import NOW, entry, publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(db):
    return make_person("Femi Example", "femi@programme.example.org", None, "programme_administrator")


@pytest.fixture
def service(together):
    return publish(together)


def suggested(service, reply_to: str = "", now=NOW) -> Suggestion:
    return suggest(
        service=service, key=uuid.uuid4(), topic="closed", words="It has closed.", reply_to=reply_to, now=now
    )


def everything_of(user, service) -> None:
    """One row of each kind the person leaves."""
    ShortlistItem.objects.create(user=user, service=service, added_at=NOW)
    SharedShortlist.objects.create(
        digest=user.email, services=[service.pk], made_by=user, made_at=NOW, ends_at=NOW + timedelta(days=30)
    )
    Revision.objects.create(
        service=service,
        state=Revision.State.APPROVED,
        base_version=1,
        entry=entry(name=f"Proposed by {user.name}").as_json(),
        edited_by=user,
        edited_at=NOW,
        submitted_by=user,
        submitted_at=NOW,
        decided_by=user,
        decided_at=NOW,
    )
    verify(service=service, method="page", by=user, now=NOW)
    answer(suggestion=suggested(service), words=f"Answered by {user.name}", by=user, now=NOW)


def test_the_export_holds_the_persons_own_and_nobody_elses(service, editor, neighbour):
    everything_of(editor, service)
    everything_of(neighbour, service)
    suggested(service, editor.email, NOW + timedelta(hours=1))
    mine = export_for(editor)["directory"]
    assert mine["shortlist"] == [{"service": "Example counselling", "added": NOW}]
    assert mine["shared_shortlists"] == [
        {
            "services": ["Example counselling"],
            "made": NOW,
            "ends": NOW + timedelta(days=30),
            "taken_back": None,
        }
    ]
    (change,) = mine["changes"]
    assert (change["state"], change["proposed"]["name"]) == ("Approved", "Proposed by Fatima Editor")
    assert [(each["how"], each["still_right"]) for each in mine["verifications"]] == [("On the service's page", True)]
    assert [(each["suggested"], each["answer"]) for each in mine["answers"]] == [
        ("", "Answered by Fatima Editor"),
        ("It has closed.", ""),
    ]
    assert "Nadia" not in str(mine)
    assert "directory" not in export_for(make_person("Jo Nobody", "jo@nobody.example.org"))


def test_erasing_takes_the_shortlist_and_shares_and_leaves_the_rest_of_nobody(service, editor, neighbour, admin):
    for person in (editor, neighbour):
        everything_of(person, service)
    Service.objects.filter(pk=service.pk).update(kept_by=editor)
    waiting = suggested(service, editor.email)
    erase_account(user=editor, by=admin, reason="asked", now=NOW)
    assert [each.user for each in ShortlistItem.objects.all()] == [neighbour]
    assert [each.made_by for each in SharedShortlist.objects.all()] == [neighbour]
    assert {each.edited_by for each in Revision.objects.all()} == {None, neighbour}
    assert {each.by for each in service.verifications.all()} == {None, neighbour}
    assert {each.answered_by for each in Suggestion.objects.exclude(answer="")} == {None, neighbour}
    waiting.refresh_from_db()
    service.refresh_from_db()
    assert (waiting.reply_to, service.kept_by) == ("", None)
    assert not Membership.objects.confirmed().filter(user=editor).exists()
    assert export_for(editor).get("directory") is None


def test_who_looks_after_the_directory_is_not_erased_before_somebody_else_does(service, admin):
    keeper = make_person("Eve Example", "eve@programme.example.org", None, "programme_staff")
    Keeper.objects.create(user=keeper)
    ShortlistItem.objects.create(user=keeper, service=service, added_at=NOW)
    with pytest.raises(CannotErase, match="Eve Example looks after the service directory. Name somebody else"):
        erase_account(user=keeper, by=admin, reason="left", now=NOW)
    keeper.refresh_from_db()
    assert (keeper.name, keeper.erased_at, ShortlistItem.objects.count()) == ("Eve Example", None, 1)
    Keeper.objects.update(user=admin)
    erase_account(user=keeper, by=admin, reason="left", now=NOW)
    keeper.refresh_from_db()
    assert keeper.erased_at == NOW and not ShortlistItem.objects.exists()


def test_the_export_says_that_somebody_looks_after_the_directory_or_a_service(service, admin):
    Keeper.objects.create(user=admin)
    Service.objects.filter(pk=service.pk).update(kept_by=admin)
    assert privacy.export_for(admin)["looks_after"] == ["The whole directory", "Example counselling"]


# What is forgotten


def days(count: int):
    return timedelta(days=count)


def test_every_promise_of_the_directory_runs_each_day():
    rules = {rule.code: rule.keep_for.days for rule in every_rule() if rule.code.startswith("directory-")}
    assert rules == {
        "directory-addresses": 90,
        "directory-days": 730,
        "directory-feed": 0,
        "directory-gaps": 365,
        "directory-revisions": 730,
        "directory-shared": 30,
        "directory-suggestions": 365,
    }


def test_the_address_of_an_answer_goes_from_the_suggestion_and_the_outbox(service, editor):
    waiting = suggested(service, "someone@example.org")
    open_one = suggested(service, "other@example.org")
    answer(suggestion=waiting, words="Thank you.", by=editor, now=NOW)
    drain(now=NOW)
    assert retention.forget_reply_addresses(NOW) == 0
    assert retention.forget_reply_addresses(NOW + days(1)) == 1
    assert retention.forget_reply_addresses(NOW + days(1)) == 0
    waiting.refresh_from_db()
    open_one.refresh_from_db()
    assert (waiting.reply_to, waiting.words, open_one.reply_to) == ("", "It has closed.", "other@example.org")
    assert not Message.objects.filter(to_email="someone@example.org").exists()


def test_answered_suggestions_go_and_those_nobody_answered_a_year_later(service, editor):
    answer(suggestion=suggested(service), words="Thank you.", by=editor, now=NOW)
    never = suggested(service)
    assert retention.forget_suggestions(NOW) == 0
    assert retention.forget_suggestions(NOW + days(1)) == 1
    assert [each.pk for each in Suggestion.objects.all()] == [never.pk]
    assert retention.forget_suggestions(NOW + days(366)) == 1


def test_ended_and_revoked_links_go_and_live_ones_stay(service, editor):
    def share(digest, **fields):
        SharedShortlist.objects.create(digest=digest, services=[service.pk], made_at=NOW, **fields)

    share("ended", ends_at=NOW - days(1))
    share("revoked", ends_at=NOW + days(9), revoked_at=NOW - days(1))
    share("live", ends_at=NOW + days(9))
    assert retention.forget_shared_shortlists(NOW) == 2
    assert SharedShortlist.objects.get().digest == "live"


def test_decided_changes_go_and_open_ones_stay(service):
    def change(state, **fields):
        return Revision.objects.create(
            service=service, state=state, base_version=1, entry={}, edited_at=NOW - days(9), **fields
        )

    change("approved", decided_at=NOW - days(1))
    change("withdrawn")
    kept = {change("rejected", reason="Why not.", decided_at=NOW + days(1)), change("submitted")}
    assert retention.forget_revisions(NOW) == 2
    assert set(Revision.objects.all()) == kept


def test_withdrawn_services_leave_the_feed_on_their_day(service):
    withdraw_service(service=service, by=None, now=NOW)
    gone_on = FeedService.objects.get().gone_on
    moment = NOW + (gone_on - NOW.date())
    assert retention.forget_feed_rows(moment - days(1)) == 0
    assert retention.forget_feed_rows(moment) == 1
    assert not FeedService.objects.exists() and not FeedPlace.objects.exists()
