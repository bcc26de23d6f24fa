"""Anybody says what is wrong with an entry; its editors and staff read it and answer."""

import re
import uuid
from datetime import date

import pytest
from django.core import mail
from django.urls import reverse

from chatr.accounts.models import Membership
from chatr.audit.models import AuditEvent
from chatr.notifications.models import Message
from chatr.notifications.operations import drain
from chatr.testing.people import make_person

from ..forms.suggestions import readable
from ..models import Keeper, Service, Suggestion
from ..operations.services import withdraw_service
from ..operations.suggestions import CannotAnswer, CannotSuggest, answer, suggest
from ..views.suggestions import TIMES
from .making import NOW, entry, make_editor, publish

pytestmark = pytest.mark.django_db

NASTY = '<script>alert("x")</script> \u202e]\u0634 & {{ 7|add:7 }} =HYPERLINK("http://x")'


@pytest.fixture
def service(together):
    return publish(together)


@pytest.fixture
def staff(db):
    person = make_person("Eve Example", "eve@programme.example.org", None, "programme_staff")
    Keeper.objects.create(user=person)
    return person


def made(service, **changes) -> Suggestion:
    said = {"topic": "contact", "words": "The phone number is old.", "reply_to": "", "key": uuid.uuid4(), "now": NOW}
    return suggest(service=service, **said | changes)


def address(service, name: str = "suggest") -> str:
    return reverse(f"directory:{name}", args=[service.slug])


def typed(**changes) -> dict:
    return {"topic": "contact", "words": "The phone number is old.", "key": str(uuid.uuid4())} | changes


def text(response) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def sent(now) -> list:
    mail.outbox.clear()
    drain(now=now)
    return list(mail.outbox)


# Behaviour 30


def test_behaviour_30_anybody_may_suggest_and_it_is_kept(client, service, editor, staff):
    page = text(client.get(address(service)))
    assert "read by those at Example Families Together who keep the entry, and by Eve Example" in page
    answer = client.post(address(service), typed(reply_to="someone@example.org"), follow=True)
    assert answer.redirect_chain == [(address(service, "suggestion-sent"), 302)]
    kept = Suggestion.objects.get()
    assert (kept.service, kept.topic, kept.words) == (service, "contact", "The phone number is old.")
    event = AuditEvent.objects.get(action="directory.suggestion_made")
    assert event.actor_id is None and "phone" not in str(event.details)


def test_behaviour_30_it_is_limited_by_address_and_keeps_what_was_typed(client, service, staff):
    for _ in range(TIMES):
        assert client.post(address(service), typed()).status_code == 302
    refused = client.post(address(service), typed(words="One more thing is wrong."))
    assert refused.status_code == 429
    assert "Please send this one later." in text(refused) and "One more thing is wrong." in text(refused)
    assert Suggestion.objects.count() == TIMES
    assert client.post(address(service), typed(), REMOTE_ADDR="192.0.2.77").status_code == 302


def test_behaviour_30_editors_and_staff_see_it_and_the_next_editor_does_not(
    client, sign_in, service, editor, neighbour, staff
):
    waiting = made(service)
    sign_in(client, editor)
    assert "A phone number, address or web page is wrong" in text(client.get(reverse("directory:suggestions")))
    one = reverse("directory:answer-suggestion", args=[waiting.pk])
    assert "The phone number is old." in text(client.get(one))
    sign_in(client, staff)
    change = reverse("admin:directory_suggestion_change", args=[waiting.pk])
    assert "The phone number is old." in text(client.get(change))
    assert "Example counselling" in text(client.get(reverse("admin:directory_suggestion_changelist")))
    assert client.get(one).status_code == 404
    sign_in(client, neighbour)
    assert "Nobody has suggested anything yet" in text(client.get(reverse("directory:suggestions")))
    for method in (client.get, client.post):
        assert method(one, {"words": "Mine now."}).status_code == 404
    assert Suggestion.objects.open().count() == 1


def test_behaviour_30_words_are_escaped_on_every_page_and_in_every_email(client, sign_in, service, editor, staff):
    client.post(address(service), typed(words=NASTY, reply_to="someone@example.org"))
    waiting = Suggestion.objects.get()
    assert "\u202e" not in waiting.words and "\u0634" in waiting.words
    pages = []
    sign_in(client, editor)
    pages.append(client.get(reverse("directory:suggestions")))
    pages.append(client.get(reverse("directory:answer-suggestion", args=[waiting.pk])))
    sign_in(client, staff)
    pages.append(client.get(reverse("admin:directory_suggestion_change", args=[waiting.pk])))
    pages.append(client.get(reverse("admin:directory_suggestion_answer", args=[waiting.pk])))
    for page in pages:
        words = page.content.decode()
        assert "&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;" in words and "<script>alert" not in words
        assert "{{ 7|add:7 }}" in words
    for email in sent(NOW.replace(year=2099)):  # that one waits holds nothing of it
        assert "script" not in email.body and "HYPERLINK" not in email.body
    answer(suggestion=waiting, words=f"Thank you. {NASTY}", by=editor, now=NOW)
    (email,) = sent(NOW.replace(year=2099))
    assert "<script>" in email.body and "{{ 7|add:7 }}" in email.body  # plain text
    html = email.alternatives[0][0]
    assert "&lt;script&gt;" in html and "<script" not in html


