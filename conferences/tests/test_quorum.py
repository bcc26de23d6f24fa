"""When enough agencies are there, and when a conference may go ahead without them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatr.database.acting import acting_as

from ..models import Attending, ConferenceKind, Discipline, InquorateGround, Reason
from ..operations.room import CannotRecord, mark_attendance, settle_quorum
from ..queries.explanations import explanations_of
from ..queries.room import Professional
from ..rules.quorum import best, quorum, twice_running
from .making import NOW, make_conference, make_professional

CSC = Professional(Discipline.SOCIAL_CARE, False)
SCHOOL = Professional(Discipline.SCHOOL, True)
SCHOOL_NURSE = Professional(Discipline.SCHOOL_NURSE, True)
HEALTH_VISITOR = Professional(Discipline.HEALTH_VISITOR, True)

anybody = st.builds(Professional, st.sampled_from(list(Discipline)), st.booleans())


def test_behaviour_20_social_care_with_school_and_health_visitor_is_a_quorum():
    assert quorum([CSC, SCHOOL, HEALTH_VISITOR]).quorate
    assert quorum([CSC, SCHOOL_NURSE, SCHOOL]).quorate


def test_behaviour_20_social_care_with_school_alone_is_none_and_says_what_is_missing():
    found = quorum([CSC, SCHOOL, SCHOOL])
    assert not found.quorate
    assert found.sentence == (
        "Counted: Children's social care, School or college. "
        "Still needed: one more agency with direct contact with the child."
    )


def test_somebody_who_has_not_met_the_child_does_not_count():
    assert not quorum([CSC, SCHOOL, Professional(Discipline.POLICE, False)]).quorate


def test_nobody_there_says_everything_that_is_needed():
    assert quorum([]).sentence == (
        "Nobody who counts is present yet. "
        "Still needed: children’s social care and two other agencies with direct contact with the child."
    )


@given(st.lists(anybody, max_size=12))
def test_quorum_agrees_with_counting_by_hand(present):
    others = []
    for one in present:
        if one.had_direct_contact and one.discipline not in (Discipline.SOCIAL_CARE, *others):
            others.append(one.discipline)
    expected = len([one for one in present if one.discipline == Discipline.SOCIAL_CARE]) > 0 and len(others) > 1
    assert quorum(present).quorate == expected
    assert ("Still needed" in quorum(present).sentence) == (not expected)


@given(st.lists(anybody, max_size=8), anybody)
def test_one_more_professional_never_loses_a_quorum(present, more):
    assert quorum(present).quorate <= quorum([*present, more]).quorate


@given(st.lists(anybody, max_size=8), st.randoms())
def test_the_order_people_come_in_does_not_matter(present, chance):
    shuffled = list(present)
    chance.shuffle(shuffled)
    assert quorum(shuffled) == quorum(present)


def test_people_in_different_parts_are_not_there_together():
    assert not best([quorum([CSC, SCHOOL]), quorum([CSC, HEALTH_VISITOR])]).quorate
    assert best([quorum([CSC]), quorum([CSC, SCHOOL, HEALTH_VISITOR])]).quorate


@pytest.mark.parametrize(
    ("kind", "grounds", "previous", "refused"),
    [
        (ConferenceKind.REVIEW, [InquorateGround.DELAY_HARMS], False, True),
        (ConferenceKind.REVIEW, [InquorateGround.DELAY_HARMS], True, False),
        (ConferenceKind.REVIEW, [InquorateGround.DELAY_HARMS], None, False),
        (ConferenceKind.PRE_BIRTH, [InquorateGround.DELAY_HARMS], False, False),
        (ConferenceKind.REVIEW, [InquorateGround.FEW_AGENCIES], False, False),
    ],
)
def test_not_twice_running_but_before_a_birth_or_with_few_agencies(kind, grounds, previous, refused):
    assert twice_running(kind, grounds, previous) is refused


def bring(conference, *people):
    part = conference.parts.get()
    for person in people:
        mark_attendance(part=part, person=person, status=Attending.PRESENT, by=conference.chair, now=NOW)
    conference.refresh_from_db()


def test_a_quorum_is_written_down_as_people_come_and_lost_when_one_leaves(cast, conference):
    people = [
        make_professional(conference, "Sam Example", Discipline.SOCIAL_CARE, had_direct_contact=False),
        make_professional(conference, "Pat Example", Discipline.SCHOOL),
        make_professional(conference, "Hana Example", Discipline.HEALTH_VISITOR),
    ]
    with acting_as(cast.chair.pk):
        bring(conference, *people[:2])
        assert conference.quorate is None
        bring(conference, people[2])
        assert conference.quorate is True
        part = conference.parts.get()
        mark_attendance(part=part, person=people[2], status=Attending.APOLOGIES, by=cast.chair, now=NOW)
        conference.refresh_from_db()
        assert conference.quorate is None


GOING_AHEAD = {
    "grounds": [InquorateGround.DELAY_HARMS],
    "reason": "Waiting would leave the child without help.",
    "interim_plan": "The grandmother stays with them.",
}


@pytest.mark.parametrize(
    ("missing", "field"),
    [({"grounds": []}, "grounds"), ({"reason": " "}, "reason"), ({"interim_plan": ""}, "interim_plan")],
)
def test_behaviour_20_without_a_quorum_ground_reason_and_interim_plan_are_needed(cast, conference, missing, field):
    with acting_as(cast.chair.pk):
        with pytest.raises(CannotRecord) as refusal:
            settle_quorum(conference=conference, **GOING_AHEAD | missing, by=cast.chair, now=NOW)
        assert refusal.value.field == field
        conference.refresh_from_db()
        assert conference.quorate is None
        assert explanations_of(conference) == {}


def test_going_ahead_without_a_quorum_keeps_ground_reason_and_interim_plan(cast, conference):
    with acting_as(cast.chair.pk):
        settle_quorum(conference=conference, **GOING_AHEAD, by=cast.chair, now=NOW)
        conference.refresh_from_db()
        assert (conference.quorate, conference.inquorate_grounds) == (False, ["delay_harms"])
        words = {kind: found.words for (kind, _), found in explanations_of(conference).items()}
        assert words == {
            Reason.INQUORATE: GOING_AHEAD["reason"],
            Reason.INTERIM_PLAN: GOING_AHEAD["interim_plan"],
        }


def test_a_second_conference_without_a_quorum_is_refused(cast, conference):
    with acting_as(cast.chair.pk):
        settle_quorum(conference=conference, **GOING_AHEAD, by=cast.chair, now=NOW)
        review = make_conference(cast, kind=ConferenceKind.REVIEW, ids="R", previous=conference)
        with pytest.raises(CannotRecord, match="no quorum either"):
            settle_quorum(conference=review, **GOING_AHEAD, by=cast.chair, now=NOW)
        few = GOING_AHEAD | {"grounds": [InquorateGround.FEW_AGENCIES]}
        settle_quorum(conference=review, **few, by=cast.chair, now=NOW)
