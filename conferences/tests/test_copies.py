"""A copy holds what was cleared for its reader, is given out as it was looked at, and can be taken back."""

import base64
import hashlib

import pytest
from django.db import IntegrityError, transaction
from django.db.utils import DatabaseError

from chatr.audit.models import AuditEvent
from chatr.database.acting import acting_as
from chatr.notifications.models import Message
from chatr.notifications.operations import preview as preview_message
from chatr.pdf.tests.reading import metadata_of, structure_of, words_of

from ..models import (
    Assignment,
    Clearance,
    Clock,
    Conference,
    Copy,
    CopyContent,
    Explanation,
    PersonContact,
    SafetyFlag,
)
from ..operations import amending, clearing, copies
from ..operations.copies import CannotIssue, CannotPrepare, is_stale, pdf_of, what_it_lacks
from ..paper import letters, wording
from ..paper.items import Key
from ..queries import copies as queries
from .copying import (
    LATER,
    clear_all,
    clear_shared,
    given,
    issue,
    key_of,
    make_scene,
    prepare,
    sign,
    withhold,
)

pytestmark = pytest.mark.django_db

NEVER = ("NOTEMARK", "FLAGMARK", "ROOMMARK", "CHAIRONLYMARK", "REASONMARK")


@pytest.fixture
def scene(cast):
    return sign(make_scene(cast))


def stored(copy) -> tuple[str, str]:
    """The copy as text: the page part, and the PDF."""
    return copy.content.html, words_of(pdf_of(copy))


def test_nothing_cleared_makes_a_copy_without_content(scene):
    copy = prepare(scene, scene.father)
    html, pdf = stored(copy)
    assert copy.content.made_of == []
    for text in (html, pdf):
        assert "Frank Example" in text
        assert wording.NEUTRAL in text
        for absent in ("Ada", "Mona", "MARK", "laugh", "The decision"):
            assert absent not in text


def test_the_renderer_never_receives_what_is_not_cleared(scene, monkeypatch):
    clear_shared(scene, scene.father)
    withhold(scene, scene.father, scene.withheld)
    with acting_as(scene.chair.pk):
        clearing.take_back(person=scene.father, keys=[key_of(scene.action)], by=scene.chair)
    received = []
    compose = letters.compose
    monkeypatch.setattr(letters, "compose", lambda *args: received.append(args) or compose(*args))
    prepare(scene, scene.father)
    ((_, frame, items),) = received
    with acting_as(scene.chair.pk):
        cleared = {
            Key(*key) for key in Clearance.objects.filter(person=scene.father).values_list("object_type", "object_id")
        }
    assert {item.key for item in items} == cleared
    assert key_of(scene.action) not in cleared
    everything = repr((frame, items))
    for marker in (*NEVER, "WITHHELDMARK", "PARTMARK", "NOTAGREEDMARK", "Addressmark", "emailmark", "900123"):
        assert marker not in everything


def test_the_order_is_the_fixed_one_and_the_child_comes_first(scene):
    clear_all(scene, scene.mother)
    html, _ = stored(prepare(scene, scene.mother))
    expected = [
        "Who is here",
        "own words",
        "AGREEDMARK",
        "NOTAGREEDMARK",
        "What the family wants us to know",
        "What is going well",
        "What has happened",
        "worried about",
        "What each agency said",
        "The plan",
        "The decision",
        "Who does what by when",
    ]
    places = [html.index(text) for text in expected]
    assert places == sorted(places)


def test_the_same_neutral_sentence_is_on_every_copy(scene):
    clear_shared(scene, scene.mother, scene.father, scene.first, scene.teacher)
    for person, kind in (
        (scene.mother, "record"),
        (scene.father, "record"),
        (scene.teacher, "record"),
        (scene.first, "child_letter"),
        (scene.mother, "family_plan"),
        (scene.mother, "decision_letter"),
    ):
        html, pdf = stored(prepare(scene, person, kind))
        assert html.count(wording.NEUTRAL) == 1
        assert wording.NEUTRAL in pdf


def test_the_pdf_is_tagged_neutral_and_says_nothing_about_who_made_it(scene):
    clear_shared(scene, scene.mother)
    pdf = pdf_of(prepare(scene, scene.mother))
    metadata = metadata_of(pdf)
    assert "Conference record" in metadata
    for name in ("Mona", "Example", "Ada", "Ben", "Cleo", str(scene.conference.pk)):
        assert name not in metadata
    assert {"H1", "Table", "TH"} <= set(structure_of(pdf))


