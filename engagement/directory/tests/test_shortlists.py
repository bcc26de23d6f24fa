"""Shortlists: whose they are, what they say, what a shared link opens, and where they can be sent."""

import html
import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from chatr.audit.models import AuditEvent
from chatr.notifications.models import Message
from chatr.notifications.operations.sending import drain

from ..models import Service, SharedShortlist, ShortlistItem
from ..operations import shortlists as operations
from ..operations.services import start_service, withdraw_service
from ..queries.shortlists import shared_shortlist
from .making import entry, publish

pytestmark = pytest.mark.django_db
NOW = timezone.now()
TODAY = timezone.localdate(NOW)
LIST = "/services/shortlist/"


def text_of(response) -> str:
    body = response.content.decode().split('id="main">', 1)[1].split("</main>")[0]
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", body))).strip()


def add(client, service: Service, **more):
    return client.post(reverse("directory:shortlist-add"), {"service": str(service.pk), **more})


def titles(client) -> list[str]:
    return re.findall(r'class="row__title">(?:<a[^>]*>)?([^<]+)<', client.get(LIST).content.decode())


def share(client, days: int = 14) -> str:
    """The path of a new link, as the page shows it once."""
    response = client.post(reverse("directory:share-shortlist"), {"days": days})
    assert response.status_code == 200, text_of(response)
    return urlsplit(re.search(r'class="govuk-body secret">([^<]+)<', response.content.decode())[1]).path


@pytest.fixture
def service(together):
    return publish(together, entry("Example counselling"), verified=NOW)


@pytest.fixture
def other(together):
    return publish(together, entry("Example club"))


# Putting services on it


def test_a_visitors_list_is_in_the_session_alone_and_its_cookie_ends_with_the_browser(client, service, other):
    response = add(client, service)
    cookie = client.cookies["sessionid"]
    assert (cookie["expires"], cookie["max-age"]) == ("", "")
    assert response["Location"] == reverse("directory:service", args=[service.slug])
    add(client, other)
    add(client, service)
    assert titles(client) == ["Example counselling", "Example club"]
    assert not ShortlistItem.objects.exists()
    said = text_of(client.get(LIST))
    assert "It goes when you close the browser" in said and "Clear the shortlist" in said
    assert titles(Client()) == []


def test_a_visitor_clears_and_removes(client, service, other):
    add(client, service)
    add(client, other)
    client.post(reverse("directory:shortlist-remove"), {"service": str(service.pk)})
    assert titles(client) == ["Example club"]
    client.post(reverse("directory:shortlist-clear"))
    assert titles(client) == []
    assert "directory_shortlist" not in client.session


def test_an_account_keeps_its_own_list_and_nobody_elses(client, sign_in, people, service, other):
    sign_in(client, people.person)
    add(client, service)
    add(client, service)
    colleague = sign_in(Client(), people.colleague)
    add(colleague, other)
    assert (titles(client), titles(colleague)) == (["Example counselling"], ["Example club"])
    colleague.post(reverse("directory:shortlist-remove"), {"service": str(service.pk)})
    colleague.post(reverse("directory:shortlist-clear"))
    assert (titles(client), titles(colleague)) == (["Example counselling"], [])


def test_signing_in_takes_the_visits_list_over_once(client, sign_in, people, service, other):
    operations.add(user=people.person, service=other.pk, now=NOW)
    add(client, service)
    add(client, other)
    visit = dict(client.session)
    sign_in(client, people.person)
    session = client.session
    session["directory_shortlist"] = visit["directory_shortlist"]  # allauth keeps the visit; the test client does not
    session.save()
    assert titles(client) == ["Example club", "Example counselling"]
    assert "directory_shortlist" not in client.session
    client.post(reverse("directory:shortlist-clear"))
    assert titles(client) == []


