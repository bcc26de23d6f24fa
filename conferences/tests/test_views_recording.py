"""The recording pages: what they take, what they refuse and keep, who may open them."""

import json
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from chatr.database.acting import acting_as, acting_as_job

from ..models import (
    AccessEvent,
    Assignment,
    AssignmentChild,
    AssignmentRole,
    Block,
    Choice,
    Conference,
    Section,
    SectionKind,
    State,
)
from ..operations.room import begin_part, start_break
from ..operations.words import save_section, seal_block
from ..rules.words import Words, fingerprint
from ..views.base import SEEN_AT
from .making import NOW, make_conference, make_professional, make_relative

pytestmark = pytest.mark.django_db


@pytest.fixture
def chair(client, sign_in, cast):
    sign_in(client, cast.chair)
    return client


def section_of(conference, kind=SectionKind.FAMILY_KNOW) -> Section:
    with acting_as(conference.chair.pk):
        found = Section.objects.filter(conference=conference, kind=kind).select_related("conference")
        return found.order_by("position").first()


def url(section: Section, name="section") -> str:
    return reverse(f"conferences:{name}", args=[section.conference_id, section.pk])


def sent(section: Section, *texts, version=None, **more) -> dict:
    """What a page sends with these texts in new boxes."""
    keys = [str(uuid4()) for _ in texts]
    data = {"version": version or section.version, "block": keys, **more}
    for key, text in zip(keys, texts, strict=True):
        data |= {f"{key}-words": text, f"{key}-whose": "family", f"{key}-read_back": "not_yet"}
    return data


def write(section: Section, text: str, by=None, **more) -> Block:
    words = Words(uuid4(), text, **more)
    by = by or section.conference.chair
    with acting_as(by.pk):
        fresh = Section.objects.select_related("conference").get(pk=section.pk)
        save_section(section=fresh, version=fresh.version, blocks=[words], by=by, now=timezone.now())
        return Block.objects.get(pk=words.id)


def texts(conference) -> list[str]:
    with acting_as(conference.chair.pk):
        return list(Block.objects.filter(conference=conference).order_by("position").values_list("words", flat=True))


def save_by_script(client, section, data):
    return client.post(url(section, "save-section"), data, headers={"accept": "application/json"})


# Saving


def test_a_section_is_saved_by_its_form_alone(chair, conference):
    section = section_of(conference)
    answer = chair.post(url(section), sent(section, "One.\r\nTwo lines.", " "))
    assert (answer.status_code, answer["Location"]) == (302, url(section) + "#words")
    assert texts(conference) == ["One.\nTwo lines."]


def test_save_and_next_goes_to_the_next_section(chair, conference):
    section = section_of(conference, SectionKind.SAFETY)
    answer = chair.post(url(section), sent(section, "Safe.", go="on"))
    assert answer["Location"] == url(section_of(conference, SectionKind.CHILD_WORDS))


def test_the_script_is_told_the_time_the_version_and_what_was_kept(chair, conference):
    section = section_of(conference)
    data = sent(section, "Kept.")
    given = save_by_script(chair, section, data).json()
    with acting_as(conference.chair.pk):
        (block,) = Block.objects.all()
        assert given["seen"] == {str(block.pk): fingerprint(block)}
    assert given["version"] == 2
    assert len(given["at"]) == 5
    again = save_by_script(chair, section, data).json()
    assert again["version"] == 2
    assert texts(conference) == ["Kept."]


def test_a_persons_words_take_the_kind_of_that_person(chair, conference):
    pat = make_professional(conference)
    section = section_of(conference, SectionKind.FACTS)
    data = sent(section, "They come to school hungry.")
    data |= {f"{data['block'][0]}-whose": str(pat.pk), f"{data['block'][0]}-fact": "fact"}
    chair.post(url(section), data)
    with acting_as(conference.chair.pk):
        (block,) = Block.objects.all()
        assert (block.person, block.author_kind, block.fact_or_opinion) == (pat, "professional", "fact")


def test_somebody_of_another_conference_cannot_be_named(chair, cast, conference):
    stranger = make_relative(make_conference(cast, chair=cast.neighbour, ids="B"))
    section = section_of(conference)
    data = sent(section, "Words.")
    data[f"{data['block'][0]}-whose"] = str(stranger.pk)
    answer = chair.post(url(section), data)
    assert answer.status_code == 200
    assert texts(conference) == []
    assert "Words." in answer.content.decode()


