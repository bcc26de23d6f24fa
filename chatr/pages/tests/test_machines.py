"""What machines ask: is it well, and where may they look."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache
from django.db import OperationalError
from django.utils import timezone

from chatr.pages import health
from chatr.pages.models import Page


@pytest.fixture
def well(monkeypatch, db):
    """A portal whose beat spoke a moment ago and whose broker answers."""
    monkeypatch.setattr(health, "_broker", lambda: "ok")
    cache.set("beat:last", timezone.now().isoformat())
    return monkeypatch


def test_alive_asks_nothing_of_anybody(client, db, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok\n")


def test_ready_when_every_part_is_well(client, well):
    response = client.get("/readyz")
    assert response.status_code == 200
    found = response.json()
    assert found.pop("beat_seconds") < 5
    assert found == {
        "ready": True,
        "database": "ok",
        "broker": "ok",
        "beat": "ok",
        "outbox": "ok",
        "outbox_seconds": 0,
    }


def test_not_ready_without_the_broker(client, well):
    well.setattr(health, "_broker", lambda: "down")
    response = client.get("/readyz")
    assert response.status_code == 503
    assert (response.json()["broker"], response.json()["beat"]) == ("down", "unknown")


def test_a_broker_that_is_not_there_is_down_and_says_no_more(settings):
    settings.CELERY_BROKER_URL = "redis://:secret@127.0.0.1:1/0"
    assert health._broker() == "down"


def test_not_ready_without_the_database(client, well):
    def refuse():
        raise OperationalError('connection to server at "db.internal" failed for user "portal_app"')

    with well.context() as broken:
        broken.setattr(health.connection, "cursor", refuse)
        response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["database"] == "down"
    assert "portal_app" not in response.content.decode()


def test_not_ready_when_beat_is_silent(client, well):
    cache.set("beat:last", (timezone.now() - timedelta(minutes=6)).isoformat())
    response = client.get("/readyz")
    assert (response.status_code, response.json()["beat"]) == (503, "silent")
    cache.delete("beat:last")
    response = client.get("/readyz")
    assert (response.status_code, response.json()["beat"]) == (503, "not heard yet")


def test_not_ready_when_mail_has_waited_too_long(well):
    now = datetime(2027, 1, 14, 9, tzinfo=UTC)
    cache.set("beat:last", now.isoformat())
    well.setattr(health.notifications, "oldest_due", lambda moment: now - timedelta(minutes=20))
    found = health.readiness(now)
    assert (found["ready"], found["outbox"], found["outbox_seconds"]) == (False, "late", 1200)


def test_the_sitemap_lists_what_everybody_may_read(client, db):
    Page.objects.create(slug="draft", title="Draft", body="x")
    response = client.get("/sitemap.xml")
    assert response.status_code == 200
    addresses = response.content.decode()
    assert "/about/</loc>" in addresses
    assert "/help/</loc>" in addresses
    assert "/draft/" not in addresses


def test_robots_stay_out_of_accounts(client):
    text = client.get("/robots.txt").content.decode()
    assert "Disallow: /accounts/" in text
    assert text.endswith("/sitemap.xml\n")


def test_who_found_a_weakness_knows_where_to_write(client, settings):
    lines = client.get("/.well-known/security.txt").content.decode().splitlines()
    assert lines[0] == f"Contact: mailto:{settings.PROGRAMME_EMAIL}"
    expires = datetime.fromisoformat(lines[1].removeprefix("Expires: "))
    assert timedelta(days=30) < expires - timezone.now() < timedelta(days=365)


def test_an_old_browser_finds_the_icon(client):
    assert client.get("/favicon.ico")["Location"] == "/static/favicon.svg"
