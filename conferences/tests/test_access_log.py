"""The log of what was read: written first, never changed, checked from end to end, and readable."""

import re
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from chatr.database.acting import acting_as, acting_as_job

from ..models import AccessEvent, AgencyReport, AssignmentRole
from ..operations.access_log import record_access
from ..queries import access_log
from .attacking import let_in
from .making import make_conference, make_professional

pytestmark = pytest.mark.django_db


def verify() -> str:
    out = StringIO()
    try:
        call_command("verify_access_log", stdout=out)
    except CommandError as refusal:
        return out.getvalue() + str(refusal)
    return out.getvalue()


def log(person, conference, action="view", times=1, thing="conference"):
    with acting_as(person.pk):
        for _ in range(times):
            record_access(action, conference_id=conference.pk, object_type=thing)


@pytest.fixture
def tamper(as_owner):
    """``tamper(sql, *values)``: what only the owner of the tables can do, with the trigger that refuses it off."""

    def run(sql, *values):
        with as_owner(), connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; ALTER TABLE conferences_accessevent DISABLE TRIGGER USER")
            cursor.execute(sql, values)
            cursor.execute("ALTER TABLE conferences_accessevent ENABLE TRIGGER USER")

    return run


# The chain


def test_each_entry_carries_the_hash_of_the_one_before_and_every_chain_holds(cast, conference):
    log(cast.chair, conference, times=3)
    log(cast.neighbour, conference, "denied")
    with acting_as_job("tests"):
        found = list(AccessEvent.objects.filter(chain=conference.pk).order_by("number"))
    assert [event.number for event in found] == [1, 2, 3]
    assert [event.previous_hash for event in found] == ["", found[0].hash, found[1].hash]
    assert verify() == "4 entries in 2 chains\nEvery chain holds.\n"


@pytest.mark.parametrize(
    ("sql", "problem"),
    [
        ("UPDATE conferences_accessevent SET user_id = gen_random_uuid() WHERE number = 2", "entry 2: it was changed"),
        ("UPDATE conferences_accessevent SET action = 'search' WHERE number = 2", "entry 2: it was changed"),
        ("UPDATE conferences_accessevent SET at = at - interval '1 day' WHERE number = 2", "entry 2: it was changed"),
        ("DELETE FROM conferences_accessevent WHERE number = 2", "entry 3: an entry before it is missing"),
        ("DELETE FROM conferences_accessevent WHERE number = 1", "entry 2: an entry before it is missing"),
        ("DELETE FROM conferences_accessevent WHERE number > 2", "entry 4: the last entries are missing"),
        ("DELETE FROM conferences_accessevent", "entry 4: the last entries are missing"),
        ("DELETE FROM conferences_accesschain", "entry 4: its end is not written down"),
        (
            "UPDATE conferences_accesschain SET number = 3, hash = (SELECT hash FROM conferences_accessevent"
            " WHERE number = 3)",
            "entry 4: its end is not written down",
        ),
        (
            "UPDATE conferences_accessevent SET number = number + 100 WHERE number IN (2, 3);"
            " UPDATE conferences_accessevent SET number = 105 - number WHERE number > 100",
            "entry 2: it does not follow the entry before it",
        ),
        (
            "UPDATE conferences_accessevent SET object_type = 'conferenc', object_id = 'e' || object_id"
            " WHERE number = 2",
            "entry 2: it was changed",
        ),
    ],
)
def test_what_the_owner_of_the_tables_changes_is_found(cast, conference, tamper, sql, problem):
    log(cast.chair, conference, times=4)
    tamper(sql)
    said = verify()
    assert f"chain {conference.pk}, {problem}" in said
    assert said.endswith("1 chain does not hold.")


def test_an_entry_put_in_is_found(cast, conference, tamper):
    log(cast.chair, conference, times=2)
    tamper(
        "INSERT INTO conferences_accessevent SELECT gen_random_uuid(), chain, 3, at, user_id, conference_id,"
        " assignment_id, role, action, object_type, object_id, sections, request_id, address, hash, hash"
        " FROM conferences_accessevent WHERE number = 2"
    )
    assert "entry 3: it was changed" in verify()


def test_only_the_job_that_looks_is_told_of_broken_chains(cast, conference, tamper):
    log(cast.chair, conference, times=2)
    tamper("DELETE FROM conferences_accessevent WHERE number = 1")
    with acting_as(cast.neighbour.pk), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM broken_access_chains()")
        assert cursor.fetchall() == []


