"""The pages of agency reports: who sees which, what is written down, what is refused."""

import re
import uuid
from datetime import date, datetime, time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from chatr.database.acting import acting_as, acting_as_job
from chatr.notifications.models import Message
from chatr.testing.people import make_person
from chatr.workdays.clock import local
from chatr.workdays.queries import bank_holidays
from chatr.workdays.rules import nth_working_day_after

from ..models import AccessEvent, AgencyReport, Assignment, Conference, Explanation, Reason, ReportPart
from ..operations.reports import Answers
from ..queries.family import children_of
from ..queries.reports import ASKED
from .making import NOW, make_conference, make_professional
from .test_reports import FULL, WORDS, ask, hand_in, write
from .test_views_base import same_for_all

pytestmark = pytest.mark.django_db


def some_weeks_ahead() -> datetime:
    """Views use the real clock. A day that is a working day, so that nothing has to be confirmed."""
    day = timezone.localdate() + timedelta(days=60)
    return local(nth_working_day_after(day, 1, bank_holidays(day, day + timedelta(days=20))), time(10))


FIELDS = {
    **WORDS,
    "discussed": "yes",
    "discussed_on_0": "9",
    "discussed_on_1": "3",
    "discussed_on_2": "2026",
    "spoke_directly": "yes",
}


@pytest.fixture
def conference(cast):
    """Far ahead, so that its reports are not late by the clock on the wall."""
    return make_conference(cast, at=some_weeks_ahead(), now=timezone.now())


@pytest.fixture
def minute_taker(cast, conference):
    with acting_as(cast.chair.pk):
        Assignment.objects.create(
            conference=conference, user=cast.minute_taker, role="minute_taker", since=NOW, given_by=cast.chair
        )
    return cast.minute_taker


def page(name, *args):
    return reverse(f"conferences:{name}", args=[getattr(one, "pk", one) for one in args])


def events(**wanted) -> list[AccessEvent]:
    with acting_as_job("tests"):
        return list(AccessEvent.objects.filter(**wanted).order_by("at"))


# Those who prepare


def test_the_list_says_in_words_how_each_report_stands(client, sign_in, cast, conference):
    with acting_as(cast.chair.pk):
        Conference.objects.update(scheduled_at=NOW.replace(day=23))
    make_professional(conference, "Nobody Asked")
    ask(conference, make_professional(conference, "Still Waiting"), email=cast.health_visitor.email)
    with acting_as(cast.chair.pk):
        conference.refresh_from_db()
    late = hand_in(ask(conference, make_professional(conference, "Came Late")), now=NOW.replace(day=20))
    assert late.due_on == date(2026, 3, 18)
    sign_in(client, cast.chair)
    shown = " ".join(re.sub(r"<[^>]+>", " ", client.get(page("reports", conference)).content.decode()).split())
    for words in (
        "Nobody Asked School or college, Example Lane School Not asked yet",
        "Due 18 March 2026 Received on 20 March 2026 Late, by 2 working days",
        "Discussed on 9 March 2026 Spoke to them directly",
        "The family saw a report late",
    ):
        assert words in shown, words
    assert "SEALED-MARKER" not in shown


def test_the_list_costs_the_same_for_one_and_three(client, sign_in, cast, conference, keeps_one_query_count):
    numbers = iter(range(9))
    sign_in(client, cast.chair)

    def add():
        ask(conference, email=f"person{next(numbers)}@far.example.org")

    # Ten of them are the frame's: session, person, whom the transaction speaks for, what lets them in, the access log.
    keeps_one_query_count(add, lambda: client.get(page("reports", conference)), at_most=15)


def test_asking_from_the_page(client, sign_in, cast, conference):
    person = make_professional(conference)
    sign_in(client, cast.chair)
    with acting_as(cast.chair.pk):
        _, second = children_of(conference)
    address = page("ask-for-report", conference, person)
    assert "ChildA2 Example" in client.get(address).content.decode()
    wrong = client.post(address, {"email": "not an address", "children": [str(second.pk)]})
    assert "Enter an e-mail address like" in wrong.content.decode()
    assert "not an address" in wrong.content.decode()
    own = client.post(address, {"email": cast.chair.email, "children": [str(second.pk)]})
    assert "somebody who records this conference" in own.content.decode()
    assert not Message.objects.filter(kind=ASKED).exists()
    assert client.post(address, {"email": "nia@far.example.org", "children": [str(second.pk)]}).status_code == 302
    with acting_as(cast.chair.pk):
        report = AgencyReport.objects.get()
        assert [one.child_id for one in report.children.all()] == [second.pk]
    assert client.post(page("ask-again", conference, report)).status_code == 302
    withdraw = page("withdraw-report", conference, report)
    assert "Stop asking for this report?" in client.get(withdraw).content.decode()
    client.post(withdraw)
    with acting_as(cast.chair.pk):
        assert AgencyReport.objects.get().withdrawn_at
        assert not Assignment.objects.live().filter(role="contributor").exists()


