"""Taking down words: nobody's text is lost, what was read back stays, and everything comes back as it was typed."""

import threading
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection, transaction

from chatr.audit.models import AuditEvent
from chatr.database.acting import acting_as

from ..models import (
    Assignment,
    AssignmentChild,
    AssignmentRole,
    Attending,
    Block,
    BlockVersion,
    ExclusionGround,
    Section,
    SectionKind,
    State,
)
from ..operations.room import begin_part, end_break, end_part, exclude, start_break
from ..operations.words import CannotSave, StaleSection, correct_block, open_section, save_section, seal_block
from ..queries.access import conference_for
from ..queries.words import blocks_hidden_by_exclusion, entries_of, last_time, marks
from ..rules.words import Words, can_write_section, fingerprint
from .making import NOW, make_conference, make_relative

AGES = "\N{ARABIC LETTER ALEF}\N{ARABIC LETTER NOON}\N{ARABIC LETTER ALEF} \N{ARABIC LETTER HAH}"


def family(conference) -> Section:
    return conference.sections.get(kind=SectionKind.FAMILY_KNOW)


def save(section, *blocks, version=None, by=None, now=NOW) -> Section:
    return save_section(
        section=section,
        version=section.version if version is None else version,
        blocks=blocks,
        by=by or section.conference.chair,
        now=now,
    )


def stored(words: Words) -> Block:
    return Block.objects.get(pk=words.id)


def versions(words: Words) -> list[tuple[int, str]]:
    found = BlockVersion.objects.filter(block=words.id).order_by("version")
    return [(one.version, one.words) for one in found]


def seen(words: Words) -> Words:
    """The words as a page holds them that was just given them."""
    return replace(words, seen=fingerprint(stored(words)))


@pytest.fixture
def acting(cast, conference):
    with acting_as(cast.chair.pk):
        yield cast


@pytest.fixture
def mina(cast, conference):
    """The minute-taker, let in."""
    with acting_as(cast.chair.pk):
        Assignment.objects.create(
            conference=conference, user=cast.minute_taker, role="minute_taker", since=NOW, given_by=cast.chair
        )
    return cast.minute_taker


# What is kept


def test_words_are_kept_with_whose_they_are_and_who_typed_them(acting, conference):
    rosa = make_relative(conference)
    words = Words(uuid4(), "We look after each other.", "family", rosa.pk, how="spoken", parent_may_read=True)
    section = save(family(conference), words)
    block = stored(words)
    assert (block.words, block.person, block.author_kind) == ("We look after each other.", rosa, "family")
    assert (block.typed_by, block.typed_at, block.how, block.parent_may_read) == (acting.chair, NOW, "spoken", True)
    assert (section.version, section.saved_at) == (2, NOW)
    (event,) = AuditEvent.objects.filter(action="conferences.section_saved")
    assert event.details == {"version": 2, "words": 1}


def test_in_one_childs_section_the_words_are_about_that_child(acting, conference):
    section = conference.sections.filter(kind=SectionKind.CHILD_WORDS).order_by("position").last()
    words = Words(uuid4(), "I like school.", "child")
    save(section, words)
    assert stored(words).child_id == section.child_id


def test_empty_words_are_not_kept(acting, conference):
    section = save(family(conference), Words(uuid4(), " \n "))
    assert section.version == 1
    assert not Block.objects.exists()


def test_the_same_save_twice_makes_no_second_block(acting, conference):
    section, words = family(conference), Words(uuid4(), "Once.")
    save(section, words, version=1)
    again = save(section, words, version=1)
    assert again.version == 2
    assert Block.objects.count() == 1
    assert versions(words) == []


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert('x')</script> & \"quotes\"",
        "\N{SMILING FACE WITH OPEN MOUTH} \N{FAMILY} e\N{COMBINING ACUTE ACCENT}",
        AGES,
        "line one\n\n   line two\ttabbed   ",
        "x" * 50_000,
    ],
)
def test_behaviour_40_words_come_back_exactly_as_they_were_typed(acting, conference, text):
    words = Words(uuid4(), text)
    save(family(conference), words)
    assert stored(words).words == text


def test_behaviour_40_more_than_fits_is_refused_and_nothing_is_cut_off(acting, conference):
    section, words = family(conference), Words(uuid4(), "x" * 200_000)
    with pytest.raises(CannotSave, match="100,000 characters") as refusal:
        save(section, Words(uuid4(), "short"), words)
    assert refusal.value.block == words.id
    assert not Block.objects.exists()


# Versions


def test_one_persons_typing_within_two_minutes_is_one_version_and_later_typing_another(acting, conference):
    section, words = family(conference), Words(uuid4(), "We")
    section = save(section, words)
    section = save(section, replace(words, words="We are"), now=NOW + timedelta(seconds=30))
    assert versions(words) == []
    save(section, replace(words, words="We are fine."), now=NOW + timedelta(minutes=3))
    assert versions(words) == [(1, "We are")]
    assert (stored(words).version, stored(words).words) == (2, "We are fine.")


