"""Signing: who may, over what, what it does to plans and clocks, and that nothing changes afterwards."""

import json
import time
from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from chatr.audit.models import AuditEvent
from chatr.database.acting import acting_as
from chatr.workdays.clock import local

from ..models import (
    Amendment,
    Assignment,
    Block,
    ChildDetails,
    ClockKind,
    Conference,
    ConferenceKind,
    Decision,
    Person,
    Plan,
    SectionKind,
    SignedRecord,
    State,
    TeamMember,
)
from ..operations import signing
from ..operations.explanations import explain
from ..operations.handing_over import CannotHandOver, hand_over
from ..operations.plans import review_action
from ..operations.signing import CannotSign, HasChanged
from ..queries.plans import last_actions
from ..queries.signed import canonical, changed_parts, fingerprint, verify_signature
from .making import make_relative
from .raw import raw, refusal_of
from .signable import EVENING, HELD, decide_for, make_held, make_review, make_signable, plan_for, sign, write

pytestmark = pytest.mark.django_db


def address(name, conference, *more):
    return reverse(f"conferences:{name}", args=[conference.pk, *more])


def make_reviewed(cast, first, outcome="continue", categories=("NEG",), **fields) -> Conference:
    """A review of a signed conference with nothing missing."""
    review = make_review(cast, first, **fields)
    with acting_as(cast.chair.pk):
        for child in review.children.select_related("conference__chair"):
            decide_for(child, outcome, categories)
        for last in last_actions(review):
            review_action(
                conference=review, action=last.action, progress="done", evidence="x", by=cast.chair, now=EVENING
            )
        if outcome == "continue":
            plan_for(review, *review.children.select_related("decision"))
    return review


# Who signs


def test_the_chair_signs_with_name_role_moment_and_hash(cast):
    conference = make_signable(cast)
    signed = sign(conference)
    assert (conference.state, conference.signed_by, conference.signed_at) == (State.SIGNED, cast.chair, EVENING)
    assert (signed.signer_name, signed.signer_role) == ("Cleo Hart", "Conference chair")
    assert not conference.signed_for_chair
    with acting_as(cast.chair.pk):
        content = json.loads(SignedRecord.objects.get().content)
        assert verify_signature(conference)
    assert content["signature"]["name"] == "Cleo Hart"
    event = AuditEvent.objects.filter(action="conferences.signed").latest("at")
    assert event.details["sha256"] == conference.content_sha256


@pytest.mark.parametrize("role", ["minute_taker", None])
def test_behaviour_35_nobody_but_the_chair_signs(cast, role):
    conference = make_signable(cast)
    if role:
        with acting_as(cast.manager.pk):
            Assignment.objects.create(
                conference=conference, user=cast.minute_taker, role=role, since=EVENING, given_by=cast.manager
            )
    with acting_as(cast.chair.pk):
        seen = fingerprint(canonical(conference))
    for person in [cast.minute_taker, cast.manager]:
        with acting_as(person.pk), pytest.raises((CannotSign, Conference.DoesNotExist)):
            signing.sign_record(conference=conference, by=person, now=EVENING, version=seen, name=person.name)
    with acting_as(cast.neighbour.pk), pytest.raises(Conference.DoesNotExist):
        signing.sign_record(
            conference=conference, by=cast.neighbour, now=EVENING, version=seen, name=cast.neighbour.name
        )
    with acting_as(cast.chair.pk):
        conference.refresh_from_db()
        assert conference.state == State.DRAFT
        assert not SignedRecord.objects.exists()


def test_behaviour_35_the_database_lets_no_manager_sign_without_cover(cast):
    conference = make_signable(cast)
    with acting_as(cast.manager.pk), pytest.raises(DatabaseError), transaction.atomic():
        Conference.objects.filter(pk=conference.pk).update(
            state="signed", signed_by=cast.manager, signed_at=EVENING, content_sha256="x", signed_for_chair=True
        )


def let_cover(cast, conference, who, *, by, why="Cleo is ill."):
    """Let somebody of the team cover for the chair."""
    with acting_as(by.pk):
        member = TeamMember.objects.get(user=who, team=conference.team)
        hand_over(conference=conference, role="cover", to=member, reason=why, by=by, now=EVENING)


