"""Legal holds, how long records are kept, and how one goes: by dates, by two people, leaving a tombstone."""

from datetime import date, time, timedelta

import pytest
from django.apps import apps
from django.db import DatabaseError, ProgrammingError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from chatr.audit.models import AuditEvent
from chatr.database.acting import acting_as, acting_as_job
from chatr.testing.database import as_owner
from chatr.testing.people import make_person
from chatr.workdays.clock import local

from ..models import (
    AccessEvent,
    Amendment,
    Assignment,
    Block,
    BlockVersion,
    Child,
    ChildDetails,
    Conference,
    ConferenceChild,
    Copy,
    CopyContent,
    DisposalProposal,
    Feedback,
    KeepingRule,
    LegalHold,
    Plan,
    Section,
    SignedRecord,
    State,
    TeamMember,
)
from ..operations.access_log import record_access
from ..operations.keeping import (
    CannotDispose,
    CannotHold,
    CannotKeep,
    agree,
    agree_rule,
    decline,
    lift_hold,
    place_hold,
    propose,
)
from ..queries.keeping import held, open_proposals, past_keeping, tombstones
from ..tasks import propose_disposals
from .making import make_conference, make_relative

pytestmark = pytest.mark.django_db

MET = date(2025, 3, 10)
RULE = {"kind": "record", "years": 1, "trigger": "held", "authority": "Example schedule 4.2, 2024"}
TOMBSTONE = {"conferences_assignment", "conferences_accessevent", "conferences_disposalproposal"}


@pytest.fixture
def second(cast):
    """Another manager of the same team."""
    person = make_person("Moira Sand", "moira@council.example.org", None, "chairs_manager")
    with acting_as(cast.staff.pk):
        TeamMember.objects.create(
            team=cast.team, user=person, role="manager", since=timezone.now(), given_by=cast.staff
        )
    return person


def signed(cast, *, ids="K", on=MET, chair=None, state=State.SIGNED):
    """A signed record from some years ago with words, a copy that was given out, an amendment and a reading."""
    chair = chair or cast.chair
    now = local(on - timedelta(days=14), time(9))
    conference = make_conference(cast, chair=chair, ids=ids, at=local(on, time(10)), now=now)
    person = make_relative(conference, by=chair)
    with acting_as(chair.pk):
        record_access("view", conference_id=conference.pk, object_type="conference", object_id=str(conference.pk))
        section = Section.objects.filter(conference=conference, kind="family_know").get()
        words = {"conference": conference, "section": section, "words": "MARKER"}
        block = Block.objects.create(
            **words, position=1, author_kind="family", person=person, typed_by=chair, typed_at=now, sealed_at=now
        )
        BlockVersion.objects.create(**words, block=block, version=1, by=chair, at=now)
        Conference.objects.filter(pk=conference.pk).update(
            held_on=on, quorate=True, state=state, signed_at=now, signed_by=chair, content_sha256="0" * 64
        )
        SignedRecord.objects.create(conference=conference, content="MARKER", signer_name="x", signer_role="Chair")
        Amendment.objects.create(
            conference=conference,
            number=1,
            object_type="block",
            object_id=block.pk,
            field="words",
            reason="MARKER",
            by=chair,
            at=now,
        )
        copy = Copy.objects.create(
            conference=conference, kind="record", recipient=person, prepared_by=chair, prepared_at=now
        )
        CopyContent.objects.create(conference=conference, copy=copy, html="MARKER", pdf_base64="")
        Copy.objects.filter(pk=copy.pk).update(
            previewed_at=now, issued_by=chair, issued_at=now, method="by_hand", html_sha256="1", pdf_sha256="1"
        )
        conference.refresh_from_db()
    return conference


@pytest.fixture
def old(cast):
    """A record that was kept long enough under ``RULE``."""
    return signed(cast)


@pytest.fixture
def rule(cast):
    """The rule, in force since long ago."""
    with acting_as(cast.manager.pk):
        return KeepingRule.objects.create(**RULE, agreed_by=cast.manager, in_force_from=date(2024, 1, 1))


def proposal_for(person, conference) -> DisposalProposal:
    with acting_as(person.pk):
        return open_proposals().get(conference=conference)


def both_agree(cast, second, conference) -> None:
    proposal = proposal_for(cast.manager, conference)
    for person in (cast.manager, second):
        with acting_as(person.pk):
            agree(proposal=proposal, by=person, now=timezone.now())


