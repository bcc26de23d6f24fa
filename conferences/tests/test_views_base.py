"""Entering, being refused, and being signed out."""

import re
import uuid

import pytest
from django.urls import reverse

from chatr.database.acting import acting_as, acting_as_job

from ..models import AccessEvent, Conference, State
from ..views.base import CLOSED
from .making import make_relative

pytestmark = pytest.mark.django_db


def same_for_all(answer, asked) -> str:
    """The page without what is new on every page: the nonce, the form's token, the id that was asked for."""
    page = answer.content.decode().replace(str(asked), "")
    return re.sub(r'nonce="[^"]*"|value="[A-Za-z0-9]{64}"', "", page)


def events(**wanted):
    with acting_as_job("tests"):
        return list(AccessEvent.objects.filter(**wanted).order_by("at"))


def test_a_view_is_written_down_before_it_is_served(client, sign_in, cast, conference):
    sign_in(client, cast.chair)
    answer = client.get(reverse("conferences:conference", args=[conference.pk]))
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    (event,) = events(conference_id=conference.pk)
    assert (event.action, event.user_id, event.role) == ("view", cast.chair.pk, "chair")


def test_another_teams_conference_is_a_404_identical_to_a_made_up_id_yet_logged(client, sign_in, cast, conference):
    sign_in(client, cast.neighbour)
    client.get("/conferences/desk/")
    real = client.get(reverse("conferences:conference", args=[conference.pk]))
    made_up_id = uuid.uuid4()
    made_up = client.get(reverse("conferences:conference", args=[made_up_id]))
    assert (real.status_code, made_up.status_code) == (404, 404)
    assert same_for_all(real, conference.pk) == same_for_all(made_up, made_up_id)
    assert real.headers.keys() == made_up.headers.keys()
    (denied,) = events(action="denied", conference_id=conference.pk)
    assert denied.user_id == cast.neighbour.pk
    assert len(events(action="denied", user_id=cast.neighbour.pk)) == 2


def test_practitioners_do_not_learn_that_the_area_is_there(client, sign_in, people):
    sign_in(client, people.person)
    assert client.get("/conferences/desk/").status_code == 404


@pytest.mark.parametrize("method", ["options", "put", "patch", "delete"])
def test_only_looking_and_sending_are_answered(client, sign_in, cast, conference, method):
    address = reverse("conferences:conference", args=[conference.pk])
    assert getattr(sign_in(client, cast.chair), method)(address).status_code == 405
    assert getattr(sign_in(client, cast.neighbour), method)(address).status_code == 404


def test_what_was_typed_while_somebody_closed_the_record_is_handed_back(client, sign_in, cast, conference, monkeypatch):
    sign_in(client, cast.chair)
    person = make_relative(conference)
    with acting_as(cast.chair.pk):
        Conference.objects.filter(pk=conference.pk).update(state=State.CANCELLED)
    # The page was let through a moment before.
    monkeypatch.setattr("conferences.rules.access.is_open", lambda conference: True)
    address = reverse("conferences:choices", args=[conference.pk, person.pk])
    answer = client.post(address, {"place": "By the <door>."})
    assert answer.status_code == 409
    assert "By the &lt;door&gt;." in answer.content.decode()
    assert "not saved" in answer.content.decode()
    assert answer["Cache-Control"] == "no-store"
    by_script = client.post(address, {"place": "By the door."}, headers={"accept": "application/json"})
    assert (by_script.status_code, by_script.json()["why"]) == (400, CLOSED)


def test_when_the_confirmation_lapsed_what_was_typed_is_handed_back(client, sign_in, cast, conference):
    sign_in(client, cast.chair)
    session = client.session
    records = session["account_authentication_methods"]
    session["account_authentication_methods"] = [record | {"at": record["at"] - 400} for record in records]
    session.save()
    reason = "The police rang and a child may be in danger tonight."
    answer = client.post("/conferences/emergency/", {"la_child_id": "A1", "ground": "risk_now", "reason": reason})
    assert answer.status_code == 401
    assert reason in answer.content.decode()
    assert "/accounts/" in answer.content.decode()
    with acting_as_job("tests"):
        assert not AccessEvent.objects.filter(action="view").exists()
    assert client.get("/conferences/emergency/").status_code == 302
