"""Saying how a conference was: once, by a code, with nobody named; and seen as numbers alone."""

import json
import re
from datetime import date, time, timedelta
from itertools import product

import pytest
from django.contrib.sessions.models import Session
from django.db import ProgrammingError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from chatr.accounts.models import User
from chatr.audit.models import AuditEvent
from chatr.database.acting import acting_as, acting_as_job
from chatr.links.models import UsedLink
from chatr.notifications.models import Message
from chatr.notifications.operations import drain
from chatr.testing.database import as_owner
from chatr.workdays.clock import local

from .. import questions
from ..models import Cohort, Conference, Feedback, FeedbackCode, FeedbackLink, State
from ..operations.listening import (
    CannotGiveFeedback,
    CannotHandOut,
    forget_ended_codes,
    give_feedback,
    make_link,
)
from ..quarters import quarter_of, quarters_before
from ..queries.listening import cohort_of, heard
from .making import NOW, make_conference, make_professional

pytestmark = pytest.mark.django_db

MET = local(date(2026, 3, 23), time(13))
SPRING = quarter_of(date(2026, 3, 23))


@pytest.fixture
def met(cast, conference):
    """The conference has begun."""
    with acting_as(cast.chair.pk):
        Conference.objects.filter(pk=conference.pk).update(state=State.DRAFT)
    conference.state = State.DRAFT
    return conference


def code_for(cast, conference, cohort=Cohort.PARENT, now=MET, **more) -> str:
    with acting_as(cast.chair.pk):
        return make_link(conference=conference, cohort=cohort, by=cast.chair, now=now, **more)[1]


def answered(cast, conference, *answers: dict, cohort=Cohort.PARENT, now=MET):
    for each in answers:
        give_feedback(code=code_for(cast, conference, cohort, now), answers=each, now=now)


def rows(model) -> list:
    with acting_as_job("feedback"):
        return list(model.objects.all())


def stored() -> list[tuple]:
    """What is in the table nobody reads."""
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SELECT cohort, answers FROM conferences_feedback")
        return [(cohort, json.loads(answers)) for cohort, answers in cursor.fetchall()]


def visible(page: str) -> str:
    return re.sub(r'nonce="[^"]*"|value="[A-Za-z0-9]{64}"|/feedback/[^/"]+/', "", page)


# Handing out


@pytest.mark.parametrize("state", [State.SCHEDULED, State.CANCELLED])
def test_links_are_for_after_the_meeting(cast, conference, state):
    conference.state = state
    with acting_as(cast.chair.pk), pytest.raises(CannotHandOut, match="after the meeting"):
        make_link(conference=conference, cohort=Cohort.PARENT, by=cast.chair, now=MET)


def test_a_link_is_known_by_cohort_and_day_and_its_code_is_kept_nowhere(cast, met):
    code = code_for(cast, met, Cohort.CHILD_UNDER_12)
    with acting_as(cast.chair.pk):
        link = FeedbackLink.objects.get()
        assert (link.cohort, link.made_on, link.until) == ("child_under_12", date(2026, 3, 23), date(2026, 4, 6))
        assert not FeedbackCode.objects.exists()  # not even who made it sees it
    assert {field.name for field in FeedbackLink._meta.fields} == {"id", "conference", "cohort", "made_on", "until"}
    event = AuditEvent.objects.get(action="conferences.feedback_link_made")
    assert code not in str(event.details) and event.details["cohort"] == "child_under_12"


def test_a_professional_is_sent_the_link_and_nothing_else(cast, met, mailoutbox, django_capture_on_commit_callbacks):
    code = code_for(cast, met, Cohort.PROFESSIONAL, now=timezone.now(), send_to=cast.teacher)
    message = Message.objects.get(kind="conferences/feedback_asked")
    assert (message.recipient, message.about_id) == (cast.teacher, "") or message.about_id is None
    assert code not in str(message.facts)
    drain(now=timezone.now())
    (mail,) = mailoutbox
    assert f"/conferences/feedback/{code}/" in mail.body
    with acting_as(cast.chair.pk):
        about_it = [met.children.first().child.details.name, cast.school.name, "conference ", "child", "protection"]
    assert [words for words in about_it if words.lower() in (mail.subject + mail.body).lower()] == []


def test_a_family_is_never_sent_one(cast, met):
    with acting_as(cast.chair.pk), pytest.raises(CannotHandOut, match="Only professionals"):
        make_link(conference=met, cohort=Cohort.PARENT, by=cast.chair, now=MET, send_to=cast.teacher)


