"""What every page shows around its own words."""

import pytest
from django.template import engines
from django.test import RequestFactory
from django.urls import reverse

from chatr.web.templatetags import portal


def rendered(template: str, **context) -> str:
    return engines["django"].from_string("{% load portal %}" + template).render(context)


def test_navigation_says_where_you_are():
    request = RequestFactory().get("/training/courses/introduction/")
    html = portal.ways_in({"request": request})
    assert '<li class="is-here"><a href="/training/" aria-current="true">Training</a></li>' in html
    assert html.count("aria-current") == 1


def test_my_bookings_is_mine_and_not_only_training(people):
    request = RequestFactory().get("/training/bookings/")
    html = portal.people_links({"request": request, "user": people.person})
    assert '<a href="/training/bookings/" aria-current="true">My bookings</a>' in html


@pytest.mark.parametrize(("who", "sees"), [("person", False), ("trainer", False), ("staff", True)])
def test_staff_pages_are_offered_to_staff_alone(client, people, sign_in, who, sees):
    sign_in(client, getattr(people, who))
    assert ("Staff pages" in client.get("/").content.decode()) is sees


def test_the_frame_costs_a_visitor_no_query(client, db, django_assert_num_queries):
    with django_assert_num_queries(0):
        html = client.get("/no/such/page/").content.decode()
    assert "Need help now?" in html
    assert "Create an account" in html


def test_reading_sets_no_cookie(client, db):
    assert not client.get("/about/").cookies


def test_signing_out_is_a_post(client, people, sign_in):
    sign_in(client, people.person)
    html = client.get("/").content.decode()
    assert f'<form method="post" action="{reverse("account_logout")}">' in html
    assert "csrfmiddlewaretoken" in html


def test_pages_seen_signed_in_stay_out_of_caches_and_search_engines(client, people, sign_in):
    sign_in(client, people.person)
    response = client.get("/about/")
    assert response["Cache-Control"] == "no-store"
    assert '<meta name="robots" content="noindex">' in response.content.decode()
    client.logout()
    response = client.get("/about/")
    assert "Cache-Control" not in response
    assert "noindex" not in response.content.decode()


def test_a_redirect_before_sessions_are_read_needs_no_user(client, people, sign_in):
    sign_in(client, people.person)
    assert client.get("/about").status_code == 301


def test_every_answer_switches_off_what_we_do_not_use(client, db):
    response = client.get("/")
    assert "camera=()" in response["Permissions-Policy"]
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["X-Content-Type-Options"] == "nosniff"
    policy = response["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "'nonce-" in policy


def test_no_style_is_written_into_a_page(client, db):
    for path in ("/", "/about/", "/help/", "/accounts/login/", "/accounts/signup/", "/nothing-here/"):
        html = client.get(path).content.decode()
        assert "style=" not in html
        assert "<style" not in html
        assert html.count("<h1") == 1


def test_parts_refuse_a_tone_that_does_not_exist():
    with pytest.raises(ValueError, match="pink"):
        rendered('{% tag "Full" "pink" %}')
    with pytest.raises(ValueError, match="pink"):
        rendered('{% panel "pink" %}x{% endpanel %}')


def test_parts_escape_what_they_are_given():
    html = rendered("{% tag word %}{% panel '' word %}{{ word }}{% endpanel %}{% breadcrumbs word '/' %}", word="<b>")
    assert "<b>" not in html
    assert html.count("&lt;b&gt;") == 4


def test_filters_say_how_many_are_applied():
    assert "<summary>Filters (2 applied)</summary>" in rendered("{% filters 2 %}x{% endfilters %}")
    assert "<summary>Filters</summary>" in rendered("{% filters %}x{% endfilters %}")