def test_a_real_sign_in_keeps_what_the_visit_put_aside(client, people, service):
    add(client, service)
    client.post("/accounts/login/", {"login": people.person.email, "password": "correct horse battery"})
    assert titles(client) == ["Example counselling"]
    assert ShortlistItem.objects.get().user == people.person


def test_a_draft_a_withdrawn_one_and_nonsense_cannot_be_put_on_it(client, together, service):
    draft = start_service(organisation=together, name="Example draft", by=None, now=NOW)
    withdraw_service(service=service, by=None, now=NOW)
    for wrong in (draft.pk, service.pk, "nonsense", ""):
        assert client.post(reverse("directory:shortlist-add"), {"service": wrong}).status_code == 404
    assert titles(client) == []


def test_looking_at_an_act_changes_nothing(client, service):
    for name in ("add", "remove", "clear"):
        assert client.get(reverse(f"directory:shortlist-{name}"), {"service": service.pk}).status_code == 405


def test_a_full_list_refuses_one_more_and_says_so(client, sign_in, people, together, service, monkeypatch):
    monkeypatch.setattr(operations, "FULL", 1)
    for visitor in (client, sign_in(Client(), people.person)):
        add(visitor, service)
        response = add(visitor, publish(together, entry("Example one too many")), next=LIST)
        assert response["Location"] == LIST
        assert "A shortlist holds 1 services. Remove one first." in text_of(visitor.get(LIST))
        assert titles(visitor) == ["Example counselling"]


def test_the_button_leads_back_to_a_page_of_ours_and_to_no_other(client, service):
    assert add(client, service, next="/services/?q=worry")["Location"] == "/services/?q=worry"
    assert add(client, service, next="https://elsewhere.example.org/")["Location"].startswith("/services/example-")


# What it says


def test_behaviour_33_a_shortlist_prints_with_its_day_and_verified_days_and_no_name_unless_chosen(
    client, sign_in, people, service
):
    sign_in(client, people.person)
    add(client, service)
    said = text_of(client.get(LIST))
    assert f"As it was on {TODAY.day} {TODAY:%B %Y}" in said
    assert f"Verified {TODAY.day} {TODAY:%B %Y} by the service" in said
    assert people.person.name not in said
    assert f"put together by {people.person.name}" in text_of(client.get(LIST + "?name=on"))
    assert people.person.name not in text_of(client.get(LIST))


def test_a_visitor_has_no_name_to_print(client, service):
    add(client, service)
    assert "put together" not in text_of(client.get(LIST + "?name=on"))


def test_there_is_nowhere_to_write_a_word_about_a_family(client, sign_in, people, service):
    sign_in(client, people.person)
    add(client, service)
    share(client)
    body = client.get(LIST).content.decode()
    kinds = set(re.findall(r'<input[^>]*type="(\w+)"', body))
    assert {"hidden", "checkbox", "radio"} <= kinds <= {"hidden", "checkbox", "radio", "submit"}
    assert "<textarea" not in body and "<select" not in body
    kept = {field.name for model in (ShortlistItem, SharedShortlist) for field in model._meta.fields}
    assert kept == {
        *("id", "user", "service", "added_at"),
        *("digest", "services", "made_by", "made_at", "ends_at", "revoked_at"),
    }


def test_a_service_withdrawn_meanwhile_says_so_on_the_list(client, service):
    add(client, service)
    withdraw_service(service=service, by=None, now=NOW)
    said = text_of(client.get(LIST))
    assert "Example counselling No longer listed" in said and "Ring us" not in said


def test_a_shortlist_stays_out_of_every_cache_and_of_search_engines(client, service):
    add(client, service)
    response = client.get(LIST)
    assert "no-store" in response["Cache-Control"] and 'content="noindex"' in response.content.decode()


# Sharing it


