"""Behaviour 38: reading one child's record in an emergency, and looking at that afterwards."""

import re
import time
from datetime import date, timedelta

import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from chatr.audit.models import AuditEvent
from chatr.database.acting import acting_as, acting_as_job
from chatr.notifications.models import Message
from chatr.notifications.operations import preview
from chatr.testing.people import make_person

from ..models import (
    AccessEvent,
    Assignment,
    AssignmentRole,
    Block,
    BreakGlass,
    Person,
    Section,
    SectionKind,
    TeamMember,
    TeamRole,
)
from ..operations import emergency as operations
from ..operations.emergency import NOT_REVIEWED, NOTHING_TO_OPEN, CannotBreakGlass, CannotReview
from ..queries.access import Access
from ..urls import urlpatterns
from ..views.base import ConferenceView
from .making import NOW, make_conference, make_relative

pytestmark = pytest.mark.django_db

PAGE = "/conferences/emergency/"
REASON = "The night team has found the child alone."
# Reading and no more: whoever lets emergency reading into another page names it here.
READ_IN_AN_EMERGENCY = set(
    "conference record section save-section reports report decisions plan core-group sign amend challenges".split()
)


def answers(**changes) -> dict:
    return {"la_child_id": "A1", "ground": "risk_now", "reason": REASON, "understood": "on"} | changes


def break_glass(by, **changes) -> BreakGlass:
    given = {"la_child_id": "A1", "ground": "risk_now", "reason": REASON} | changes
    with acting_as(by.pk):
        return operations.break_glass(**given, by=by, now=NOW)


def review(reading, by):
    with acting_as(by.pk):
        operations.review_reading(reading=reading, was_right=True, verdict="Right to look.", by=by, now=NOW)


def refusal(by, **changes) -> str:
    with pytest.raises(CannotBreakGlass) as refused:
        break_glass(by, **changes)
    return str(refused.value)


def readings(by) -> int:
    with acting_as(by.pk):
        return BreakGlass.objects.filter(user=by).count()


@pytest.fixture
def signed_in(client, sign_in, cast, conference):
    """The next team's chair, who has no part in the conference, signed in just now."""
    sign_in(client, cast.neighbour)
    return client


# Refused


def test_behaviour_38_without_having_just_shown_who_they_are_nobody_even_sees_the_form(signed_in, cast):
    session = signed_in.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [
        record | {"at": time.time() - 3600} for record in session[AUTHENTICATION_METHODS_SESSION_KEY]
    ]
    session.save()
    assert signed_in.get(PAGE).status_code == 302
    sent = signed_in.post(PAGE, answers())
    assert sent.status_code == 401
    assert answers()["reason"] in sent.content.decode(), "what was typed is handed back, and nothing is opened"
    assert "next=%2Fconferences%2Femergency%2F" in sent.content.decode()
    assert readings(cast.neighbour) == 0


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"reason": ""}, "Enter what has happened"),
        ({"reason": "Too short a reason."}, "Say why in at least 20 characters."),
        ({"reason": " " * 40}, "Enter what has happened"),
        ({"ground": ""}, "Answer the question: Why can it not wait?"),
        ({"ground": "curious"}, "Choose one of the answers on the page"),
        ({"la_child_id": ""}, "Enter local child id"),
        ({"understood": ""}, "Tick the box: I know that"),
    ],
)
def test_behaviour_38_without_reason_ground_child_or_knowing_what_happens_it_is_refused(signed_in, cast, changes, said):
    answer = signed_in.post(PAGE, answers(**changes))
    assert said in answer.content.decode()
    if "reason" not in changes:
        assert REASON in answer.content.decode()  # what was typed is kept
    assert readings(cast.neighbour) == 0
    assert not Message.objects.exists()


def test_behaviour_38_with_an_earlier_use_not_looked_at_the_next_is_refused(cast, conference):
    make_conference(cast, ids="C")
    reading = break_glass(cast.neighbour)
    for la_child_id in ("C1", "Z9"):
        assert refusal(cast.neighbour, la_child_id=la_child_id) == NOT_REVIEWED
    review(reading, cast.manager)
    break_glass(cast.neighbour, la_child_id="C1")
    assert readings(cast.neighbour) == 2


@pytest.mark.parametrize("who", ["minute_taker", "teacher", "health_visitor"])
def test_behaviour_38_others_do_not_learn_that_it_is_there(client, sign_in, cast, conference, who):
    sign_in(client, getattr(cast, who))
    assert client.get(PAGE).status_code == 404
    assert client.post(PAGE, answers()).status_code == 404