def test_no_part_of_the_meeting_is_numbered_and_nobody_stands_there_twice(scene):
    clear_all(scene, scene.mother)
    html, _ = stored(prepare(scene, scene.mother))
    table = html[html.index("<table") : html.index("</table")]
    assert table.count("Mona Example") == 1
    assert "part 1" not in html
    assert "Part 2" not in html


def test_behaviour_26_disagreement_is_printed_as_it_was_said_with_what_happens_next(scene):
    clear_shared(scene, scene.mother)
    html, pdf = stored(prepare(scene, scene.mother))
    assert "I do not  agree,<br>not with one word of it." in html
    assert "It goes to the manager." in pdf


def test_behaviour_21_the_childs_words_are_in_every_copy_cleared_for_them(scene):
    clear_all(scene, scene.teacher)
    html, pdf = stored(prepare(scene, scene.teacher))
    assert "AGREEDMARK I like my school." in html
    assert "AGREEDMARK I like my school." in pdf
    assert html.index("AGREEDMARK") < html.index("The school called")


def test_behaviour_34_why_the_chair_was_not_independent_prints_in_the_record(cast):
    scene = make_scene(cast)
    with acting_as(cast.manager.pk):
        Explanation.objects.create(
            conference=scene.conference,
            kind="independence",
            words="No other chair was free this month.",
            by=cast.manager,
            at=LATER,
        )
    sign(scene)
    clear_shared(scene, scene.mother)
    html, _ = stored(prepare(scene, scene.mother))
    assert "Why this chair, although involved in the case" in html
    assert "No other chair was free this month." in html


def test_a_copy_is_made_from_a_signed_record_only(cast):
    scene = make_scene(cast)
    with pytest.raises(CannotPrepare, match="Sign it first"):
        prepare(scene, scene.mother)


def test_a_letter_to_the_child_is_for_a_child_alone(scene):
    with pytest.raises(CannotPrepare, match="not get a copy of this kind"):
        prepare(scene, scene.father, "child_letter")
    with pytest.raises(CannotPrepare, match="not get a copy of this kind"):
        prepare(scene, scene.first, "decision_letter")


# Letters


def test_the_letter_to_the_child_speaks_to_one_child_and_names_no_other(scene):
    clear_shared(scene, scene.first)
    copy = prepare(
        scene,
        scene.first,
        "child_letter",
        talked_about="We talked about mornings.",
        personal="It was good to meet you.",
    )
    html, pdf = stored(copy)
    for text in (
        "Dear Ada,",
        "It was good to meet you.",
        "We talked about mornings.",
        "AGREEDMARK I like my school.",
        "You have breakfast at school, plan 1.",
        "child protection plan",
        "Tess Vale",
        "People meet again on Wednesday 1 April 2026.",
        "0800 1111",
        "If something in here is not right",
    ):
        assert text in html
        assert text in pdf
    for absent in ("Ben", "NOTAGREEDMARK", "plan 2", "Mona", "Frank", "Neglect"):
        assert absent not in html
        assert absent not in pdf


def test_behaviour_33_a_childs_letter_that_names_a_sibling_is_refused_and_nothing_is_kept(scene):
    with pytest.raises(CannotPrepare, match="names another child: Ben") as refused:
        prepare(scene, scene.first, "child_letter", talked_about="You and Ben have breakfast.")
    assert refused.value.field == "talked_about"
    with acting_as(scene.chair.pk):
        assert not Copy.objects.exists()


def test_the_plan_for_the_family_says_it_in_the_plans_plain_words(scene):
    clear_shared(scene, scene.mother)
    html, _ = stored(prepare(scene, scene.mother, "family_plan"))
    for text in (
        "You have breakfast at school, plan 1.",
        "Friday 10 April 2026",
        "Tess Vale",
        "If it does not happen",
        "We meet at once.",
        "For Ada",
        "For Ben",
        "Example Hall",
    ):
        assert text in html
    assert "Breakfast club" not in html