@pytest.mark.parametrize(
    ("text", "message"),
    [("x" * 200_000, "200,000 characters; at most 100,000"), ("a\x00b", "invisible character (NUL)")],
)
def test_behaviour_40_what_cannot_be_kept_is_refused_plainly_and_stays_on_the_page(chair, conference, text, message):
    section = section_of(conference)
    answer = chair.post(url(section), sent(section, "Fine.", text))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert message in page
    assert text in page
    assert "Fine." in page
    assert texts(conference) == []
    by_script = save_by_script(chair, section, data := sent(section, text))
    assert by_script.status_code == 400
    assert message in by_script.json()["errors"][f"id_{data['block'][0]}-words"][0]


def test_behaviour_40_fifty_thousand_characters_and_markup_are_kept_and_shown_as_text(chair, conference):
    section = section_of(conference)
    text = "<script>alert(1)</script>" + "y" * 50_000
    chair.post(url(section), sent(section, text))
    assert texts(conference) == [text]
    page = chair.get(url(section)).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert(1)" not in page


@pytest.mark.parametrize("version", ["", "abc", "-1", "9" * 40, "9" * 5000])
def test_a_nonsense_version_is_taken_for_a_stale_page(chair, conference, version):
    section = section_of(conference)
    answer = chair.post(url(section), sent(section, "Kept on the page.") | {"version": version})
    assert answer.status_code == 409
    assert "Kept on the page." in answer.content.decode()


# Two people


def test_behaviour_36_without_scripts_the_second_save_gets_409_with_both_texts_side_by_side(chair, cast, conference):
    section = section_of(conference)
    block = write(section, "First.", author_kind="family")
    before = fingerprint(block)
    with acting_as(cast.manager.pk):
        Assignment.objects.create(
            conference=conference, user=cast.minute_taker, role="minute_taker", since=NOW, given_by=cast.manager
        )
    with acting_as(cast.minute_taker.pk):
        theirs = Words(block.pk, "Mina's text.", author_kind="family")
        fresh = Section.objects.select_related("conference").get(pk=section.pk)
        save_section(section=fresh, version=2, blocks=[theirs], by=cast.minute_taker, now=timezone.now())
    key = str(block.pk)
    mine = {"version": 2, "block": [key], f"{key}-words": "Cleo's text.", f"{key}-whose": "family"}
    mine |= {f"{key}-read_back": "not_yet", f"{key}-seen": before}
    answer = chair.post(url(section), mine)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Somebody else changed this section" in page
    assert "Cleo&#x27;s text." in page
    assert "Mina&#x27;s text." in page
    assert 'name="version" value="3"' in page
    assert texts(conference) == ["Mina's text."]
    theirs_stand = mine | {"version": 3, f"{key}-stands": "theirs"}
    assert chair.post(url(section), theirs_stand).status_code == 302
    assert texts(conference) == ["Mina's text."]
    merged = mine | {"version": 3, f"{key}-stands": "mine", f"{key}-words": "Both texts."}
    assert chair.post(url(section), merged).status_code == 302
    assert texts(conference) == ["Both texts."]


def test_mine_beside_words_that_were_read_back_meanwhile_becomes_a_correction(chair, cast, conference):
    section = section_of(conference)
    block = write(section, "First.", author_kind="family")
    before = fingerprint(block)
    with acting_as(cast.chair.pk):
        seal_block(block=block, by=cast.chair, now=timezone.now())
    key = str(block.pk)
    mine = {"version": 2, "block": [key], f"{key}-words": "First, and more.", f"{key}-whose": "family"}
    answer = chair.post(url(section), mine | {f"{key}-read_back": "not_yet", f"{key}-seen": before})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert f'-corrects" value="{key}"' in page
    assert "First, and more." in page


def test_words_are_saved_and_closed_by_one_press(chair, cast, conference):
    section = section_of(conference)
    data = sent(section, "Heard and agreed.")
    chair.post(url(section), data | {"seal": data["block"][0]})
    with acting_as(cast.chair.pk):
        (block,) = Block.objects.all()
        assert (block.words, block.read_back) == ("Heard and agreed.", "yes")
        assert block.sealed_at
    page = chair.get(url(section)).content.decode()
    assert f'name="{block.pk}-words"' not in page
    assert "Add a correction" in page


def test_a_correction_of_words_elsewhere_is_refused(chair, conference):
    elsewhere = write(section_of(conference, SectionKind.FACTS), "Elsewhere.")
    section = section_of(conference)
    data = sent(section, "A correction?")
    answer = chair.post(url(section), data | {f"{data['block'][0]}-corrects": str(elsewhere.pk)})
    assert answer.status_code == 200
    assert texts(conference) == ["Elsewhere."]