@pytest.mark.parametrize("who", ["colleague", "manager"])
def test_cover_signs_for_the_chair_and_the_record_says_why(cast, who):
    conference, cover = make_signable(cast), getattr(cast, who)
    let_cover(cast, conference, cover, by=cast.manager)
    sign(conference, by=cover)
    assert conference.signed_for_chair
    assert conference.signed_by == cover
    with acting_as(cover.pk):
        assert "Cleo is ill." in SignedRecord.objects.get().content
        assert verify_signature(conference)


def test_cover_without_a_written_reason_does_not_sign(cast):
    conference = make_signable(cast)
    with acting_as(cast.manager.pk):
        Assignment.objects.create(
            conference=conference, user=cast.colleague, role="cover", since=EVENING, given_by=cast.manager
        )
    with pytest.raises(CannotSign, match="why somebody else signs"):
        sign(conference, by=cast.colleague)


def test_behaviour_34_whoever_wrote_the_report_neither_covers_nor_chairs(cast):
    conference = make_signable(cast, report_author=cast.colleague)
    with pytest.raises(CannotHandOver):
        let_cover(cast, conference, cast.colleague, by=cast.manager)
    with acting_as(cast.chair.pk), pytest.raises(DatabaseError), transaction.atomic():
        Conference.objects.filter(pk=conference.pk).update(report_author=cast.chair)


def test_behaviour_34_an_override_of_independence_is_in_the_signed_record(cast):
    conference = make_signable(cast)
    with acting_as(cast.manager.pk):
        Conference.objects.filter(pk=conference.pk).update(
            report_author=cast.chair, independence_overridden_by=cast.manager
        )
        explain(conference=conference, kind="independence", words="Nobody else is free.", by=cast.manager, now=EVENING)
    content = json.loads(sign(conference).content)["record"]
    assert content["conference"]["independence_overridden_by_id"] == str(cast.manager.pk)
    assert "Nobody else is free." in [one["words"] for one in content["explanations"]]


# Over what


def test_the_name_has_to_be_typed(cast):
    conference = make_signable(cast)
    with pytest.raises(CannotSign) as refusal:
        sign(conference, name="Somebody Else")
    assert refusal.value.field == "name"
    sign(conference, name=" cleo  HART ")


def test_what_is_missing_is_named(cast):
    conference = make_signable(cast)
    with acting_as(cast.chair.pk):
        conference.core_group.all().delete()
    with pytest.raises(CannotSign, match="The core group"):
        sign(conference)


def test_a_stale_page_is_refused_saying_what_changed(cast):
    conference = make_signable(cast)
    with acting_as(cast.chair.pk):
        seen = fingerprint(canonical(conference))
        write(conference, SectionKind.FACTS, words="Somebody typed on.")
    with pytest.raises(HasChanged, match="changed since you opened this page: what people said"):
        sign(conference, version=seen)
    with pytest.raises(HasChanged):
        sign(conference, version="")
    with acting_as(cast.chair.pk):
        assert not SignedRecord.objects.exists()


def test_each_part_that_differs_is_named_once_in_words():
    assert changed_parts("reports:1 people:2", "reports:1 people:2") == []
    assert changed_parts("reports:1 report_parts:1 people:2", "reports:9 report_parts:9 people:2") == ["agency reports"]


def test_the_same_record_is_the_same_text_every_time_and_by_the_manager_too(cast):
    conference = make_signable(cast)
    texts = set()
    for person in (cast.chair, cast.chair, cast.manager):
        with acting_as(person.pk):
            texts.add(canonical(conference))
    assert len(texts) == 1


def test_the_record_says_who_typed_and_keeps_dissent_and_removed_words_are_not_in_it(cast):
    conference = make_signable(cast, outcome="nfa")
    with acting_as(cast.chair.pk):
        person = Person.objects.get(conference=conference, kind="family")
        conference.dissents.create(person=person, words="I disagree.", next_step="A letter.")
        write(conference, SectionKind.FACTS, words="Taken away", removed_at=EVENING)
        write(conference, SectionKind.FACTS, words="Kept")
    content = sign(conference).content
    record = json.loads(content)
    assert record["signature"]["staff"] == {str(cast.chair.pk): "Cleo Hart"}
    assert [one["words"] for one in record["record"]["dissents"]] == ["I disagree."]
    assert "Kept" in content
    assert "Taken away" not in content


