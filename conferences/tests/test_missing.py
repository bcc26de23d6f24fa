"""What signing asks for, one thing at a time."""

from datetime import date, time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chatr.database.acting import acting_as
from chatr.workdays.clock import local

from ..models import (
    Attendance,
    Attending,
    Block,
    Break,
    Conference,
    ConferenceKind,
    Participation,
    Preparation,
    Reason,
    SectionKind,
    State,
)
from ..operations.explanations import explain
from ..operations.plans import ActionGiven, review_action, save_action
from ..operations.states import begin
from ..queries.missing import checklist, missing
from .making import make_relative
from .signable import EVENING, HELD, decide_for, make_held, make_review, make_signable, plan_for, sign, write

pytestmark = pytest.mark.django_db


def lacking(conference, today=HELD):
    """The codes and sentences of what is missing, as the chair sees them."""
    with acting_as(conference.chair.pk):
        return [(one.code, one.sentence) for one in missing(conference, today)]


def codes(conference, today=HELD):
    return [code for code, _ in lacking(conference, today)]


def say(conference, kind, child=None, words="Because."):
    explain(conference=conference, kind=kind, words=words, child=child, by=conference.chair, now=EVENING)


def test_nothing_is_missing_in_a_complete_record(cast):
    assert lacking(make_signable(cast)) == []


def test_a_conference_that_was_not_held_can_not_be_signed(cast, conference):
    assert "held_on" in codes(conference)
    assert "held_on" in codes(make_signable(cast, ids="B"), date(2026, 3, 22))


def test_behaviour_6_a_late_conference_needs_reason_manager_and_interim_protection(cast):
    conference = make_signable(cast, on=date(2026, 3, 24), s47_on=date(2026, 3, 2))
    with acting_as(cast.chair.pk):
        assert [one.sentence for one in missing(conference, date(2026, 3, 24))] == [
            "Why the conference was 1 working day late",
            "Which manager agreed that it was late",
            "How the child was kept safe meanwhile",
        ]
        say(conference, Reason.LATE)
        say(conference, Reason.INTERIM_PROTECTION)
        assert [one.code for one in missing(conference, date(2026, 3, 24))] == ["late_agreed_by"]
        Conference.objects.filter(pk=conference.pk).update(late_agreed_by=cast.manager)
        assert missing(conference, date(2026, 3, 24)) == []


def test_a_conference_on_its_last_day_is_in_time(cast):
    assert codes(make_signable(cast, s47_on=date(2026, 3, 2))) == []


def test_behaviour_19_three_siblings_two_decisions_names_the_third(cast):
    conference = make_held(cast, children=3)
    with acting_as(cast.chair.pk):
        first, second, _ = conference.children.order_by("position")
        decide_for(first, "nfa")
        decide_for(second, "nfa")
    assert lacking(conference) == [("decision", "A decision for ChildA3 Example")]


def test_a_decision_needs_the_familys_view_or_that_they_chose_not_to_say(cast):
    conference = make_held(cast, children=1)
    with acting_as(cast.chair.pk):
        child = conference.children.get()
        decide_for(child, "nfa", family_view="")
        assert [one.code for one in missing(conference, HELD)] == ["family_view"]
        decide_for(child, "nfa", family_view="", family_view_not_given=True)
        assert missing(conference, HELD) == []


def test_behaviour_21_no_words_of_a_child_need_the_code_a_reason_and_what_is_done_next(cast):
    conference = make_signable(cast, outcome="nfa")
    with acting_as(cast.chair.pk):
        child = conference.children.get(position=2)
        Block.objects.filter(section__kind=SectionKind.CHILD_WORDS, child=child).update(removed_at=EVENING)
        assert [one.code for one in missing(conference, HELD)] == ["child_words"]
        assert "ChildA2 Example" in missing(conference, HELD)[0].sentence
        Participation.objects.filter(child=child).update(code="PN7")
        assert [one.code for one in missing(conference, HELD)] == ["no_child_words", "next_step"]
        say(conference, Reason.NO_CHILD_WORDS, child)
        participation = Participation.objects.get(child=child)
        participation.next_step = "Her advocate sees her on Friday."
        participation.save()
        assert missing(conference, HELD) == []