def test_the_decision_letter_holds_decision_reasons_plan_lead_complaint_and_dates(scene):
    clear_shared(scene, scene.mother)
    with acting_as(scene.chair.pk):
        clearing.clear(person=scene.mother, keys=[key_of(scene.address)], by=scene.chair, now=LATER)
    html, _ = stored(prepare(scene, scene.mother, "decision_letter"))
    for text in (
        "12 Addressmark Road",
        "Tuesday 24 March 2026",
        "A child protection plan starts",
        "Neglect",
        "Because of what was seen.",
        "You have breakfast at school, plan 1.",
        "Lead practitioner",
        "First core group meeting",
        "complain",
        "the decision stands",
    ):
        assert text in html
    assert "I do not  agree" not in html


def test_behaviour_18_a_child_not_named_yet_is_the_baby_and_a_copy_given_out_keeps_its_words(scene):
    clear_shared(scene, scene.mother)
    copy = given(scene, scene.mother)
    html, pdf = stored(copy)
    with acting_as(scene.chair.pk):
        PersonContact.objects.filter(pk=scene.address.pk).update(phone="")
        again = Copy.objects.select_related("content").get(pk=copy.pk)
    assert stored(again) == (html, pdf)


# Looked at, agreed, given out


def test_the_issued_bytes_are_the_previewed_ones(scene):
    clear_shared(scene, scene.mother)
    copy = prepare(scene, scene.mother)
    before = (copy.content.html, copy.content.pdf_base64)
    issued = issue(scene, copy, second=scene.cast.manager)
    assert (issued.content.html, issued.content.pdf_base64) == before
    assert issued.html_sha256 == hashlib.sha256(before[0].encode()).hexdigest()
    assert issued.pdf_sha256 == hashlib.sha256(base64.b64decode(before[1])).hexdigest()


def test_a_copy_nobody_looked_at_is_not_given_out(scene):
    copy = prepare(scene, scene.teacher)
    with acting_as(scene.chair.pk), pytest.raises(CannotIssue, match="has not looked at it"):
        copies.issue_copy(copy=copy, method="by_hand", by=scene.chair, now=LATER)


def test_only_the_chairs_look_counts(scene):
    copy = prepare(scene, scene.teacher)
    with acting_as(scene.cast.manager.pk):
        copies.mark_previewed(copy=copy, by=scene.cast.manager, now=LATER)
        assert Copy.objects.get().previewed_at is None
    with acting_as(scene.chair.pk):
        copies.mark_previewed(copy=copy, by=scene.chair, now=LATER)
        assert Copy.objects.get().previewed_at == LATER


def _take_back(scene):
    with acting_as(scene.chair.pk):
        clearing.take_back(person=scene.teacher, keys=[key_of(scene.withheld)], by=scene.chair)


def _withhold(scene):
    withhold(scene, scene.teacher, scene.withheld)


def _clear_more(scene):
    with acting_as(scene.chair.pk):
        clearing.clear(person=scene.teacher, keys=[key_of(scene.agreed)], by=scene.chair, now=LATER, because="Asked.")


def _hide_address(scene):
    with acting_as(scene.chair.pk):
        PersonContact.objects.filter(person=scene.teacher).update(address_is_secret=True, phone="0")


def _amend_and_clear(scene):
    amendment = _amend(scene, scene.withheld)
    with acting_as(scene.chair.pk):
        clearing.clear(person=scene.teacher, keys=[key_of(amendment)], by=scene.chair, now=LATER)


@pytest.mark.parametrize("change", [_take_back, _withhold, _clear_more, _hide_address, _amend_and_clear])
def test_whatever_changes_after_the_preview_makes_it_stale_and_it_is_not_given_out(scene, change):
    with acting_as(scene.chair.pk):
        contact = PersonContact.objects.create(conference=scene.conference, person=scene.teacher, phone="020 7946 0000")
    clear_shared(scene, scene.teacher)
    with acting_as(scene.chair.pk):
        clearing.clear(person=scene.teacher, keys=[key_of(contact)], by=scene.chair, now=LATER)
    copy = prepare(scene, scene.teacher)
    with acting_as(scene.chair.pk):
        copies.mark_previewed(copy=copy, by=scene.chair, now=LATER)
        assert what_it_lacks(copy) == []
    change(scene)
    with acting_as(scene.chair.pk):
        with pytest.raises(CannotIssue, match="changed since"):
            copies.issue_copy(copy=copy, method="by_hand", by=scene.chair, now=LATER)
        assert Copy.objects.get().issued_at is None
    again = prepare(scene, scene.teacher)
    assert (again.pk, again.previewed_at) == (copy.pk, None)
    issue(scene, again)


