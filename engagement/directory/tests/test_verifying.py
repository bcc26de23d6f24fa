"""Asking each cycle whether an entry is still right, and what counts as an answer."""

import re
from datetime import date, time, timedelta

import pytest
from django.core import mail
from django.utils import timezone

from chatr.accounts.models import Membership
from chatr.audit.models import AuditEvent
from chatr.links import operations as links
from chatr.links.operations import LinkUsed
from chatr.links.queries import LinkEnded, LinkUnknown
from chatr.notifications.models import Message
from chatr.notifications.operations import drain
from chatr.testing.people import make_person
from chatr.workdays.clock import local

from ..messages.keeping import FOR_STAFF, PURPOSE, REMINDER
from ..models import Keeper, Listing, Service, Verification
from ..operations.days import refresh_due
from ..operations.listings import refresh
from ..operations.services import publish_entry, start_service, withdraw_service
from ..operations.verifying import (
    CannotVerify,
    NoLongerTheirs,
    remind,
    say_changed_by_link,
    verify,
    verify_all,
    verify_by_link,
)
from ..queries.entries import entry_of
from .making import entry, make_editor, publish

VERIFIED = local(date(2026, 10, 12), time(10))
DUE = date(2027, 1, 11)  # the 91st day


def at(day: date, hour: int = 9):
    return local(day, time(hour))


def after(days: int, hour: int = 9):
    """So many days after it was due."""
    return at(DUE + timedelta(days=days), hour)


@pytest.fixture
def service(together):
    return publish(together, now=VERIFIED, verified=VERIFIED)


@pytest.fixture
def colleague(together):
    return make_editor("Gino Editor", "gino@together.example.org", together)


@pytest.fixture
def staff(db):
    person = make_person("Eve Example", "eve@programme.example.org", None, "programme_staff")
    Keeper.objects.create(user=person)
    return person


def sent(now) -> list:
    """The e-mails that leave at a moment."""
    mail.outbox.clear()
    drain(now=now)
    return list(mail.outbox)


def reminded(now) -> list[str]:
    """Who gets a reminder at a moment, by running the task's operation and sending."""
    remind(now=now)
    return sorted(address for email in sent(now) for address in email.to)


def links_in(email) -> list[str]:
    return re.findall(r"http://\S+/services/still-correct/\S+", email.body)


def token_in(email) -> str:
    return links_in(email)[0].rstrip("/").rpartition("/")[2]


# Behaviour 25


def test_behaviour_25_91_days_after_each_current_editor_is_reminded_once(service, editor, colleague, neighbour, staff):
    assert reminded(after(-1)) == []
    assert reminded(after(0)) == [editor.email, colleague.email]
    assert reminded(after(0, 10)) == []  # run again the same day
    assert reminded(after(1)) == []  # and the next
    assert reminded(after(13)) == []


def test_behaviour_25_it_escalates_after_14_and_28_days_and_then_shows_the_badge(service, editor, staff):
    assert reminded(after(0)) == [editor.email]
    assert reminded(after(14)) == [staff.email, editor.email]
    assert reminded(after(28)) == [staff.email, editor.email]
    assert "Last reminder: Is this still right?" in mail.outbox[0].subject + mail.outbox[1].subject
    assert reminded(after(29)) == reminded(after(60)) == []
    refresh_due(now=after(28))
    assert Listing.objects.get().is_verified
    refresh_due(now=after(29))
    assert not Listing.objects.get().is_verified
    assert Listing.objects.shown(DUE + timedelta(days=29)).count() == 1  # never hidden because of it


def test_behaviour_25_only_the_editors_of_today_are_asked(service, together, editor, colleague, staff):
    left = Membership.objects.filter(user=colleague)
    left.update(valid_to=date(2026, 12, 1))
    unconfirmed = make_editor("Hana Editor", "hana@together.example.org", together)
    Membership.objects.filter(user=unconfirmed).update(confirmed_at=None)
    gone = make_editor("Ivo Editor", "ivo@together.example.org", together)
    type(gone).objects.filter(pk=gone.pk).update(is_active=False)
    make_person("Jo Reader", "jo@together.example.org", together)
    assert reminded(after(0)) == [editor.email]
    assert Message.objects.count() == 1  # nothing was even queued for the others


