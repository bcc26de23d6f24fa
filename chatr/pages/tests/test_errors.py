"""Pages for when something is wrong say what to do next."""

import pytest
from django.core.exceptions import PermissionDenied
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.views import defaults


def test_a_page_that_is_not_there_helps_to_find_another(client, db):
    response = client.get("/nothing/here/")
    assert response.status_code == 404
    assert "We cannot find that page" in response.content.decode()
    assert 'href="/training/"' in response.content.decode()


def test_a_refusal_says_why_when_it_knows(db):
    request = RequestFactory().get("/")
    html = defaults.permission_denied(request, PermissionDenied("Only the chair may do this.")).content.decode()
    assert "Only the chair may do this." in html


@pytest.mark.parametrize("code", [400, 500])
def test_pages_for_our_own_faults_need_nothing(code, settings):
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": "does.not.Exist"}}
    html = render_to_string(f"{code}.html")
    assert html.lstrip().startswith("<!DOCTYPE html>")
    assert "call 999" in html
    assert "{{" not in html


def test_too_many_tries_says_how_long_to_wait(rf):
    html = render_to_string("429.html", request=rf.get("/"))
    assert "Wait five minutes" in html


def test_a_form_without_proof_changes_nothing_and_says_what_to_do(db):
    response = Client(enforce_csrf_checks=True).post("/accounts/login/", {"login": "a@example.org"})
    assert response.status_code == 403
    html = response.content.decode()
    assert "nothing was changed" in html
    assert "allow cookies" in html
