"""What practitioners type, and the service they should see among the first three."""

import csv
from pathlib import Path

import pytest

from ..queries.search import find
from ..rules.search import Question
from .making import NOW, bare, publish

DATA = Path(__file__).parent / "data"


def rows(name: str) -> list[dict]:
    with (DATA / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.fixture
def services(together):
    for each in rows("relevance_services.csv"):
        said = {"summary": each["summary"], "description": each["description"]}
        publish(together, bare(each["name"], terms=tuple(each["terms"].split()), **said), now=NOW)


def test_each_of_many_real_searches_has_its_service_in_the_first_three(services):
    queries = rows("relevance_queries.csv")
    assert len(queries) >= 60
    missed = {}
    for each in queries:
        found = find(Question(words=each["query"]), today=NOW.date())
        first = [result.listing.name for result in found.results[:3]]
        if each["expected"] not in first:
            missed[each["query"]] = (each["expected"], first, found.words_used)
    assert not missed, "\n".join(map(str, missed.items()))
