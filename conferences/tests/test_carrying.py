"""Starting the next conference from the last: what goes with it, what is asked anew, who is left out."""

import uuid
from datetime import date, time, timedelta

import pytest
from django.urls import reverse

from chatr.audit.models import AuditEvent
from chatr.database.acting import acting_as
from chatr.workdays.clock import local

from ..models import (
    Choice,
    Conference,
    Explanation,
    Person,
    PersonContact,
    Relationship,
    SafetyFlag,
    Section47,
    StrategyDiscussion,
    Support,
    TeamMember,
)
from ..operations.carrying import start_review
from ..operations.scheduling import CannotSchedule
from .making import NOW, make_conference, make_professional, make_relative
from .test_scheduling import parts, soon

pytestmark = pytest.mark.django_db

REVIEW = local(date(2026, 6, 8), time(10))


@pytest.fixture
def signed(cast, conference):
    """A signed conference with a mother kept apart from a father, a teacher, and what the mother chose."""
    rosa, tom = make_relative(conference, "Rosa Example", language="Turkish"), make_relative(conference, "Tom Example")
    make_professional(conference, user=cast.teacher)
    with acting_as(cast.chair.pk):
        first = conference.children.get(position=1)
        fields = {"conference": conference, "person": rosa}
        Relationship.objects.create(child=first, words="Mum", parental_responsibility="yes", **fields)
        PersonContact.objects.create(safe_contact="post", address="1 Hidden Row", address_is_secret=True, **fields)
        Choice.objects.create(kind="words_to_avoid", words="the incident", **fields)
        Support.objects.create(kind="interpreter", outcome="briefed", detail="Turkish", **fields)
        for kind, ended in (("not_together", None), ("no_address", NOW)):
            SafetyFlag.objects.create(
                conference=conference, person_a=rosa, person_b=tom, kind=kind, reason="He waits.", ended_at=ended
            )
        close(conference, "signed")
    return conference


def close(conference, state: str):
    signing = {"signed_at": NOW, "signed_by": conference.chair, "content_sha256": "0" * 64}
    Conference.objects.filter(pk=conference.pk).update(
        state=state, held_on=date(2026, 3, 9), quorate=True, **(signing if state == "signed" else {})
    )


def review(cast, previous, *, by=None, left_out=None, key=None, **more) -> Conference:
    by = by or cast.chair
    with acting_as(by.pk):
        return start_review(
            previous=previous,
            team=cast.team,
            chair=cast.chair,
            scheduled_at=more.pop("scheduled_at", REVIEW),
            minutes=90,
            left_out=left_out or {},
            key=key or uuid.uuid4(),
            by=by,
            now=NOW,
            **more,
        )


def test_people_agencies_and_flags_in_force_are_carried_and_nobodys_words(cast, signed):
    conference = review(cast, signed)
    assert (conference.kind, conference.previous_id) == ("review", signed.pk)
    with acting_as(cast.chair.pk):
        people = {person.name: person for person in Person.objects.filter(conference=conference)}
        assert set(people) == {"ChildA1 Example", "ChildA2 Example", "Rosa Example", "Tom Example", "Pat Example"}
        assert all(person.carried_from.conference_id == signed.pk for person in people.values())
        rosa, pat = people["Rosa Example"], people["Pat Example"]
        assert (rosa.language, rosa.contact.address, rosa.contact.address_is_secret) == (
            "Turkish",
            "1 Hidden Row",
            True,
        )
        assert (pat.discipline, pat.had_direct_contact, pat.user) == ("school", True, cast.teacher)
        (related,) = Relationship.objects.filter(conference=conference)
        assert (related.words, related.parental_responsibility, related.child.position) == ("Mum", "yes", 1)
        (flag,) = SafetyFlag.objects.filter(conference=conference)
        assert ({flag.person_a, flag.person_b}, flag.kind) == ({rosa, people["Tom Example"]}, "not_together")
        assert not Choice.objects.filter(conference=conference).exists()
        assert not Support.objects.filter(conference=conference).exists()
        assert not conference.blocks.exists()
    event = AuditEvent.objects.get(action="conferences.carried")
    assert event.details == {"previous": str(signed.pk), "people": 5, "flags": 1, "left_out": 0}


def test_what_somebody_chose_last_time_stands_beside_and_is_not_filled_in(client, sign_in, cast, signed):
    conference = review(cast, signed)
    with acting_as(cast.chair.pk):
        rosa = Person.objects.get(conference=conference, carried_from__choices__kind="words_to_avoid")
    sign_in(client, cast.chair)
    page = client.get(reverse("conferences:choices", args=[conference.pk, rosa.pk]))
    assert "the incident" in page.content.decode()
    assert page.context["form"].initial == {}


def test_a_child_is_left_out_only_with_a_reason_that_is_kept(cast, signed):
    with acting_as(cast.chair.pk):
        second = signed.children.get(position=2)
    with pytest.raises(CannotSchedule) as refused:
        review(cast, signed, left_out={second.pk: " "})
    assert (refused.value.field, refused.value.child) == ("why", 2)
    conference = review(cast, signed, left_out={second.pk: "The plan ended and the family moved."})
    with acting_as(cast.chair.pk):
        assert [child.child.la_child_id for child in conference.children.all()] == ["A1"]
        assert Explanation.objects.get(conference=conference, kind="left_out").words == (
            "ChildA2 Example: The plan ended and the family moved."
        )
    again = review(cast, signed, left_out={child_id(cast, signed, 1): "They have their own review."})
    with acting_as(cast.chair.pk):
        assert [child.child.la_child_id for child in again.children.all()] == ["A2"]