@pytest.mark.parametrize(
    ("kind", "code", "reason"),
    [
        (SectionKind.STRENGTHS, "strengths", Reason.NO_STRENGTHS),
        (SectionKind.WORRIES, "worries", Reason.NO_WORRIES),
    ],
)
def test_behaviour_22_worries_and_strengths_are_both_there_or_it_says_why(cast, kind, code, reason):
    conference = make_signable(cast, outcome="nfa")
    with acting_as(cast.chair.pk):
        child, other = conference.children.order_by("position")
        Block.objects.filter(section__kind=kind, child=child).delete()
        (one,) = missing(conference, HELD)
        assert (one.code, one.child_id, one.url_name) == (code, child.pk, "section")
        assert one.section_id == conference.sections.get(kind=kind, child=child).pk
        say(conference, reason, other)
        assert [one.code for one in missing(conference, HELD)] == [code]
        say(conference, reason, child)
        assert missing(conference, HELD) == []


def test_behaviour_23_no_preparation_meeting_needs_a_reason_and_declining_is_enough(cast):
    conference = make_signable(cast, outcome="nfa")
    father = make_relative(conference, "Ted Example")
    assert lacking(conference) == [
        ("no_preparation", "Why there was no preparation meeting with Ted Example, and what is offered now")
    ]
    with acting_as(cast.chair.pk):
        declined = Preparation.objects.create(conference=conference, person=father, declined=True)
        assert missing(conference, HELD) == []
        declined.delete()
        say(conference, Reason.NO_PREPARATION)
        assert missing(conference, HELD) == []


def test_behaviour_20_without_a_quorum_ground_reason_and_interim_plan(cast):
    conference = make_signable(cast, outcome="nfa")
    with acting_as(cast.chair.pk):
        rows = Conference.objects.filter(pk=conference.pk)
        rows.update(quorate=None)
        assert [one.code for one in missing(conference, HELD)] == ["quorum"]
        rows.update(quorate=False)
        assert [one.code for one in missing(conference, HELD)] == ["inquorate_grounds", "inquorate", "interim_plan"]
        rows.update(inquorate_grounds=["delay_harms"])
        say(conference, Reason.INQUORATE)
        say(conference, Reason.INTERIM_PLAN)
        assert missing(conference, HELD) == []


def test_behaviour_20_an_inquorate_review_can_not_end_a_plan_even_if_the_quorum_went_later(cast):
    conference = make_held(cast, kind=ConferenceKind.REVIEW, children=1)
    with acting_as(cast.chair.pk):
        child = conference.children.get()
        decision = decide_for(child, "nfa")
        decision.outcome = "end"
        decision.save()
        Conference.objects.filter(pk=conference.pk).update(quorate=False, inquorate_grounds=["delay_harms"])
        assert "end_without_quorum" in [one.code for one in missing(conference, HELD)]


def test_whether_everybody_came_and_every_break_ended(cast):
    conference = make_signable(cast, outcome="nfa")
    with acting_as(cast.chair.pk):
        Attendance.objects.filter(person__discipline="school").update(status=Attending.INVITED)
        pause = Break.objects.create(conference=conference, part=conference.parts.get(), started_at=EVENING)
        assert [one.sentence for one in missing(conference, HELD)] == [
            "Whether Tia Example came",
            "When the break ended",
        ]
        pause.ended_at = EVENING
        pause.save()
        Attendance.objects.update(status=Attending.APOLOGIES)
        assert [one.sentence for one in missing(conference, HELD)] == ["Who was there"]