def test_behaviour_38_a_chair_who_belongs_to_no_team_is_refused(client, sign_in, cast, conference):
    loose = make_person("Lou Grey", "lou@council.example.org", None, "conference_chair")
    sign_in(client, loose)
    assert client.post(PAGE, answers()).status_code == 404
    assert refusal(loose) == "Emergency reading is for chairs and their managers."


@pytest.mark.parametrize("la_child_id", ["Z9", "a1", "A", "A1%", "A1' OR 1=1", "Childa1 Example", "ا١"])
def test_what_cannot_be_opened_and_what_does_not_exist_get_one_answer(cast, conference, la_child_id):
    assert refusal(cast.neighbour, la_child_id=la_child_id) == NOTHING_TO_OPEN


def test_a_cancelled_conference_is_not_opened_and_answers_as_if_it_were_not_there(cast, conference):
    with acting_as(cast.chair.pk):
        type(conference).objects.update(state="cancelled")
    assert refusal(cast.neighbour) == NOTHING_TO_OPEN


def test_who_can_open_it_anyway_is_led_to_their_desk_and_nothing_is_written(cast, conference):
    for person in (cast.chair, cast.manager):
        assert "it is on your desk" in refusal(person)
    with acting_as(cast.manager.pk):
        assert not BreakGlass.objects.exists()


def test_a_search_that_finds_nothing_is_written_down_without_what_was_typed(signed_in, cast):
    signed_in.post(PAGE, answers(la_child_id="Z9"))
    with acting_as_job("tests"):
        event = AccessEvent.objects.get(user_id=cast.neighbour.pk)
    assert (event.action, event.object_type, event.object_id, event.conference_id) == ("search", "emergency", "", None)


# Granted


def test_behaviour_38_granted_it_is_one_child_read_only_for_sixty_minutes_and_says_so(signed_in, cast, conference):
    answer = signed_in.post(PAGE, answers())
    assert answer.url == reverse("conferences:conference", args=[conference.pk])
    page = signed_in.get(answer.url).content.decode()
    with acting_as(cast.neighbour.pk):
        assignment = Assignment.objects.get(user=cast.neighbour)
    assert assignment.until - assignment.since == timedelta(minutes=60)
    assert "You read this in an emergency" in page
    until = timezone.localtime(assignment.until)
    assert re.search(rf"until {until.hour % 12 or 12}(:|\.){until:%M}", page)
    with acting_as_job("tests"):
        actions = AccessEvent.objects.filter(chain=conference.pk).order_by("number").values_list("action", "role")
        assert list(actions) == [("emergency", "break_glass"), ("view", "break_glass")]


def test_behaviour_38_the_pages_that_open_in_an_emergency_are_these_and_no_other():
    opens = {
        pattern.name
        for pattern in urlpatterns
        if issubclass(pattern.callback.view_class, ConferenceView)
        and pattern.callback.view_class.may(Access(AssignmentRole.BREAK_GLASS))
    }
    assert opens <= READ_IN_AN_EMERGENCY


@pytest.mark.parametrize("name", sorted(READ_IN_AN_EMERGENCY - {"report"}))
def test_behaviour_38_the_pages_that_open_change_and_export_nothing(signed_in, cast, conference, name):
    break_glass(cast.neighbour)
    with acting_as(cast.neighbour.pk):
        section = Section.objects.get(kind=SectionKind.FACTS)
    inside = [section.pk] if "section" in name else []
    path = reverse(f"conferences:{name}", args=[conference.pk, *inside])
    answer = signed_in.get(path)
    assert answer.status_code in (200, 302, 404, 405)
    assert "Content-Disposition" not in answer
    assert signed_in.post(path, {"version": 1, "words": "typed"}).status_code in (302, 403, 404, 405)
    with acting_as(cast.chair.pk):
        assert Section.objects.get(pk=section.pk).version == 1
        assert not Block.objects.exists()


@pytest.mark.parametrize("name", ["change-conference", "people", "copies", "access-log", "access-answer"])
def test_behaviour_38_copies_arrangements_and_the_log_stay_closed(signed_in, cast, conference, name):
    break_glass(cast.neighbour)
    assert signed_in.get(reverse(f"conferences:{name}", args=[conference.pk])).status_code == 404


def test_behaviour_38_the_managers_of_that_record_are_told_at_once_without_content(cast, conference):
    second = make_person("Mo Vane", "mo@council.example.org", None, "chairs_manager")
    with acting_as(cast.staff.pk):
        TeamMember.objects.create(team=cast.team, user=second, role=TeamRole.MANAGER, since=NOW, given_by=cast.staff)
    break_glass(cast.neighbour)
    messages = Message.objects.filter(kind="conferences/opened_in_emergency")
    assert {message.recipient for message in messages} == {cast.manager, second}
    said = str(preview(messages[0], now=timezone.now()))
    assert "/conferences/emergency/review/" in said
    for word in ("Nora", "Child", "Example", "A1", "Mill", str(conference.pk), REASON, "emergency reading"):
        assert word not in said, word


