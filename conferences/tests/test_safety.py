"""Who is kept apart; and the dates of a section 47 enquiry."""

from datetime import date, timedelta
from itertools import count
from uuid import UUID

import pytest
from django.urls import reverse
from django.utils import timezone

from chatr.audit.models import AuditEvent
from chatr.database.acting import acting_as

from ..models import Attendance, Clock, Conference, ConferencePart, SafetyFlag, Section47, StrategyDiscussion
from ..operations.enquiries import CannotRecordEnquiry, Discussed, record_enquiry
from ..operations.safety import CannotFlag, add_flag, end_flag
from ..queries.safety import flags_in_force, has_flag, placements_of
from ..rules.safety import Flag, Placement, Where, conflicts, must_not_meet
from .making import NOW, make_conference, make_relative

pytestmark = pytest.mark.django_db

A, B, C = (UUID(int=n) for n in (1, 2, 3))
PARTS = [UUID(int=n) for n in (11, 12)]


def placed(person: UUID, part: int = 0, **where) -> Placement:
    """A person in the first hour or, in part 1, the second."""
    starts = NOW + timedelta(hours=part)
    return Placement(person=person, part=PARTS[part], starts_at=starts, ends_at=starts + timedelta(hours=1), **where)


def flag_them(cast, conference, a, b, **fields) -> SafetyFlag:
    fields = {"kind": "not_together", "reason": "He waits outside her school.", "review_on": None} | fields
    return add_flag(conference=conference, person_a=a.pk, person_b=b.pk, by=cast.chair, now=NOW, **fields)


@pytest.fixture
def two(conference):
    return make_relative(conference, "Rosa Example"), make_relative(conference, "Tom Example")


def safety(conference) -> str:
    return reverse("conferences:safety", args=[conference.pk])


# Where two people would meet


@pytest.mark.parametrize(
    ("one", "other", "where"),
    [
        (placed(A), placed(B), Where.PART),
        (placed(A, waiting_area="Blue room"), placed(B, 1, waiting_area=" blue  ROOM"), Where.WAITING_AREA),
        (placed(A, call="https://call.example.org/1"), placed(B, 1, call="https://call.example.org/1"), Where.CALL),
        (placed(A, waiting_area="Blue"), placed(B, 1, waiting_area="Green"), None),
        (placed(A, room="Hall"), placed(B, 1, room="hall"), None),
        (placed(A), placed(B, 1), None),
        (placed(A), placed(C), None),
    ],
)
def test_behaviour_24_two_people_flagged_meet_in_a_part_a_waiting_area_or_a_call(one, other, where):
    for flag in (Flag(A, B), Flag(B, A)):
        assert [conflict.where for conflict in conflicts([flag], [one, other])] == ([where] if where else [])


def test_behaviour_24_one_room_at_overlapping_times_is_a_conflict():
    late = placed(B, 1, room="Hall")
    early = Placement(person=A, part=PARTS[0], starts_at=NOW, ends_at=NOW + timedelta(minutes=61), room="Hall")
    assert [one.where for one in conflicts([Flag(A, B)], [early, late])] == [Where.ROOM]


def test_a_flag_about_an_address_keeps_nobody_out_of_a_room():
    assert conflicts([Flag(A, B, "no_address")], [placed(A), placed(B)]) == []
    assert must_not_meet([Flag(A, B, "no_address"), Flag(C, A)], A) == {C}


def test_what_is_stored_is_what_the_rule_is_asked(cast, conference, two):
    rosa, tom = two
    with acting_as(cast.chair.pk):
        part = ConferencePart.objects.get()
        for person, status in ((rosa, "invited"), (tom, "present")):
            Attendance.objects.create(conference=conference, part=part, person=person, status=status)
        flag_them(cast, conference, rosa, tom)
        assert len(conflicts(flags_in_force(conference), placements_of(conference))) == 1
        Attendance.objects.filter(person=tom).update(status="apologies")
        assert conflicts(flags_in_force(conference), placements_of(conference)) == []


# Flags


def test_a_flag_is_raised_shown_and_ended_and_never_goes_away(client, sign_in, cast, conference, two):
    rosa, tom = two
    sign_in(client, cast.chair)
    sent = {"person_a": rosa.pk, "person_b": tom.pk, "kind": "not_together", "reason": "He waits outside."}
    assert client.post(safety(conference), sent).status_code == 302
    with acting_as(cast.chair.pk):
        flag = SafetyFlag.objects.get()
        assert has_flag(conference, rosa.pk)
    assert "He waits outside." in client.get(safety(conference)).content.decode()
    person = client.get(reverse("conferences:person", args=[conference.pk, rosa.pk])).content.decode()
    assert "Tom Example" in person
    end = reverse("conferences:end-flag", args=[conference.pk, flag.pk])
    assert "Need they not be kept apart any more?" in client.get(end).content.decode()
    for _ in range(2):
        assert client.post(end)["Location"] == safety(conference)
    with acting_as(cast.chair.pk):
        assert SafetyFlag.objects.get().ended_at
        assert flags_in_force(conference) == []
    assert "Ended on" in client.get(safety(conference)).content.decode()
    assert AuditEvent.objects.filter(action="conferences.safety_flag_ended").count() == 1


