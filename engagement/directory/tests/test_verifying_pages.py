"""Pages on which somebody says that an entry is still right: journey 4, the link, one entry, all at once."""

import re
from contextlib import contextmanager
from datetime import date, time, timedelta
from unittest import mock
from uuid import uuid4

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from chatr.accounts.models import Membership
from chatr.links import operations as links
from chatr.links.models import UsedLink
from chatr.notifications.operations import drain
from chatr.testing.people import make_person
from chatr.workdays.clock import local

from .. import tasks
from ..messages.keeping import PURPOSE
from ..models import FeedService, Keeper, Listing, Schedule, Service, Verification
from ..operations.services import publish_entry, withdraw_service
from ..queries.entries import entry_of
from ..rules.entries import ContactLine, Place
from .making import HACKNEY, entry, make_editor, publish

pytestmark = pytest.mark.django_db

VERIFIED = local(date(2026, 10, 12), time(10))
DUE = date(2027, 1, 11)
NOON = local(DUE, time(12))


@contextmanager
def clock_at(moment):
    """The portal's clock stands still at this moment."""
    with mock.patch("django.utils.timezone.now", return_value=moment):
        yield


def text(response) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


@pytest.fixture
def service(together):
    return publish(together, now=VERIFIED, verified=VERIFIED)


@pytest.fixture(autouse=True)
def keeper(db):
    person = make_person("Eve Example", "eve@programme.example.org", None, "programme_staff")
    Keeper.objects.create(user=person)
    return person


@pytest.fixture
def address(service, editor):
    """The page behind a link sent to the editor on the due day."""
    token = links.make(PURPOSE, f"{editor.pk}:{service.pk}:{DUE}", valid_until=NOON + timedelta(days=60))
    return reverse("directory:still-correct", args=[token])


def press(address, moment=NOON, **which):
    """Open the page in a fresh browser that checks forgery protection, and press a button."""
    browser = Client(enforce_csrf_checks=True)
    with clock_at(moment):
        page = browser.get(address)
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.content.decode())
        return browser.post(address, {"csrfmiddlewaretoken": token[1] if token else "", **which})


def feed_of(service) -> FeedService:
    return FeedService.objects.get(service=service)


def assured(service) -> str:
    return re.search(r'"assured_date": ?"([\d-]+)"', feed_of(service).whole)[1]


# Journey 4


def test_journey_4_day_91_one_email_one_page_one_button_verified_today(client, service, editor, together):
    with clock_at(local(DUE, time(9))):
        tasks.remind_editors()
        tasks.remind_editors()
        drain(now=local(DUE, time(9)))
    (email,) = mail.outbox
    assert (email.to, email.subject) == ([editor.email], "Is this still right? Example counselling")
    assert "Last verified on 12 October 2026." in email.body
    (address,) = set(re.findall(r"http://localhost:8000(/services/still-correct/\S+)", email.body))
    assert f'href="http://localhost:8000{address}"' in email.alternatives[0][0]

    with clock_at(NOON):
        page = client.get(address)
    assert text(page).count("Everything is still right</button>") == 1
    assert "It was last verified on 12 October 2026." in text(page)
    assert "Weekly sessions with a trained counsellor" in text(page)

    assert (assured(service), feed_of(service).last_modified.date()) == ("2026-10-12", VERIFIED.date())
    edited = local(DUE, time(10))
    publish_entry(service=service, entry=entry_of(service).but(summary="Other words."), by=None, now=edited)
    assert (assured(service), feed_of(service).last_modified) == ("2026-10-12", edited)  # an edit moves only this

    assert press(address).status_code == 302
    with clock_at(NOON):
        assert "You verified this on 11 January 2027" in text(client.get(address))
        assert "Verified 11 January 2027 by the service" in text(client.get(f"/services/{service.slug}/"))
    assert (assured(service), feed_of(service).last_modified) == ("2027-01-11", edited)  # and this only verifying
    assert Listing.objects.get().verified_on == DUE
    assert service.verifications.get(method="link").by == editor


# The link


def test_looking_changes_nothing(client, service, address):
    before = feed_of(service).whole, list(Listing.objects.values())
    for method in (client.get, client.head, client.get):
        with clock_at(NOON):
            assert method(address, headers={"user-agent": "LinkScanner/1.0"}).status_code == 200
    assert (feed_of(service).whole, list(Listing.objects.values())) == before
    assert not UsedLink.objects.exists() and service.verifications.count() == 1


def test_pressed_again_it_says_when_it_was_verified(service, address):
    for moment in (NOON, NOON + timedelta(days=1)):
        press(address, moment)
    with clock_at(NOON + timedelta(days=1)):
        page = text(Client().get(address))
    assert "You verified this on 11 January 2027" in page and "Everything is still right</button>" not in page
    assert "We ask again on 12 April 2027." in page
    assert service.verifications.count() == 2