# What may be typed


def test_bad_input_is_said_in_plain_words_and_nothing_is_kept(client, service):
    for wrong, said in (
        ({"topic": ""}, "Answer the question: What is wrong?"),
        ({"topic": "nonsense"}, "Choose one of the answers on the page"),
        ({"words": ""}, "Answer the question: What should it say?"),
        ({"words": " \u202e \x07 "}, "Answer the question: What should it say?"),
        ({"words": "x" * 1001}, "What should it say? must be 1,000 characters or fewer"),
        ({"words": "a\x00b"}, "Type this again: what was pasted holds a hidden character"),
        ({"reply_to": "no address"}, "Enter an e-mail address like name@example.org"),
    ):
        page = client.post(address(service), typed(**wrong))
        assert page.status_code == 200 and said in page.content.decode().replace("&#x27;", "'"), said
    assert not Suggestion.objects.exists() and not Message.objects.exists()


def test_a_thousand_characters_with_line_breaks_are_taken(client, service):
    words = ("x" * 49 + "\r\n") * 20  # a browser sends two characters for one line break
    client.post(address(service), typed(words=words))
    assert len(Suggestion.objects.get().words) == 999


def test_arabic_and_emoji_stay_as_they_are():
    assert (
        readable("\u0645\u0631\u062d\u0628\u0627 \U0001f642\nthere\x00\x1b")
        == "\u0645\u0631\u062d\u0628\u0627 \U0001f642\nthere"
    )


def test_pressing_twice_sends_it_once(client, service, editor, staff):
    form = typed()
    for _ in range(2):
        assert client.post(address(service), form).status_code == 302
    assert Suggestion.objects.count() == 1
    assert Message.objects.count() == 2  # the editor and the keeper


def test_the_same_form_with_other_words_is_another_suggestion(client, service):
    form = typed()
    client.post(address(service), form)
    client.post(address(service), form | {"words": "And the address, too."})
    assert Suggestion.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_sent_twice_at_once_it_is_kept_once(together, run_threads):
    service, key = publish(together), uuid.uuid4()
    done = run_threads([lambda: made(service, key=key).pk] * 4)
    assert set(done) == {key}
    assert Suggestion.objects.count() == 1 and Message.objects.count() == 1


def test_what_a_robot_fills_in_is_thanked_and_dropped(client, service):
    answer = client.post(address(service), typed(page="http://spam.example.org"))
    assert answer.status_code == 302
    assert not Suggestion.objects.exists()


def test_a_service_nobody_can_read_about_takes_no_suggestion(client, service):
    withdraw_service(service=service, by=None, now=NOW)
    assert client.get(address(service)).status_code == client.post(address(service), typed()).status_code == 404
    with pytest.raises(CannotSuggest):
        made(service)
    later = publish(service.organisation, entry("Example later"))
    later.listing.visible_from = date(2999, 1, 1)
    later.listing.save()
    assert client.get(address(later)).status_code == 404


def test_without_a_keeper_the_page_names_the_team(client, service):
    page = text(client.get(address(service)))
    assert "and by the programme team." in page


def test_a_sensitive_service_can_be_left_at_once(client, together):
    service = publish(together, entry("Example refuge", is_sensitive=True))
    for name in ("suggest", "suggestion-sent"):
        assert "Exit this page" in text(client.get(address(service, name)))


# Who is told


def test_the_editors_and_who_keeps_the_entry_are_told_once(service, editor, neighbour, staff):
    own = make_person("Lou Example", "lou@programme.example.org", None, "programme_staff")
    Service.objects.filter(pk=service.pk).update(kept_by=own)
    service.refresh_from_db()
    waiting = made(service)
    emails = {email.to[0]: email for email in sent(NOW)}
    assert set(emails) == {editor.email, own.email}
    assert reverse("directory:answer-suggestion", args=[waiting.pk]) in emails[editor.email].body
    assert reverse("admin:directory_suggestion_change", args=[waiting.pk]) in emails[own.email].body


def test_with_nobody_named_the_mailbox_is_told(service, settings):
    made(service)
    assert [email.to for email in sent(NOW)] == [[settings.PROGRAMME_EMAIL]]


def test_what_was_answered_meanwhile_is_not_told(service, editor):
    answer(suggestion=made(service), words="Thank you.", by=editor, now=NOW)
    assert sent(NOW) == []


# Answering


def test_an_editor_answers_and_the_answer_is_mailed(client, sign_in, service, editor, staff):
    waiting = made(service, reply_to="someone@example.org")
    sent(NOW)
    page = reverse("directory:answer-suggestion", args=[waiting.pk])
    sign_in(client, editor)
    assert "someone@example.org" not in text(client.get(page))
    answered = client.post(page, {"words": "Thank you, it is right now."}, follow=True)
    assert "Your answer is kept and on its way." in text(answered)
    (email,) = sent(NOW.replace(year=2099))
    assert email.to == ["someone@example.org"]
    assert "Thank you, it is right now." in email.body and "The phone number is old." not in email.body
    waiting.refresh_from_db()
    assert (waiting.answered_by, waiting.answer) == (editor, "Thank you, it is right now.")
    assert "Answered" in text(client.get(reverse("directory:suggestions")))