def test_what_somebody_else_typed_a_moment_ago_is_never_lost(acting, conference, mina):
    section, words = family(conference), Words(uuid4(), "Cleo wrote this.")
    section = save(section, words)
    with acting_as(mina.pk):
        save(section, replace(words, words="Mina wrote over it."), by=mina, now=NOW + timedelta(seconds=2))
    assert versions(words) == [(1, "Cleo wrote this.")]
    assert stored(words).typed_by == mina


def test_words_taken_away_keep_what_they_said_and_can_come_back(acting, conference):
    section, words = family(conference), Words(uuid4(), "Rather not.")
    section = save(section, words)
    section = save(section, replace(words, removed=True))
    assert stored(words).removed_at == NOW
    assert stored(words).words == "Rather not."
    assert entries_of(section) == []
    save(section, replace(words, words="After all."))
    assert stored(words).removed_at is None


def test_versions_are_only_ever_added(acting, conference):
    words = Words(uuid4(), "Stays.")
    save(family(conference), words)
    seal_block(block=stored(words), by=acting.chair, now=NOW)
    version = BlockVersion.objects.get()
    with pytest.raises(Exception, match="append-only|permission"), transaction.atomic():
        version.words = "Changed"
        version.save()


# Two people at once


def test_behaviour_36_a_stale_save_is_refused_with_both_texts_and_nothing_is_lost(acting, conference, mina):
    section, words = family(conference), Words(uuid4(), "First.")
    section = save(section, words)
    with acting_as(mina.pk):
        save(section, replace(seen(words), words="Mina's."), by=mina, version=2)
    with pytest.raises(StaleSection) as stale:
        save(section, replace(words, words="Cleo's.", seen=fingerprint(words)), version=2)
    (side,) = stale.value.sides
    assert (side.mine.words, side.theirs.words, side.both_changed) == ("Cleo's.", "Mina's.", True)
    assert stale.value.section.version == 3
    assert stored(words).words == "Mina's."


def test_words_only_one_of_us_changed_are_no_conflict_but_are_shown(acting, conference, mina):
    section = family(conference)
    mine, theirs, new = Words(uuid4(), "Mine."), Words(uuid4(), "Theirs."), Words(uuid4(), "New.")
    section = save(section, mine, theirs)
    mine, theirs = seen(mine), seen(theirs)
    with acting_as(mina.pk):
        save(section, replace(theirs, words="Theirs now."), new, by=mina, version=2)
    with pytest.raises(StaleSection) as stale:
        save(section, replace(mine, words="Mine now."), theirs, version=2)
    sides = [(s.mine and s.mine.words, s.theirs and s.theirs.words, s.both_changed) for s in stale.value.sides]
    assert sides == [("Mine now.", "Mine.", False), (None, "Theirs now.", False), (None, "New.", False)]


@pytest.mark.django_db(transaction=True)
def test_behaviour_36_different_sections_save_independently(cast, conference, mina, run_threads):
    with acting_as(cast.chair.pk):
        sections = list(conference.sections.filter(child=None).order_by("position")[:4])

    def type_in(section, person):
        def typing():
            for n in range(5):
                with acting_as(person.pk):
                    mine = Section.objects.select_related("conference").get(pk=section.pk)
                    save(mine, Words(uuid4(), f"{n}"), by=person)

        return typing

    people = [cast.chair, mina, cast.chair, mina]
    assert run_threads([type_in(*pair) for pair in zip(sections, people, strict=True)]) == [None] * 4
    with acting_as(cast.chair.pk):
        assert [section.blocks.count() for section in sections] == [5] * 4


@pytest.mark.django_db(transaction=True)
def test_behaviour_36_of_two_saves_at_one_moment_one_is_kept_and_one_is_told(cast, conference, mina, run_threads):
    words = Words(uuid4(), "Before.")
    with acting_as(cast.chair.pk):
        save(family(conference), words)

    def change(person, text):
        def saving():
            with acting_as(person.pk):
                section = Section.objects.select_related("conference").get(conference=conference, kind="family_know")
                save(section, replace(words, words=text, seen=fingerprint(words)), by=person, version=2)
                return text

        return saving

    results = run_threads([change(cast.chair, "Cleo's."), change(mina, "Mina's.")])
    (kept,) = [result for result in results if isinstance(result, str)]
    (told,) = [result for result in results if isinstance(result, StaleSection)]
    assert {kept, told.sides[0].mine.words} == {"Cleo's.", "Mina's."}
    with acting_as(cast.chair.pk):
        assert stored(words).words == kept == told.sides[0].theirs.words
        assert versions(words) == [(1, "Before.")] or (kept == "Cleo's." and versions(words) == [])