def test_behaviour_38_the_review_is_due_within_two_working_days(cast, conference):
    assert break_glass(cast.neighbour).review_due_on == date(2026, 3, 11)  # from Monday 9 March


def test_the_reason_is_unreadable_in_the_database_and_in_no_audit_event(cast, conference):
    reading = break_glass(cast.neighbour)
    with acting_as(cast.manager.pk), connection.cursor() as cursor:
        assert BreakGlass.objects.get().reason == REASON
        cursor.execute("SELECT reason FROM conferences_breakglass")
        assert REASON not in cursor.fetchone()[0]
    event = AuditEvent.objects.get(action="conferences.opened_in_an_emergency")
    assert event.object_id == str(reading.pk)
    assert set(event.details) == {"conference", "ground", "review_due_on"}


def test_the_conference_with_something_in_it_is_opened_before_one_only_scheduled(cast, conference):
    with acting_as(cast.chair.pk):
        type(conference).objects.filter(pk=conference.pk).update(state="draft")
    make_conference(cast, at=conference.scheduled_at + timedelta(days=91))
    assert break_glass(cast.neighbour).conference_id == conference.pk


def test_in_a_review_by_another_chair_the_family_is_read_and_the_other_child_is_not(cast, conference):
    make_relative(conference)
    break_glass(cast.neighbour)
    with acting_as(cast.neighbour.pk):
        assert {person.name for person in Person.objects.all()} == {"ChildA1 Example", "Rosa Example"}


# Looking at it


def test_the_manager_looks_at_it_and_the_reader_learns_what_they_found(client, sign_in, cast, conference):
    reading = break_glass(cast.neighbour)
    sign_in(client, cast.neighbour)
    client.get(reverse("conferences:conference", args=[conference.pk]))
    client.logout()
    sign_in(client, cast.manager)
    assert "Nora Finch" in client.get("/conferences/emergency/review/").content.decode()
    path = reverse("conferences:review-emergency", args=[reading.pk])
    page = client.get(path).content.decode()
    assert REASON in page
    assert "Opened: the overview" in page
    assert "Answer the question: Was it right" in client.post(path, {"verdict": "Fine."}).content.decode()
    assert client.post(path, {"was_right": "no", "verdict": "The chair could be reached."}).status_code == 302
    assert "The chair could be reached." in client.get(path).content.decode()
    client.logout()
    sign_in(client, cast.neighbour)
    page = client.get(PAGE).content.decode()
    assert "The manager found it was not right." in page
    assert "The chair could be reached." in page


@pytest.mark.parametrize("who", ["neighbour", "next_manager", "chair", "minute_taker"])
def test_nobody_else_looks_at_it(client, sign_in, cast, conference, who):
    reading = break_glass(cast.neighbour)
    sign_in(client, getattr(cast, who))
    path = reverse("conferences:review-emergency", args=[reading.pk])
    assert client.get(path).status_code == 404
    assert client.post(path, {"was_right": "yes", "verdict": "Fine."}).status_code == 404
    with acting_as(cast.manager.pk):
        assert BreakGlass.objects.get().reviewed_at is None


def test_a_manager_does_not_look_at_their_own_reading(cast, conference):
    reading = break_glass(cast.next_manager)
    with pytest.raises(CannotReview, match="their own"):
        review(reading, cast.next_manager)


def test_it_is_looked_at_once(cast, conference):
    reading = break_glass(cast.neighbour)
    review(reading, cast.manager)
    with pytest.raises(CannotReview, match="already"):
        review(reading, cast.manager)


@pytest.mark.browser
def test_the_pages_have_no_fault_in_a_browser(open_page, axe, transactional_db):
    from .making import make_cast

    cast = make_cast()
    conference = make_conference(cast)
    reading = break_glass(cast.next_manager)
    paths = {
        cast.neighbour: [PAGE],
        cast.manager: ["/conferences/emergency/review/", f"/conferences/emergency/review/{reading.pk}/"],
        cast.chair: [f"/conferences/{conference.pk}/access/", f"/conferences/{conference.pk}/access/answer/"],
        cast.next_manager: [f"/conferences/{conference.pk}/"],
    }
    for person, theirs in paths.items():
        for width in (1280, 375):
            page = open_page(person, width=width)
            for path in theirs:
                page.goto(path)
                name = path.strip("/").replace("/", "_").replace(str(conference.pk), "c").replace(str(reading.pk), "r")
                page.screenshot(path=f"/tmp/walls_{name}_{width}.png", full_page=True)
                assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
                assert axe(page) == []
