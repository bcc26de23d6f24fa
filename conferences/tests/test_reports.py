"""Asking for agency reports, writing and filing them, and who reads what of them."""

import re
from datetime import date, datetime, time, timedelta

import pytest
from django.core import mail
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.utils import timezone

from chatr.accounts.models import User
from chatr.audit.models import AuditEvent
from chatr.database.acting import acting_as, acting_as_job
from chatr.notifications import operations as notifications
from chatr.notifications.models import Message
from chatr.workdays.clock import local
from chatr.workdays.queries import bank_holidays

from ..models import (
    AgencyReport,
    Assignment,
    AssignmentChild,
    Clock,
    ClockKind,
    Conference,
    ConferenceKind,
    Person,
    ReportChild,
    ReportPart,
    SpokeDirectly,
)
from ..operations.clocks import set_clocks
from ..operations.report_requests import (
    CannotAsk,
    change_contributor,
    invite_contributor,
    move_due_dates,
    send_again,
    withdraw_report,
)
from ..operations.reports import Answers, CannotReport, ReportChanged, file_report, save_report, take_from_paper
from ..queries.family import children_of
from ..queries.reports import ASKED, REMINDER, own_report, received_reports, report_in, reports_of
from ..rules import reports as rules
from ..rules.timescales import holidays_around
from .making import NOW, make_conference, make_professional

pytestmark = pytest.mark.django_db

EMAIL = "tess@mill-lane.example.org"
WORDS = {
    "contact": "I have taught her since September.",
    "child_says": "“I like Tuesdays.”",
    "strengths": "She comes every day.",
    "facts": "On 2 March she came without a coat.",
    "worries": "I think she is often cold.",
    "help": "Breakfast club.",
    "discussion": "I talked with her mother.",
    "family_says": "Her mother agrees.",
    "chair_only": "SEALED-MARKER",
}
FULL = Answers(words=WORDS, discussed="yes", discussed_on=date(2026, 3, 9), spoke_directly="yes")


def ask(conference, person=None, *, email=EMAIL, by=None, now=NOW, children=None) -> AgencyReport:
    """A report asked for by the chair; about the first child unless told."""
    by = by or conference.chair
    person = person or make_professional(conference)
    with acting_as(by.pk):
        about = children_of(conference)[:1] if children is None else children
        return invite_contributor(conference=conference, person=person, email=email, children=about, by=by, now=now)


def write(report, answers=FULL, *, version=1, now=NOW):
    with acting_as(report.contributor_id):
        return save_report(report=report, answers=answers, version=version, by=report.contributor, now=now)


def hand_in(report, answers=FULL, *, now=NOW):
    """Write all of it and file it."""
    saved = write(report, answers, version=report.version, now=now)
    with acting_as(report.contributor_id):
        return file_report(report=report, version=saved.version, by=report.contributor, now=now)


def standing(report, now=NOW):
    return rules.standing(report, now, bank_holidays(*holidays_around(report.due_on, now.date())))


# When


@pytest.mark.parametrize(
    ("kind", "held", "due"),
    [
        (ConferenceKind.INITIAL, date(2026, 4, 9), date(2026, 4, 2)),
        (ConferenceKind.REVIEW, date(2026, 6, 10), date(2026, 6, 3)),
    ],
)
def test_behaviour_11_reports_are_due_to_the_family_before_the_conference(cast, kind, held, due):
    conference = make_conference(cast, kind=kind, at=local(held, time(10)))
    report = ask(conference)
    assert report.due_on == due
    assert report.due_rule.startswith("reports_before_")
    in_time = hand_in(report, now=local(due, time(23, 30)))
    assert standing(in_time).word == "On time"
    in_time.received_at = local(due + timedelta(days=1), time(0, 5))
    late = standing(in_time)
    assert (late.word[:4], late.is_late, late.family_saw_late) == ("Late", True, True)


def test_a_report_that_has_not_come_shows_late_and_so_does_one_discussed_after_its_day(cast, conference):
    report = ask(conference)
    assert standing(report, local(report.due_on, time(12))).word == "Not received yet"
    missing = standing(report, local(date(2026, 3, 19), time(12)))
    assert (missing.word, missing.due) == ("Late, not received yet", "was due Wednesday 18 March, 1 working day late")
    report.received_at, report.discussed_on = local(report.due_on, time(12)), report.due_on + timedelta(days=1)
    how = standing(report)
    assert (how.word, how.is_late, how.family_saw_late) == ("On time", False, True)