@pytest.mark.django_db(transaction=True)
def test_a_save_cut_off_in_the_middle_leaves_the_whole_old_text(cast, conference, monkeypatch, as_owner):
    words, more = Words(uuid4(), "The whole old text."), Words(uuid4(), "And more.")
    with acting_as(cast.chair.pk):
        save(family(conference), words, more)
    reached, cut = threading.Event(), threading.Event()
    backend = []

    def stop_before_the_end(*args, **kwargs):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            backend.append(cursor.fetchone()[0])
        reached.set()
        assert cut.wait(30)
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")  # the connection is gone: this is where the process finds out

    failures = []

    def saving():
        try:
            with acting_as(cast.chair.pk):
                section = Section.objects.select_related("conference").get(conference=conference, kind="family_know")
                save(section, replace(words, words="The new"), replace(more, words="text."))
        except Exception as problem:
            failures.append(problem)
        finally:
            connection.close()

    monkeypatch.setattr("conferences.operations.words._changed", stop_before_the_end)
    thread = threading.Thread(target=saving)
    thread.start()
    assert reached.wait(30)
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", backend)
    cut.set()
    thread.join(30)
    assert failures
    with acting_as(cast.chair.pk):
        assert [stored(words).words, stored(more).words] == ["The whole old text.", "And more."]
        assert family(conference).version == 2


# Read back


def test_words_read_back_are_nobodys_to_change(acting, conference):
    section, words = family(conference), Words(uuid4(), "My own words.")
    save(section, words)
    block = seal_block(block=stored(words), by=acting.chair, now=NOW)
    assert (block.read_back, block.sealed_at) == ("yes", NOW)
    section = family(conference)
    for change in (replace(words, words="Better words."), replace(words, removed=True)):
        with pytest.raises(CannotSave, match="Add a correction"):
            save(section, change)
    assert stored(words).words == "My own words."
    assert versions(words) == [(1, "My own words.")]


def test_reading_back_empty_words_or_twice_is_refused(acting, conference):
    section, words = family(conference), Words(uuid4(), "Heard.")
    section = save(section, words)
    seal_block(block=stored(words), by=acting.chair, now=NOW)
    with pytest.raises(CannotSave, match="read back"):
        seal_block(block=stored(words), by=acting.chair, now=NOW)
    gone = Words(uuid4(), "Gone.")
    section = save(family(conference), gone)
    save(section, replace(gone, removed=True))
    with pytest.raises(CannotSave, match="no words"):
        seal_block(block=stored(gone), by=acting.chair, now=NOW)


def test_a_correction_stands_beside_the_words_it_corrects(acting, conference):
    words = Words(uuid4(), "It was Monday.")
    save(family(conference), words)
    with pytest.raises(CannotSave, match="not read back yet"):
        correct_block(block=stored(words), words="It was Tuesday.", by=acting.chair, now=NOW)
    seal_block(block=stored(words), by=acting.chair, now=NOW)
    correction = correct_block(block=stored(words), words="It was Tuesday.", by=acting.chair, now=NOW)
    (entry,) = entries_of(family(conference))
    assert (entry.block.words, entry.corrections) == ("It was Monday.", [correction])


# Breaks and parts


def test_behaviour_28_a_break_is_logged_and_what_is_saved_meanwhile_is_flagged(acting, conference):
    rosa, part = make_relative(conference), conference.parts.get()
    begin_part(part=part, by=acting.chair, now=NOW)
    before, during, after = (Words(uuid4(), text) for text in ("Before.", "During.", "After."))
    section = save(family(conference), before)
    pause = start_break(conference=conference, asked_by=rosa, by=acting.chair, now=NOW)
    section = save(section, during)
    end_break(conference=conference, by=acting.chair, now=NOW + timedelta(minutes=10))
    section = save(section, after)
    pause.refresh_from_db()
    assert (pause.started_at, pause.ended_at, pause.asked_by) == (NOW, NOW + timedelta(minutes=10), rosa)
    assert [stored(words).in_break for words in (before, during, after)] == [False, True, False]
    assert stored(before).part == part