def test_a_press_without_the_page_is_refused(service, address):
    with clock_at(NOON):
        assert Client(enforce_csrf_checks=True).post(address).status_code == 403
    assert service.verifications.count() == 1


def test_something_has_changed_leads_to_the_edit_page(service, address):
    response = press(address, changed="yes")
    assert response["Location"] == reverse("directory:edit-service", args=[service.pk])
    assert [each.still_right for each in Verification.objects.order_by("at")] == [True, False]


@pytest.mark.parametrize("method", ["get", "post"])
def test_ended_and_forged_links_say_so_kindly(client, service, address, method):
    with clock_at(NOON + timedelta(days=60)):
        ended = getattr(client, method)(address)
    assert (ended.status_code, "This link no longer works" in text(ended)) == (410, True)
    with clock_at(NOON):
        forged = getattr(client, method)(address.replace("still-correct/", "still-correct/x"))
    assert (forged.status_code, "This link does not work" in text(forged)) == (404, True)
    assert service.verifications.count() == 1


@pytest.mark.parametrize("method", ["get", "post"])
def test_the_link_of_somebody_who_left_says_so_and_shows_nothing(client, service, editor, address, method):
    Membership.objects.filter(user=editor).update(can_edit_directory=False)
    with clock_at(NOON):
        page = getattr(client, method)(address)
    assert page.status_code == 403
    assert "You no longer keep the entry of Example counselling" in text(page)
    assert "Weekly sessions" not in text(page)
    assert service.verifications.count() == 1


def test_the_link_to_a_withdrawn_service_says_so(client, service, address):
    withdraw_service(service=service, by=None, now=NOON)
    with clock_at(NOON):
        page = client.get(address)
    assert (page.status_code, "not public any more" in text(page)) == (403, True)


def test_the_page_is_not_kept_indexed_or_told_to_others(client, address):
    with clock_at(NOON):
        page = client.get(address)
    assert page["X-Robots-Tag"] == "noindex"
    assert '<meta name="robots" content="noindex">' in page.content.decode()
    assert "no-store" in page["Cache-Control"] and page["Referrer-Policy"] == "same-origin"


def test_the_page_shows_what_the_public_reads_and_no_more(client, together, editor):
    hidden = Place(is_confidential=True, area=HACKNEY)
    private = (ContactLine("Private Person", "Manager"), ContactLine("Public Person", "Desk", True))
    service = publish(together, entry("Example refuge", contacts=private, places=(hidden,)), now=VERIFIED)
    token = links.make(PURPOSE, f"{editor.pk}:{service.pk}:{DUE}", valid_until=NOON + timedelta(days=60))
    with clock_at(NOON):
        page = text(client.get(reverse("directory:still-correct", args=[token])))
    assert "Public Person" in page and "Private Person" not in page
    assert "address not shown" in page


def test_the_page_shows_the_hours_too(client, service, address):
    hours = {"opens_at": time(9), "closes_at": time(17)}
    Schedule.objects.bulk_create(Schedule(id=uuid4(), service=service, day=day, place=day, **hours) for day in (0, 1))
    with clock_at(NOON):
        assert "Monday and Tuesday: 9am to 5pm" in text(client.get(address))


# One entry, signed in


def test_an_editor_verifies_one_entry_on_its_page(client, sign_in, service, editor):
    address = reverse("directory:verify", args=[service.pk])
    with clock_at(NOON):
        sign_in(client, editor)
        before = client.get(address)
        assert "Last verified on 12 October 2026" in text(before)
        assert "It has to be looked through now." in text(before)
        assert service.verifications.count() == 1
        after = client.post(address, follow=True)
    assert "Verified today by Fatima Editor" in text(after)
    assert "Everything is still right</button>" not in text(after)
    assert service.verifications.get(at=NOON).by == editor


def test_an_editor_says_that_something_has_changed(client, sign_in, service, editor):
    with clock_at(NOON):
        response = sign_in(client, editor).post(reverse("directory:verify", args=[service.pk]), {"changed": "yes"})
    assert response["Location"] == reverse("directory:edit-service", args=[service.pk])
    assert not service.verifications.get(at=NOON).still_right


@pytest.mark.parametrize("method", ["get", "post"])
def test_the_next_organisations_editor_finds_nothing(client, sign_in, service, neighbour, method):
    sign_in(client, neighbour)
    assert getattr(client, method)(reverse("directory:verify", args=[service.pk])).status_code == 404
    assert service.verifications.count() == 1


