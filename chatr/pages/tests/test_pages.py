"""Public pages and who can read them."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from chatr.pages import next_courses, reference, whats_next
from chatr.pages.models import Page


def make_page(**fields):
    fields = {"slug": "news", "title": "News", "body": "Hello.", "is_published": True} | fields
    return Page.objects.create(**fields)


@pytest.mark.parametrize("slug", reference.PAGES)
def test_every_page_a_portal_starts_with_can_be_read_in_one_query(client, db, slug, django_assert_num_queries):
    with django_assert_num_queries(1):
        html = client.get(f"/{slug}/").content.decode()
    assert reference.PAGES[slug][0] in html
    assert "{programme_email}" not in html
    assert "{site_url}" not in html


@pytest.mark.parametrize("slug", reference.PAGES)
def test_links_between_the_pages_lead_somewhere(client, db, slug):
    html = client.get(f"/{slug}/").content.decode()
    for path in set(re.findall(r"<main.*</main>", html, re.S)[0].split('href="/')[1:]):
        address = "/" + path.split('"')[0]
        assert client.get(address, follow=True).status_code == 200, address


def test_the_words_staff_changed_stay_when_the_rows_are_laid_again(db):
    Page.objects.filter(slug="about").update(body="Our own words.", is_published=False)
    Page.objects.filter(slug="cookies").delete()
    reference.lay_down()
    about = Page.objects.get(slug="about")
    assert (about.body, about.is_published) == ("Our own words.", False)
    assert Page.objects.get(slug="cookies").is_published


def test_an_unpublished_page_is_for_staff_who_edit_pages(client, people, sign_in):
    make_page(is_published=False)
    assert client.get("/news/").status_code == 404
    sign_in(client, people.person)
    assert client.get("/news/").status_code == 404
    sign_in(client, people.staff)
    response = client.get("/news/")
    assert response.status_code == 200
    assert "This page is not published" in response.content.decode()


def test_the_accessibility_statement_has_the_parts_the_law_asks_for(client, db):
    html = client.get("/accessibility/").content.decode()
    for heading in (
        "Feedback and contact",
        "Enforcement procedure",
        "Compliance status",
        "Non-accessible content",
        "Disproportionate burden",
        "Preparation of this accessibility statement",
    ):
        assert heading in html
    assert "(No. 2) Accessibility Regulations 2018" in html


def test_about_says_endorsed_at_the_time_by(client, db):
    html = client.get("/about/").content.decode()
    assert "endorsed at the time by" in html
    assert "more than 50" in html


# Home


def test_a_visitor_sees_the_four_ways_in(client, db):
    html = client.get("/").content.decode()
    for way in ("/training/", "/services/", "/conferences/", "/have-your-say/"):
        assert f'<a class="govuk-link" href="{way}">' in html


def test_home_shows_the_next_three_courses(client, db, monkeypatch):
    now = timezone.now()

    def provider(moment, limit):
        return [
            next_courses.NextCourse(
                f"Course {n}", now + timezone.timedelta(days=n), now, "Online", "1 place left", f"/c/{n}/"
            )
            for n in (4, 3, 2, 1)
        ]

    monkeypatch.setattr(next_courses, "_providers", [provider])
    html = client.get("/").content.decode()
    assert re.findall(r"Course \d", html) == ["Course 1", "Course 2", "Course 3"]
    assert "Online. 1 place left." in html


def test_what_is_next_comes_from_every_area_in_order(client, people, sign_in, monkeypatch):
    now = timezone.now()
    soon, later = now + timezone.timedelta(days=1), now + timezone.timedelta(days=9)
    monkeypatch.setattr(whats_next, "_providers", [])
    whats_next.register(lambda user, moment: [whats_next.Item(later, "A course", "See it", "/b/")])
    whats_next.register(lambda user, moment: [whats_next.Item(soon.date(), f"For {user.name}", "Do it", "/a/")])
    sign_in(client, people.person)
    html = client.get("/").content.decode()
    assert html.index("For Ada Okafor") < html.index("A course")


def test_what_is_next_says_so_when_nothing_is(client, people, sign_in, monkeypatch):
    monkeypatch.setattr(whats_next, "_providers", [])
    sign_in(client, people.person)
    assert "Nothing is waiting for you." in client.get("/").content.decode()


# Staff


def test_staff_edit_a_page_and_everybody_reads_it(client, people, sign_in):
    sign_in(client, people.staff)
    about = Page.objects.get(slug="about")
    url = reverse("admin:pages_page_change", args=[about.pk])
    assert "What we are working towards</h2>" in client.get(url).content.decode()
    fields = {"slug": "about", "title": "About us", "summary": "", "body": "## New words", "is_published": "on"}
    assert client.post(url, fields).status_code == 302
    client.logout()
    html = client.get("/about/").content.decode()
    assert "<h2>New words</h2>" in html


@pytest.mark.parametrize("slug", ["training-is-not-taken", "help", "accounts"])
def test_a_page_cannot_take_an_address_of_another_part(client, people, sign_in, slug):
    sign_in(client, people.staff)
    fields = {"slug": slug, "title": "T", "summary": "", "body": "B"}
    response = client.post(reverse("admin:pages_page_add"), fields)
    taken = slug != "training-is-not-taken"
    assert ("already has this address" in response.content.decode()) is taken
    assert Page.objects.filter(slug=slug).exists() is not taken


def test_practitioners_cannot_edit_pages(client, people, sign_in):
    sign_in(client, people.person)
    assert client.get(reverse("admin:pages_page_changelist")).status_code in (302, 403, 404)
