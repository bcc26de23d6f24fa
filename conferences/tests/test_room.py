"""The room: parts, breaks, who is there, who is kept out, how each child takes part."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from chatr.database.acting import acting_as

from ..models import (
    Attendance,
    Attending,
    Break,
    Conference,
    ExclusionGround,
    Participation,
    ParticipationCode,
    SafetyFlag,
    State,
)
from ..operations.room import (
    CannotRecord,
    begin_part,
    end_break,
    end_part,
    exclude,
    mark_attendance,
    set_participation,
    start_break,
)
from .making import NOW, make_professional, make_relative

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(minutes=20)
OUT = {"ground": ExclusionGround.CONFLICT, "minimum_minutes": 30, "views_obtained": "By telephone, before."}


@pytest.fixture
def acting(cast, conference):
    with acting_as(cast.chair.pk):
        yield cast


@pytest.fixture
def chair(client, sign_in, cast):
    sign_in(client, cast.chair)
    return client


def room(conference, name="room", *ids) -> str:
    return reverse(f"conferences:{name}", args=[conference.pk, *ids])


def the_part(conference):
    with acting_as(conference.chair.pk):
        return conference.parts.get()


def statuses(conference) -> dict[str, str]:
    with acting_as(conference.chair.pk):
        return {row.person.name: row.status for row in Attendance.objects.select_related("person")}


# Parts


def test_with_its_first_part_a_conference_is_held_and_recorded(acting, conference):
    begin_part(part=conference.parts.get(), by=acting.chair, now=NOW)
    conference.refresh_from_db()
    assert (conference.state, conference.held_on) == (State.DRAFT, NOW.date())


def test_a_part_that_begins_ends_the_one_before_with_its_break(acting, conference):
    first = conference.parts.get()
    second = conference.parts.create(number=2, starts_at=first.ends_at, ends_at=first.ends_at + timedelta(hours=1))
    begin_part(part=first, by=acting.chair, now=NOW)
    start_break(conference=conference, by=acting.chair, now=NOW)
    begin_part(part=second, by=acting.chair, now=LATER)
    first.refresh_from_db()
    assert first.ended_at == LATER
    assert Break.objects.get().ended_at == LATER
    with pytest.raises(CannotRecord, match="begun already"):
        begin_part(part=second, by=acting.chair, now=LATER)
    end_part(part=second, by=acting.chair, now=LATER)
    with pytest.raises(CannotRecord, match="not going on"):
        end_part(part=second, by=acting.chair, now=LATER)


def test_a_conference_does_not_begin_at_a_weekend(acting, conference):
    with pytest.raises(CannotRecord, match="not held at a weekend"):
        begin_part(part=conference.parts.get(), by=acting.chair, now=NOW - timedelta(days=2))
    assert conference.parts.get().began_at is None


# Breaks


def test_there_is_one_break_at_a_time_and_only_while_the_meeting_goes_on(acting, conference):
    with pytest.raises(CannotRecord, match="Begin a part"):
        start_break(conference=conference, by=acting.chair, now=NOW)
    begin_part(part=conference.parts.get(), by=acting.chair, now=NOW)
    start_break(conference=conference, by=acting.chair, now=NOW)
    with pytest.raises(CannotRecord, match="a break already"):
        start_break(conference=conference, by=acting.chair, now=NOW)
    end_break(conference=conference, by=acting.chair, now=LATER)
    with pytest.raises(CannotRecord, match="over already"):
        end_break(conference=conference, by=acting.chair, now=LATER)
    assert Break.objects.count() == 1


def test_behaviour_28_a_break_is_started_and_ended_by_one_press_each(chair, cast, conference):
    rosa, part = make_relative(conference), the_part(conference)
    chair.post(room(conference), {"part": part.pk, "act": "begin"})
    chair.post(room(conference, "take-break"), {"act": "start", "asked_by": rosa.pk})
    page = chair.get(room(conference)).content.decode()
    assert "Rosa Example asked for it." in page
    assert "Nothing is discussed until everybody is back." in page
    chair.post(room(conference, "take-break"), {"act": "end"})
    with acting_as(cast.chair.pk):
        pause = Break.objects.get()
        assert pause.ended_at
        assert pause.asked_by == rosa


# Who is there


def test_one_press_says_whether_a_person_is_there(chair, conference):
    rosa, part = make_relative(conference), the_part(conference)
    answer = chair.post(room(conference), {"part": part.pk, "person": rosa.pk, "status": "present"})
    assert answer["Location"] == f"{room(conference)}?part=1#person-{rosa.pk}"
    assert statuses(conference) == {"Rosa Example": "present"}
    chair.post(room(conference), {"part": part.pk, "person": rosa.pk, "status": "apologies"})
    assert statuses(conference) == {"Rosa Example": "apologies"}


@pytest.mark.parametrize("status", ["excluded", "gone", ""])
def test_a_made_up_press_changes_nothing_and_says_what_to_do(chair, conference, status):
    rosa, part = make_relative(conference), the_part(conference)
    answer = chair.post(room(conference), {"part": part.pk, "person": rosa.pk, "status": status})
    assert "Press one of the buttons" in answer.content.decode()
    assert statuses(conference) == {}


def test_behaviour_24_two_who_must_not_meet_are_never_both_present_in_one_part(acting, conference):
    rosa, dan = make_relative(conference), make_relative(conference, "Dan Example")
    SafetyFlag.objects.create(
        conference=conference, person_a=dan, person_b=rosa, kind="not_together", reason="An order of the court."
    )
    part = conference.parts.get()
    mark_attendance(part=part, person=rosa, status=Attending.PRESENT, by=acting.chair, now=NOW)
    with pytest.raises(CannotRecord, match="must not be in one part") as refusal:
        mark_attendance(part=part, person=dan, status=Attending.PRESENT, by=acting.chair, now=NOW)
    assert "Rosa" not in str(refusal.value)
    other = conference.parts.create(number=2, starts_at=part.ends_at, ends_at=part.ends_at + timedelta(hours=1))
    mark_attendance(part=other, person=dan, status=Attending.PRESENT, by=acting.chair, now=NOW)


# Who is kept out


@pytest.mark.parametrize(
    ("missing", "field"), [({"views_obtained": " "}, "views_obtained"), ({"ground": ""}, "ground")]
)
def test_behaviour_25_an_exclusion_needs_its_ground_and_how_the_person_was_heard(acting, conference, missing, field):
    rosa, part = make_relative(conference), conference.parts.get()
    with pytest.raises(CannotRecord) as refusal:
        exclude(part=part, person=rosa, **OUT | missing, by=acting.chair, now=NOW)
    assert refusal.value.field == field
    assert not Attendance.objects.exists()


def test_behaviour_25_the_database_refuses_an_exclusion_without_duration(acting, conference):
    rosa, part = make_relative(conference), conference.parts.get()
    with pytest.raises(DatabaseError), transaction.atomic():
        Attendance.objects.create(
            conference=conference, part=part, person=rosa, status="excluded", ground="conflict", views_obtained="Heard."
        )


def test_behaviour_25_the_form_asks_for_ground_minimum_duration_and_views_and_keeps_what_was_typed(chair, conference):
    rosa, part = make_relative(conference), the_part(conference)
    address = room(conference, "exclude", part.pk, rosa.pk)
    page = chair.post(address, {"views_obtained": "By letter.", "minimum_minutes": "0"}).content.decode()
    assert "Enter at least 1 minute" in page
    assert "Choose why they are kept out of this part" in page
    assert "By letter." in page
    assert statuses(conference) == {}
    assert chair.post(address, OUT).status_code == 302
    page = chair.get(room(conference)).content.decode()
    assert "At least 30 minutes." in page
    assert "By telephone, before." in page


def test_keeping_somebody_out_and_letting_them_in_again_is_the_chairs_alone(client, sign_in, cast, conference):
    rosa, part = make_relative(conference), the_part(conference)
    with acting_as(cast.chair.pk):
        conference.assignments.create(user=cast.minute_taker, role="minute_taker", since=NOW, given_by=cast.chair)
        exclude(part=part, person=rosa, **OUT, by=cast.chair, now=NOW)
    sign_in(client, cast.minute_taker)
    assert client.get(room(conference, "exclude", part.pk, rosa.pk)).status_code == 404
    assert client.post(room(conference, "exclude", part.pk, rosa.pk), OUT).status_code == 404
    answer = client.post(room(conference), {"part": part.pk, "person": rosa.pk, "status": "present"})
    assert "Only the chair lets them in again." in answer.content.decode()
    assert statuses(conference) == {"Rosa Example": "excluded"}
    sign_in(client, cast.chair)
    client.post(room(conference), {"part": part.pk, "person": rosa.pk, "status": "present"})
    assert statuses(conference) == {"Rosa Example": "present"}


# How each child takes part


@pytest.mark.parametrize("code", [ParticipationCode.PN0, ParticipationCode.PN7])
def test_behaviour_21_a_child_who_was_not_heard_needs_what_is_done_next(acting, conference, code):
    child = conference.children.first()
    words = {"how": "", "by_whom": "", "by": acting.chair, "now": NOW}
    with pytest.raises(CannotRecord, match="what is done next") as refusal:
        set_participation(child=child, code=code, next_step=" ", **words)
    assert refusal.value.field == "next_step"
    set_participation(child=child, code=code, next_step="The advocate visits on Friday.", **words)
    set_participation(child=child, code=ParticipationCode.PN1, next_step="", **words)
    assert Participation.objects.get().code == "PN1"


def test_how_a_child_takes_part_is_written_down_on_a_page_of_its_own(chair, conference):
    with acting_as(conference.chair.pk):
        child = conference.children.order_by("position").first()
    address = room(conference, "take-part", child.pk)
    assert "How ChildA1 Example takes part" in chair.get(address).content.decode()
    answer = chair.post(address, {"code": "PN2", "how": "A quiet room.", "by_whom": "Their advocate.", "next_step": ""})
    assert answer["Location"] == room(conference) + "#taking-part"
    assert "Attended, an advocate spoke for them" in chair.get(room(conference)).content.decode()


# Quorum


def test_behaviour_20_the_room_counts_the_quorum_and_the_chair_may_go_ahead_with_reasons(chair, cast, conference):
    sam = make_professional(conference, "Sam Example", "social_care")
    pat, part = make_professional(conference), the_part(conference)
    for person in (sam, pat):
        chair.post(room(conference), {"part": part.pk, "person": person.pk, "status": "present"})
    page = chair.get(room(conference)).content.decode()
    assert "No quorum yet" in page
    assert "one more agency with direct contact with the child" in page
    address = room(conference, "settle-quorum")
    refused = chair.post(address, {"grounds": ["delay_harms"], "reason": "Waiting harms."}).content.decode()
    assert "Waiting harms." in refused
    whole = {"grounds": ["delay_harms"], "reason": "Waiting harms.", "interim_plan": "Nan stays with them."}
    assert chair.post(address, whole).status_code == 302
    with acting_as(cast.chair.pk):
        conference.refresh_from_db()
        assert conference.quorate is False
    hana = make_professional(conference, "Hana Example", "health_visitor")
    chair.post(room(conference), {"part": part.pk, "person": hana.pk, "status": "present"})
    assert ">Quorate<" in chair.get(room(conference)).content.decode()
    with acting_as(cast.chair.pk):
        conference.refresh_from_db()
        assert (conference.quorate, conference.inquorate_grounds) == (True, [])


# Who


def test_the_next_teams_chair_finds_no_room(client, sign_in, cast, conference):
    rosa, part = make_relative(conference), the_part(conference)
    sign_in(client, cast.neighbour)
    assert client.get(room(conference)).status_code == 404
    assert client.post(room(conference), {"part": part.pk, "act": "begin"}).status_code == 404
    assert client.post(room(conference, "exclude", part.pk, rosa.pk), OUT).status_code == 404
    assert client.post(room(conference, "take-break"), {"act": "start"}).status_code == 404
    assert statuses(conference) == {}


@pytest.mark.parametrize("made_up", ["", "x", "11111111-1111-1111-1111-111111111111"])
def test_a_made_up_part_is_not_found(chair, conference, made_up):
    assert chair.post(room(conference), {"part": made_up, "act": "begin"}).status_code == 404


def test_a_closed_conference_leads_back_to_its_overview(chair, cast, conference):
    with acting_as(cast.chair.pk):
        Conference.objects.filter(pk=conference.pk).update(state=State.CANCELLED)
    answer = chair.get(room(conference))
    assert answer["Location"] == reverse("conferences:conference", args=[conference.pk])


def test_the_room_takes_as_many_queries_with_many_people_as_with_one(chair, conference, keeps_one_query_count):
    part = the_part(conference)

    def add():
        person = make_professional(conference, f"Person {timezone.now()} Example", had_direct_contact=False)
        with acting_as(conference.chair.pk):
            mark_attendance(part=part, person=person, status="present", by=conference.chair, now=NOW)

    keeps_one_query_count(add, lambda: chair.get(room(conference)), at_most=19)


def test_a_child_is_not_kept_out_of_a_part(chair, conference, cast):
    part = the_part(conference)
    with acting_as(cast.chair.pk):
        child = conference.people.filter(kind="child").first()
    answer = chair.post(room(conference, "exclude", part.pk, child.pk), OUT)
    assert "A child is not kept out." in answer.content.decode()
    assert "By telephone, before." in answer.content.decode()
    with acting_as(cast.chair.pk):
        assert not Attendance.objects.filter(person=child).exists()