def left_of(conference) -> dict[str, int]:
    """How many rows each table holds about a conference, whoever may see them."""
    found = {}
    connection.check_constraints()  # a table with checks waiting can't be altered
    with as_owner(), connection.cursor() as cursor:
        for model in apps.get_app_config("conferences").get_models():
            table = model._meta.db_table
            columns = {field.column for field in model._meta.local_concrete_fields}
            if "conference_id" in columns:
                cursor.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
                cursor.execute(f"SELECT count(*) FROM {table} WHERE conference_id = %s", [conference.pk])
                count = cursor.fetchone()[0]
                cursor.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
                if count:
                    found[table.removeprefix("conferences_")] = count
    return found


# Rules


def test_a_portal_starts_without_a_rule_and_proposes_nothing(cast, old):
    assert propose(now=timezone.now()) == (0, 0)
    with acting_as(cast.manager.pk):
        assert past_keeping(timezone.localdate()) == [] and not KeepingRule.objects.exists()


def test_a_manager_agrees_a_rule_and_nobody_else(cast):
    today = timezone.localdate()
    with acting_as(cast.manager.pk):
        agree_rule(**RULE, in_force_from=today, by=cast.manager, now=timezone.now())
    assert AuditEvent.objects.get(action="conferences.keeping_rule_agreed").details["years"] == 1
    for person in (cast.chair, cast.staff):
        with acting_as(person.pk), pytest.raises(ProgrammingError), transaction.atomic():
            agree_rule(**RULE | {"kind": "feedback"}, in_force_from=today, by=person, now=timezone.now())


@pytest.mark.parametrize(
    ("change", "field"),
    [({"authority": "  "}, "authority"), ({"in_force_from": date(2024, 1, 1)}, "in_force_from"), ({}, "in_force_from")],
)
def test_a_rule_needs_an_authority_and_a_day_of_its_own(cast, change, field):
    wanted = RULE | {"in_force_from": timezone.localdate()} | change
    with acting_as(cast.manager.pk):
        if not change:
            agree_rule(**wanted, by=cast.manager, now=timezone.now())
        with pytest.raises(CannotKeep) as refusal:
            agree_rule(**wanted, by=cast.manager, now=timezone.now())
    assert refusal.value.field == field


def test_the_rule_page_refuses_what_is_missing_beside_the_field_and_keeps_the_rest(client, sign_in, cast):
    sign_in(client, cast.manager)
    page = client.post(reverse("conferences:agree-rule"), {"kind": "record", "years": "0", "authority": "Schedule"})
    text = page.content.decode()
    assert "Enter at least 1 year" in text and 'value="Schedule"' in text
    with acting_as(cast.manager.pk):
        assert not KeepingRule.objects.exists()


# Proposals


def test_behaviour_39_a_record_past_its_day_is_proposed_once_by_dates(cast, old, rule):
    with acting_as_job("keeping"):
        (one,) = past_keeping(date(2026, 3, 11))
        assert past_keeping(date(2026, 3, 10)) == []  # still its last day
    assert (one.conference, one.kept_until, one.held) == (old.pk, date(2026, 3, 10), False)
    assert propose(now=timezone.now()) == (1, 0)
    assert propose(now=timezone.now()) == (0, 0)
    assert proposal_for(cast.manager, old).kept_until == date(2026, 3, 10)


def test_an_open_record_and_one_whose_plan_goes_on_are_never_proposed(cast, rule):
    make_conference(cast, ids="O", at=local(MET, time(10)), now=local(date(2025, 2, 24), time(9)))
    on_plan = signed(cast, ids="P")
    with acting_as(cast.manager.pk):
        KeepingRule.objects.create(
            **RULE | {"trigger": "plan_ended"}, agreed_by=cast.manager, in_force_from=date(2024, 2, 1)
        )
    with acting_as(cast.chair.pk):
        Plan.objects.create(
            child=on_plan.children.get(position=1).child,
            opened_at=on_plan,
            started_on=MET,
            initial_categories=["NEG"],
            latest_categories=["NEG"],
        )
    assert propose(now=timezone.now()) == (0, 0)
    with acting_as(cast.chair.pk):
        Plan.objects.update(ended_on=date(2025, 9, 1), ended_at=on_plan)
    with acting_as_job("keeping"):
        assert [one.kept_until for one in past_keeping(timezone.localdate())] == [date(2026, 9, 1)]