def test_what_is_not_this_readers_does_not_make_a_copy_stale(scene):
    clear_shared(scene, scene.teacher)
    copy = prepare(scene, scene.teacher)
    clear_shared(scene, scene.mother)
    withhold(scene, scene.mother, scene.withheld)
    with acting_as(scene.chair.pk):
        assert not is_stale(copy)


def test_a_safety_flag_asks_for_a_second_person(scene):
    copy = prepare(scene, scene.father)
    assert copy.needs_second_person
    with pytest.raises(CannotIssue, match="second person"):
        issue(scene, copy)
    assert issue(scene, copy, second=scene.cast.manager).seconded_by == scene.cast.manager


def test_a_flag_made_after_the_preview_counts(cast):
    scene = sign(make_scene(cast, flag=False))
    copy = prepare(scene, scene.father)
    with acting_as(scene.chair.pk):
        copies.mark_previewed(copy=copy, by=scene.chair, now=LATER)
        SafetyFlag.objects.create(
            conference=scene.conference,
            person_a=scene.father,
            person_b=scene.mother,
            kind="not_together",
            reason="Since yesterday.",
        )
        with pytest.raises(CannotIssue, match="changed since"):
            copies.issue_copy(copy=copy, method="by_hand", by=scene.chair, now=LATER)


def test_where_somebody_must_be_kept_safe_withholding_has_a_second_person_too(scene):
    held = withhold(scene, scene.father, scene.withheld)
    copy = prepare(scene, scene.father)
    with pytest.raises(CannotIssue, match="what is withheld"):
        issue(scene, copy, second=scene.cast.manager)
    with acting_as(scene.cast.manager.pk):
        clearing.second_withholding(withholding=held, by=scene.cast.manager)
    with acting_as(scene.chair.pk):
        copies.issue_copy(copy=copy, method="by_hand", by=scene.chair, now=LATER)


def test_whoever_prepared_a_copy_is_not_its_second_person(scene, cast):
    let_in(scene, cast.colleague, "cover")
    copy = prepare(scene, scene.father, by=cast.colleague)
    with acting_as(cast.colleague.pk):
        with pytest.raises(CannotIssue, match="somebody else"):
            copies.second_copy(copy=copy, by=cast.colleague, now=LATER)
        with pytest.raises(IntegrityError), transaction.atomic():
            Copy.objects.filter(pk=copy.pk).update(seconded_by=cast.colleague)


def test_the_second_person_does_not_give_it_out(scene, cast):
    let_in(scene, cast.colleague, "cover")
    copy = prepare(scene, scene.father, by=cast.colleague)
    with acting_as(scene.chair.pk):
        copies.mark_previewed(copy=copy, by=scene.chair, now=LATER)
        copies.second_copy(copy=copy, by=scene.chair, now=LATER)
        with pytest.raises(CannotIssue, match="somebody else gives it out"):
            copies.issue_copy(copy=copy, method="by_hand", by=scene.chair, now=LATER)
    with acting_as(cast.colleague.pk):
        copies.issue_copy(copy=copy, method="by_hand", by=cast.colleague, now=LATER)


def let_in(scene, user, role):
    """The manager lets somebody in."""
    with acting_as(scene.cast.manager.pk):
        Assignment.objects.create(
            conference=scene.conference, user=user, role=role, since=LATER, given_by=scene.cast.manager
        )


def test_the_minute_taker_prepares_and_gives_nothing_out(scene, cast):
    let_in(scene, cast.minute_taker, "minute_taker")
    copy = prepare(scene, scene.teacher, by=cast.minute_taker)
    with acting_as(scene.chair.pk):
        copies.mark_previewed(copy=copy, by=scene.chair, now=LATER)
    for who in (cast.minute_taker, cast.manager):
        with acting_as(who.pk):
            with pytest.raises(CannotIssue, match="Only the chair"):
                copies.issue_copy(copy=copy, method="by_hand", by=who, now=LATER)
            with pytest.raises(CannotIssue, match="Only the chair"):
                copies.withdraw_copy(copy=copy, reason="x", by=who, now=LATER)
    with acting_as(cast.minute_taker.pk), pytest.raises(CannotIssue, match="second person"):
        copies.second_copy(copy=copy, by=cast.minute_taker, now=LATER)