def test_the_signature_holds_when_somebody_is_added_or_renamed_and_fails_when_a_row_is_not_as_signed(cast, as_owner):
    conference = make_signable(cast)
    sign(conference)
    make_relative(conference, "Later Example")
    cast.chair.name = "Cleo Married"
    cast.chair.save()
    with acting_as(cast.chair.pk):
        ChildDetails.objects.update(known_as="Other")
        assert verify_signature(conference)
    with acting_as(cast.manager.pk):
        assert verify_signature(conference)
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE conferences.conferences_decision DISABLE TRIGGER USER")
        cursor.execute("ALTER TABLE conferences.conferences_decision NO FORCE ROW LEVEL SECURITY")
        cursor.execute("UPDATE conferences.conferences_decision SET outcome = 'nfa', categories = '{}'")
        cursor.execute("ALTER TABLE conferences.conferences_decision FORCE ROW LEVEL SECURITY")
        cursor.execute("ALTER TABLE conferences.conferences_decision ENABLE TRIGGER USER")
    with acting_as(cast.chair.pk):
        assert not verify_signature(conference)


# What it does


def test_behaviour_16_a_plan_starts_with_its_categories_and_a_review_changes_only_the_latest(cast):
    first = make_held(cast, children=1)
    with acting_as(cast.chair.pk):
        child = first.children.select_related("conference__chair").get()
        decide_for(child, categories=["NEG", "EMO"])
        plan_for(first, first.children.select_related("decision").get())
    sign(first)
    with acting_as(cast.chair.pk):
        plan = Plan.objects.get()
        assert (plan.started_on, plan.initial_categories, plan.latest_categories) == (
            HELD,
            ["NEG", "EMO"],
            ["NEG", "EMO"],
        )
    review = make_reviewed(cast, first, children=1)
    sign(review, now=local(date(2026, 6, 8), EVENING.time()))
    with acting_as(cast.chair.pk):
        plan.refresh_from_db()
        assert (plan.initial_categories, plan.latest_categories, plan.ended_on) == (["NEG", "EMO"], ["NEG"], None)


def test_a_review_ends_a_plan_on_its_day_and_the_next_conference_starts_another(cast):
    first = make_signable(cast, children=1)
    sign(first)
    review = make_reviewed(cast, first, "end", children=1)
    sign(review, now=local(date(2026, 6, 8), EVENING.time()))
    with acting_as(cast.chair.pk):
        plan = Plan.objects.get()
        assert (plan.ended_on, plan.ended_at) == (date(2026, 6, 8), review)
        assert not review.clocks.filter(kind=ClockKind.REVIEW, not_needed=False).exists()


@pytest.mark.parametrize("outcome", ["continue", "end"])
def test_behaviour_15_a_review_on_the_day_the_plan_started_is_refused(cast, outcome):
    first = make_signable(cast, children=1)
    sign(first)
    review = make_reviewed(cast, first, outcome, children=1)
    with acting_as(cast.chair.pk):
        Conference.objects.filter(pk=review.pk).update(held_on=HELD)
        review.refresh_from_db()
        review.next_dates.all().delete()
    with pytest.raises(CannotSign):
        sign(review)
    with acting_as(cast.chair.pk):
        children = signing.children_here(review)
        assert signing.plan_problems(children, HELD) == [
            "For ChildA1 Example, a review comes after the day the plan started, 23 March 2026."
        ]


def test_behaviour_15_the_database_refuses_an_end_on_or_before_the_start(cast):
    conference = make_signable(cast, children=1)
    sign(conference)
    with acting_as(cast.chair.pk):
        for day in (HELD, date(2026, 3, 22)):
            with pytest.raises(DatabaseError), transaction.atomic():
                Plan.objects.update(ended_on=day, ended_at=conference)


def test_a_child_with_an_open_plan_does_not_start_another(cast):
    sign(make_signable(cast, children=1))
    again = make_signable(cast, children=1)  # the same local child id
    with pytest.raises(CannotSign, match="For ChildA1 Example, a plan started on 23 March 2026 and has not ended"):
        sign(again)
    with acting_as(cast.chair.pk):
        assert Plan.objects.count() == 1