def test_a_removed_editor_finds_nothing_at_the_next_request(client, sign_in, service, editor):
    sign_in(client, editor)
    Membership.objects.filter(user=editor).update(valid_to=date(2027, 1, 1))
    assert client.post(reverse("directory:verify", args=[service.pk])).status_code == 404


# All at once


@pytest.fixture
def three(service, together):
    return [service, *(publish(together, entry(f"Example {n}"), now=VERIFIED) for n in ("club", "walk"))]


def test_every_box_is_ticked_and_one_press_verifies_each(client, sign_in, three, editor):
    with clock_at(NOON):
        sign_in(client, editor)
        page = client.get(reverse("directory:verify-all")).content.decode()
        assert page.count('name="services"') == len(re.findall(r'name="services"[^>]* checked', page)) == 3
        ids = re.findall(r'name="services" value="([\w-]+)"', page)
        answer = client.post(reverse("directory:verify-all"), {"services": ids}, follow=True)
    assert "3 entries are verified today." in text(answer)
    assert Verification.objects.filter(by=editor, method="bulk").count() == 3


def test_what_is_not_ticked_is_not_verified(client, sign_in, three, editor):
    with clock_at(NOON):
        sign_in(client, editor)
        client.post(reverse("directory:verify-all"), {"services": [three[1].pk]})
    assert [each.service for each in Verification.objects.filter(by=editor)] == [three[1]]


def test_ticking_nothing_is_said_beside_the_boxes(client, sign_in, three, editor):
    answer = sign_in(client, editor).post(reverse("directory:verify-all"), {})
    assert text(answer).count("Tick at least one entry, or leave this page") == 2
    assert not Verification.objects.filter(by=editor).exists()


def test_the_next_organisations_entries_cannot_be_ticked(client, sign_in, three, editor, next_door):
    theirs = publish(next_door, entry("Example theirs"), now=VERIFIED)
    sign_in(client, editor)
    assert "Example theirs" not in text(client.get(reverse("directory:verify-all")))
    for chosen in ([theirs.pk], [three[0].pk, theirs.pk], ["nonsense"]):
        answer = client.post(reverse("directory:verify-all"), {"services": chosen})
        assert answer.status_code == 200 and not Verification.objects.filter(by=editor).exists()


def test_somebody_without_services_is_told_so(client, sign_in, neighbour):
    assert "nothing to verify" in text(sign_in(client, neighbour).get(reverse("directory:verify-all")))


def test_the_list_costs_the_same_however_long(client, sign_in, together, editor, keeps_one_query_count):
    sign_in(client, editor)
    numbers = iter(range(9))
    keeps_one_query_count(
        lambda: publish(together, entry(f"Example {next(numbers)}"), now=VERIFIED, verified=VERIFIED),
        lambda: client.get(reverse("directory:verify-all")),
    )


# In a browser


@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.django_db(transaction=True)
def test_the_link_works_in_a_browser_with_and_without_scripts(together, open_page, axe, javascript):
    editor = make_editor("Fatima Editor", "fatima@together.example.org", together)
    verified = timezone.now() - timedelta(days=91)
    service = publish(together, now=verified, verified=verified)
    due = timezone.localdate()
    token = links.make(PURPOSE, f"{editor.pk}:{service.pk}:{due}", valid_until=timezone.now() + timedelta(days=60))
    page = open_page(width=375, javascript=javascript)
    page.goto(reverse("directory:still-correct", args=[token]))
    if javascript:
        assert axe(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 375
    with page.expect_navigation():
        page.get_by_role("button", name="Everything is still right").click()
    page.get_by_role("heading", name=re.compile("You verified this on")).wait_for()
    if javascript:
        assert axe(page) == []
    assert Service.objects.get().verifications.get(method="link").by == editor


@pytest.mark.parametrize("width", [1280, 375])
@pytest.mark.django_db(transaction=True)
def test_verifying_signed_in_works_in_a_browser(together, open_page, axe, width):
    editor = make_editor("Fatima Editor", "fatima@together.example.org", together)
    first = publish(together, now=VERIFIED, verified=VERIFIED)
    publish(together, entry("Example club"), now=VERIFIED)
    page = open_page(editor, width=width)
    page.goto(reverse("directory:verify-all"))
    assert axe(page) == [] and page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_label("Example club").uncheck()
    with page.expect_navigation():
        page.get_by_role("button", name="These are still right").click()
    page.get_by_text("1 entry is verified today.").wait_for()
    page.goto(reverse("directory:verify", args=[first.pk]))
    page.get_by_text("Verified today by Fatima Editor").wait_for()
    assert axe(page) == [] and page.evaluate("document.documentElement.scrollWidth") <= width
