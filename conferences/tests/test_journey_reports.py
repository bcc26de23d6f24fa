"""A teacher invited today sets up a second step and files, in one sitting; the e-mail held nothing; the chair sees."""

import re
import uuid
from datetime import time, timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from chatr.accounts.models import User
from chatr.accounts.tests.test_second_factor import app_shows
from chatr.database.acting import acting_as, acting_as_job
from chatr.notifications import operations as notifications
from chatr.notifications.models import Message
from chatr.web.templatetags.portal import short_day
from chatr.workdays.clock import local
from chatr.workdays.queries import bank_holidays
from chatr.workdays.rules import nth_working_day_after

from ..models import AccessEvent, AgencyReport
from ..queries.family import children_of
from .making import make_cast, make_conference, make_professional
from .test_reports import WORDS, ask, hand_in
from .test_views_base import same_for_all

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NIA = "nia@faraway.example.org"


@pytest.fixture
def cast(transactional_db):
    return make_cast()


@pytest.fixture
def conference(cast):
    """On the next working day, so that a report asked for today is late."""
    now = timezone.now()
    today = timezone.localdate()
    soon = nth_working_day_after(today, 1, bank_holidays(today, today + timedelta(days=20)))
    return make_conference(cast, at=local(soon, time(10)), now=now)


def page_of(name, *args) -> str:
    return reverse(f"conferences:{name}", args=[getattr(one, "pk", one) for one in args])


def the_mail():
    """The one e-mail that leaves now."""
    mail.outbox.clear()
    notifications.drain(now=timezone.now())
    (letter,) = mail.outbox
    return letter


def set_up_second_step(page) -> None:
    page.get_by_role("button", name="Set up an app").click()
    page.get_by_text("I cannot scan the picture").click()
    key = page.locator(".secret").inner_text()
    page.get_by_label("Code", exact=True).fill(app_shows(key))
    page.get_by_role("button", name="Start using the app").click()
    page.get_by_text("I have kept them: continue").click()


def fill_report(page) -> None:
    labels = {
        "contact": "How you know the child and family",
        "child_says": "What the child says, in their words",
        "strengths": "What is going well",
        "facts": "What you have seen or know: facts",
        "worries": "What you are worried about: your view",
        "discussion": "Who in the family you discussed it with, or why you did not",
        "chair_only": "What the family must not see, for the chair only",
    }
    for kind, label in labels.items():
        page.get_by_label(label).fill(WORDS[kind])
    today = timezone.localdate()
    page.get_by_role("group", name="Have you discussed this report with the family?").get_by_label("Yes").check()
    for label, number in (("Day", today.day), ("Month", today.month), ("Year", today.year)):
        page.get_by_label(label, exact=True).fill(str(number))
    page.get_by_role("group", name="Did you speak to them directly?").get_by_label("Yes").check()


@pytest.mark.parametrize(("width", "javascript"), [(375, True), (1280, False)])
def test_journey_2_from_the_mailed_link_to_the_filed_report_in_one_sitting(
    open_page, cast, conference, axe, width, javascript
):
    make_professional(conference, "Nia Example")
    chair = open_page(cast.chair)
    chair.goto(page_of("reports", conference))
    chair.get_by_role("link", name="Ask for a report").click()
    chair.get_by_label("Their work e-mail address").fill(NIA)
    chair.get_by_label("ChildA2 Example").uncheck()
    chair.get_by_role("button", name="Ask for the report").click()
    chair.get_by_text("We have sent the e-mail").wait_for()

    letter = the_mail()
    assert letter.to == [NIA]
    readable = re.sub(r"https?://[^\s<\"]+", "", letter.subject + letter.body + letter.alternatives[0].content)
    for said in ("ChildA", "Example", "School", "Lane", "onference", "eport asked", short_day(conference.scheduled_at)):
        assert said not in readable, said

    teacher = open_page(width=width, javascript=javascript, expect=("404",))
    (link,) = re.findall(r"https?://\S+/accounts/invitation/\S+", letter.body)
    teacher.goto(link)
    teacher.get_by_role("button", name="Accept and sign in").click()
    teacher.get_by_role("heading", name="Sign in with a second step").wait_for()
    set_up_second_step(teacher)
    teacher.get_by_role("heading", name="Write your report").wait_for()
    text = teacher.locator("main").inner_text()
    assert "ChildA1 Example" in text and "ChildA2" not in text
    fill_report(teacher)
    teacher.get_by_role("button", name="Save and check your answers").click()
    teacher.get_by_role("button", name="File the report").click()
    teacher.get_by_text("Your report is filed").wait_for()
    if javascript:
        assert axe(teacher) == []

    chair.goto(page_of("reports", conference))
    shown = " ".join(chair.locator("table").inner_text().split())
    today = short_day(timezone.localdate())
    for said in (f"Received on {today}", "Late", f"Discussed on {today}", "Spoke to them directly"):
        assert said in shown, said
    chair.get_by_role("link", name="Read the report").click()
    assert WORDS["chair_only"] in chair.locator("main").inner_text()

    with acting_as(cast.chair.pk):
        sibling = children_of(conference)[1]
    made_up = uuid.uuid4()
    answers = [teacher.goto(page_of("file-report", one)) for one in (sibling, made_up)]
    assert [answer.status for answer in answers] == [404, 404]
    with acting_as_job("tests"):
        denied = AccessEvent.objects.filter(action="denied", user_id=User.objects.get(email=NIA).pk)
        assert set(denied.values_list("object_id", flat=True)) == {str(sibling.pk), str(made_up)}


