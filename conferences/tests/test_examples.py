"""The example conferences: every state, made-up people, and a desk that shows them."""

import pytest
from django.urls import reverse
from django.utils import timezone

from chatr.accounts.models import User
from chatr.database.acting import acting_as
from chatr.examples.operations import load_examples

from ..models import ChildDetails, Conference, ConferenceKind, State
from ..queries.missing import missing

pytestmark = pytest.mark.django_db


@pytest.fixture
def loaded(db):
    assert load_examples(now=timezone.now())
    return User.objects.get(email="chair@example.org")


def test_there_is_an_example_of_every_state_and_kind_of_conference_and_nobody_in_them_is_real(loaded):
    with acting_as(loaded.pk):
        found = list(Conference.objects.all())
        assert {one.state for one in found} == set(State)
        assert {one.kind for one in found} == set(ConferenceKind)
        assert all("Example" in child.name for child in ChildDetails.objects.all())


def test_loading_the_examples_again_adds_nothing(loaded):
    assert not load_examples(now=timezone.now())


def test_one_that_is_being_checked_still_lacks_its_decision(loaded):
    with acting_as(loaded.pk):
        (checked,) = Conference.objects.filter(state=State.CHECK)
        assert {one.code for one in missing(checked, timezone.now().date())} == {"decision"}


def test_the_people_of_the_examples_see_their_own_pages(client, sign_in, loaded):
    desk = reverse("conferences:desk")
    with acting_as(loaded.pk):
        ids = [str(pk) for pk in Conference.objects.values_list("pk", flat=True)]

    def shown(email: str) -> int:
        sign_in(client, User.objects.get(email=email))
        answer = client.get(desk)
        assert answer.status_code == 200
        assert len(answer.content) < 60_000
        return sum(f"/conferences/{pk}/" in answer.content.decode() for pk in ids)

    assert shown("chair@example.org") == len(ids)
    assert shown("chairs.manager@example.org") == len(ids)
    assert shown("contributor@police.example.org") == 0


def test_every_overview_of_the_examples_can_be_opened(client, sign_in, loaded):
    with acting_as(loaded.pk):
        ids = list(Conference.objects.values_list("pk", flat=True))
    sign_in(client, loaded)
    for pk in ids:
        answer = client.get(reverse("conferences:conference", args=[pk]))
        assert answer.status_code == 200
        assert len(answer.content) < 60_000
