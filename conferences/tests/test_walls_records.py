"""People who have a part in conferences and try to write what is not theirs to write."""

from datetime import timedelta

import pytest

from chatr.database.acting import acting_as, acting_as_job

from ..models import (
    AgencyReport,
    Amendment,
    Assignment,
    AssignmentRole,
    Child,
    Conference,
    ConferenceChild,
    Copy,
    Person,
    Plan,
)
from .attacking import BESIDE, let_in, refused
from .making import NOW, make_conference, make_professional

pytestmark = pytest.mark.django_db


@pytest.fixture
def minute_taker(cast, conference):
    with acting_as(cast.chair.pk):
        let_in(conference, cast.minute_taker, AssignmentRole.MINUTE_TAKER, cast.chair)
    return cast.minute_taker


# The conference


def test_a_conference_stays_with_its_team(cast, conference):
    for by in (cast.chair, cast.manager):
        assert refused(lambda: Conference.objects.update(team=cast.next_team), by) == "a_conference_stays_in_its_team"


def test_nobody_schedules_for_a_team_they_are_not_in(cast, conference):
    fields = {"kind": "initial", "scheduled_at": NOW, "created_at": NOW}
    for by, team in ((cast.neighbour, cast.team), (cast.teacher, cast.team), (cast.staff, cast.team)):
        assert BESIDE in refused(
            lambda by=by, team=team: Conference(chair=by, team=team, created_by=by, **fields).save(force_insert=True),
            by,
        )


def test_a_conference_follows_only_one_that_can_be_read(cast, conference):
    fields = {"kind": "review", "scheduled_at": NOW, "created_at": NOW, "team": cast.next_team, "previous": conference}
    assert BESIDE in refused(
        lambda: Conference(chair=cast.neighbour, created_by=cast.neighbour, **fields).save(force_insert=True),
        cast.neighbour,
    )


def test_only_who_chairs_signs_and_only_in_their_own_name(cast, conference, minute_taker):
    signed = {"state": "signed", "signed_at": NOW, "held_on": NOW, "content_sha256": "x", "quorate": True}

    def sign(by):
        Conference.objects.update(signed_by=by, signed_for_chair=True, **signed)

    assert refused(lambda: sign(cast.chair), minute_taker) in ("in_ones_own_name", "only_who_chairs_signs")
    assert refused(lambda: sign(minute_taker), minute_taker) == "only_who_chairs_signs"
    assert refused(lambda: sign(cast.manager), cast.manager) == "only_who_chairs_signs"
    assert refused(lambda: sign(cast.manager), cast.chair) == "in_ones_own_name"
    assert refused(lambda: sign(cast.chair), cast.chair) == ""


def test_the_chair_does_not_decide_on_their_own_independence(cast, conference):
    def act(who):
        return Conference.objects.update(independence_overridden_by=who)

    assert refused(lambda: act(cast.manager), cast.chair) in ("in_ones_own_name", "the_manager_decides_on_independence")
    assert refused(lambda: act(cast.chair), cast.chair) != ""
    assert refused(lambda: act(cast.manager), cast.manager) == ""


def test_nobody_amends_or_seconds_in_another_name(cast, conference):
    person = make_professional(conference)
    with acting_as(cast.chair.pk):
        amendment = {
            "number": 1,
            "object_type": "block",
            "object_id": person.pk,
            "field": "words",
            "reason": "x",
            "at": NOW,
        }
        copy = Copy.objects.create(
            conference=conference, kind="record", recipient=person, prepared_by=cast.chair, prepared_at=NOW
        )
    assert (
        refused(lambda: Amendment.objects.create(conference=conference, by=cast.manager, **amendment), cast.chair)
        == "in_ones_own_name"
    )

    def second(by):
        return Copy.objects.filter(pk=copy.pk).update(seconded_by=by, seconded_at=NOW)

    assert refused(lambda: second(cast.manager), cast.chair) == "in_ones_own_name"
    assert refused(lambda: second(cast.manager), cast.manager) == ""