def test_only_those_who_record_or_manage_it_hand_out_links(client, sign_in, cast, met):
    address = reverse("conferences:feedback-links", args=[met.pk])
    answers = {}
    for person in (
        cast.chair,
        cast.manager,
        cast.neighbour,
        cast.next_manager,
        cast.colleague,
        cast.teacher,
        cast.staff,
    ):
        sign_in(client, person)
        answers[person] = client.get(address).status_code
    assert [person for person, status in answers.items() if status == 200] == [cast.chair, cast.manager]
    assert set(answers.values()) == {200, 404}


def test_the_sheet_is_shown_once_with_its_code(client, sign_in, cast, met):
    sign_in(client, cast.chair)
    address = reverse("conferences:feedback-links", args=[met.pk])
    sheet = client.post(address, {"cohort": "child_under_12"}).content.decode()
    (code,) = set(re.findall(r"/feedback/(\w{4}-\w{4}-\w{4})/", sheet))
    assert cohort_of(code, timezone.localdate()) == "child_under_12"
    again = client.get(address).content.decode()
    assert code not in again and "1 link for: child under 12" in again


def test_choosing_nobody_is_refused_beside_the_question(client, sign_in, cast, met):
    sign_in(client, cast.chair)
    answer = client.post(reverse("conferences:feedback-links", args=[met.pk]), {"cohort": ""})
    assert "Answer the question: Who is it for?" in answer.content.decode()
    with acting_as(cast.chair.pk):
        assert not FeedbackLink.objects.exists()


# Answering


def test_looking_changes_nothing_and_answering_works_once(client, cast, met):
    code = code_for(cast, met, Cohort.CHILD_12_PLUS, now=timezone.now())
    address = reverse("conferences:give-feedback", args=[code])
    for _ in range(2):
        page = client.get(address)
        assert page.status_code == 200 and "no-store" in page["Cache-Control"]
        assert page["X-Robots-Tag"] == "noindex"
    answer = client.post(address, {"time_to_speak": "yes", "felt_safe": "partly"})
    assert answer["Location"] == reverse("conferences:feedback-thanks")
    (row,) = stored()
    assert row == ("child_12_plus", {"time_to_speak": "yes", "felt_safe": "partly"})
    assert client.post(address, {"time_to_speak": "no"}).status_code == 404
    assert len(stored()) == 1


def test_behaviour_29_a_used_an_ended_and_a_made_up_link_lead_to_the_same_kind_page(client, cast, met):
    now = timezone.now()
    used = code_for(cast, met, now=now)
    give_feedback(code=used, answers={"felt_safe": "yes"}, now=now)
    ended = code_for(cast, met, now=now - timedelta(days=15))
    pages = [
        client.get(reverse("conferences:give-feedback", args=[code]))
        for code in (used, ended, questions.new_code(), "x" * 500)
    ]
    assert {page.status_code for page in pages} == {404}
    assert len({visible(page.content.decode()) for page in pages}) == 1
    assert len({tuple(sorted(page.headers.keys())) for page in pages}) == 1
    kind = pages[0].content.decode()
    assert "0800 1111" in kind and "There is nothing you need to do" in kind


def test_behaviour_29_a_link_works_on_its_fourteenth_day_and_not_the_day_after(cast, met):
    code = code_for(cast, met)
    assert cohort_of(code, date(2026, 4, 6)) == "parent"
    assert cohort_of(code, date(2026, 4, 7)) is None
    with pytest.raises(CannotGiveFeedback):
        give_feedback(code=code, answers={"felt_safe": "yes"}, now=MET + timedelta(days=15))
    give_feedback(code=code, answers={"felt_safe": "yes"}, now=MET + timedelta(days=14))


def test_behaviour_29_nothing_says_who_answered_or_when(cast, met):
    code = code_for(cast, met)
    events = AuditEvent.objects.count()
    give_feedback(code=code, answers={"felt_safe": "no"}, now=MET)
    assert {field.name for field in Feedback._meta.fields} == {"id", "conference", "cohort", "answers", "received_on"}
    assert AuditEvent.objects.count() == events and not UsedLink.objects.exists() and not Session.objects.exists()
    assert rows(FeedbackCode) == []
    with acting_as(cast.chair.pk):
        assert FeedbackLink.objects.count() == 1  # as before: whether it was used is not written there
    for person in (cast.chair, cast.manager, cast.staff):
        with acting_as(person.pk):
            assert not Feedback.objects.exists()
    assert rows(Feedback) == []  # the job that writes them cannot read them