def test_behaviour_27_an_action_without_owner_day_or_plain_sentence_can_not_be_signed(cast):
    conference = make_signable(cast)
    with acting_as(cast.chair.pk):
        save_action(conference=conference, child=None, given=ActionGiven(action="Help"), by=cast.chair, now=EVENING)
    assert lacking(conference) == [
        ("action", "In action 2: who does it, by when and the sentence to the child or family")
    ]


def test_a_plan_needs_an_action_a_led_core_group_and_the_next_dates(cast):
    conference = make_held(cast, children=1)
    with acting_as(cast.chair.pk):
        child = conference.children.get()
        decide_for(child)
        assert [one.code for one in missing(conference, HELD)] == [
            "actions",
            "core_group",
            "next_core_group",
            "next_review",
        ]
        plan_for(conference, conference.children.select_related("decision").get())
        assert missing(conference, HELD) == []
        conference.core_group.update(is_lead=False)
        assert [one.sentence for one in missing(conference, HELD)] == ["Who leads the core group for ChildA1 Example"]


def test_a_next_date_after_its_limit_needs_a_reason(cast):
    conference = make_signable(cast)
    with acting_as(cast.chair.pk):
        conference.next_dates.filter(kind="core_group").update(on=date(2026, 4, 9))
        assert [one.sentence for one in missing(conference, HELD)] == [
            "Why the first core group meeting is after the limit"
        ]
        say(conference, Reason.NEXT_DATE_LATE)
        assert missing(conference, HELD) == []


def test_a_review_needs_every_action_of_the_last_conference_looked_at(cast):
    first = make_signable(cast, children=1)
    sign(first)
    review = make_review(cast, first, children=1)
    with acting_as(cast.chair.pk):
        decide_for(review.children.select_related("conference__chair").get(), "end")
        assert [one.code for one in missing(review, date(2026, 6, 8))] == ["action_reviews"]
        review_action(
            conference=review,
            action=first.actions.get(),
            progress="done",
            evidence="Seen.",
            by=cast.chair,
            now=EVENING,
        )
        assert missing(review, date(2026, 6, 8)) == []


def test_behaviour_34_an_overridden_independence_needs_its_reason(cast):
    conference = make_signable(cast, outcome="nfa")
    with acting_as(cast.manager.pk):
        Conference.objects.filter(pk=conference.pk).update(
            report_author=cast.chair, independence_overridden_by=cast.manager
        )
    assert codes(conference) == ["independence"]


def test_words_not_read_back_and_words_saved_in_a_break_are_shown_and_do_not_hinder(cast):
    conference = make_signable(cast, outcome="nfa")
    with acting_as(cast.chair.pk):
        write(conference, SectionKind.FAMILY_KNOW, author_kind="family", read_back="not_yet")
        write(conference, SectionKind.FACTS, in_break=True)
        found = checklist(conference, HELD)
    assert found.missing == []
    assert [one.code for one in found.notices] == ["read_back", "in_break"]


def test_it_takes_ten_queries_for_one_child_and_for_three(cast):
    for number, ids in ((1, "B"), (3, "C")):
        conference = make_signable(cast, children=number, ids=ids, s47_on=date(2026, 3, 2))
        with acting_as(cast.chair.pk), CaptureQueriesContext(connection) as queries:
            missing(conference, HELD)
        assert len(queries) == 10


def test_a_scheduled_conference_lists_everything(cast, conference):
    assert conference.state == State.SCHEDULED
    assert len(codes(conference)) >= 12


def test_dates_that_fell_behind_a_corrected_day_have_to_be_put_right(cast):
    conference = make_signable(cast)
    with acting_as(cast.chair.pk):
        conference.actions.update(due_on=date(2026, 3, 24))
        assert missing(conference, date(2026, 4, 1)) == []
        begin(conference=conference, held_on=date(2026, 3, 31), by=cast.chair, now=local(date(2026, 4, 1), time(9)))
    assert lacking(conference, date(2026, 4, 1)) == [
        ("action", "In action 1: a day that is not before the conference"),
        ("next_date_early", "A date of the first core group meeting after this conference"),
    ]