def test_the_next_teams_chair_and_manager_do_nothing_with_it(scene, cast):
    copy = prepare(scene, scene.teacher)
    for who in (cast.neighbour, cast.next_manager):
        with acting_as(who.pk):
            assert not Copy.objects.exists()
            assert not CopyContent.objects.exists()
            with pytest.raises(CannotIssue, match="Only the chair"):
                copies.issue_copy(copy=copy, method="by_hand", by=who, now=LATER)
            with pytest.raises(CannotPrepare):
                copies.prepare_copy(kind="record", recipient=scene.teacher, by=who, now=LATER)


# How it reaches them


def test_families_have_no_account_and_post_goes_where_it_is_safe(scene):
    for person, method, refusal in (
        (scene.father, "portal", "no accounts"),
        (scene.father, "post", "not written down as safe"),
    ):
        copy = prepare(scene, person)
        with pytest.raises(CannotIssue, match=refusal) as refused:
            issue(scene, copy, method, second=scene.cast.manager)
        assert refused.value.field == "method"
    assert given(scene, scene.mother, method="post").method == "post"


def test_a_professional_reads_it_here_and_is_told_that_something_waits(scene):
    clear_shared(scene, scene.teacher)
    copy = given(scene, scene.teacher, method="portal", tell=True)
    assert copy.reader == scene.cast.teacher
    message = Message.objects.get(kind="conferences/something_to_read")
    mail = preview_message(message, now=LATER)
    for said in (mail.subject, mail.text, message.dedupe_key, repr(message.facts)):
        for private in ("Ada", "Ben", "Example Lane", "Mona", "Frank", "record"):
            assert private not in said
    assert message.recipient == scene.cast.teacher


def test_a_parent_is_told_by_email_only_where_that_is_safe(scene):
    copy = prepare(scene, scene.mother)
    with pytest.raises(CannotIssue, match="E-mail is not written down as safe") as refused:
        issue(scene, copy, second=scene.cast.manager, tell=True)
    assert refused.value.field == "tell"
    assert not Message.objects.filter(kind__startswith="conferences/something").exists()
    with acting_as(scene.chair.pk):
        PersonContact.objects.filter(pk=scene.address.pk).update(safe_contact="email")
        copies.issue_copy(copy=copy, method="by_hand", by=scene.chair, now=LATER, tell=True)
    assert Message.objects.get(kind="conferences/something_waits").to_email == "mona.emailmark@example.org"


def test_a_professional_whose_part_has_ended_reads_nothing_here(scene):
    with acting_as(scene.chair.pk):
        Assignment.objects.filter(user=scene.cast.teacher).update(until=LATER)
    copy = prepare(scene, scene.teacher)
    with pytest.raises(CannotIssue, match="no part in this conference"):
        issue(scene, copy, "portal")


def test_the_first_copy_given_out_makes_the_conference_given_out_and_meets_its_clocks(scene):
    clear_shared(scene, scene.mother)
    given(scene, scene.mother, "decision_letter")
    given(scene, scene.mother)
    with acting_as(scene.chair.pk):
        assert Conference.objects.get(pk=scene.conference.pk).state == "distributed"
        met = dict(Clock.objects.filter(met_on__isnull=False).values_list("kind", "met_on"))
    assert {met.get("decision_letter"), met.get("record")} == {LATER.date()}


def test_the_audit_holds_ids_codes_and_hashes_alone(scene):
    clear_shared(scene, scene.mother)
    copy = given(scene, scene.mother)
    issued = AuditEvent.objects.get(action="conferences.copy_issued")
    assert issued.details == {
        "kind": "record",
        "recipient": str(scene.mother.pk),
        "method": "by_hand",
        "sha256": copy.pdf_sha256,
    }


# Afterwards


def test_what_was_given_out_stays_even_for_raw_writes(scene):
    copy = given(scene, scene.teacher)
    with acting_as(scene.chair.pk):
        for change in (
            lambda: CopyContent.objects.filter(copy=copy).update(html="x"),
            lambda: Copy.objects.filter(pk=copy.pk).update(pdf_sha256="x"),
        ):
            with pytest.raises(DatabaseError) as refused, transaction.atomic():
                change()
            assert refused.value.__cause__.diag.constraint_name == "issued_copies_stay"
        assert CopyContent.objects.filter(copy=copy).delete()[0] == 0