def test_an_e_mail_that_could_not_be_delivered_is_said_to_the_chair(client, sign_in, cast, conference):
    ask(conference)
    Message.objects.filter(kind=ASKED).update(state="failed")
    sign_in(client, cast.chair)
    assert "could not be delivered" in client.get(page("reports", conference)).content.decode()


def test_a_report_from_paper_is_typed_in_by_the_minute_taker(client, sign_in, cast, conference, minute_taker):
    person = make_professional(conference)
    sign_in(client, minute_taker)
    address = page("paper-report", conference, person)
    assert 'name="chair_only"' not in client.get(address).content.decode()
    with acting_as(cast.chair.pk):
        children = [str(child.pk) for child in children_of(conference)]
    fields = FIELDS | {"children": children, "received_on_0": "6", "received_on_1": "3", "received_on_2": "2126"}
    refused = client.post(address, fields)
    assert "today or earlier" in refused.content.decode()
    assert WORDS["facts"] in refused.content.decode()
    assert client.post(address, fields | {"received_on_2": "2026"}).status_code == 302
    shown = client.get(page("reports", conference)).content.decode()
    assert "typed in by Mina Cole" in shown
    with acting_as(cast.chair.pk):
        assert not ReportPart.objects.filter(kind="chair_only").exists()
    assert WORDS["facts"] in client.get(address).content.decode()


def test_the_manager_asks_but_types_in_nothing(client, sign_in, cast, conference):
    person = make_professional(conference)
    sign_in(client, cast.manager)
    assert client.get(page("ask-for-report", conference, person)).status_code == 200
    assert client.get(page("paper-report", conference, person)).status_code == 404


def test_what_is_for_the_chair_alone_is_on_the_chairs_page_alone(client, sign_in, cast, conference, minute_taker):
    report = hand_in(ask(conference))
    for person in (minute_taker, cast.manager):
        sign_in(client, person)
        shown = client.get(page("report", conference, report)).content.decode()
        assert WORDS["facts"] in shown
        assert "SEALED-MARKER" not in shown and "For the chair only" not in shown
    sign_in(client, cast.chair)
    assert "SEALED-MARKER" in client.get(page("report", conference, report)).content.decode()
    (seen,) = events(action="view", object_id=str(report.pk), user_id=cast.chair.pk)
    assert (seen.conference_id, seen.role) == (conference.pk, "chair")


def test_a_draft_is_nobody_elses_to_read(client, sign_in, cast, conference):
    report = ask(conference)
    write(report)
    sign_in(client, cast.chair)
    assert WORDS["facts"] not in client.get(page("report", conference, report)).content.decode()
    assert WORDS["facts"] not in client.get(page("report-pack", conference)).content.decode()


def test_behaviour_11_late_reports_ask_what_the_family_chose(client, sign_in, cast, conference):
    hand_in(ask(conference))
    sign_in(client, cast.chair)
    address = page("reports", conference)
    assert "The family saw a report late" not in client.get(address).content.decode()
    with acting_as(cast.chair.pk):
        AgencyReport.objects.update(due_on=date(2026, 3, 6))
    assert "The family saw a report late" in client.get(address).content.decode()
    assert "Write a sentence" in client.post(address, {"words": " "}).content.decode()
    assert client.post(address, {"words": "They want to go on."}).status_code == 302
    with acting_as(cast.chair.pk):
        assert Explanation.objects.get(kind=Reason.LATE_REPORTS).words == "They want to go on."


def test_the_next_teams_chair_finds_no_page_and_a_report_of_another_conference_is_none_here(
    client, sign_in, cast, conference
):
    other = make_conference(cast, chair=cast.neighbour, ids="B", at=some_weeks_ahead(), now=timezone.now())
    person, report = make_professional(conference), ask(conference)
    far = hand_in(ask(other))
    sign_in(client, cast.neighbour)
    for name, *about in (
        ("reports", conference),
        ("report-pack", conference),
        ("ask-for-report", conference, person),
        ("report", conference, report),
        ("report", other, report),
        ("withdraw-report", other, report),
        ("ask-for-report", other, person),
    ):
        assert client.get(page(name, *about)).status_code == 404, name
    assert client.get(page("report", other, far)).status_code == 200
    assert len(events(action="denied", user_id=cast.neighbour.pk)) == 7