def test_closing_words_of_another_section_is_refused(chair, conference):
    elsewhere = write(section_of(conference, SectionKind.FACTS), "Elsewhere.")
    section = section_of(conference)
    answer = chair.post(url(section), sent(section, "Mine.") | {"seal": str(elsewhere.pk)})
    assert "no words here to read back" in answer.content.decode()
    with acting_as(conference.chair.pk):
        assert not Block.objects.get(pk=elsewhere.pk).sealed_at


# Who


def as_advocate(cast, conference):
    with acting_as(cast.chair.pk):
        child = conference.children.order_by("position").first()
        let_in = Assignment.objects.create(
            conference=conference,
            user=cast.teacher,
            role=AssignmentRole.ADVOCATE,
            all_children=False,
            sections=[SectionKind.CHILD_WORDS],
            since=NOW,
            given_by=cast.chair,
        )
        AssignmentChild.objects.create(conference=conference, assignment=let_in, child=child)


def test_an_advocate_writes_their_childs_words_and_sees_no_other_section(client, sign_in, cast, conference):
    as_advocate(cast, conference)
    mine = section_of(conference, SectionKind.CHILD_WORDS)
    sign_in(client, cast.teacher)
    with acting_as(cast.chair.pk):
        siblings = Section.objects.filter(kind=SectionKind.CHILD_WORDS).order_by("position").last()
    page = client.get(url(mine))
    assert page.status_code == 200
    assert "ChildA2" not in page.content.decode()
    assert client.post(url(mine), sent(mine, "I want to go home.")).status_code == 302
    assert client.get(url(siblings)).status_code == 404
    assert client.get(url(section_of(conference))).status_code == 404
    assert client.get(reverse("conferences:record", args=[conference.pk])).status_code == 404
    assert client.get(reverse("conferences:room", args=[conference.pk])).status_code == 404


def test_words_a_child_said_stay_theirs_when_their_advocate_saves_the_page_as_it_was(client, sign_in, cast, conference):
    as_advocate(cast, conference)
    mine = section_of(conference, SectionKind.CHILD_WORDS)
    with acting_as(cast.chair.pk):
        child = mine.child.person
    block = write(mine, "I want to go home.", author_kind="child", person_id=child.pk)
    sign_in(client, cast.teacher)
    page = client.get(url(mine)).content.decode()
    assert '<option value="child" selected>The child</option>' in page
    assert "The whole record" not in page
    assert "The room" not in page
    key = str(block.pk)
    changed = {f"{key}-words": "I want to go home. Today.", f"{key}-whose": "child", f"{key}-read_back": "not_yet"}
    with acting_as(cast.chair.pk):
        mine.refresh_from_db()
    data = {"version": mine.version, "block": [key], f"{key}-seen": fingerprint(block), **changed}
    assert client.post(url(mine), data).status_code == 302
    with acting_as(cast.chair.pk):
        block.refresh_from_db()
        assert (block.words, block.author_kind, block.person_id) == ("I want to go home. Today.", "child", child.pk)


def test_the_next_teams_chair_gets_the_404_of_a_made_up_section(client, sign_in, cast, conference):
    section = section_of(conference)
    sign_in(client, cast.neighbour)
    assert client.get(url(section)).status_code == 404
    assert save_by_script(client, section, sent(section, "No.")).status_code == 404
    with acting_as_job("tests"):
        denied = AccessEvent.objects.filter(action="denied", conference_id=conference.pk)
        assert {event.object_id for event in denied} == {str(section.pk)}
    assert texts(conference) == []


def test_the_manager_reads_and_does_not_write(client, sign_in, cast, conference):
    section = section_of(conference)
    write(section, "To be read.")
    sign_in(client, cast.manager)
    page = client.get(url(section)).content.decode()
    assert "To be read." in page
    assert "data-record" not in page
    assert client.post(url(section), sent(section, "No.")).status_code == 404
    assert save_by_script(client, section, sent(section, "No.")).status_code == 404


def test_a_closed_record_tells_the_script_and_keeps_the_text_in_its_page(chair, cast, conference):
    section = section_of(conference)
    with acting_as(cast.chair.pk):
        Conference.objects.filter(pk=conference.pk).update(state=State.CANCELLED)
    answer = save_by_script(chair, section, sent(section, "Too late."))
    assert answer.status_code == 400
    assert "Your text was not saved: copy it." in answer.json()["errors"][""][0]
    assert "data-record" not in chair.get(url(section)).content.decode()


# Reading


def test_the_record_keeps_the_fixed_order_and_each_view_is_written_down(chair, cast, conference):
    write(section_of(conference, SectionKind.WORRIES), "A worry.")
    write(section_of(conference, SectionKind.STRENGTHS), "A strength.")
    write(section_of(conference, SectionKind.CHILD_WORDS), "My words.")
    page = chair.get(reverse("conferences:record", args=[conference.pk])).content.decode()
    assert page.index("My words.") < page.index("A strength.") < page.index("A worry.")
    with acting_as_job("tests"):
        event = AccessEvent.objects.filter(action="view", object_type="record").get()
        assert len(event.sections) == 18