# Asking


def test_asking_lets_somebody_from_any_area_in_for_the_named_children_and_nothing_else(cast, conference):
    report = ask(conference, email="Nia@faraway.example.org ")
    nia = User.objects.get(email="nia@faraway.example.org")
    assert not nia.memberships.exists()
    assert nia.invited_at and nia.needs_second_factor
    with acting_as(nia.pk):
        assert reports_of(nia) == [report]
        assert own_report(nia, report.pk).children == ["ChildA1 Example"]
        (assignment,) = Assignment.objects.all()
        assert (assignment.role, assignment.all_children) == ("contributor", False)
        assert AssignmentChild.objects.count() == ReportChild.objects.count() == 1
        assert list(Person.objects.all()) == [report.person]  # their own entry alone
        assert Conference.objects.get() == conference


def test_the_mail_of_asking_names_nobody_no_school_no_place_and_no_day(cast, conference):
    ask(conference, email="nia@faraway.example.org")
    sent = Message.objects.filter(to_email="nia@faraway.example.org", due_at__lte=timezone.now())
    assert [message.kind for message in sent if message.kind == ASKED] == [ASKED]
    asked = sent.get(kind=ASKED)
    notifications.drain(now=timezone.now(), only=[asked.pk])
    (letter,) = mail.outbox
    whole = letter.message().as_string() + letter.body
    # The token of the link is random, and may say anything.
    written = letter.subject + re.sub(r"invitation/[^/?]+", "", letter.body)
    for said in ("Example", "Child", "School", "Mill", "March", "2026-03", "conference record", "Pat", "A1"):
        assert said not in written, said
    assert "eport asked" not in whole
    assert "/accounts/invitation/" in letter.body
    asked.refresh_from_db()
    assert "/accounts/invitation/" not in asked.text_body


@pytest.mark.parametrize("who", ["chair", "minute_taker"])
def test_those_who_record_a_conference_do_not_report_to_it(cast, conference, who):
    with acting_as(cast.chair.pk):
        Assignment.objects.create(
            conference=conference, user=cast.minute_taker, role="minute_taker", since=NOW, given_by=cast.chair
        )
    with pytest.raises(CannotAsk, match="records this conference") as refused:
        ask(conference, email=getattr(cast, who).email)
    assert refused.value.field == "email"
    with acting_as(cast.chair.pk):
        assert not AgencyReport.objects.exists()


def test_asking_twice_or_without_a_child_or_after_it_was_held_is_refused(cast, conference):
    person = make_professional(conference)
    with pytest.raises(CannotAsk, match="at least one child"):
        ask(conference, person, children=[])
    ask(conference, person)
    with pytest.raises(CannotAsk, match="already"):
        ask(conference, person)
    conference.held_on = date(2026, 3, 23)
    with pytest.raises(CannotAsk, match="held or cancelled"):
        ask(conference)


def test_the_next_teams_chair_asks_nobody_here(cast, conference):
    person = make_professional(conference)
    with acting_as(cast.chair.pk):
        children = children_of(conference)
    with acting_as(cast.neighbour.pk), pytest.raises(DatabaseError), transaction.atomic():
        invite_contributor(
            conference=conference, person=person, email=EMAIL, children=children, by=cast.neighbour, now=NOW
        )
    assert not Message.objects.exists()


def test_withdrawing_lets_them_out_and_stops_the_reminders(cast, conference):
    report = ask(conference)
    with acting_as(cast.chair.pk):
        withdraw_report(report=report, by=cast.chair, now=timezone.now())
    with acting_as(cast.teacher.pk):
        assert reports_of(cast.teacher) == []
        assert own_report(cast.teacher, report.pk) is None
        assert not AgencyReport.objects.exists()
        assert not ReportChild.objects.exists()
    assert set(Message.objects.about(report).values_list("state", flat=True)) == {"suppressed"}
    again = ask(conference, report.person)
    with acting_as(cast.teacher.pk):
        assert reports_of(cast.teacher) == [again]


