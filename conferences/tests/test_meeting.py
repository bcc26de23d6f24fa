"""Planning parts so that nobody meets who must not, the papers of the room, handing over."""

from datetime import date, time, timedelta

import pytest
from django.urls import reverse

from chatr.audit.models import AuditEvent
from chatr.database.acting import acting_as
from chatr.notifications.models import Message
from chatr.workdays.clock import local

from ..models import (
    Assignment,
    AssignmentRole,
    Attendance,
    Attending,
    Conference,
    ConferencePart,
    Explanation,
    SafetyFlag,
    TeamMember,
)
from ..operations.handing_over import CannotHandOver, end_cover, hand_over
from ..operations.meeting import CannotPlan, PartFacts, Seat, add_part, change_part, remove_part, seat_people
from .making import NOW, make_conference, make_professional, make_relative

pytestmark = pytest.mark.django_db

TEN, ELEVEN, NOON = (local(date(2026, 3, 23), time(hour)) for hour in (10, 11, 12))


@pytest.fixture
def apart(cast, conference):
    """Two parents who must not meet."""
    mother, father = make_relative(conference), make_relative(conference, "Dan Example")
    with acting_as(cast.chair.pk):
        SafetyFlag.objects.create(
            conference=conference, person_a=mother, person_b=father, kind="not_together", reason="x"
        )
    return mother, father


def parts_of(conference, count=2, **facts):
    """The conference's parts: the first, and others after it with these facts."""
    chair = conference.chair
    for _ in range(1, count):
        add_part(conference=conference, facts=PartFacts(ELEVEN, NOON, **facts), by=chair, now=NOW)
    return list(conference.parts.order_by("number"))


def seat(part, people, chair, **more):
    seat_people(part=part, seats={one.pk: Seat(True, **more) for one in people}, by=chair, now=NOW)


def test_two_who_must_be_kept_apart_are_not_placed_in_one_part_waiting_area_or_call(cast, conference, apart):
    mother, father = apart
    chair = cast.chair
    with acting_as(chair.pk):
        first, second = parts_of(conference, place="Room 2", waiting_area="Hall", call="https://call.example.org/2")
        with pytest.raises(CannotPlan, match="in the same part"):
            seat(first, apart, chair)
        assert not Attendance.objects.exists()
        seat(first, [mother], chair, waits_in="Hall")
        with pytest.raises(CannotPlan, match="in the same waiting area"):
            seat(second, [father], chair)
        seat(second, [father], chair, waits_in="Garden room")
        seat(second, [father], chair, online=True)
        with pytest.raises(CannotPlan, match="in the same call"):
            seat(first, [mother], chair, online=True)
            change_part(part=first, facts=PartFacts(TEN, ELEVEN, call="https://CALL.example.org/2"), by=chair, now=NOW)
    with acting_as(chair.pk):
        assert {(row.part_id, row.person_id) for row in Attendance.objects.filter(status=Attending.INVITED)} == {
            (first.pk, mother.pk),
            (second.pk, father.pk),
        }


def test_the_same_room_is_shared_only_one_after_the_other(cast, conference, apart):
    mother, father = apart
    chair = cast.chair
    with acting_as(chair.pk):
        first, second = parts_of(conference)
        change_part(part=first, facts=PartFacts(TEN, ELEVEN, place="Room 1", waiting_area="A"), by=chair, now=NOW)
        change_part(part=second, facts=PartFacts(ELEVEN, NOON, place="room  1", waiting_area="B"), by=chair, now=NOW)
        seat(first, [mother], chair)
        seat(second, [father], chair)
        overlapping = PartFacts(ELEVEN - timedelta(minutes=1), NOON, place="Room 1", waiting_area="B")
        with pytest.raises(CannotPlan, match="same room at the same time"):
            change_part(part=second, facts=overlapping, by=chair, now=NOW)