@pytest.mark.django_db(transaction=True)
def test_eight_people_reading_one_conference_at_once_leave_one_whole_chain(cast, conference, sign_in, run_threads):
    url = reverse("conferences:conference", args=[conference.pk])
    clients = [sign_in(Client(), who) for who in (cast.chair, cast.manager) for _ in range(4)]
    answers = run_threads([lambda client=client: [client.get(url).status_code for _ in range(4)] for client in clients])
    assert answers == [[200] * 4] * 8
    with acting_as_job("tests"):
        numbers = AccessEvent.objects.filter(chain=conference.pk).order_by("number").values_list("number", flat=True)
        assert list(numbers) == list(range(1, 33))
    assert "Every chain holds." in verify()


# Written first


def test_what_cannot_be_written_down_is_not_shown(client, sign_in, cast, conference, as_owner):
    sign_in(client, cast.chair)
    client.raise_request_exception = False
    url = reverse("conferences:conference", args=[conference.pk])
    assert client.get(url).status_code == 200
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA conferences FROM PUBLIC")
        cursor.execute(
            "GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA conferences TO portal_app;"
            " REVOKE EXECUTE ON FUNCTION log_access FROM portal_app"
        )
    answer = client.get(url)
    assert answer.status_code == 500
    assert b"Initial conference" not in answer.content


def test_nothing_is_written_down_on_nobodys_behalf(conference):
    with pytest.raises(DatabaseError), transaction.atomic():
        record_access("view", conference_id=conference.pk)


def test_a_refused_try_is_written_down_though_its_request_was_undone(client, sign_in, cast, conference):
    sign_in(client, cast.neighbour)
    assert client.get(reverse("conferences:access-log", args=[conference.pk])).status_code == 404
    with acting_as_job("tests"):
        event = AccessEvent.objects.get(conference_id=conference.pk)
    assert (event.action, event.user_id, event.role) == ("denied", cast.neighbour.pk, "")
    assert event.chain == cast.neighbour.pk  # so that a stranger waits for no chain but their own


def test_the_log_names_the_role_that_let_them_in(cast, conference):
    with acting_as(cast.manager.pk):
        let_in(conference, cast.teacher, AssignmentRole.CONTRIBUTOR, cast.manager)
    for person in (cast.chair, cast.manager, cast.teacher, cast.colleague):
        log(person, conference)
    with acting_as_job("tests"):
        roles = dict(AccessEvent.objects.values_list("user_id", "role"))
    assert roles == {
        cast.chair.pk: "chair",
        cast.manager.pk: "manager",
        cast.teacher.pk: "contributor",
        cast.colleague.pk: "",
    }


# Who has seen this record


def page_of(client, conference, name="access-log", **query) -> str:
    answer = client.get(reverse(f"conferences:{name}", args=[conference.pk]), query)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


def test_chair_and_manager_see_who_has_seen_the_record_newest_first(client, sign_in, cast, conference):
    log(cast.chair, conference)
    log(cast.neighbour, conference, "denied")
    for person in (cast.chair, cast.manager):
        sign_in(client, person)
        page = page_of(client, conference)
        assert "Cleo Hart" in page
        assert "Opened: the overview" in page
        assert page.index("Opened: who has seen this record" if person == cast.manager else "Nora Finch") < page.index(
            "Opened: the overview"
        )
        assert re.search(r"Nora Finch</td> <td[^>]*>No part in this conference</td> <td[^>]*>Was refused", page)


def test_looking_at_the_log_is_itself_written_down(client, sign_in, cast, conference):
    sign_in(client, cast.manager)
    page_of(client, conference)
    with acting_as_job("tests"):
        event = AccessEvent.objects.get(chain=conference.pk)
    assert (event.user_id, event.role, event.object_type) == (cast.manager.pk, "manager", "access-log")


@pytest.mark.parametrize("who", ["minute_taker", "teacher", "neighbour", "next_manager", "colleague"])
@pytest.mark.parametrize("name", ["access-log", "access-answer"])
def test_nobody_else_sees_the_log(client, sign_in, cast, conference, who, name):
    with acting_as(cast.chair.pk):
        let_in(conference, cast.minute_taker, AssignmentRole.MINUTE_TAKER, cast.chair)
        let_in(conference, cast.teacher, AssignmentRole.CONTRIBUTOR, cast.chair)
    sign_in(client, getattr(cast, who))
    assert client.get(reverse(f"conferences:{name}", args=[conference.pk])).status_code == 404