# Children


def test_another_familys_child_is_not_taken_by_pointing_at_them(cast, conference, minute_taker):
    make_conference(cast, chair=cast.neighbour, ids="B")
    with acting_as(cast.neighbour.pk):
        stranger = Child.objects.first()
    for by in (minute_taker, cast.chair, cast.manager):
        assert BESIDE in refused(lambda: ConferenceChild.objects.filter(position=1).update(child=stranger), by)
        assert BESIDE in refused(
            lambda: ConferenceChild(conference=conference, child=stranger, position=9).save(force_insert=True), by
        )


def test_a_contributor_cannot_ask_which_children_are_known(cast, conference):
    for la_child_id in ("A1", "Z9"):
        assert BESIDE in refused(
            lambda la_child_id=la_child_id: Child.objects.create(la_child_id=la_child_id), cast.teacher
        )


def test_a_minute_taker_opens_and_changes_no_plan(cast, conference, minute_taker):
    with acting_as(cast.chair.pk):
        child = Child.objects.get(la_child_id="A1")
        fields = {"started_on": NOW, "initial_categories": ["NEG"], "latest_categories": ["NEG"]}
        Plan.objects.create(child=child, opened_at=conference, **fields)
    with acting_as(minute_taker.pk):
        assert Plan.objects.update(ended_on=NOW + timedelta(9)) == 0
    assert BESIDE in refused(lambda: Plan.objects.create(child=child, opened_at=conference, **fields), minute_taker)


# Reports


def test_a_contributor_changes_what_they_did_and_not_what_was_asked(cast, conference):
    person = make_professional(conference)
    with acting_as(cast.chair.pk):
        let_in(conference, cast.teacher, AssignmentRole.CONTRIBUTOR, cast.chair)
        AgencyReport.objects.create(
            conference=conference,
            person=person,
            contributor=cast.teacher,
            discipline="school",
            due_on=NOW,
            due_rule="x",
        )
    for change in ({"due_on": NOW + timedelta(9)}, {"contributor": cast.health_visitor}, {"withdrawn_at": NOW}):
        assert (
            refused(lambda change=change: AgencyReport.objects.update(**change), cast.teacher)
            == "contributors_change_their_report_alone"
        )
    assert refused(lambda: AgencyReport.objects.update(received_at=NOW, discussed_on=NOW), cast.teacher) == ""
    assert (
        refused(lambda: AgencyReport.objects.update(received_at=NOW - timedelta(9)), cast.teacher)
        == "contributors_change_their_report_alone"
    )


# Copies


def test_a_copy_is_read_here_only_while_its_reader_is_let_in(cast, conference):
    person = make_professional(conference)
    with acting_as(cast.chair.pk):
        let_in(conference, cast.teacher, AssignmentRole.CONTRIBUTOR, cast.chair)
        Copy.objects.create(
            conference=conference,
            kind="record",
            recipient=person,
            reader=cast.teacher,
            prepared_by=cast.chair,
            prepared_at=NOW,
            previewed_at=NOW,
            issued_by=cast.chair,
            issued_at=NOW,
            method="portal",
            html_sha256="x",
            pdf_sha256="x",
        )
    with acting_as(cast.teacher.pk):
        assert Copy.objects.count() == 1
    with acting_as(cast.chair.pk):
        Assignment.objects.filter(user=cast.teacher).update(until=NOW)
    with acting_as(cast.teacher.pk):
        assert Copy.objects.count() == 0


# Jobs


def test_a_job_names_no_disposal_signer_and_adds_nothing_of_a_record(cast, conference):
    with acting_as_job("tests"):
        for act in (
            lambda: Conference.objects.update(mode="online"),
            lambda: Assignment.objects.update(until=NOW),
            lambda: Person.objects.update(position=1),
        ):
            assert act() == 0