def test_without_an_address_nothing_is_sent(service, editor):
    answer(suggestion=made(service), words="Thank you.", by=editor, now=NOW)
    assert not Message.objects.filter(kind="directory/suggestion_answered").exists()


def test_a_second_answer_is_refused_beside_the_box_and_kept_as_typed(client, sign_in, service, editor, staff):
    waiting = made(service)
    answer(suggestion=waiting, words="Thank you.", by=staff, now=NOW)
    with pytest.raises(CannotAnswer, match="Eve Example has answered this already."):
        answer(suggestion=waiting, words="Me too.", by=editor, now=NOW)
    waiting.refresh_from_db()
    assert waiting.answer == "Thank you."


@pytest.mark.django_db(transaction=True)
def test_two_answers_at_once_are_one_answer(together, run_threads):
    editors = [make_editor(f"Editor {n}", f"editor{n}@together.example.org", together) for n in range(3)]
    waiting = made(publish(together), reply_to="someone@example.org")
    done = run_threads(
        [lambda by=by: answer(suggestion=waiting, words=f"From {by}.", by=by, now=NOW) for by in editors]
    )
    assert sorted(type(each).__name__ for each in done) == ["CannotAnswer", "CannotAnswer", "Suggestion"]
    assert Message.objects.filter(kind="directory/suggestion_answered").count() == 1


def test_staff_answer_on_the_staff_site(client, sign_in, service, editor, staff):
    waiting = made(service, reply_to="someone@example.org")
    sign_in(client, staff)
    press = reverse("admin:directory_suggestion_answer", args=[waiting.pk])
    assert "Enter" in text(client.post(press, {"confirmed": "yes", "words": ""})) or Suggestion.objects.open().exists()
    client.post(press, {"confirmed": "yes", "words": "Thank you."})
    waiting.refresh_from_db()
    assert (waiting.answer, waiting.answered_by) == ("Thank you.", staff)
    change = text(client.get(reverse("admin:directory_suggestion_change", args=[waiting.pk])))
    assert "someone@example.org" not in change and "Thank you." in change


def test_the_desk_of_staff_shows_what_waits_and_that_nobody_keeps_the_directory(client, sign_in, service, staff):
    made(service)
    sign_in(client, staff)
    desk = text(client.get(reverse("admin:index")))
    assert "Suggestions about services" in desk and "Nobody looks after the directory" not in desk
    Keeper.objects.all().delete()
    assert "Nobody looks after the directory" in text(client.get(reverse("admin:index")))


def test_a_removed_editor_sees_nothing_at_the_next_request(client, sign_in, service, editor):
    waiting = made(service)
    sign_in(client, editor)
    Membership.objects.filter(user=editor).update(can_edit_directory=False)
    assert client.get(reverse("directory:answer-suggestion", args=[waiting.pk])).status_code == 404


def test_the_lists_cost_the_same_however_long(client, sign_in, service, editor, staff, keeps_one_query_count):
    sign_in(client, editor)
    keeps_one_query_count(lambda: made(service), lambda: client.get(reverse("directory:suggestions")))
    sign_in(client, staff)
    keeps_one_query_count(
        lambda: made(service), lambda: client.get(reverse("admin:directory_suggestion_changelist")), at_most=14
    )


@pytest.mark.parametrize(("width", "javascript"), [(1280, True), (375, True), (375, False)])
@pytest.mark.django_db(transaction=True)
def test_suggesting_and_answering_work_in_a_browser(together, open_page, axe, width, javascript):
    editor = make_editor("Fatima Editor", "fatima@together.example.org", together)
    service = publish(together)

    def is_sound(page):
        if javascript:
            assert axe(page) == []
            assert page.evaluate("document.documentElement.scrollWidth") <= width

    page = open_page(width=width, javascript=javascript)
    page.goto(address(service))
    is_sound(page)
    with page.expect_navigation():
        page.get_by_role("button", name="Send").click()
    is_sound(page)
    page.get_by_role("heading", name="There is a problem").wait_for()
    page.get_by_label("The service has closed or moved").check()
    page.get_by_label("What should it say?").fill("It has moved to " + "w" * 300)
    with page.expect_navigation():
        page.get_by_role("button", name="Send").click()
    page.get_by_role("heading", name="Thank you").wait_for()
    is_sound(page)

    page = open_page(editor, width=width, javascript=javascript)
    page.goto(reverse("directory:suggestions"))
    is_sound(page)
    page.get_by_role("link", name="Example counselling").click()
    page.get_by_label("Your answer").wait_for()
    is_sound(page)
    page.get_by_label("Your answer").fill("Thank you.")
    with page.expect_navigation():
        page.get_by_role("button", name="Answer").click()
    page.get_by_text("Your answer is kept.").wait_for()
    assert Suggestion.objects.get().answered_by == editor