def test_a_missed_day_is_made_up_for_and_a_new_editor_hears_of_it(service, together, editor, staff):
    assert reminded(after(3)) == [editor.email]
    new = make_editor("Kim Editor", "kim@together.example.org", together)
    assert reminded(after(4)) == [new.email]


def test_several_entries_due_on_one_day_are_one_email_with_a_link_each(service, together, editor, staff):
    publish(together, entry("Example club"), now=VERIFIED, verified=VERIFIED)
    later = publish(together, entry("Example walk"), now=VERIFIED, verified=VERIFIED + timedelta(days=5))
    remind(now=after(0))
    (email,) = sent(after(0))
    assert email.subject == "Are these 2 entries still right?"
    assert "Example club" in email.body and "Example counselling" in email.body and "Example walk" not in email.body
    assert len(set(links_in(email))) == 2
    remind(now=after(5))
    (email,) = sent(after(5))
    assert email.subject == f"Is this still right? {later.name}"


def test_a_service_without_an_editor_asks_who_keeps_it_else_the_keeper(together, next_door, staff):
    keeper, own = staff, make_person("Lou Example", "lou@programme.example.org", None, "programme_staff")
    publish(together, now=VERIFIED, verified=VERIFIED)
    kept = publish(next_door, entry("Example kept"), now=VERIFIED, verified=VERIFIED)
    Service.objects.filter(pk=kept.pk).update(kept_by=own)
    remind(now=after(0))
    by_person = {email.to[0]: email for email in sent(after(0))}
    assert set(by_person) == {keeper.email, own.email}
    assert "Example kept" in by_person[own.email].body and "Example kept" not in by_person[keeper.email].body
    assert "Please ask the service" in by_person[own.email].body
    assert remind(now=after(0, 11)) == 0


def test_with_nobody_named_the_programmes_mailbox_is_asked(service, settings):
    assert reminded(after(0)) == [settings.PROGRAMME_EMAIL]


def test_a_keeper_who_may_no_longer_is_not_asked(service, staff, settings):
    staff.role_grants.update(ended_at=timezone.now())
    assert reminded(after(0)) == [settings.PROGRAMME_EMAIL]


def test_what_was_verified_meanwhile_is_not_asked_about(service, editor, staff):
    remind(now=after(0))
    verify(service=service, method=Verification.Method.PAGE, by=editor, now=after(0))
    assert sent(after(0, 10)) == []
    assert Message.objects.get(kind=REMINDER).state == Message.State.SUPPRESSED
    assert reminded(after(14)) == []


def test_the_next_cycle_is_asked_about_anew(service, editor, staff):
    assert reminded(after(0)) == [editor.email]
    verify(service=service, method=Verification.Method.PAGE, by=editor, now=after(2))
    assert reminded(after(2 + 90)) == []
    assert reminded(after(2 + 91)) == [editor.email]


def test_a_withdrawn_or_unpublished_service_is_not_asked_about(service, together, editor, staff):
    start_service(organisation=together, name="Example draft", by=None, now=VERIFIED)
    withdraw_service(service=service, by=None, now=after(-1))
    assert remind(now=after(0)) == 0


def test_staff_read_that_an_editor_said_something_has_changed(service, editor, staff):
    remind(now=after(0))
    verify(service=service, method=Verification.Method.PAGE, by=editor, now=after(1), still_right=False)
    remind(now=after(14))
    email = next(each for each in sent(after(14)) if each.to == [staff.email])
    assert "Fatima Editor said on 12 January 2027 that something has changed." in email.body


def test_every_day_is_londons(together, editor, staff):
    """Verified at half past midnight in London in summer, which is the day before in Greenwich."""
    moment = local(date(2026, 7, 2), time(0, 30))
    publish(together, now=moment, verified=moment)
    due = date(2026, 7, 2) + timedelta(days=91)
    assert reminded(local(due - timedelta(days=1), time(23, 59))) == []
    assert reminded(local(due, time(0, 1))) == [editor.email]