def test_behaviour_33_a_shared_link_opens_only_what_is_public(client, sign_in, people, service, other, together):
    sign_in(client, people.person)
    for each in (service, other):
        add(client, each)
    path = share(client)
    draft = start_service(organisation=together, name="Example draft", by=None, now=NOW)
    SharedShortlist.objects.update(services=[service.pk, other.pk, draft.pk])
    withdraw_service(service=other, by=None, now=NOW)
    response = Client().get(path)
    said = text_of(response)
    assert response.status_code == 200
    assert "Example counselling" in said and "Ring us." in said
    assert "Example club No longer listed" in said and "Example draft" not in said
    body = response.content.decode()
    assert people.person.name not in body and people.person.email not in body
    assert response["Referrer-Policy"] == "no-referrer" and response["X-Robots-Tag"] == "noindex"
    assert "no-store" in response["Cache-Control"]


def test_behaviour_33_a_shared_link_ends(client, service):
    add(client, service)
    token = share(client, days=1).rstrip("/").rpartition("/")[2]
    assert shared_shortlist(token, NOW + timedelta(hours=23)) is not None
    assert shared_shortlist(token, NOW + timedelta(hours=25)) is None
    SharedShortlist.objects.update(ends_at=NOW)
    response = Client().get(reverse("directory:shared-shortlist", args=[token]))
    assert response.status_code == 404 and "This link does not work" in text_of(response)
    assert "Example counselling" not in response.content.decode()


def test_behaviour_33_a_shared_link_can_be_revoked_by_who_made_it_and_by_nobody_else(client, sign_in, people, service):
    sign_in(client, people.person)
    add(client, service)
    path = share(client)
    link = SharedShortlist.objects.get()
    revoke = reverse("directory:revoke-shared", args=[link.pk])
    assert sign_in(Client(), people.colleague).post(revoke).status_code == 404
    assert Client().post(revoke).status_code == 404
    assert Client().get(path).status_code == 200
    assert "1 service, shared on" in text_of(client.get(LIST))
    client.post(revoke)
    assert "This link does not work" in text_of(Client().get(path))
    assert "shared on" not in text_of(client.get(LIST))
    assert client.post(revoke).status_code == 404
    assert list(
        AuditEvent.objects.filter(action__startswith="directory.shortlist").order_by("at").values_list("action")
    ) == [
        ("directory.shortlist_shared",),
        ("directory.shortlist_link_revoked",),
    ]


def test_a_visitor_takes_their_own_link_back_in_the_same_visit(client, service):
    add(client, service)
    path = share(client)
    assert "shared on" in text_of(client.get(LIST)) and "shared on" not in text_of(Client().get(LIST))
    client.post(reverse("directory:revoke-shared", args=[SharedShortlist.objects.get().pk]))
    assert Client().get(path).status_code == 404


def test_the_link_is_shown_once_and_only_its_digest_is_kept(client, service):
    add(client, service)
    token = share(client).rstrip("/").rpartition("/")[2]
    assert token not in client.get(LIST).content.decode()
    row = SharedShortlist.objects.values().get()
    assert token not in str(row) and token not in str(dict(client.session))
    assert token not in str(list(AuditEvent.objects.values()))


@pytest.mark.parametrize(
    "change", [lambda t: t[:-1], lambda t: t + "x", lambda t: t.replace(":", ":x", 1), lambda t: "sample"]
)
def test_a_link_that_was_cut_or_changed_opens_a_kind_page(client, service, change):
    add(client, service)
    token = share(client).rstrip("/").rpartition("/")[2]
    response = Client().get(reverse("directory:shared-shortlist", args=[change(token)]))
    assert response.status_code == 404 and "Ask whoever gave it to you for a new one" in text_of(response)


def test_a_link_lasts_one_fourteen_or_thirty_days_and_nothing_else(client, service):
    add(client, service)
    for days in operations.DAYS:
        share(client, days)
    assert sorted((row.ends_at - row.made_at).days for row in SharedShortlist.objects.all()) == [1, 14, 30]
    response = client.post(reverse("directory:share-shortlist"), {"days": "365"})
    assert response.status_code == 422 and "Choose one of the answers on the page" in text_of(response)
    assert SharedShortlist.objects.count() == 3