def test_a_transfer_in_starts_a_plan_of_another_authority(cast):
    conference = make_signable(cast, children=1, kind=ConferenceKind.TRANSFER_IN, notified_on=date(2026, 3, 9))
    sign(conference)
    with acting_as(cast.chair.pk):
        assert Plan.objects.get().other_authority


def test_no_plan_starts_after_a_child_died(cast):
    conference = make_signable(cast, children=1)
    with acting_as(cast.chair.pk):
        ChildDetails.objects.update(died_on=date(2026, 3, 20))
    with pytest.raises(CannotSign, match="the plan starts after the child died"):
        sign(conference)


def test_the_clocks_run_from_the_signed_decision(cast):
    conference = make_signable(cast)
    sign(conference)
    with acting_as(cast.chair.pk):
        due = dict(conference.clocks.filter(child=None).values_list("kind", "due_on"))
    assert due[ClockKind.CORE_GROUP] == date(2026, 4, 8)
    assert due[ClockKind.REVIEW] == date(2026, 6, 22)
    assert due[ClockKind.DECISION_LETTER] == date(2026, 3, 24)


@pytest.mark.django_db(transaction=True)
def test_two_conferences_open_one_plan_for_a_child_once(cast, run_threads):
    both = [make_signable(cast, children=1) for _ in range(2)]
    with acting_as(cast.chair.pk):
        seen = [fingerprint(canonical(one)) for one in both]

    def attempt(conference, version):
        def go():
            with acting_as(cast.chair.pk):
                signing.sign_record(
                    conference=conference, by=cast.chair, now=EVENING, version=version, name=cast.chair.name
                )
            return "signed"

        return go

    results = run_threads([attempt(*pair) for pair in zip(both, seen, strict=True)])
    refused = [one for one in results if one != "signed"]
    assert results.count("signed") == 1
    assert isinstance(refused[0], CannotSign)
    assert "ChildA1 Example" in str(refused[0])
    assert "Failing row" not in str(refused[0])
    with acting_as(cast.chair.pk):
        assert Plan.objects.count() == 1
        assert sorted(Conference.objects.values_list("state", flat=True)) == ["draft", "signed"]


# Afterwards

CHANGES = [
    "UPDATE conferences_block SET words = 'x'",
    "DELETE FROM conferences_block",
    "UPDATE conferences_decision SET reasons = 'x'",
    "DELETE FROM conferences_decision",
    "UPDATE conferences_dissent SET words = 'x'",
    "DELETE FROM conferences_dissent",
    "UPDATE conferences_planaction SET action = 'x'",
    "UPDATE conferences_attendance SET status = 'apologies'",
    "UPDATE conferences_explanation SET words = 'x'",
    "UPDATE conferences_section SET position = 99",
    "UPDATE conferences_person SET name = 'x'",
    "UPDATE conferences_participation SET code = 'PN7'",
    "UPDATE conferences_coregroupmember SET is_lead = false",
    "UPDATE conferences_signedrecord SET content = 'x'",
    "DELETE FROM conferences_signedrecord",
    "UPDATE conferences_conference SET content_sha256 = 'x'",
    "UPDATE conferences_conference SET state = 'draft', signed_at = NULL, signed_by_id = NULL, content_sha256 = ''",
    "UPDATE conferences_conference SET held_on = held_on - 1",
    "DELETE FROM conferences_conference",
    "ALTER TABLE conferences_block DISABLE TRIGGER ALL",
    "DROP TRIGGER frozen ON conferences_block",
    "TRUNCATE conferences_signedrecord",
    "SET session_replication_role = replica",
]


@pytest.mark.django_db(transaction=True)
def test_behaviour_35_after_signing_raw_sql_as_the_app_role_changes_nothing(cast, app_role):
    conference = make_signable(cast)
    with acting_as(cast.chair.pk):
        person = Person.objects.get(conference=conference, kind="family")
        conference.dissents.create(person=person, words="No.", next_step="A letter.")
        explain(conference=conference, kind="no_preparation", words="Why.", by=cast.chair, now=EVENING)
    sign(conference)
    for sql in CHANGES:
        with raw(cast.chair) as cursor:
            if refusal_of(cursor, sql) is None:
                cursor.execute(sql)
                assert cursor.rowcount == 0, sql
    with acting_as(cast.chair.pk):
        assert verify_signature(conference)