def test_given_out_twice_is_refused_and_taken_back_once(scene):
    copy = given(scene, scene.teacher)
    with acting_as(scene.chair.pk):
        with pytest.raises(CannotIssue, match="already"):
            copies.issue_copy(copy=copy, method="by_hand", by=scene.chair, now=LATER)
        with pytest.raises(CannotIssue, match="Say why"):
            copies.withdraw_copy(copy=copy, reason=" ", by=scene.chair, now=LATER)
        copies.withdraw_copy(copy=copy, reason="Sent to the wrong person.", by=scene.chair, now=LATER)
        with pytest.raises(CannotIssue, match="once"):
            copies.withdraw_copy(copy=copy, reason="Again.", by=scene.chair, now=LATER)
        assert Copy.objects.get().withdrawn_reason == "Sent to the wrong person."


def test_only_the_reader_reads_it_and_nobody_once_it_is_taken_back(scene, cast):
    copy = given(scene, scene.teacher, method="portal")
    for who, sees in (
        (cast.teacher, True),
        (cast.health_visitor, False),
        (scene.chair, False),
        (cast.neighbour, False),
    ):
        with acting_as(who.pk):
            assert (queries.copy_to_read(who, copy.pk) is not None) is sees
            assert [one.pk for one in queries.my_copies(who)] == ([copy.pk] if sees else [])
    with acting_as(scene.chair.pk):
        copies.withdraw_copy(copy=copy, reason="Wrong.", by=scene.chair, now=LATER)
    with acting_as(cast.teacher.pk):
        assert queries.copy_to_read(cast.teacher, copy.pk) is None
        assert not CopyContent.objects.exists()


def _amend(scene, block):
    with acting_as(scene.chair.pk):
        return amending.amend(
            conference=scene.conference,
            object_id=block.pk,
            field="words",
            new="It was on Tuesday.",
            reason="A slip.",
            by=scene.chair,
            now=LATER,
        )


def test_copies_that_hold_amended_words_are_named_until_a_new_one_is_given_out(scene):
    clear_shared(scene, scene.mother, scene.teacher)
    withhold(scene, scene.teacher, scene.withheld)
    mothers, _teachers = given(scene, scene.mother), given(scene, scene.teacher)
    amendment = _amend(scene, scene.withheld)
    with acting_as(scene.chair.pk):
        assert queries.copies_affected_by(amendment) == [mothers]
        assert queries.copies_to_replace(scene.conference) == [(mothers, 1)]
        with pytest.raises(clearing.CannotClear, match="withheld"):
            clearing.clear(person=scene.teacher, keys=[key_of(amendment)], by=scene.chair, now=LATER)
    clear_shared(scene, scene.mother)
    new = prepare(scene, scene.mother, replaces=mothers)
    html, _ = stored(new)
    assert html.index("WITHHELDMARK") < html.index("It was on Tuesday.")
    issue(scene, new, second=scene.cast.manager)
    with acting_as(scene.chair.pk):
        assert queries.copies_affected_by(amendment) == []


def test_a_letter_says_the_plan_as_amended_where_the_amendment_is_cleared(scene):
    clear_shared(scene, scene.first)
    with acting_as(scene.chair.pk):
        amending.amend(
            conference=scene.conference,
            object_id=scene.action.pk,
            field="plain_words",
            new="You have breakfast at the club.",
            reason="It moved.",
            by=scene.chair,
            now=LATER,
        )
    assert "at school, plan 1" in stored(prepare(scene, scene.first, "child_letter"))[0]
    clear_shared(scene, scene.first)
    html, _ = stored(prepare(scene, scene.first, "child_letter"))
    assert "You have breakfast at the club." in html
    assert "at school, plan 1" not in html


def test_a_challenge_stands_beside_the_text_for_those_it_is_cleared_for(scene):
    clear_shared(scene, scene.mother, scene.teacher)
    with acting_as(scene.chair.pk):
        challenge = amending.challenge(
            conference=scene.conference,
            person=scene.mother,
            child=None,
            block=scene.withheld,
            words="CHALLENGEMARK That is not so.",
            received_on=LATER.date(),
            by=scene.chair,
            now=LATER,
        )
        clearing.clear(person=scene.mother, keys=[key_of(challenge)], by=scene.chair, now=LATER)
    html, _ = stored(prepare(scene, scene.mother))
    assert html.index("WITHHELDMARK") < html.index("CHALLENGEMARK") < html.index("Who does what by when")
    assert "CHALLENGEMARK" not in stored(prepare(scene, scene.teacher))[0]