def test_an_empty_list_is_not_shared_and_ten_links_are_enough(client, service):
    response = client.post(reverse("directory:share-shortlist"), {"days": 14})
    assert response.status_code == 422 and not SharedShortlist.objects.exists()
    add(client, service)
    for _ in range(operations.LINKS):
        share(client)
    response = client.post(reverse("directory:share-shortlist"), {"days": 14})
    assert "10 links of yours work already. Take one back first." in text_of(response)
    assert SharedShortlist.objects.count() == operations.LINKS


def test_links_from_one_address_are_limited(service):
    answers = []
    for _ in range(21):
        visitor = Client()
        add(visitor, service)
        answers.append(visitor.post(reverse("directory:share-shortlist"), {"days": 14}).status_code)
    assert answers == [200] * 20 + [429]


# E-mailing it


def test_it_is_emailed_to_ones_own_address_whatever_is_sent(client, sign_in, people, service, other):
    sign_in(client, people.person)
    for each in (service, other):
        add(client, each)
    client.post(reverse("directory:email-shortlist"), {"email": "elsewhere@example.org", "to": "elsewhere@example.org"})
    message = Message.objects.get(kind=operations.MAIL)
    assert (message.to_email, message.recipient) == (people.person.email, people.person)
    withdraw_service(service=other, by=None, now=NOW)
    drain(now=timezone.now())
    (sent,) = mail.outbox
    assert sent.to == [people.person.email]
    assert sent.subject == "Your shortlist of services"
    for words in (
        "Example counselling",
        "Ages 5 to 11",
        f"/services/{service.slug}/",
        "Example club\nNo longer listed.",
    ):
        assert words in sent.body
    assert people.person.name not in sent.body


def test_it_is_not_emailed_to_an_address_nobody_confirmed_nor_empty_nor_without_end(client, sign_in, people, service):
    sign_in(client, people.person)
    client.post(reverse("directory:email-shortlist"))
    assert "There is nothing on the shortlist yet." in text_of(client.get(LIST))
    add(client, service)
    for _ in range(operations.MAILS_AN_HOUR + 1):
        client.post(reverse("directory:email-shortlist"))
    assert Message.objects.filter(kind=operations.MAIL).count() == operations.MAILS_AN_HOUR
    assert "5 times in the last hour" in text_of(client.get(LIST))
    EmailAddress.objects.update(verified=False)
    Message.objects.filter(kind=operations.MAIL).delete()
    assert "E-mail it to me" not in text_of(client.get(LIST))
    client.post(reverse("directory:email-shortlist"))
    assert not Message.objects.filter(kind=operations.MAIL).exists()


def test_a_visitor_is_asked_to_sign_in_before_anything_is_emailed(client, service):
    add(client, service)
    assert client.post(reverse("directory:email-shortlist"))["Location"].startswith("/accounts/login/")
    assert "E-mail it to me" not in text_of(client.get(LIST))


# What it costs


def test_a_list_costs_the_same_queries_with_one_service_and_with_three(
    client, sign_in, people, together, keeps_one_query_count
):
    sign_in(client, people.person)
    numbers = iter(range(9))

    def add_row():
        add(client, publish(together, entry(f"Example {next(numbers)}")))
        client.get(LIST)  # reads the line that says it is on the list

    keeps_one_query_count(add_row, lambda: client.get(LIST))


def test_a_shared_list_costs_the_same_queries_with_one_service_and_with_three(client, together, keeps_one_query_count):
    numbers, paths = iter(range(9)), []

    def add_row():
        add(client, publish(together, entry(f"Example {next(numbers)}")))
        paths.append(share(client))

    keeps_one_query_count(add_row, lambda: Client().get(paths[-1]))