def test_whoever_was_asked_first_keeps_what_they_typed_to_themselves(cast, conference):
    report = ask(conference)
    write(report)
    with acting_as(cast.chair.pk):
        new = change_contributor(
            report=report,
            email=cast.health_visitor.email,
            children=children_of(conference),
            by=cast.chair,
            now=timezone.now(),
        )
    with acting_as(cast.health_visitor.pk):
        found = own_report(cast.health_visitor, new.pk)
        assert (found.words, len(found.children)) == ({}, 2)
        assert not ReportPart.objects.exists()
    with acting_as(cast.teacher.pk):
        assert reports_of(cast.teacher) == []


def test_one_of_two_reports_withdrawn_leaves_the_other_childs_name_alone(cast, conference):
    with acting_as(cast.chair.pk):
        first, second = children_of(conference)
    one, two = ask(conference, children=[first]), ask(conference, children=[second])
    with acting_as(cast.chair.pk):
        withdraw_report(report=one, by=cast.chair, now=timezone.now())
    with acting_as(cast.teacher.pk):
        assert reports_of(cast.teacher) == [two]
        assert [row.child_id for row in AssignmentChild.objects.all()] == [second.pk]


# Writing and filing


def test_a_draft_is_kept_and_filing_gives_the_day_it_was_received(cast, conference):
    report = hand_in(ask(conference), now=local(date(2026, 3, 20), time(9)))
    assert (report.received_at, report.discussed_on) == (local(date(2026, 3, 20), time(9)), date(2026, 3, 9))
    assert standing(report).word == "Late, by 2 working days"
    with acting_as(cast.chair.pk):
        assert report_in(conference, report.pk).words == WORDS
    with pytest.raises(CannotReport, match="already"), acting_as(cast.teacher.pk):
        file_report(report=report, version=report.version, by=cast.teacher, now=NOW)


def test_filing_the_last_report_meets_the_clock_of_the_reports(cast, conference):
    def met_on():
        with acting_as(cast.chair.pk):
            return Clock.objects.get(conference=conference, kind=ClockKind.REPORTS).met_on

    first, second = ask(conference), ask(conference, email=cast.health_visitor.email)
    hand_in(first, now=local(date(2026, 3, 10), time(9)))
    assert met_on() is None
    hand_in(second, now=local(date(2026, 3, 11), time(9)))
    assert met_on() == date(2026, 3, 11)
    with acting_as(cast.chair.pk):
        set_clocks(conference=conference, by=cast.chair, now=NOW)
    assert met_on() == date(2026, 3, 11)
    with acting_as(cast.teacher.pk):
        assert not Clock.objects.exists()


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        (
            Answers(words=WORDS | {"strengths": " "}, discussed="yes", discussed_on=NOW.date(), spoke_directly="no"),
            "strengths",
        ),
        (
            Answers(words=WORDS | {"worries": ""}, discussed="yes", discussed_on=NOW.date(), spoke_directly="no"),
            "worries",
        ),
        (Answers(words=WORDS, spoke_directly="no"), "discussed"),
        (Answers(words=WORDS | {"discussion": ""}, discussed="no", spoke_directly="no"), "discussion"),
        (Answers(words=WORDS, discussed="yes", discussed_on=NOW.date()), "spoke_directly"),
    ],
)
def test_a_report_is_not_filed_while_something_is_missing(cast, conference, answers, field):
    report = ask(conference)
    write(report, answers)
    with acting_as(cast.teacher.pk), pytest.raises(CannotReport) as refused:
        file_report(report=report, version=2, by=cast.teacher, now=NOW)
    assert refused.value.field == field
    with acting_as(cast.teacher.pk):
        assert AgencyReport.objects.get().received_at is None
        assert ReportPart.objects.get(kind="facts").words == WORDS["facts"]


def test_a_day_in_the_future_is_refused(cast, conference):
    report = ask(conference)
    with pytest.raises(CannotReport, match="today or earlier"):
        write(report, Answers(discussed="yes", discussed_on=NOW.date() + timedelta(days=1)))


def test_a_stale_save_is_refused_with_what_is_kept_and_writes_nothing(cast, conference):
    report = ask(conference)
    write(report)
    with pytest.raises(ReportChanged) as stale:
        write(report, Answers(words={"facts": "Mine."}), version=1)
    assert stale.value.words["facts"] == WORDS["facts"]
    with acting_as(cast.teacher.pk):
        assert ReportPart.objects.get(kind="facts").words == WORDS["facts"]