def test_the_record_takes_as_many_queries_with_much_as_with_little(chair, conference):
    address = reverse("conferences:record", args=[conference.pk])
    make_professional(conference)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert chair.get(address).status_code == 200
        return len([one for one in captured if not one["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT"))])

    write(section_of(conference), "One.")
    chair.get(address)
    little = queries()
    for kind in (SectionKind.FACTS, SectionKind.WORRIES, SectionKind.CHILD_WORDS):
        write(section_of(conference, kind), "More.")
    assert queries() == little <= 16  # words, decisions, plan, core groups and next dates


def test_last_time_stands_folded_under_this_time(chair, cast, conference):
    write(section_of(conference), "Said last time.")
    review = make_conference(cast, kind="review", ids="R", previous=conference)
    page = chair.get(url(section_of(review))).content.decode()
    assert "Said last time." in page
    assert page.index("Last time:") < page.index("Said last time.")
    with acting_as_job("tests"):
        event = AccessEvent.objects.filter(conference_id=review.pk, object_type="section").get()
        assert UUID(str(section_of(conference).pk)) in event.sections


def test_words_the_family_uses_and_wants_avoided_are_at_hand(chair, cast, conference):
    rosa = make_relative(conference)
    with acting_as(cast.chair.pk):
        Choice.objects.create(conference=conference, person=rosa, kind="words_to_avoid", words="chaotic")
    page = chair.get(url(section_of(conference))).content.decode()
    assert "Words to avoid: Rosa Example" in page
    assert "chaotic" in page


def test_behaviour_28_words_saved_during_a_break_are_shown_as_such(chair, cast, conference):
    with acting_as(cast.chair.pk):
        begin_part(part=conference.parts.get(), by=cast.chair, now=NOW)
        start_break(conference=conference, by=cast.chair, now=NOW)
    section = section_of(conference)
    write(section, "While the family was out.")
    page = chair.get(url(section)).content.decode()
    assert "Nothing is discussed until everybody is back." in page
    assert "Saved during a break" in page


def test_who_has_a_section_open_is_told_without_a_word_of_it(chair, client, sign_in, cast, conference):
    section = section_of(conference)
    write(section, "Not for this answer.")
    chair.get(url(section))
    given = chair.get(url(section, "save-section"), headers={"accept": "application/json"})
    assert "Not for this answer" not in json.dumps(given.json())
    assert given.json()["sections"][str(section.pk)] == {"written": True, "who": ""}
    assert given.json()["version"] == 2


# Staying signed in


def seen_ago(client, seconds: int) -> None:
    session = client.session
    session[SEEN_AT] = timezone.now().timestamp() - seconds
    session.save()


def test_asking_who_is_where_never_keeps_somebody_signed_in(chair, conference):
    section = section_of(conference)
    seen_ago(chair, 14 * 60)
    chair.get(url(section, "save-section"))
    left = chair.get(reverse("conferences:presence")).json()["left"]
    assert 50 <= left <= 60
    assert chair.post(reverse("conferences:presence")).json()["left"] == 15 * 60


def test_typing_keeps_somebody_signed_in_and_the_last_save_before_signing_out_does_not(chair, conference):
    section = section_of(conference)
    seen_ago(chair, 14 * 60)
    chair.post(url(section, "save-section"), sent(section, "Last."), headers={"X-Nobody-Here": "1"})
    assert chair.get(reverse("conferences:presence")).json()["left"] <= 60
    save_by_script(chair, section_of(conference), sent(section_of(conference), "More."))
    assert chair.get(reverse("conferences:presence")).json()["left"] == 15 * 60
    assert texts(conference) == ["Last.", "More."]


def test_after_fifteen_minutes_a_save_by_script_is_told_so_and_nothing_is_written(chair, conference):
    section = section_of(conference)
    seen_ago(chair, 15 * 60 + 1)
    answer = save_by_script(chair, section, sent(section, "Too late."))
    assert answer.status_code == 401
    assert answer.json()["signed_out"] is True
    assert texts(conference) == []


def test_behaviour_37_after_fifteen_minutes_the_page_leads_to_signing_in_and_back_to_the_cursor(chair, conference):
    address = url(section_of(conference)) + f"?block={uuid4()}&at=17"
    seen_ago(chair, 15 * 60 + 1)
    answer = chair.get(address)
    assert answer.status_code == 302
    assert "at%3D17" in answer["Location"]
