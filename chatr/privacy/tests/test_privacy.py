from types import SimpleNamespace

import pytest
from django.utils import timezone

from chatr.audit.models import AuditEvent
from chatr.audit.operations import record
from chatr.privacy import operations, queries


@pytest.fixture
def apps_hold(monkeypatch):
    """``apps_hold(training=module, …)``: only these apps have a privacy.py."""

    def hold(**modules):
        for place in (queries, operations):
            monkeypatch.setattr(place, "privacy_modules", lambda: modules)

    return hold


def test_export_puts_every_apps_part_together_and_leaves_out_the_empty(apps_hold, people):
    apps_hold(
        training=SimpleNamespace(export_for=lambda user: {"bookings": [user.email]}),
        links=SimpleNamespace(export_for=lambda user: {}),
        workdays=SimpleNamespace(),
    )
    assert queries.export_for(people.person) == {"training": {"bookings": [people.person.email]}}


def test_export_of_a_person_says_nothing_of_their_colleague(people):
    assert "ada@mill-lane.example.org" in str(queries.export_for(people.person))
    assert "ben@mill-lane.example.org" not in str(queries.export_for(people.person))


def test_erase_asks_every_app_and_says_so_once(apps_hold, people):
    asked = []
    apps_hold(
        training=SimpleNamespace(erase=lambda user, *, by, now: asked.append(("training", user, by))),
        accounts=SimpleNamespace(erase=lambda user, *, by, now: asked.append(("accounts", user, by))),
        workdays=SimpleNamespace(),
    )
    operations.erase(people.person, by=people.admin, now=timezone.now())
    assert asked == [("accounts", people.person, people.admin), ("training", people.person, people.admin)]
    event = AuditEvent.objects.get(action="privacy.erased")
    assert (event.object_id, event.details) == (str(people.person.pk), {"apps": ["accounts", "training"]})


def test_erase_is_all_or_nothing(apps_hold, people):
    def fail(user, *, by, now):
        raise ZeroDivisionError

    apps_hold(
        accounts=SimpleNamespace(erase=lambda user, *, by, now: record("accounts.emptied", user, by=by)),
        training=SimpleNamespace(erase=fail),
    )
    with pytest.raises(ZeroDivisionError):
        operations.erase(people.person, by=people.admin, now=timezone.now())
    assert not AuditEvent.objects.filter(action__in=["accounts.emptied", "privacy.erased"]).exists()