def test_a_flag_is_raised_after_signing_too(client, sign_in, cast, conference, two):
    with acting_as(cast.chair.pk):
        Conference.objects.update(
            state="signed",
            held_on=date(2026, 3, 9),
            signed_at=NOW,
            signed_by=cast.chair,
            content_sha256="0" * 64,
            quorate=True,
        )
    sign_in(client, cast.chair)
    sent = {"person_a": two[0].pk, "person_b": two[1].pk, "kind": "no_address", "reason": "She has moved."}
    assert client.post(safety(conference), sent).status_code == 302
    with acting_as(cast.chair.pk):
        assert SafetyFlag.objects.get().kind == "no_address"


def test_people_who_meet_as_things_stand_are_named_on_the_page(client, sign_in, cast, conference, two):
    with acting_as(cast.chair.pk):
        part = ConferencePart.objects.get()
        for person in two:
            Attendance.objects.create(conference=conference, part=part, person=person)
        flag_them(cast, conference, *two)
    sign_in(client, cast.chair)
    page = client.get(safety(conference)).content.decode()
    assert "would meet now: the same part" in page


def test_flags_that_cannot_be_are_refused_and_what_was_typed_is_kept(client, sign_in, cast, conference, two):
    rosa, tom = two
    theirs = make_relative(make_conference(cast, ids="B"))
    sign_in(client, cast.chair)
    sent = {"person_a": rosa.pk, "person_b": rosa.pk, "kind": "not_together", "reason": "Because"}
    page = client.post(safety(conference), sent)
    assert page.context["form"].errors["person_b"] == ["Choose two different people"]
    assert page.context["form"]["reason"].value() == "Because"
    assert list(client.post(safety(conference), sent | {"person_b": theirs.pk}).context["form"].errors) == ["person_b"]
    assert list(
        client.post(safety(conference), sent | {"person_b": tom.pk, "reason": "  "}).context["form"].errors
    ) == ["reason"]
    with acting_as(cast.chair.pk):
        with pytest.raises(CannotFlag, match="two people of this conference"):
            flag_them(cast, conference, rosa, theirs)
        with pytest.raises(CannotFlag, match="passed"):
            flag_them(cast, conference, rosa, tom, review_on=date(2026, 3, 8))
        flag_them(cast, conference, rosa, tom)
        with pytest.raises(CannotFlag, match="already"):
            flag_them(cast, conference, tom, rosa)
        end_flag(flag=SafetyFlag.objects.get(), by=cast.chair, now=NOW)
        assert flag_them(cast, conference, tom, rosa).pk
        with pytest.raises(CannotFlag):
            end_flag(flag=SafetyFlag.objects.exclude(ended_at=None).get(), by=cast.chair, now=NOW)


@pytest.mark.parametrize("who", ["neighbour", "next_manager", "colleague", "teacher"])
def test_nobody_else_sees_or_ends_a_flag(client, sign_in, cast, conference, two, who):
    with acting_as(cast.chair.pk):
        flag = flag_them(cast, conference, *two)
    sign_in(client, getattr(cast, who))
    end = reverse("conferences:end-flag", args=[conference.pk, flag.pk])
    assert [client.get(end).status_code, client.post(end).status_code] == [404, 404]
    assert client.post(safety(conference), {"reason": "x"}).status_code == 404
    with acting_as(cast.chair.pk):
        assert SafetyFlag.objects.get().ended_at is None


def test_the_list_of_flags_costs_the_same_however_long(client, sign_in, cast, conference, keeps_one_query_count):
    sign_in(client, cast.chair)
    number = count()

    def add_row():
        pair = [make_relative(conference, f"Rel {next(number)}") for _ in range(2)]
        with acting_as(cast.chair.pk):
            flag_them(cast, conference, *pair)

    keeps_one_query_count(add_row, lambda: client.get(safety(conference)), at_most=25)


@pytest.mark.parametrize("words", ["<script>alert(1)</script>", "لا تخبر أحدا", "x" * 50_000])
def test_behaviour_40_a_reason_is_kept_verbatim_and_escaped(client, sign_in, cast, conference, two, words):
    sign_in(client, cast.chair)
    sent = {"person_a": two[0].pk, "person_b": two[1].pk, "kind": "not_together", "reason": words}
    client.post(safety(conference), sent)
    with acting_as(cast.chair.pk):
        assert SafetyFlag.objects.get().reason == words
    assert "<script>alert(1)" not in client.get(safety(conference)).content.decode()


# The enquiry


def enquire(cast, conference, *discussions: Discussed, children=None, started_on=date(2026, 3, 2), **more):
    with acting_as(cast.chair.pk):
        record_enquiry(
            conference=conference,
            children=children or list(conference.children.order_by("position")),
            started_on=started_on,
            referral_on=more.pop("referral_on", None),
            discussions=discussions,
            by=cast.chair,
            now=more.pop("now", NOW),
            **more,
        )


def due(cast, child=None) -> date:
    with acting_as(cast.chair.pk):
        return Clock.objects.get(kind="conference", child=child).due_on


