"""Remembering what people looked for and did not find."""

from datetime import date

from django.db import connection

from ..models import SearchGap, SearchWord, Synonym, Term
from ..rules.search import Question
from ..rules.search.words import Reading, words_of

COUNT = """
INSERT INTO directory_searchgap AS gap (day, words, filters, outcode, count)
VALUES (%s, %s::varchar[], %s::varchar[], %s, 1)
ON CONFLICT (day, words, filters, outcode) DO UPDATE SET count = gap.count + 1
"""


def record_gap(*, question: Question, reading: Reading, outcode: str, day: date) -> None:
    """Count a search that found nothing. Two statements.

    Only words we have already are kept, and none that only stands in names: people type children's names. Filters
    are kept as codes, without ages; of a postcode its first half at most.

    :param reading: how the words were read: corrected, and without words every text has
    """
    kept = _known({word.key for part in reading.parts for word in words_of(part.said)})
    filters = sorted(_codes(question))
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [day, sorted(kept), filters, outcode[: SearchGap._meta.get_field("outcode").max_length]])


def _known(words: set[str]) -> set[str]:
    """Those of some words that stand in entries (in names alone does not count), synonyms or terms."""
    if not words:
        return set()
    in_entries = SearchWord.objects.filter(word__in=words, is_only_in_names=False).values_list("word")
    ours = in_entries.union(Synonym.objects.values_list("phrase"), Term.objects.values_list("name"))
    return words & {word.key for (phrase,) in ours for word in words_of(phrase)}


def _codes(question: Question) -> list[str]:
    plain = ("need", "area", "refer", "cost", "language", "level")
    codes = [f"{name}={getattr(question, name)}" for name in plain if getattr(question, name)]
    codes += [f"access={code}" for code in question.access]
    codes += [f"distance={question.distance}"] if "distance" in question.applied else []
    codes += ["space=yes"] if question.space else []
    codes += [f"day={question.day}"] if question.day is not None else []
    return codes + ([f"time={question.time:%H:%M}"] if question.time else [])