def test_a_part_ends_after_it_starts_and_stays_once_something_is_written_about_it(cast, conference):
    someone = make_relative(conference)
    with acting_as(cast.chair.pk):
        with pytest.raises(CannotPlan) as refusal:
            add_part(conference=conference, facts=PartFacts(NOON, ELEVEN), by=cast.chair, now=NOW)
        assert refusal.value.field == "ends"
        (only,) = conference.parts.all()
        with pytest.raises(CannotPlan, match="at least one part"):
            remove_part(part=only, by=cast.chair, now=NOW)
        first, second = parts_of(conference)
        Attendance.objects.create(conference=conference, part=second, person=someone, status=Attending.PRESENT)
        with pytest.raises(CannotPlan, match="so it stays"):
            remove_part(part=second, by=cast.chair, now=NOW)
        remove_part(part=first, by=cast.chair, now=NOW)
        assert [part.number for part in conference.parts.all()] == [2]


def test_who_is_marked_in_the_room_is_not_moved_by_a_plan(cast, conference):
    someone = make_relative(conference)
    with acting_as(cast.chair.pk):
        (part,) = conference.parts.all()
        Attendance.objects.create(conference=conference, part=part, person=someone, status=Attending.APOLOGIES)
        seat(part, [someone], cast.chair)
        assert Attendance.objects.get().status == Attending.APOLOGIES


def test_the_pages_plan_a_second_part_and_keep_what_was_typed(client, sign_in, cast, conference, apart):
    mother, _father = apart
    sign_in(client, cast.minute_taker)
    parts = reverse("conferences:parts", args=[conference.pk])
    assert client.get(parts).status_code == 404, "a minute-taker of the team who was not let in"
    sign_in(client, cast.chair)
    add = reverse("conferences:add-part", args=[conference.pk])
    wrong = client.post(add, {"starts": "11", "ends": "10:00", "place": "<b>Room</b>"})
    assert "Enter a time like 9:30 or 2pm" in wrong.content.decode()
    assert "&lt;b&gt;Room&lt;/b&gt;" in wrong.content.decode()
    assert client.post(add, {"starts": "11:00", "ends": "12pm", "place": "Room 2"}).status_code == 302
    with acting_as(cast.chair.pk):
        part = ConferencePart.objects.get(number=2)
    people = reverse("conferences:seat-people", args=[conference.pk, part.pk])
    both = {f"in_{one.pk.hex}": "on" for one in apart} | {f"waits_{mother.pk.hex}": "By the window"}
    refused = client.post(people, both).content.decode()
    assert "must be kept apart, and would be in the same part" in refused
    assert "By the window" in refused
    assert client.post(people, {f"in_{mother.pk.hex}": "on"}).status_code == 302
    page = client.get(parts).content.decode()
    assert "Rosa Example" in page
    assert client.get(reverse("conferences:change-part", args=[conference.pk, part.pk])).status_code == 200


def test_a_part_of_another_conference_does_not_exist(client, sign_in, cast, conference):
    other = make_conference(cast, chair=cast.neighbour, ids="B")
    with acting_as(cast.neighbour.pk):
        (strange,) = other.parts.all()
    sign_in(client, cast.chair)
    for name in ("change-part", "seat-people", "remove-part"):
        assert client.get(reverse(f"conferences:{name}", args=[conference.pk, strange.pk])).status_code == 404


def test_the_agenda_and_the_sheet_hold_who_is_in_which_part(client, sign_in, cast, conference):
    relative, teacher = make_relative(conference), make_professional(conference)
    with acting_as(cast.chair.pk):
        first, second = parts_of(conference)
        seat(first, [relative], cast.chair)
        seat(second, [teacher], cast.chair, online=True)
    sign_in(client, cast.chair)
    for name in ("agenda", "attendance-sheet"):
        page = client.get(reverse(f"conferences:{name}", args=[conference.pk])).content.decode()
        assert page.index("Part 1") < page.index("Rosa Example") < page.index("Part 2") < page.index("Pat Example")
        assert "online" in page
        file = client.get(reverse(f"conferences:{name}-file", args=[conference.pk]))
        assert file.content.startswith(b"%PDF")
        assert "Example" not in file["Content-Disposition"]


def member(user):
    with acting_as(user.pk):
        return TeamMember.objects.select_related("team").get(user=user)