def test_behaviour_29_a_person_cannot_write_answers_for_somebody(cast, met):
    with acting_as(cast.chair.pk), pytest.raises(ProgrammingError), transaction.atomic():
        Feedback.objects.create(conference=met, cohort="parent", answers={"felt_safe": "yes"}, received_on=MET.date())


@pytest.mark.django_db(transaction=True)
def test_two_at_the_same_moment_count_once(cast, met, run_threads):
    code = code_for(cast, met)
    results = run_threads([lambda: give_feedback(code=code, answers={"felt_safe": "yes"}, now=MET)] * 4)
    assert [type(result).__name__ for result in results].count("CannotGiveFeedback") == 3
    assert results.count(None) == 1


def test_every_question_can_be_left_out_but_nothing_at_all_keeps_the_link(client, cast, met):
    code = code_for(cast, met, now=timezone.now())
    address = reverse("conferences:give-feedback", args=[code])
    assert "You have not chosen an answer yet" in client.post(address, {}).content.decode()
    assert "Choose one of the answers" in client.post(address, {"felt_safe": "very"}).content.decode()
    assert stored() == []
    assert client.post(address, {"knows_next": "not_sure"}).status_code == 302


def test_answers_to_questions_of_others_are_not_kept(cast, met):
    give_feedback(
        code=code_for(cast, met), answers={"spoke_to_them": "yes", "felt_safe": "x", "saw_reports": "no"}, now=MET
    )
    assert stored() == [("parent", {"saw_reports": "no"})]


def test_a_code_is_typed_with_or_without_dashes(client, cast, met):
    code = code_for(cast, met, now=timezone.now())
    page = reverse("conferences:feedback-code")
    for typed in (code, code.replace("-", ""), f" {code.upper()} ", code.replace("-", " ")):
        assert client.post(page, {"code": typed})["Location"] == reverse("conferences:give-feedback", args=[code])
    for wrong in ("abc", "", "é" * 12, "\x00" * 12):
        answer = client.post(page, {"code": wrong})
        assert answer.status_code == 200 and "There is a problem" in answer.content.decode()


def test_children_and_parents_find_help_first_and_last(client, cast, met):
    for cohort, times in (("child_under_12", 2), ("child_12_plus", 2), ("parent", 2), ("professional", 0)):
        code = code_for(cast, met, cohort, now=timezone.now())
        page = client.get(reverse("conferences:give-feedback", args=[code])).content.decode()
        main = page[page.index("<main") : page.index("</main")]
        assert main.count("tel:08001111") == times
        assert not re.search("conference|protection", re.sub(r'(action|href)="[^"]*"', "", main)), cohort


def test_the_pilots_two_questions_are_asked_of_everybody():
    for asked in questions.QUESTIONS.values():
        assert [question.code for question in asked[:2]] == ["time_to_speak", "childs_voice"]


def test_codes_past_their_day_are_forgotten_and_others_stay(cast, met):
    code_for(cast, met, now=NOW)
    live = code_for(cast, met)
    assert forget_ended_codes(date(2026, 3, 25)) == 1
    assert cohort_of(live, date(2026, 3, 25)) == "parent"


# As numbers


def test_numbers_are_shown_for_five_and_not_for_four(cast, met):
    four = [{"felt_safe": "yes"}] * 4
    answered(cast, met, *four)
    with acting_as(cast.manager.pk):
        parents = next(one for one in heard(cast.team.pk, SPRING) if one.cohort == "parent")
        assert (parents.people, parents.asked) == (None, [])
    answered(cast, met, {"time_to_speak": "yes"})
    with acting_as(cast.manager.pk):
        parents = next(one for one in heard(cast.team.pk, SPRING) if one.cohort == "parent")
    assert parents.people == 5
    safe = next(one for one in parents.asked if one.words == "Did you feel safe?")
    assert [count for _, count in safe.rows] == [None] * 5 or all(count in (0, None) for _, count in safe.rows)
    nobody = next(one for one in parents.asked if "reports" in one.words)
    assert [count for _, count in nobody.rows] == [0, 0, 0, 0, 5]


def test_numbers_are_for_the_teams_manager_and_programme_staff_alone(cast, met):
    answered(cast, met, *[{"felt_safe": "yes"}] * 6)

    def parents(person, team):
        with acting_as(person.pk):
            return next(one for one in heard(team, SPRING) if one.cohort == "parent").people

    assert parents(cast.manager, cast.team.pk) == 6
    assert parents(cast.staff, None) == 6
    for person, team in (
        (cast.next_manager, cast.team.pk),
        (cast.next_manager, None),
        (cast.manager, None),
        (cast.chair, cast.team.pk),
        (cast.staff, cast.team.pk),
        (cast.teacher, None),
    ):
        assert parents(person, team) == 0, person