def test_a_change_after_filing_is_noted_and_the_first_day_stays(cast, conference):
    report = hand_in(ask(conference))
    later = local(date(2026, 3, 20), time(9))
    same = write(report, version=report.version, now=later)
    assert same.changed_at is None
    changed = write(
        report, Answers(words={"facts": "More."}, discussed="no", spoke_directly="yes"), version=same.version, now=later
    )
    assert (changed.received_at, changed.changed_at) == (NOW, later)
    assert standing(changed).word == "On time"


def test_once_held_nothing_is_changed_any_more(cast, conference):
    report = hand_in(ask(conference))
    with acting_as(cast.chair.pk):
        Conference.objects.update(held_on=date(2026, 3, 23))
    with pytest.raises(CannotReport, match="has been held"):
        write(report, version=report.version)


def test_behaviour_40_odd_words_are_kept_as_they_are(cast, conference):
    odd = "<script>alert(1)</script> 🌧 مرحبا\n\n  two spaces " + "x" * 49_900
    report = write(ask(conference), Answers(words={"facts": odd}))
    with acting_as(cast.teacher.pk):
        assert own_report(cast.teacher, report.pk).words == {"facts": odd}


def test_a_report_from_paper_is_marked_and_can_be_corrected_but_one_filed_cannot_be_overwritten(cast, conference):
    person = make_professional(conference)
    paper = {"conference": conference, "person": person, "by": cast.chair, "now": NOW}
    answers = Answers(words={"facts": "On paper."}, discussed="no", spoke_directly=SpokeDirectly.NO)
    with acting_as(cast.chair.pk):
        children = children_of(conference)
        with pytest.raises(CannotReport, match="today or earlier"):
            take_from_paper(children=children, answers=answers, received_on=NOW.date() + timedelta(1), **paper)
        report = take_from_paper(children=children, answers=answers, received_on=date(2026, 3, 6), **paper)
        assert (report.typed_by, report.invited_at, standing(report).word) == (cast.chair, None, "On time")
        corrected = take_from_paper(
            children=children[:1], answers=Answers(words={"facts": "Better."}), received_on=date(2026, 3, 6), **paper
        )
        assert (corrected.pk, corrected.changed_at) == (report.pk, NOW)
        assert report_in(conference, report.pk).children == ["ChildA1 Example"]
    filed = hand_in(ask(conference))
    with acting_as(cast.chair.pk), pytest.raises(CannotReport, match="filed in the portal"):
        take_from_paper(
            children=children,
            answers=answers,
            received_on=NOW.date(),
            **(paper | {"person": filed.person}),
        )


# Reminders


def reminders_of(report) -> list[Message]:
    return list(Message.objects.about(report).filter(kind=REMINDER).order_by("due_at"))


def test_reminders_come_before_on_the_day_and_once_when_late(cast, conference):
    report = ask(conference)
    assert report.due_on == date(2026, 3, 18)
    assert [message.due_at for message in reminders_of(report)] == [
        local(day, time(9)) for day in (date(2026, 3, 13), date(2026, 3, 18), date(2026, 3, 19))
    ]
    late_ask = ask(conference, now=local(date(2026, 3, 18), time(12)))
    assert [message.due_at.day for message in reminders_of(late_ask)] == [19]


def sent_at(report, when: datetime) -> list[str]:
    """What leaves by then."""
    mail.outbox.clear()
    waiting = [message.pk for message in reminders_of(report) if message.due_at <= when]
    notifications.drain(now=when, only=waiting)
    return [letter.body for letter in mail.outbox]


def test_a_reminder_says_nothing_and_stops_once_received(cast, conference):
    report = ask(conference)
    (first,) = sent_at(report, local(date(2026, 3, 13), time(9, 1)))
    assert "It is needed soon." in first and "Example" not in first and "March" not in first
    hand_in(report)
    assert sent_at(report, local(date(2026, 3, 18), time(9, 1))) == []
    assert {message.state for message in reminders_of(report)} == {"sent", "suppressed"}


@pytest.mark.parametrize("change", [{"state": "cancelled"}, {"held_on": date(2026, 3, 16)}])
def test_a_reminder_that_no_longer_holds_is_not_sent(cast, conference, change):
    report = ask(conference)
    with acting_as(cast.chair.pk):
        Conference.objects.update(**change)
    assert sent_at(report, local(date(2026, 3, 18), time(9, 1))) == []