# The pack


def test_the_pack_holds_what_was_received_without_the_chairs_part_and_is_written_down(
    client, sign_in, cast, conference, minute_taker
):
    one = hand_in(ask(conference))
    ask(conference, email=cast.health_visitor.email)
    sign_in(client, cast.chair)
    shown = client.get(page("report-pack", conference)).content.decode()
    assert WORDS["worries"] in shown and "1 report." in shown and "SEALED-MARKER" not in shown
    file = client.get(page("report-pack-file", conference))
    assert file["Content-Type"] == "application/pdf"
    assert file["Content-Disposition"] == 'attachment; filename="reports.pdf"'
    assert b"SEALED" not in file.content
    downloads = events(action="download", conference_id=conference.pk)
    assert [event.sections for event in downloads] == [[one.pk], [one.pk]]


def test_the_pack_needs_a_recent_confirmation_and_is_not_for_emergency_reading(client, sign_in, cast, conference):
    sign_in(client, cast.chair)
    session = client.session
    session["account_authentication_methods"] = [
        record | {"at": record["at"] - 3600} for record in session["account_authentication_methods"]
    ]
    session.save()
    for name in ("report-pack", "report-pack-file"):
        answer = client.get(page(name, conference))
        assert answer.status_code == 302 and "reauthenticate" in answer.url
    assert not events(action="download")


# Contributors


def test_a_contributor_reads_the_names_and_files(client, sign_in, cast, conference):
    report = ask(conference)
    sign_in(client, cast.teacher)
    assert "ChildA1 Example" in client.get(page("my-reports")).content.decode()
    shown = client.get(page("file-report", report)).content.decode()
    assert "ChildA1 Example" in shown and "ChildA2" not in shown
    answer = client.post(page("file-report", report), FIELDS | {"version": "1"})
    assert answer.url == page("check-report", report)
    check = client.get(answer.url).content.decode()
    assert WORDS["chair_only"] in check
    version = re.search(r'name="version" value="(\d+)"', check)[1]
    assert client.post(answer.url, {"version": version}).url == page("my-reports")
    assert "Filed on" in client.get(page("my-reports")).content.decode()
    seen = events(user_id=cast.teacher.pk, conference_id=conference.pk, object_id=str(report.pk))
    assert len(seen) >= 4 and {event.role for event in seen} == {"contributor"}
    with acting_as(cast.chair.pk):
        assert AgencyReport.objects.get().received_at


def test_anothers_report_and_another_childs_id_are_a_404_identical_to_a_made_up_id_yet_logged(
    client, sign_in, cast, conference
):
    other = make_conference(cast, chair=cast.neighbour, ids="B", at=some_weeks_ahead(), now=timezone.now())
    ask(conference)
    beside, far = ask(conference, email=cast.health_visitor.email), ask(other, email="far@example.org")
    sign_in(client, cast.teacher)
    client.get(page("my-reports"))
    with acting_as(cast.chair.pk):
        sibling = children_of(conference)[1]
    made_up = uuid.uuid4()
    wanted = same_for_all(client.get(page("file-report", made_up)), made_up)
    for thing in (beside, far, sibling):
        answer = client.get(page("file-report", thing))
        assert answer.status_code == 404
        assert same_for_all(answer, thing.pk) == wanted
        assert client.post(page("file-report", thing), FIELDS | {"version": "1"}).status_code == 404
    for name in ("conference", "reports", "report-pack"):
        assert client.get(page(name, conference)).status_code == 404
    assert client.get(page("report", conference, beside)).status_code == 404
    denied = {event.object_id for event in events(action="denied", user_id=cast.teacher.pk)}
    assert {str(beside.pk), str(far.pk), str(sibling.pk), str(made_up)} <= denied


def test_a_stale_tab_gets_both_texts_and_nothing_is_lost(client, sign_in, cast, conference):
    report = ask(conference)
    write(report, Answers(words={"facts": "Kept <b>first</b>."}))
    sign_in(client, cast.teacher)
    answer = client.post(page("file-report", report), FIELDS | {"version": "1"})
    shown = answer.content.decode()
    assert answer.status_code == 409
    assert "Kept &lt;b&gt;first&lt;/b&gt;." in shown and WORDS["facts"] in shown
    with acting_as(cast.teacher.pk):
        assert ReportPart.objects.get().words == "Kept <b>first</b>."
    merged = client.post(page("file-report", report), FIELDS | {"version": "2", "draft": ""})
    assert merged.status_code == 302