def test_behaviour_25_what_was_said_while_a_person_was_out_is_hidden_from_their_copy(acting, conference):
    dad, mum = make_relative(conference, "Dan Example"), make_relative(conference, "Rosa Example")
    first = conference.parts.get()
    second = conference.parts.create(number=2, starts_at=first.ends_at, ends_at=first.ends_at + timedelta(hours=1))
    exclude(
        part=second,
        person=dad,
        ground=ExclusionGround.CONFLICT,
        minimum_minutes=30,
        views_obtained="By telephone, before.",
        by=acting.chair,
        now=NOW,
    )
    minutes = iter(range(1, 100))

    def later():
        return NOW + timedelta(minutes=3 * next(minutes))

    section = family(conference)
    begun, said_first, touched, said_second = (
        Words(uuid4(), text) for text in ("Together.", "Stays.", "Grows.", "Apart.")
    )
    begin_part(part=first, by=acting.chair, now=later())
    section = save(section, begun, said_first, touched, now=later())
    begin_part(part=second, by=acting.chair, now=later())
    section = save(section, said_second, replace(touched, words="Grows with what was said apart."), now=later())
    seal_block(block=stored(said_second), by=acting.chair, now=later())
    end_part(part=second, by=acting.chair, now=later())
    correction = correct_block(block=stored(said_second), words="A correction.", by=acting.chair, now=later())
    section = family(conference)
    save(section, replace(touched, words="Touched again afterwards."), now=later())
    assert blocks_hidden_by_exclusion(dad) == {said_second.id, correction.pk, touched.id}
    assert blocks_hidden_by_exclusion(mum) == set()
    assert dad.attendances.get().status == Attending.EXCLUDED


# Who


def test_the_next_teams_chair_writes_no_words_here(cast, conference):
    with acting_as(cast.chair.pk):
        section = Section.objects.select_related("conference").get(conference=conference, kind="family_know")
    with acting_as(cast.neighbour.pk), pytest.raises(Section.DoesNotExist), transaction.atomic():
        save(section, Words(uuid4(), "Intruding."), by=cast.neighbour)
    with acting_as(cast.chair.pk):
        assert not Block.objects.exists()


def test_a_signed_record_takes_no_words_and_says_so(acting, conference, monkeypatch):
    words = Words(uuid4(), "Too late.")
    section = family(conference)
    conference.state = State.CANCELLED
    conference.save()
    with pytest.raises(CannotSave, match="closed meanwhile"):
        save(section, words)
    assert not Block.objects.exists()


def test_an_id_taken_from_another_section_changes_nothing_there(acting, conference):
    words = Words(uuid4(), "Where it belongs.")
    save(family(conference), words)
    other = conference.sections.get(kind=SectionKind.FACTS)
    with pytest.raises(CannotSave, match="open the section again"):
        save(other, replace(words, words="Taken over."))
    assert stored(words).words == "Where it belongs."


def test_an_advocate_writes_the_words_of_their_child_and_nothing_else(cast, conference):
    with acting_as(cast.chair.pk):
        first, _ = conference.children.order_by("position")
        advocate = Assignment.objects.create(
            conference=conference,
            user=cast.teacher,
            role=AssignmentRole.ADVOCATE,
            all_children=False,
            sections=[SectionKind.CHILD_WORDS],
            since=NOW,
            given_by=cast.chair,
        )
        AssignmentChild.objects.create(conference=conference, assignment=advocate, child=first)
    with acting_as(cast.teacher.pk):
        (section,) = Section.objects.select_related("conference")
        assert section.child == first
        _, access = conference_for(cast.teacher, conference.pk)
        assert can_write_section(access, section)
        words = Words(uuid4(), "I want to stay with Nan.", "child")
        save(section, words, by=cast.teacher)
        assert stored(words).child == first


def test_the_minute_taker_does_not_write_the_decision(acting, conference, mina):
    with acting_as(mina.pk):
        _, access = conference_for(mina, conference.pk)
        assert can_write_section(access, family(conference))
        assert not can_write_section(access, conference.sections.get(kind=SectionKind.DECISION))


# Reading


def test_the_list_of_sections_says_what_is_written_and_who_is_where(acting, conference):
    save(family(conference), Words(uuid4(), "Here."))
    open_section(section=family(conference), by=acting.chair, now=NOW)
    found = marks(conference, NOW + timedelta(seconds=30))
    assert [mark.title for mark in found][:3] == [
        "Who is here and how we keep this safe",
        "ChildA1 Example: in their own words",
        "ChildA2 Example: in their own words",
    ]
    (mark,) = [mark for mark in found if mark.written]
    assert (mark.section.kind, mark.opened_by) == ("family_know", acting.chair)
    later = marks(conference, NOW + timedelta(minutes=3))
    assert not any(mark.opened_by for mark in later)


def test_last_time_is_shown_to_those_who_may_read_that_record_alone(cast, conference):
    with acting_as(cast.chair.pk):
        save(family(conference), Words(uuid4(), "Last time."))
        review = make_conference(cast, kind="review", ids="R", previous=conference)
        then, _, (entry,) = last_time(family(review), review, cast.chair)
        assert (then, entry.block.words) == (conference, "Last time.")
        Assignment.objects.create(
            conference=review, user=cast.minute_taker, role="minute_taker", since=NOW, given_by=cast.chair
        )
    with acting_as(cast.minute_taker.pk):
        assert last_time(family(review), review, cast.minute_taker) is None