def test_the_log_of_one_conference_holds_nothing_of_another(client, sign_in, cast, conference):
    other = make_conference(cast, ids="C")
    log(cast.colleague, other, "denied")
    sign_in(client, cast.chair)
    assert "Dev Shah" not in page_of(client, conference)


def test_the_log_is_shown_for_one_person_when_asked_and_in_pages(client, sign_in, cast, conference):
    log(cast.manager, conference, times=60)
    log(cast.colleague, conference, "denied")
    sign_in(client, cast.chair)
    first = page_of(client, conference)
    assert first.count("Max Lund</td>") == 49
    assert "Page 1 of 2" in first
    assert page_of(client, conference, page=2).count("Max Lund</td>") == 12
    only = page_of(client, conference, person=cast.colleague.pk)
    assert "Dev Shah</td>" in only
    assert "Max Lund</td>" not in only


def test_an_unknown_person_in_the_address_shows_everybody(client, sign_in, cast, conference):
    sign_in(client, cast.chair)
    log(cast.manager, conference)
    for odd in (cast.neighbour.pk, "x", "'"):
        assert "Max Lund</td>" in page_of(client, conference, person=odd)


def test_what_is_unusual_is_marked(cast, conference, monkeypatch):
    monkeypatch.setattr(access_log, "MANY_RECORDS", 1)
    other = make_conference(cast, ids="C")
    log(cast.chair, conference)
    log(cast.chair, other)
    log(cast.chair, conference, times=2)
    with acting_as(cast.chair.pk):
        found = list(access_log.with_activity(access_log.entries(conference)))
        assert [event.records for event in found] == [2, 2, 1]
        for event in found:
            event.at = event.at.replace(hour=12)
        found[2].at = found[2].at.replace(hour=3)
        marks = [line.marks for line in access_log.lines(found, {})]
    assert marks == [["2 records within an hour"], ["2 records within an hour"], ["Outside 7am to 8pm"]]


def test_how_much_a_colleague_reads_is_shown_to_those_who_see_the_entry_alone(cast, conference):
    log(cast.chair, conference)
    with acting_as_job("tests"):
        entry = AccessEvent.objects.get(chain=conference.pk)
    for person, count in ((cast.manager, 1), (cast.neighbour, 0), (cast.colleague, 0)):
        with acting_as(person.pk), connection.cursor() as cursor:
            cursor.execute("SELECT records_opened_in_the_hour_before(%s)", [entry.pk])
            assert cursor.fetchone() == (count,)


def test_every_action_and_page_has_plain_words(cast, conference):
    event = AccessEvent(action="download", object_type="report-pack")
    assert access_log.what_in_words(event) == "Downloaded: report pack"
    assert access_log.what_in_words(AccessEvent(action="denied", object_type="record")) == "Was refused: the record"


def test_the_list_costs_the_same_with_one_entry_and_with_three(
    client, sign_in, cast, conference, keeps_one_query_count
):
    sign_in(client, cast.chair)
    keeps_one_query_count(lambda: log(cast.manager, conference), lambda: page_of(client, conference), at_most=13)


# The answer for a family


def test_a_family_is_told_roles_organisations_and_days_and_no_name(client, sign_in, cast, conference, tamper):
    make_professional(conference)
    with acting_as(cast.chair.pk):
        let_in(conference, cast.teacher, AssignmentRole.CONTRIBUTOR, cast.chair)
        assert not AgencyReport.objects.exists()
    log(cast.chair, conference)
    log(cast.teacher, conference, thing="file-report")
    log(cast.neighbour, conference, "denied")
    sign_in(client, cast.chair)
    page = page_of(client, conference, "access-answer")
    today = timezone.localdate()
    for said in ("Chair</th>", "Mill team", "Agency contributor", "Mill Lane School", f"{today.day} {today:%B}"):
        assert said in page, said
    for name in ("Cleo", "Tess Vale", "Nora", "Canal"):
        assert name not in page, name


def test_each_day_is_named_once(cast, conference, tamper):
    log(cast.chair, conference, times=3)
    tamper("UPDATE conferences_accessevent SET at = at - interval '2 days' WHERE number = 1")
    with acting_as(cast.chair.pk):
        (seen,) = access_log.who_saw(conference)
    today = timezone.localdate()
    assert (seen.role, seen.days) == ("Chair", [today - timedelta(days=2), today])