def test_behaviour_39_with_a_legal_hold_the_record_is_untouched_and_reported(client, sign_in, cast, second, old, rule):
    with acting_as(cast.chair.pk):
        hold = place_hold(conference=old, reason="An inquiry", by=cast.chair, now=timezone.now())
    before = left_of(old)
    assert propose(now=timezone.now()) == (0, 1)
    assert AuditEvent.objects.get(action="conferences.disposal_proposed").details == {"proposed": 0, "held": 1}
    with acting_as(cast.manager.pk):
        assert [one.conference for one in held(timezone.localdate())] == [old.pk]
        assert not DisposalProposal.objects.exists()
    assert left_of(old) == before
    sign_in(client, cast.manager)
    assert f"Conference {old.pk}" in client.get(reverse("conferences:keeping")).content.decode()
    with acting_as(cast.manager.pk):
        lift_hold(hold=hold, by=cast.manager, now=timezone.now())
    assert propose(now=timezone.now()) == (1, 0)


def test_behaviour_39_a_hold_placed_after_the_first_agreement_still_wins(cast, second, old, rule):
    propose(now=timezone.now())
    proposal = proposal_for(cast.manager, old)
    with acting_as(cast.manager.pk):
        assert agree(proposal=proposal, by=cast.manager, now=timezone.now()) is False
    with acting_as(cast.chair.pk):
        place_hold(conference=old, reason="A court", by=cast.chair, now=timezone.now())
    before = left_of(old)
    with acting_as(second.pk), pytest.raises(CannotDispose, match="legal hold"):
        agree(proposal=proposal, by=second, now=timezone.now())
    assert left_of(old) == before
    assert proposal_for(cast.manager, old).second_by is None


def test_behaviour_39_the_same_person_twice_is_refused(cast, second, old, rule):
    propose(now=timezone.now())
    proposal = proposal_for(cast.manager, old)
    with acting_as(cast.manager.pk):
        agree(proposal=proposal, by=cast.manager, now=timezone.now())
        with pytest.raises(CannotDispose, match="Somebody else"):
            agree(proposal=proposal, by=cast.manager, now=timezone.now())
        with pytest.raises(DatabaseError), transaction.atomic():
            DisposalProposal.objects.update(second_by=cast.manager, second_at=timezone.now())
        with pytest.raises(DatabaseError), transaction.atomic():
            DisposalProposal.objects.update(second_by=second, second_at=timezone.now())  # in another's name
        with pytest.raises(DatabaseError, match="two people"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT dispose_of(%s)", [proposal.pk])
    assert left_of(old)["block"] == 1


def test_behaviour_39_two_people_agree_and_a_tombstone_without_content_remains(cast, second, old, rule):
    with acting_as_job("tests"):
        log = AccessEvent.objects.filter(conference_id=old.pk).count()
    propose(now=timezone.now())
    both_agree(cast, second, old)
    assert set(left_of(old)) == {"assignment", "accessevent", "disposalproposal"}
    assert left_of(old)["accessevent"] == log == 1
    for person in (cast.manager, cast.chair):
        with acting_as(person.pk):
            assert not Conference.objects.exists() and not Child.objects.exists()
            assert not ChildDetails.objects.exists() and not Assignment.objects.live().exists()
    with acting_as(cast.manager.pk):
        (stone,) = tombstones()
        assert (stone.conference_id, stone.first_by, stone.second_by) == (old.pk, cast.manager, second)
        assert stone.disposed_at is not None and not open_proposals().exists()
    event = AuditEvent.objects.get(action="conferences.disposed")
    assert event.details == {"conference": str(old.pk), "rule": str(rule.pk)}
    connection.check_constraints()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM broken_access_chains()")
        assert cursor.fetchone() == (0,)
    assert propose(now=timezone.now()) == (0, 0)


def test_a_child_another_record_is_about_stays_with_their_plans(cast, second, old, rule):
    with acting_as(cast.chair.pk):
        first, other = ConferenceChild.objects.filter(conference=old).order_by("position")
    later = make_conference(cast, ids="L", children=1)
    with acting_as(cast.chair.pk):
        ConferenceChild.objects.create(conference=later, child=first.child, position=2)
        for one in (first, other):
            Plan.objects.create(
                child=one.child,
                opened_at=old,
                started_on=MET,
                ended_on=date(2025, 6, 2),
                ended_at=old,
                initial_categories=["NEG"],
                latest_categories=["NEG"],
            )
    propose(now=timezone.now())
    both_agree(cast, second, old)
    with acting_as(cast.chair.pk):
        assert [plan.child for plan in Plan.objects.all()] == [first.child]
        assert (
            Child.objects.filter(pk=first.child_id).exists()
            and ChildDetails.objects.filter(child=first.child_id).exists()
        )
        assert not Child.objects.filter(pk=other.child_id).exists()
    assert left_of(later)["conferencechild"] == 2


def test_only_what_two_people_agreed_to_can_be_removed(cast, second, old, rule, app_role):
    other = signed(cast, ids="M")
    propose(now=timezone.now())
    both_agree(cast, second, old)
    assert left_of(other)["block"] == left_of(other)["signedrecord"] == left_of(other)["amendment"] == 1
    with acting_as(cast.manager.pk):
        for table in ("block", "blockversion", "signedrecord", "amendment", "copycontent", "disposalproposal"):
            try:
                with transaction.atomic(), connection.cursor() as cursor:
                    cursor.execute(f"DELETE FROM conferences_{table} WHERE conference_id = %s", [other.pk])
            except DatabaseError:
                pass
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "UPDATE conferences_disposalproposal SET disposed_at = now() WHERE conference_id = %s", [other.pk]
            )
    assert {left_of(other)[table] for table in ("block", "blockversion", "signedrecord", "amendment")} == {1}
    assert left_of(other)["disposalproposal"] == left_of(other)["copycontent"] == 1