def test_the_404_of_another_childs_id_has_the_same_body(client, sign_in, cast, conference):
    ask(conference)
    sign_in(client, cast.teacher)
    client.get(page_of("my-reports"))
    with acting_as(cast.chair.pk):
        sibling = children_of(conference)[1]
    made_up = uuid.uuid4()
    one, other = (client.get(page_of("file-report", thing)) for thing in (sibling, made_up))
    assert same_for_all(one, sibling.pk) == same_for_all(other, made_up)


def test_somebody_with_an_account_signs_in_and_is_there(open_page, cast, conference):
    ask(conference, now=timezone.now())
    letter = the_mail()
    assert "/accounts/invitation/" not in letter.body
    (link,) = re.findall(r"https?://\S+/conferences/reports/\S+", letter.body)
    page = open_page(cast.teacher)
    page.goto(link)
    page.get_by_role("heading", name="Write your report").wait_for()


def test_the_staff_page_of_messages_does_not_say_who_was_asked(client, sign_in, cast, conference):
    ask(conference, email=NIA)
    assert Message.objects.filter(to_email=NIA).exists()
    sign_in(client, cast.staff)
    listed = client.get(reverse("admin:notifications_message_changelist"))
    assert listed.status_code == 200
    assert NIA not in listed.content.decode()


def test_what_is_typed_saves_itself_and_says_so_when_it_could_not(open_page, cast, conference):
    report = ask(conference, now=timezone.now())
    page = open_page(cast.teacher, expect=("ERR_INTERNET_DISCONNECTED", "ERR_FAILED"))
    page.goto(page_of("file-report", report))
    box = page.get_by_label("What is going well")
    box.fill("She sings.")
    page.get_by_text(re.compile(r"^Saved \d")).wait_for()
    page.context.set_offline(True)
    box.fill("She sings and dances.")
    page.get_by_text("Not saved: trying again").wait_for()
    page.context.set_offline(False)
    page.get_by_text(re.compile(r"^Saved \d")).wait_for()
    page.reload()
    assert box.input_value() == "She sings and dances."
    page.get_by_role("button", name="Save and check your answers").click()
    page.get_by_role("heading", name="Check your report").wait_for()


@pytest.mark.parametrize("width", [1280, 375])
def test_every_page_of_reports_is_accessible_and_fits(open_page, cast, conference, axe, width):
    person = make_professional(conference, "Nobody Asked")
    late = hand_in(ask(conference, now=timezone.now()), now=timezone.now())
    waiting = ask(conference, email=cast.health_visitor.email, now=timezone.now())
    chair, teacher = open_page(cast.chair, width=width), open_page(cast.teacher, width=width)
    nurse = open_page(cast.health_visitor, width=width, expect=("409",))
    for page, address in [
        (chair, page_of("reports", conference)),
        (chair, page_of("report", conference, late)),
        (chair, page_of("report", conference, waiting)),
        (chair, page_of("ask-for-report", conference, person)),
        (chair, page_of("paper-report", conference, person)),
        (chair, page_of("withdraw-report", conference, waiting)),
        (chair, page_of("report-pack", conference)),
        (teacher, page_of("my-reports")),
        (teacher, page_of("file-report", late)),
        (nurse, page_of("file-report", waiting)),
        (nurse, page_of("check-report", waiting)),
    ]:
        page.goto(address)
        assert_good(page, axe)
    second = nurse.context.new_page()
    for tab in (nurse, second):
        tab.goto(page_of("file-report", waiting))
        tab.get_by_label("What is going well").fill(f"Tab {tab is second}")
    nurse.get_by_role("button", name="Save and stay on this page").click()
    nurse.get_by_text(re.compile(r"^Saved")).first.wait_for()
    second.get_by_role("button", name="Save and stay on this page").click()
    second.get_by_role("heading", name="Saved somewhere else meanwhile").wait_for()
    assert "Tab False" in second.locator("main").inner_text() and "Tab True" in second.locator("main").inner_text()
    assert_good(second, axe)
    with acting_as(cast.health_visitor.pk):
        assert AgencyReport.objects.get().version == 2


def assert_good(page, axe) -> None:
    """One heading, no fault, nothing beside the screen."""
    assert page.locator("h1").count() == 1, page.url
    assert axe(page) == [], page.url
    assert page.evaluate("() => document.documentElement.scrollWidth <= document.documentElement.clientWidth"), page.url