def test_behaviour_1_the_conference_is_due_fifteen_working_days_after_the_discussion(cast, conference):
    enquire(cast, conference, Discussed(date(2026, 3, 2), True))
    assert due(cast) == date(2026, 3, 23)


def test_behaviour_5_changing_which_discussion_started_section_47_moves_the_clock_and_is_logged(cast, conference):
    first, second = date(2026, 3, 2), date(2026, 3, 9)
    enquire(cast, conference, Discussed(first, True), Discussed(second))
    assert due(cast) == date(2026, 3, 23)
    enquire(cast, conference, Discussed(first), Discussed(second, True))
    assert due(cast) == date(2026, 3, 30)
    event = AuditEvent.objects.filter(action="conferences.enquiry_recorded").last()
    assert (event.details["old"], event.details["new"]) == ("2026-03-02", "2026-03-09")


@pytest.mark.parametrize(
    ("more", "field", "discussions"),
    [
        ({"started_on": date(2026, 3, 24)}, "started_on", [Discussed(date(2026, 3, 2), True)]),
        ({"referral_on": date(2026, 3, 3)}, "referral_on", [Discussed(date(2026, 3, 2), True)]),
        ({}, "initiated", [Discussed(date(2026, 3, 2))]),
        ({}, "initiated", []),
        ({}, "initiated", [Discussed(date(2026, 3, 2), True), Discussed(date(2026, 3, 3), True)]),
        ({}, "held_on", [Discussed(date(2026, 3, 2), True), Discussed(date(2026, 3, 2))]),
        ({}, "held_on", [Discussed(date(2026, 3, 10), True)]),
    ],
)
def test_dates_that_cannot_be_are_refused_and_nothing_is_written(cast, conference, more, field, discussions):
    with pytest.raises(CannotRecordEnquiry) as refused:
        enquire(cast, conference, *discussions, now=NOW, **more)
    assert refused.value.field == field
    with acting_as(cast.chair.pk):
        assert not Section47.objects.exists()


def parts(name: str, day: date) -> dict:
    return {f"{name}_0": day.day, f"{name}_1": day.month, f"{name}_2": day.year}


def test_an_enquiry_is_written_down_for_every_child_without_scripts(client, sign_in, cast):
    today = timezone.localdate()
    conference = make_conference(cast, at=timezone.now() + timedelta(days=7), now=timezone.now())
    sign_in(client, cast.chair)
    with acting_as(cast.chair.pk):
        child = conference.children.get(position=1)
    edit = reverse("conferences:edit-enquiry", args=[conference.pk, child.pk])
    assert client.get(edit).status_code == 200
    sent = parts("started_on", today) | parts("held_on_1", today - timedelta(days=3)) | {"initiated": "1"}
    more = client.post(edit, sent | {"add-discussion": "Add another discussion"})
    assert list(more.context["form"].places) == [1, 2]
    assert not more.context["form"].errors
    sent |= parts("held_on_2", today - timedelta(days=1)) | {"initiated": "2", "for_all": "on"}
    assert client.post(edit, sent)["Location"] == reverse("conferences:enquiry", args=[conference.pk])
    with acting_as(cast.chair.pk):
        assert Section47.objects.count() == 2
        assert StrategyDiscussion.objects.filter(initiated_s47=True).count() == 2
        assert StrategyDiscussion.objects.count() == 4
    assert client.get(edit).context["form"].initial["initiated"] == "2"
    page = client.get(reverse("conferences:enquiry", args=[conference.pk])).content.decode()
    assert page.count("Strategy discussion that started section 47") == 2


def test_a_refused_enquiry_keeps_what_was_typed_beside_its_field(client, sign_in, cast, conference):
    with acting_as(cast.chair.pk):
        child = conference.children.get(position=1)
    sign_in(client, cast.chair)
    edit = reverse("conferences:edit-enquiry", args=[conference.pk, child.pk])
    day = date(2026, 3, 2)
    sent = parts("started_on", day) | parts("held_on_1", day) | parts("held_on_3", day) | {"initiated": "1"}
    sent |= parts("held_on_2", date(2026, 3, 3))
    page = client.post(edit, sent)
    assert page.context["form"].errors == {"held_on_3": ["This day is in the list twice"]}
    assert page.context["form"]["held_on_2"].value() == ["3", "3", "2026"]
    future = parts("held_on_1", date(2090, 1, 1))
    assert "Check the year" in client.post(edit, sent | future).content.decode()


@pytest.mark.parametrize("who", ["neighbour", "next_manager", "colleague", "teacher"])
def test_nobody_else_writes_an_enquiry(client, sign_in, cast, conference, who):
    with acting_as(cast.chair.pk):
        child = conference.children.get(position=1)
    sign_in(client, getattr(cast, who))
    edit = reverse("conferences:edit-enquiry", args=[conference.pk, child.pk])
    sent = parts("started_on", date(2026, 3, 2)) | parts("held_on_1", date(2026, 3, 2)) | {"initiated": "1"}
    assert client.post(edit, sent).status_code == 404
    with acting_as(cast.chair.pk):
        assert not Section47.objects.exists()
