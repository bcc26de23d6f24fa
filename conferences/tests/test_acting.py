"""On whose behalf a transaction speaks: nested, after an error, in threads, for nobody."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError, connection, transaction

from chatr.database.acting import acting_as, acting_as_job

from ..models import Conference, Section
from .making import make_conference

pytestmark = pytest.mark.django_db


def spoken_for() -> tuple:
    with connection.cursor() as cursor:
        cursor.execute("SELECT acting_person(), acting_job()")
        return cursor.fetchone()


def test_inside_another_person_the_first_is_silent_and_afterwards_speaks_again(cast, conference):
    with acting_as(cast.chair.pk):
        with acting_as(cast.neighbour.pk):
            assert spoken_for() == (cast.neighbour.pk, None)
            with acting_as_job("tests"):
                assert spoken_for() == (None, "tests")
            assert spoken_for() == (cast.neighbour.pk, None)
        assert spoken_for() == (cast.chair.pk, None)
    assert spoken_for() == (None, None)


@pytest.mark.parametrize("problem", [ValueError, DatabaseError])
def test_after_an_error_inside_the_first_speaks_again(cast, conference, problem):
    with acting_as(cast.chair.pk):
        with pytest.raises(problem), acting_as(cast.neighbour.pk):
            if problem is ValueError:
                raise ValueError
            Conference.objects.raw("SELECT 1 / 0 AS id")[0]
        assert spoken_for() == (cast.chair.pk, None)
        assert Conference.objects.exists()
    with pytest.raises(problem), acting_as(cast.chair.pk):
        raise problem
    assert spoken_for() == (None, None)
    assert not Conference.objects.exists()


def test_an_error_caught_around_a_savepoint_changes_nobody(cast, conference):
    with acting_as(cast.chair.pk):
        with pytest.raises(ZeroDivisionError), transaction.atomic(), acting_as_job("tests"):
            raise ZeroDivisionError
        assert spoken_for() == (cast.chair.pk, None)


def test_nobody_can_be_acted_for(cast):
    for nobody in (AnonymousUser().pk, "", "cleo"):
        with pytest.raises(ValueError, match="badly formed"), acting_as(nobody):
            pass
    with pytest.raises(ValueError, match="name"), acting_as_job(""):
        pass


@pytest.mark.django_db(transaction=True)
def test_threads_speak_each_for_their_own(cast, conference, run_threads):
    other = make_conference(cast, chair=cast.neighbour, ids="B")

    def look(person):
        seen = set()
        for _ in range(20):
            with acting_as(person.pk):
                seen |= set(Section.objects.values_list("conference", flat=True))
            assert not Conference.objects.exists()
        return seen

    people = [cast.chair, cast.neighbour, cast.manager, cast.next_manager]
    found = run_threads([lambda person=person: look(person) for person in people])
    assert found == [{conference.pk}, {other.pk}] * 2