def test_another_day_for_the_conference_moves_what_has_not_come(cast, conference):
    waiting, filed = ask(conference), hand_in(ask(conference))
    with acting_as(cast.chair.pk):
        conference.scheduled_at = local(date(2026, 3, 30), time(10))
        conference.save()
        assert move_due_dates(conference=conference, by=cast.chair, now=NOW) == 1
        waiting.refresh_from_db()
        filed.refresh_from_db()
    assert (waiting.due_on, filed.due_on) == (date(2026, 3, 25), date(2026, 3, 18))
    assert sent_at(waiting, local(date(2026, 3, 18), time(9, 1))) == []
    assert len(sent_at(waiting, local(date(2026, 3, 20), time(9, 1)))) == 1


def test_sending_again_writes_once_more_and_not_after_it_was_received(cast, conference):
    report = ask(conference)
    with acting_as(cast.chair.pk):
        send_again(report=report, by=cast.chair, now=NOW + timedelta(hours=1))
    assert Message.objects.about(report).filter(kind=ASKED).count() == 2
    hand_in(report)
    with acting_as(cast.chair.pk), pytest.raises(CannotAsk, match="has been received"):
        send_again(report=report, by=cast.chair, now=NOW)


# Walls


def test_what_is_for_the_chair_alone_reaches_neither_minute_taker_nor_manager_nor_a_job(cast, conference):
    report = hand_in(ask(conference))
    with acting_as(cast.chair.pk):
        Assignment.objects.create(
            conference=conference, user=cast.minute_taker, role="minute_taker", since=NOW, given_by=cast.chair
        )
    for person in (cast.minute_taker, cast.manager):
        with acting_as(person.pk):
            assert ReportPart.objects.count() == len(WORDS) - 1
            assert not ReportPart.objects.filter(kind="chair_only").exists()
            assert "chair_only" not in report_in(conference, report.pk).words
    with acting_as(cast.minute_taker.pk), pytest.raises(DatabaseError), transaction.atomic():
        other = ask(conference, email=cast.health_visitor.email, by=cast.minute_taker)
        ReportPart.objects.create(conference=conference, report=other, kind="chair_only", words="x")
    with acting_as(cast.chair.pk):
        (received,) = received_reports(conference)
        assert "chair_only" not in received.words
        assert report_in(conference, report.pk).words["chair_only"] == "SEALED-MARKER"
    with acting_as_job("mail"):
        assert AgencyReport.objects.count() == 1
        assert not ReportPart.objects.exists()
        assert not ReportChild.objects.exists()


def test_contributors_of_this_and_of_another_conference_see_their_own_alone(cast, conference):
    other = make_conference(cast, chair=cast.neighbour, ids="B")
    mine, beside, far = (
        hand_in(ask(conference)),
        hand_in(ask(conference, email=cast.health_visitor.email)),
        hand_in(ask(other, email="far@example.org")),
    )
    for report in (mine, beside, far):
        with acting_as(report.contributor_id):
            assert list(AgencyReport.objects.values_list("pk", flat=True)) == [report.pk]
            assert set(ReportPart.objects.values_list("report_id", flat=True)) == {report.pk}
            assert AgencyReport.objects.exclude(pk=report.pk).update(version=9) == 0


def test_emergency_reading_shows_reports_about_its_child_alone(cast, conference):
    with acting_as(cast.chair.pk):
        first, second = children_of(conference)
    one, _ = hand_in(ask(conference, children=[first])), hand_in(ask(conference, children=[second]))
    with acting_as(cast.colleague.pk):
        with connection.cursor() as cursor:
            cursor.execute("SELECT break_glass('A1', 'risk_now', 'x', current_date)")
        assert set(ReportPart.objects.values_list("report_id", flat=True)) == {one.pk}


def test_the_audit_holds_ids_and_days_alone(cast, conference):
    hand_in(ask(conference))
    actions = set(AuditEvent.objects.filter(action__startswith="conferences.report").values_list("action", flat=True))
    assert actions == {"conferences.report_asked", "conferences.report_received"}
    for event in AuditEvent.objects.filter(action__startswith="conferences.report"):
        assert set(event.details) <= {"children", "due", "late"}