def test_handing_over_lets_the_new_chair_in_and_the_old_one_out(cast, conference):
    with acting_as(cast.chair.pk):
        hand_over(
            conference=conference,
            role=AssignmentRole.CHAIR,
            to=member(cast.colleague),
            reason="On leave",
            by=cast.chair,
            now=NOW,
        )
    with acting_as(cast.chair.pk):
        assert not Conference.objects.exists()
    with acting_as(cast.colleague.pk):
        assert Conference.objects.get().chair == cast.colleague
        assert Explanation.objects.get(kind="handover").words == "On leave"
    (message,) = Message.objects.filter(kind="conferences/handed_over")
    assert message.to_email == cast.colleague.email
    assert AuditEvent.objects.filter(action="conferences.handed_over").count() == 1


def test_a_cover_comes_beside_the_chair_and_can_be_ended(cast, conference):
    with acting_as(cast.chair.pk):
        cover = hand_over(
            conference=conference,
            role=AssignmentRole.COVER,
            to=member(cast.colleague),
            reason="Ill",
            by=cast.chair,
            now=NOW,
        )
        assert Assignment.objects.live().filter(role=AssignmentRole.CHAIR).exists()
    with acting_as(cast.colleague.pk):
        assert Conference.objects.exists()
    with acting_as(cast.chair.pk):
        end_cover(assignment=cover, by=cast.chair, now=NOW)
        with pytest.raises(CannotHandOver):
            end_cover(assignment=cover, by=cast.chair, now=NOW)
    with acting_as(cast.colleague.pk):
        assert not Conference.objects.exists()


@pytest.mark.parametrize(
    ("to", "role", "reason", "field"),
    [
        ("neighbour", AssignmentRole.CHAIR, "Ill", "to"),
        ("minute_taker", AssignmentRole.CHAIR, "Ill", "to"),
        ("colleague", AssignmentRole.MINUTE_TAKER, "Ill", "to"),
        ("chair", AssignmentRole.CHAIR, "Ill", "to"),
        ("colleague", AssignmentRole.CHAIR, " ", "reason"),
    ],
)
def test_it_is_handed_only_to_somebody_of_the_team_who_does_this_and_for_a_reason(
    cast, conference, to, role, reason, field
):
    with acting_as(cast.chair.pk), pytest.raises(CannotHandOver) as refusal:
        hand_over(conference=conference, role=role, to=member(getattr(cast, to)), reason=reason, by=cast.chair, now=NOW)
    assert refusal.value.field == field


def test_it_is_not_handed_to_who_wrote_the_social_work_report(cast):
    conference = make_conference(cast, report_author=cast.colleague)
    with acting_as(cast.chair.pk), pytest.raises(CannotHandOver, match="social work report"):
        hand_over(
            conference=conference,
            role=AssignmentRole.CHAIR,
            to=member(cast.colleague),
            reason="Ill",
            by=cast.chair,
            now=NOW,
        )


def test_the_minute_taker_does_not_hand_over_the_chair(client, sign_in, cast, conference):
    with acting_as(cast.chair.pk):
        hand_over(
            conference=conference,
            role=AssignmentRole.MINUTE_TAKER,
            to=member(cast.minute_taker),
            reason="She takes them",
            by=cast.chair,
            now=NOW,
        )
    sign_in(client, cast.minute_taker)
    url = reverse("conferences:hand-over", args=[conference.pk])
    assert client.get(url).status_code == 404
    sign_in(client, cast.manager)
    assert client.get(url).status_code == 200
    chosen = {"to": str(member(cast.colleague).pk), "role": "chair", "reason": "Leave"}
    assert client.post(url, chosen).status_code == 302
    with acting_as(cast.manager.pk):
        assert Conference.objects.get().chair == cast.colleague


def test_the_familys_earlier_conference_goes_along_to_the_new_chair(cast, conference):
    with acting_as(cast.chair.pk):
        Conference.objects.update(
            state="signed",
            held_on=date(2026, 3, 9),
            signed_at=NOW,
            signed_by=cast.chair,
            content_sha256="0",
            quorate=True,
        )
    review = make_conference(cast, kind="review", at=local(date(2026, 6, 8), time(10)), ids="A", previous=conference)
    with acting_as(cast.chair.pk):
        hand_over(
            conference=review,
            role=AssignmentRole.CHAIR,
            to=member(cast.colleague),
            reason="Leave",
            by=cast.chair,
            now=NOW,
        )
    with acting_as(cast.colleague.pk):
        assert Conference.objects.count() == 2
        assert Conference.objects.get(pk=conference.pk).chair == cast.chair, "who signed it stays written down"