def child_id(cast, conference, position: int):
    with acting_as(cast.chair.pk):
        return conference.children.get(position=position).pk


def test_everybody_left_out_is_refused(cast, signed):
    with pytest.raises(CannotSchedule, match="at least one child"):
        review(cast, signed, left_out={child_id(cast, signed, n): "Gone" for n in (1, 2)})


def test_a_second_review_of_the_same_children_is_refused_and_the_same_form_is_one_conference(cast, signed):
    key = uuid.uuid4()
    assert review(cast, signed, key=key) == review(cast, signed, key=key)
    with pytest.raises(CannotSchedule, match="already"):
        review(cast, signed)
    with acting_as(cast.chair.pk):
        assert Conference.objects.count() == 2
        assert Person.objects.filter(conference_id=key).count() == 5


def test_a_conference_that_is_not_signed_starts_no_review(client, sign_in, cast, conference):
    with pytest.raises(CannotSchedule, match="signed"):
        review(cast, conference)
    sign_in(client, cast.chair)
    answer = client.get(reverse("conferences:start-review", args=[conference.pk]))
    assert answer["Location"] == reverse("conferences:conference", args=[conference.pk])


def test_an_adjourned_conference_keeps_its_kind_and_its_enquiry(cast, conference):
    with acting_as(cast.chair.pk):
        child = conference.children.get(position=1)
        Section47.objects.create(conference=conference, child=child, started_on=date(2026, 3, 2))
        StrategyDiscussion.objects.create(
            conference=conference, child=child, held_on=date(2026, 3, 2), initiated_s47=True
        )
        close(conference, "adjourned")
        conference.refresh_from_db()
    following = review(cast, conference, scheduled_at=local(date(2026, 3, 20), time(10)))
    with acting_as(cast.chair.pk):
        assert following.kind == "initial"
        assert Section47.objects.get(conference=following).started_on == date(2026, 3, 2)
        assert StrategyDiscussion.objects.get(conference=following).initiated_s47


def test_the_review_page_proposes_the_same_chair_and_starts_the_review(client, sign_in, cast, signed):
    sign_in(client, cast.chair)
    page_url = reverse("conferences:start-review", args=[signed.pk])
    page = client.get(page_url)
    with acting_as(cast.chair.pk):
        member = TeamMember.objects.get(user=cast.chair)
    assert page.context["form"].initial["chair"] == str(member.pk)
    assert "Rosa Example" in page.content.decode()
    sent = {
        "form_key": str(page.context["form"].initial["form_key"]),
        "at": "10:00",
        "minutes": "90",
        "mode": "online",
        "chair": str(member.pk),
        **parts("day", soon()),
    }
    refused = client.post(page_url, sent | {"leave_2": "on"})
    assert list(refused.context["form"].errors) == ["why_2"]
    weekend = client.post(page_url, sent | parts("day", soon() + timedelta(days=2)))
    assert list(weekend.context["form"].errors) == ["day"]
    answer = client.post(page_url, sent)
    with acting_as(cast.chair.pk):
        conference = Conference.objects.get(previous=signed)
        assert conference.scheduled_at == local(soon(), time(10))
    assert answer["Location"] == reverse("conferences:people", args=[conference.pk])
    assert client.get(page_url)["Location"] == reverse("conferences:conference", args=[conference.pk])


@pytest.mark.parametrize("who", ["neighbour", "next_manager", "colleague", "teacher"])
def test_nobody_else_starts_a_review(client, sign_in, cast, signed, who):
    sign_in(client, getattr(cast, who))
    page_url = reverse("conferences:start-review", args=[signed.pk])
    assert [client.get(page_url).status_code, client.post(page_url, {}).status_code] == [404, 404]


def test_the_next_teams_chair_cannot_start_one_behind_the_pages_either(cast, signed):
    with pytest.raises(Conference.DoesNotExist), acting_as(cast.neighbour.pk):
        start_review(
            previous=signed,
            team=cast.next_team,
            chair=cast.neighbour,
            scheduled_at=REVIEW,
            minutes=90,
            left_out={},
            key=uuid.uuid4(),
            by=cast.neighbour,
            now=NOW,
        )


def test_a_manager_starts_a_review_of_their_team(cast, signed):
    conference = review(cast, signed, by=cast.manager)
    with acting_as(cast.manager.pk):
        assert [one.user for one in conference.assignments.all()] == [cast.chair]


@pytest.mark.django_db(transaction=True)
def test_two_people_starting_the_review_at_once_make_one(transactional_db, run_threads):
    from .making import make_cast

    cast = make_cast()
    conference = make_conference(cast)
    with acting_as(cast.chair.pk):
        close(conference, "signed")
    results = run_threads([lambda: review(cast, conference), lambda: review(cast, conference, by=cast.manager)])
    assert sorted(type(one).__name__ for one in results) == ["CannotSchedule", "Conference"]
    with acting_as(cast.manager.pk):
        assert Conference.objects.filter(previous=conference).count() == 1