def test_a_quarter_is_shown_once_it_is_over(cast, met):
    now = timezone.now()
    answered(cast, met, *[{"felt_safe": "yes"}] * 6, now=now)
    with acting_as(cast.manager.pk):
        assert not any(one.people for one in heard(cast.team.pk, quarter_of(timezone.localdate(now))))


def published(counts) -> list:
    with connection.cursor() as cursor:
        cursor.execute("SELECT published_counts(%s::int[])", [list(counts)])
        return cursor.fetchone()[0]


def test_no_gap_in_a_row_can_be_worked_out():
    for counts in product((0, 1, 2, 4, 5, 6), repeat=3):
        shown = published(counts)
        assert len(shown) == 3
        assert all(number is None or number == count for number, count in zip(shown, counts, strict=True))
        assert not any(number in (1, 2, 3, 4) for number in shown)
        gaps = [count for number, count in zip(shown, counts, strict=True) if number is None]
        if gaps and len(gaps) < 3:
            # Known from the total: their sum, and that each is at least 1. Two values fit for every gap.
            assert len(gaps) > 1 and sum(gaps) > len(gaps), counts
        if not any(0 < count < 5 for count in counts):
            assert shown == list(counts)


def test_nobody_selects_single_answers_even_where_counts_are_theirs(cast, met, app_role):
    answered(cast, met, *[{"felt_safe": "yes"}] * 6)
    with acting_as(cast.manager.pk), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM conferences_feedback")
        assert cursor.fetchone() == (0,)


def test_quarters_are_whole_and_over():
    assert [each.code for each in quarters_before(date(2026, 1, 1), 3)] == ["2025-10-01", "2025-07-01", "2025-04-01"]
    assert str(SPRING) == "January to March 2026"
    assert quarter_of(date(2026, 12, 31)).last == date(2026, 12, 31)


def test_the_page_of_links_costs_the_same_for_one_and_for_three(client, sign_in, cast, met, keeps_one_query_count):
    sign_in(client, cast.chair)
    address = reverse("conferences:feedback-links", args=[met.pk])
    days = iter(range(9))

    def add_row():
        code_for(cast, met, now=MET + timedelta(days=next(days)))
        make_professional(met, user=User.objects.create_user(f"p{next(days)}@example.org", "P", None))

    keeps_one_query_count(add_row, lambda: client.get(address), at_most=12)


# In a browser


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("width", "scripts"), [(1280, True), (375, True), (375, False)])
def test_pages_for_saying_how_it_was_are_accessible(open_page, site, axe, cast, met, width, scripts):
    page = open_page(width=width, javascript=scripts, expect=("404 (Not Found)",))
    for cohort in Cohort:
        code = code_for(cast, met, cohort, now=timezone.now())
        page.goto(f"{site}{reverse('conferences:give-feedback', args=[code])}")
        assert page.locator("h1").count() == 1
        if scripts:
            assert axe(page) == []
        assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    page.locator("label", has_text="Yes").first.click()
    page.get_by_role("button", name="Send my answers").click()
    assert page.locator("h1").inner_text() == "Thank you"
    assert not scripts or axe(page) == []
    page.goto(f"{site}{reverse('conferences:give-feedback', args=[code])}")
    assert page.locator("h1").inner_text() == "This page is closed"
    assert not scripts or axe(page) == []
    page.goto(f"{site}{reverse('conferences:feedback-code')}")
    assert page.locator("h1").count() == 1
    assert not scripts or axe(page) == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", [1280, 375])
def test_making_a_link_is_accessible(open_page, site, axe, cast, met, width):
    page = open_page(cast.chair, width=width)
    page.goto(f"{site}{reverse('conferences:feedback-links', args=[met.pk])}")
    assert axe(page) == []
    page.get_by_label("Parent or carer").check()
    page.get_by_role("button", name="Make the link").click()
    assert page.locator("h1").inner_text() == "How was the meeting?"
    assert axe(page) == []
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")


def test_another_teams_links_are_not_seen(cast, met):
    other = make_conference(cast, chair=cast.neighbour, ids="B")
    code_for(cast, met)
    with acting_as(cast.neighbour.pk):
        assert not FeedbackLink.objects.exists()
        assert other.feedback_links.count() == 0