def test_a_stale_check_page_files_nothing(client, sign_in, cast, conference):
    report = ask(conference)
    write(report, FULL)
    sign_in(client, cast.teacher)
    for version in ("1", "x", "9" * 30, ""):
        answer = client.post(page("check-report", report), {"version": version})
        assert answer.status_code == 409 and "Check it once more" in answer.content.decode()
    with acting_as(cast.teacher.pk):
        assert AgencyReport.objects.get().received_at is None


def test_behaviour_40_too_much_and_hidden_characters_are_refused_and_kept_on_the_page(
    client, sign_in, cast, conference
):
    report = ask(conference)
    sign_in(client, cast.teacher)
    long = "س" * 50_000
    assert client.post(page("file-report", report), FIELDS | {"version": "1", "facts": long}).status_code == 302
    for words, said in ((long + "y", "must be 50,000 characters or fewer"), ("a\x00b", "hidden character")):
        answer = client.post(page("file-report", report), FIELDS | {"version": "2", "facts": words})
        assert answer.status_code == 200
        assert said in answer.content.decode()
        assert words.replace("\x00", "") in answer.content.decode().replace("\x00", "")
    with acting_as(cast.teacher.pk):
        assert ReportPart.objects.get(kind="facts").words == long
    odd = "<script>alert(1)</script> 🌧 مرحبا"
    client.post(page("file-report", report), FIELDS | {"version": "2", "facts": odd})
    shown = client.get(page("check-report", report)).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt; 🌧 مرحبا" in shown and "<script>alert" not in shown


def test_missing_answers_are_named_on_the_check_page_and_lead_back(client, sign_in, cast, conference):
    report = ask(conference)
    sign_in(client, cast.teacher)
    client.post(page("file-report", report), {"version": "1", "facts": "Something."})
    shown = client.get(page("check-report", report)).content.decode()
    assert f'href="{page("file-report", report)}#id_strengths"' in shown
    assert "File the report" not in shown
    assert "Say whether you spoke to the family directly." in shown


def test_once_held_the_page_shows_the_report_and_takes_nothing(client, sign_in, cast, conference):
    report = hand_in(ask(conference))
    with acting_as(cast.chair.pk):
        Conference.objects.update(held_on=date(2026, 3, 23))
    sign_in(client, cast.teacher)
    shown = client.get(page("file-report", report)).content.decode()
    assert "has been held" in shown and "<textarea" not in shown
    late = client.post(page("file-report", report), FIELDS | {"version": str(report.version), "facts": "New"})
    assert "held or cancelled" in late.content.decode() and ">\nNew</textarea>" in late.content.decode()
    assert client.get(page("check-report", report)).status_code == 302


def test_practitioners_without_a_part_in_conferences_find_nothing(client, sign_in, cast, conference):
    report = ask(conference)
    sign_in(client, make_person("Ada Okafor", "ada@mill-lane.example.org", cast.school))
    for address in (page("my-reports"), page("file-report", report), page("reports", conference)):
        assert client.get(address).status_code == 404


def test_what_is_typed_is_saved_by_itself_and_says_why_when_it_is_not(client, sign_in, cast, conference):
    report = ask(conference)
    sign_in(client, cast.teacher)
    asks = {"headers": {"Accept": "application/json"}}
    address = page("file-report", report)
    half_typed = FIELDS | {"version": "1", "discussed_on_2": "20", "discussed_on_1": ""}
    saved = client.post(address, half_typed, **asks)
    assert saved.json().keys() == {"version", "at"}
    with acting_as(cast.teacher.pk):
        kept = AgencyReport.objects.get()
        assert (kept.version, kept.discussed_on, ReportPart.objects.count()) == (2, None, len(WORDS))
    again = client.post(address, half_typed | {"version": "2"}, **asks)
    assert again.json()["version"] == 2
    assert client.post(address, half_typed | {"version": "1", "facts": "x"}, **asks).status_code == 409
    refused = client.post(address, half_typed | {"version": "2", "facts": "a\x00"}, **asks)
    assert (refused.status_code, list(refused.json())) == (400, ["why"])
    assert "SEALED" not in saved.content.decode() + refused.content.decode()
