"""Invitations tell each person their own time and place, and nobody anything else."""

import re
from datetime import date, time

import pytest
from django.urls import reverse

from chatr.database.acting import acting_as
from chatr.pdf.documents import as_html
from chatr.workdays.clock import local

from ..models import Arrangements, Copy, CopyKind, PersonContact, SafeContact, SafetyFlag, Support
from ..operations.copies import CannotIssue, CannotPrepare, issue_copy, mark_previewed, prepare_copy, second_copy
from ..operations.meeting import PartFacts, Seat, add_part, change_part, seat_people
from ..queries.invitations import invitation_of
from .making import NOW, make_conference, make_professional, make_relative

pytestmark = pytest.mark.django_db

TEN, ELEVEN, NOON = (local(date(2026, 3, 23), time(hour)) for hour in (10, 11, 12))


@pytest.fixture
def family(cast, conference):
    """Two parents kept apart, each in a part of their own; a teacher in the second."""
    mother, father = make_relative(conference, known_as="Rosie"), make_relative(conference, "Dan Example")
    teacher = make_professional(conference)
    chair = cast.chair
    with acting_as(chair.pk):
        SafetyFlag.objects.create(
            conference=conference, person_a=mother, person_b=father, kind="not_together", reason="MARKER-FLAG"
        )
        first = conference.parts.get()
        change_part(
            part=first, facts=PartFacts(TEN, ELEVEN, "Blue room", "Hall", "https://one.example.org"), by=chair, now=NOW
        )
        second = add_part(
            conference=conference,
            facts=PartFacts(ELEVEN, NOON, "Green room", "Garden", "https://two.example.org"),
            by=chair,
            now=NOW,
        )
        seat_people(part=first, seats={mother.pk: Seat(True)}, by=chair, now=NOW)
        seat_people(part=second, seats={father.pk: Seat(True, online=True), teacher.pk: Seat(True)}, by=chair, now=NOW)
        Support.objects.create(
            conference=conference, person=mother, kind="interpreter", outcome="briefed", detail="Twi, Ms Owusu"
        )
    return mother, father, teacher


def words(person, by) -> str:
    with acting_as(by.pk):
        person.refresh_from_db()
        return re.sub(r"<[^>]*>", " ", str(as_html(invitation_of(person, on=NOW.date()))))


def test_neither_invitation_reveals_the_others_time_place_call_or_the_flag(cast, family):
    mother, father, _ = family
    hers, his = words(mother, cast.chair), words(father, cast.chair)
    for mine, theirs in (
        (["10am to 11am", "Blue room", "Hall", "Rosie", "Twi, Ms Owusu"], hers),
        (["11am to 12pm", "https://two.example.org", "Dan Example"], his),
    ):
        assert all(one in theirs for one in mine)
    others = ["10am", "Blue room", "Hall", "one.example.org", "Rosa", "Rosie", "Owusu"]
    assert not [one for one in others if one in his]
    assert not [one for one in ["12pm", "Green room", "Garden", "two.example.org", "Dan"] if one in hers]
    for letter in (hers, his):
        for hidden in ("MARKER-FLAG", "ChildA1", "apart", "conference", "protection", "Pat Example", "part"):
            assert hidden not in letter


def test_whoever_joins_online_is_not_told_the_room(cast, family):
    assert "Green room" not in words(family[1], cast.chair)


def test_the_address_is_on_it_only_where_post_is_safe(cast, family):
    mother = family[0]
    with acting_as(cast.chair.pk):
        contact = PersonContact.objects.create(
            conference=mother.conference, person=mother, address="1 Secret Street", safe_contact=SafeContact.PHONE
        )
    assert "1 Secret Street" not in words(mother, cast.chair)
    with acting_as(cast.chair.pk):
        contact.safe_contact = SafeContact.POST
        contact.save()
    assert "1 Secret Street" in words(mother, cast.chair)


def prepare(person, by):
    return prepare_copy(kind=CopyKind.INVITATION, recipient=person, by=by, now=NOW)


def test_somebody_in_no_part_is_not_invited(cast, conference):
    someone = make_relative(conference)
    with acting_as(cast.chair.pk), pytest.raises(CannotPrepare, match="in no part"):
        prepare(someone, cast.chair)


def test_where_somebody_is_kept_safe_a_second_person_looks_first(cast, family):
    mother = family[0]
    with acting_as(cast.chair.pk):
        copy = prepare(mother, cast.chair)
        mark_previewed(copy=copy, by=cast.chair, now=NOW)
        with pytest.raises(CannotIssue, match="second person"):
            issue_copy(copy=copy, method="by_hand", by=cast.chair, now=NOW)
        with pytest.raises(CannotIssue):
            second_copy(copy=copy, by=cast.chair, now=NOW)
    with acting_as(cast.manager.pk):
        second_copy(copy=copy, by=cast.manager, now=NOW)
    with acting_as(cast.chair.pk):
        assert issue_copy(copy=copy, method="by_hand", by=cast.chair, now=NOW).issued_at == NOW


def test_an_invitation_that_no_longer_holds_is_not_given_out_and_a_later_one_takes_its_place(cast, family):
    teacher = family[2]
    with acting_as(cast.chair.pk):
        copy = prepare(teacher, cast.chair)
        mark_previewed(copy=copy, by=cast.chair, now=NOW)
        Arrangements.objects.update(place="Elsewhere")
        part = teacher.attendances.get().part
        change_part(part=part, facts=PartFacts(ELEVEN, NOON, "Red room"), by=cast.chair, now=NOW)
        with pytest.raises(CannotIssue, match="changed"):
            issue_copy(copy=copy, method="by_hand", by=cast.chair, now=NOW)
        again = prepare(teacher, cast.chair)
        assert again.pk == copy.pk
        mark_previewed(copy=again, by=cast.chair, now=NOW)
        issue_copy(copy=again, method="by_hand", by=cast.chair, now=NOW)
        change_part(part=part, facts=PartFacts(ELEVEN, NOON, "Blue room"), by=cast.chair, now=NOW)
        later = prepare(teacher, cast.chair)
        mark_previewed(copy=later, by=cast.chair, now=NOW)
        issue_copy(copy=later, method="post", by=cast.chair, now=NOW.replace(hour=12))
        assert Copy.objects.get(pk=copy.pk).withdrawn_at
        assert Copy.objects.filter(recipient=teacher, withdrawn_at=None).get() == later


def test_the_page_leads_from_preparing_to_giving_out(client, sign_in, cast, family):
    conference, teacher = family[2].conference, family[2]
    sign_in(client, cast.chair)
    page = reverse("conferences:invitations", args=[conference.pk])
    assert "Not prepared" in client.get(page).content.decode()
    answer = client.post(page, {"person": str(teacher.pk)})
    assert answer.status_code == 302
    assert client.get(answer["Location"]).status_code == 200
    with acting_as(cast.chair.pk):
        copy = Copy.objects.get()
    preview = client.get(reverse("conferences:preview-copy", args=[conference.pk, copy.pk]))
    assert "Green room" in preview.content.decode()
    issue = reverse("conferences:issue-copy", args=[conference.pk, copy.pk])
    assert client.post(issue, {"method": "by_hand"}).status_code == 302
    assert "Given out" in client.get(page).content.decode()
    assert client.post(page, {"person": "not-an-id"}).status_code == 404
    stranger = make_relative(make_conference(cast, chair=cast.neighbour, ids="B"))
    assert client.post(page, {"person": str(stranger.pk)}).status_code == 404