def test_after_signing_the_app_can_not_change_a_word_either(cast):
    conference = make_signable(cast)
    sign(conference)
    with acting_as(cast.chair.pk):
        block = Block.objects.first()
        for change in (
            lambda: Block.objects.filter(pk=block.pk).update(position=9),
            lambda: write(conference, SectionKind.FACTS),
            lambda: Decision.objects.update(outcome="nfa", categories=[]),
        ):
            with pytest.raises(DatabaseError) as refusal, transaction.atomic():
                change()
            assert refusal.value.__cause__.diag.constraint_name == "frozen_once_signed"
        assert not Amendment.objects.exists()
    with pytest.raises(CannotSign, match="closed already"):
        sign(conference)


# Pages


def test_the_check_list_links_each_thing_to_its_page_and_offers_no_signature(client, sign_in, cast):
    conference = make_held(cast, children=1)
    sign_in(client, cast.chair)
    page = client.get(address("sign", conference)).content.decode()
    assert "A decision for ChildA1 Example" in page
    assert address("decisions", conference) in page
    assert "Go on to sign" not in page
    assert client.get(address("sign-now", conference)).url == address("sign", conference)


def test_signing_on_the_page_asks_first_who_it_is(client, sign_in, cast):
    conference = make_signable(cast)
    sign_in(client, cast.chair)
    session = client.session
    session["account_authentication_methods"] = [
        {**one, "at": time.time() - 3600} for one in session["account_authentication_methods"]
    ]
    session.save()
    for method in (client.get, client.post):
        answer = method(address("sign-now", conference))
        assert answer.status_code == 302
        assert "next=" in answer.url
        assert "sign" not in answer.url.split("?")[0]


def test_the_chair_signs_on_the_page_and_sees_that_it_holds(client, sign_in, cast):
    conference = make_signable(cast)
    sign_in(client, cast.chair)
    assert "Go on to sign" in client.get(address("sign", conference)).content.decode()
    form = client.get(address("sign-now", conference))
    version = form.context["form"].initial["version"]
    given = {"version": version, "has_read": "on", "name": "Cleo Hart"}
    refused = client.post(address("sign-now", conference), given | {"name": "Cleo"})
    assert "Type your name as it stands in your account: Cleo Hart" in refused.content.decode()
    assert client.post(address("sign-now", conference), given).url == address("sign", conference)
    page = client.get(address("sign", conference)).content.decode()
    assert "The record is signed" in page
    assert "It still is what was signed" in page


def test_a_page_opened_before_somebody_typed_on_is_refused_with_what_changed(client, sign_in, cast):
    conference = make_signable(cast)
    sign_in(client, cast.chair)
    version = client.get(address("sign-now", conference)).context["form"].initial["version"]
    with acting_as(cast.chair.pk):
        decide_for(conference.children.select_related("conference__chair").first(), reasons="Other reasons")
    given = {"version": version, "has_read": "on", "name": "Cleo Hart"}
    page = client.post(address("sign-now", conference), given).content.decode()
    assert "The record was changed since you opened this page: decisions." in page


@pytest.mark.parametrize("who", ["manager", "minute_taker", "colleague", "neighbour", "teacher"])
def test_behaviour_35_nobody_else_reaches_the_signature(client, sign_in, cast, who):
    conference = make_signable(cast)
    sign_in(client, getattr(cast, who))
    assert client.get(address("sign-now", conference)).status_code == 404
    assert client.post(address("sign-now", conference), {}).status_code == 404


def test_whoever_covers_signs_in_the_chairs_stead_on_the_page(client, sign_in, cast):
    conference = make_signable(cast)
    sign_in(client, cast.manager)
    assert address("hand-over", conference) in client.get(address("sign", conference)).content.decode()
    let_cover(cast, conference, cast.colleague, by=cast.manager)
    sign_in(client, cast.colleague)
    assert "in the chair’s stead" in client.get(address("sign-now", conference)).content.decode()