@pytest.mark.django_db(transaction=True)
def test_two_tasks_at_once_send_one_email_a_person(together, run_threads):
    people = [make_editor(f"Editor {n}", f"editor{n}@together.example.org", together) for n in range(3)]
    for n in range(3):
        publish(together, entry(f"Example {n}"), now=VERIFIED, verified=VERIFIED)
    new = run_threads([lambda: remind(now=after(14))] * 4)
    assert sum(new) == 4, new  # three editors and the mailbox
    assert sorted(Message.objects.filter(kind=REMINDER).values_list("to_email", flat=True)) == [
        each.email for each in people
    ]
    assert Message.objects.filter(kind=FOR_STAFF).count() == 1


# Verifying


def test_verifying_moves_the_day_and_is_audited_once(service, editor):
    for _ in range(2):
        verify(service=service, method=Verification.Method.PAGE, by=editor, now=after(0))
    assert service.verifications.filter(by=editor).count() == 1
    assert Listing.objects.get().verified_on == DUE
    event = AuditEvent.objects.get(action="directory.service_verified")
    assert (event.actor_id, event.details["method"]) == (editor.pk, "page")


def test_somebody_else_or_another_day_is_another_verification(service, editor, colleague):
    verify(service=service, method=Verification.Method.PAGE, by=editor, now=after(0))
    verify(service=service, method=Verification.Method.PAGE, by=colleague, now=after(0, 11))
    verify(service=service, method=Verification.Method.PAGE, by=colleague, now=after(1))
    assert service.verifications.count() == 4


def test_saying_that_something_has_changed_verifies_nothing(service, editor):
    verify(service=service, method=Verification.Method.PAGE, by=editor, now=after(0), still_right=False)
    assert Listing.objects.get().verified_on == VERIFIED.date()
    assert remind(now=after(0)) > 0


def test_an_edit_alone_verifies_nothing(service):
    publish_entry(service=service, entry=entry_of(service).but(summary="Other words."), by=None, now=after(0))
    assert service.verifications.count() == 1
    assert Listing.objects.get().verified_on == VERIFIED.date()


def test_a_service_that_is_not_public_cannot_be_verified(service, together, editor):
    draft = start_service(organisation=together, name="Example draft", by=None, now=VERIFIED)
    with pytest.raises(CannotVerify, match="is not public"):
        verify(service=draft, method=Verification.Method.PAGE, by=editor, now=after(0))
    with pytest.raises(CannotVerify):
        verify_all(services=[service, draft], by=editor, now=after(0))
    assert not Verification.objects.filter(by=editor).exists()


def test_each_of_several_gets_a_verification_of_its_own(service, together, editor):
    other = publish(together, entry("Example club"), now=VERIFIED)
    verify_all(services=[service, other], by=editor, now=after(0))
    found = Verification.objects.filter(by=editor)
    assert {(each.service_id, each.method) for each in found} == {(service.pk, "bulk"), (other.pk, "bulk")}


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_once_are_one_verification(together, run_threads):
    editor = make_editor("Fatima Editor", "fatima@together.example.org", together)
    service = publish(together, now=VERIFIED, verified=VERIFIED)
    press = lambda: verify(service=service, method=Verification.Method.PAGE, by=editor, now=after(0)).pk  # noqa: E731
    assert len(set(run_threads([press] * 5))) == 1
    assert service.verifications.count() == 2
    assert AuditEvent.objects.filter(action="directory.service_verified").count() == 1


# By the link


@pytest.fixture
def token(service, editor, staff):
    """The token of the link as it leaves by real mail on the due day."""
    remind(now=after(0))
    return next(token_in(email) for email in sent(after(0)) if email.to == [editor.email])


def test_the_link_verifies_once_by_its_editor(service, editor, token):
    verification = verify_by_link(token=token, now=after(1))
    assert (verification.by, verification.method, verification.service) == (editor, "link", service)
    with pytest.raises(LinkUsed):
        verify_by_link(token=token, now=after(1))
    assert service.verifications.count() == 2