def test_a_longer_rule_agreed_meanwhile_keeps_the_record(cast, second, old, rule):
    propose(now=timezone.now())
    with acting_as(cast.manager.pk):
        agree_rule(**RULE | {"years": 35}, in_force_from=timezone.localdate(), by=cast.manager, now=timezone.now())
    with pytest.raises(CannotDispose, match="kept longer"):
        both_agree(cast, second, old)
    assert left_of(old)["block"] == 1


def test_the_next_teams_manager_a_chair_and_staff_neither_see_nor_agree(client, sign_in, cast, old, rule):
    propose(now=timezone.now())
    proposal = proposal_for(cast.manager, old)
    address = reverse("conferences:decide-proposal", args=[proposal.pk])
    for person in (cast.next_manager, cast.chair, cast.staff, cast.minute_taker):
        with acting_as(person.pk):
            assert not open_proposals().exists() and held(timezone.localdate()) == []
            with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SELECT dispose_of(%s)", [proposal.pk])
        sign_in(client, person)
        assert client.get(address).status_code == 404
        assert client.post(address, {"understood": "on"}).status_code == 404
    assert proposal_for(cast.manager, old).first_by is None


def test_declined_it_stays_and_is_asked_again_after_a_year(cast, old, rule):
    now = timezone.now()
    propose(now=now)
    with acting_as(cast.manager.pk):
        decline(proposal=proposal_for(cast.manager, old), by=cast.manager, now=now)
        with pytest.raises(CannotDispose):
            agree(proposal=DisposalProposal.objects.get(), by=cast.manager, now=now)
    assert propose(now=now + timedelta(days=364)) == (0, 0)
    assert propose(now=now + timedelta(days=367)) == (1, 0)


def test_feedback_goes_by_its_own_rule_and_the_record_stays(cast, second, old):
    with acting_as_job("feedback"):
        Feedback.objects.create(conference=old, cohort="parent", answers={}, received_on=MET)
    with acting_as(cast.manager.pk):
        KeepingRule.objects.create(
            **RULE | {"kind": "feedback"}, agreed_by=cast.manager, in_force_from=date(2024, 1, 1)
        )
    assert propose(now=timezone.now()) == (1, 0)
    both_agree(cast, second, old)
    assert "feedback" not in left_of(old) and left_of(old)["block"] == 1
    with acting_as(cast.manager.pk):
        assert Conference.objects.filter(pk=old.pk).exists()
    assert propose(now=timezone.now()) == (0, 0)


def test_every_table_with_something_of_a_conference_is_emptied():
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM conferences.tables_of_a_record()")
        emptied = {name for (name,) in cursor.fetchall()}
        cursor.execute("SELECT tablename FROM pg_policies WHERE schemaname = 'conferences' AND policyname = 'disposal'")
        may_be = {name for (name,) in cursor.fetchall()}
    about_one = {
        model._meta.db_table
        for model in apps.get_app_config("conferences").get_models()
        if "conference_id" in {field.column for field in model._meta.local_concrete_fields}
    }
    assert emptied == about_one - TOMBSTONE
    assert emptied <= may_be


# Holds


def test_the_chair_places_a_hold_and_only_the_manager_lifts_it(client, sign_in, cast, old):
    sign_in(client, cast.chair)
    page = reverse("conferences:holds", args=[old.pk])
    assert client.post(page, {"reason": "A complaint"}).status_code == 302
    with acting_as(cast.chair.pk):
        hold = LegalHold.objects.get()
        assert LegalHold.objects.update(lifted_by=cast.chair, lifted_at=timezone.now()) == 0
    lift = reverse("conferences:lift-hold", args=[old.pk, hold.pk])
    assert client.post(lift).status_code == 404
    sign_in(client, cast.manager)
    assert "A complaint" in client.get(lift).content.decode()
    assert client.post(lift).status_code == 302
    with acting_as(cast.manager.pk):
        assert LegalHold.objects.get().lifted_by == cast.manager
        with pytest.raises(CannotHold, match="already"):
            lift_hold(hold=hold, by=cast.manager, now=timezone.now())
        with pytest.raises(DatabaseError), transaction.atomic():
            LegalHold.objects.update(lifted_by=None, lifted_at=None)
    assert "A complaint" not in str(list(AuditEvent.objects.values_list("details", flat=True)))


def test_a_hold_needs_its_reason_and_what_was_typed_is_kept(client, sign_in, cast, old):
    sign_in(client, cast.chair)
    answer = client.post(reverse("conferences:holds", args=[old.pk]), {"reason": "   "})
    assert "There is a problem" in answer.content.decode()
    with acting_as(cast.chair.pk):
        assert not LegalHold.objects.exists()


@pytest.mark.parametrize("name", ["neighbour", "next_manager", "colleague", "minute_taker", "teacher", "staff"])
def test_nobody_else_sees_or_places_holds(client, sign_in, cast, old, name):
    sign_in(client, getattr(cast, name))
    page = reverse("conferences:holds", args=[old.pk])
    assert (client.get(page).status_code, client.post(page, {"reason": "x"}).status_code) == (404, 404)


# Pages


def test_two_managers_dispose_of_a_record_on_the_pages(client, sign_in, cast, second, old, rule):
    propose(now=timezone.now())
    address = reverse("conferences:decide-proposal", args=[proposal_for(cast.manager, old).pk])
    sign_in(client, cast.manager)
    assert "Yours is the first agreement" in client.get(address).content.decode()
    assert "Tick the box" in client.post(address, {}).content.decode()
    assert client.post(address, {"understood": "on"}).status_code == 302
    assert "You agreed already" in client.get(address).content.decode()
    sign_in(client, second)
    assert "cannot be brought back" in client.get(address).content.decode()
    assert client.post(address, {"understood": "on"}).status_code == 302
    page = client.get(reverse("conferences:keeping")).content.decode()
    assert f"Conference {old.pk}" in page and "Max Lund and Moira Sand agreed" in page
    assert client.get(address).status_code == 404
    assert client.get(reverse("conferences:conference", args=[old.pk])).status_code == 404


def test_the_page_of_proposals_costs_the_same_for_one_and_for_three(client, sign_in, cast, rule, keeps_one_query_count):
    sign_in(client, cast.manager)
    numbers = iter(range(9))

    def add_row():
        signed(cast, ids=f"N{next(numbers)}")
        held_one = signed(cast, ids=f"N{next(numbers)}")
        with acting_as(cast.chair.pk):
            place_hold(conference=held_one, reason="x", by=cast.chair, now=timezone.now())
        propose(now=timezone.now())

    keeps_one_query_count(add_row, lambda: client.get(reverse("conferences:keeping")), at_most=12)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", [1280, 375])
def test_the_pages_of_keeping_are_accessible(open_page, site, axe, cast, rule, width):
    old, kept = signed(cast), signed(cast, ids="H")
    with acting_as(cast.chair.pk):
        hold = place_hold(conference=kept, reason="An inquiry", by=cast.chair, now=timezone.now())
    propose(now=timezone.now())
    page = open_page(cast.manager, width=width)
    for address in (
        reverse("conferences:keeping"),
        reverse("conferences:agree-rule"),
        reverse("conferences:decide-proposal", args=[proposal_for(cast.manager, old).pk]),
        reverse("conferences:holds", args=[kept.pk]),
        reverse("conferences:lift-hold", args=[kept.pk, hold.pk]),
    ):
        page.goto(f"{site}{address}")
        assert page.locator("h1").count() == 1, address
        assert axe(page) == [], address
        assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"), address


def test_the_daily_task_only_proposes(cast, old, rule):
    propose_disposals()
    assert proposal_for(cast.manager, old).first_by is None
    assert left_of(old)["block"] == 1