def test_the_outbox_keeps_no_link_that_works(service, token):
    message = Message.objects.get(kind=REMINDER)
    kept = f"{message.text_body}{message.html_body}{message.facts}{message.secrets}"
    assert token not in kept and "[[entry_0]]" in message.text_body


def test_where_a_colleague_verified_it_since_nothing_is_added(service, colleague, token):
    verify(service=service, method=Verification.Method.PAGE, by=colleague, now=after(1))
    assert verify_by_link(token=token, now=after(2)).by == colleague
    assert service.verifications.count() == 2


def test_the_link_stays_good_after_something_was_said_to_have_changed(service, editor, token):
    assert say_changed_by_link(token=token, now=after(1)) == service
    assert service.verifications.get(still_right=False).by == editor
    assert verify_by_link(token=token, now=after(2)).still_right


def test_a_person_who_is_no_longer_an_editor_cannot_verify_by_an_old_link(service, editor, token):
    for change in ({"can_edit_directory": False}, {"can_edit_directory": True, "valid_to": date(2027, 1, 11)}):
        Membership.objects.filter(user=editor).update(**change)
        for act in (verify_by_link, say_changed_by_link):
            with pytest.raises(NoLongerTheirs):
                act(token=token, now=after(1))
    Membership.objects.filter(user=editor).update(valid_to=None)
    type(editor).objects.filter(pk=editor.pk).update(is_active=False)
    with pytest.raises(NoLongerTheirs):
        verify_by_link(token=token, now=after(1))
    assert service.verifications.count() == 1


def test_a_link_about_the_next_organisations_service_is_refused(service, neighbour):
    """Signed by us, yet about an entry the person does not keep."""
    forged = links.make(PURPOSE, f"{neighbour.pk}:{service.pk}:{DUE}", valid_until=after(60))
    with pytest.raises(NoLongerTheirs):
        verify_by_link(token=forged, now=after(1))


def test_ended_foreign_and_forged_links_are_refused(service, editor, token):
    foreign = links.make("training.cannot-come", f"{editor.pk}:{service.pk}:{DUE}", valid_until=after(60))
    ghost = links.make(PURPOSE, f"{editor.pk}:{editor.pk}:{DUE}", valid_until=after(60))
    for wrong in (foreign, ghost, token[:-3], "nonsense"):
        with pytest.raises(LinkUnknown):
            verify_by_link(token=wrong, now=after(1))
    with pytest.raises(LinkEnded):
        verify_by_link(token=token, now=after(61))
    assert service.verifications.count() == 1


def test_a_link_to_a_withdrawn_service_is_refused(service, token):
    withdraw_service(service=service, by=None, now=after(1))
    with pytest.raises(CannotVerify, match="not public any more"):
        verify_by_link(token=token, now=after(1))


@pytest.mark.django_db(transaction=True)
def test_two_presses_of_the_link_at_once_verify_once(together, run_threads):
    editor = make_editor("Fatima Editor", "fatima@together.example.org", together)
    service = publish(together, now=VERIFIED, verified=VERIFIED)
    token = links.make(PURPOSE, f"{editor.pk}:{service.pk}:{DUE}", valid_until=after(60))
    done = run_threads([lambda: verify_by_link(token=token, now=after(0))] * 4)
    assert sorted(type(each).__name__ for each in done) == ["LinkUsed"] * 3 + ["Verification"]
    assert service.verifications.count() == 2


# Days that come by themselves


def test_listings_are_written_anew_on_the_day_they_change_and_never_twice(service, together):
    listing = Listing.objects.get()
    assert refresh_due(now=after(0)) == 0
    assert refresh_due(now=at(listing.unverified_from)) == 1
    assert refresh_due(now=at(listing.unverified_from, 12)) == 0


def test_closing_for_august_shows_and_ends_on_its_days(service):
    Service.objects.filter(pk=service.pk).update(closed_from=date(2026, 12, 1), reopens_on=date(2026, 12, 8))
    service.refresh_from_db()
    refresh(service=service, now=VERIFIED)
    for day, closed in ((date(2026, 11, 30), False), (date(2026, 12, 1), True), (date(2026, 12, 8), False)):
        refresh_due(now=at(day, 0))
        assert Listing.objects.get().is_closed is closed, day
