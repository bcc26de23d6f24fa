"""Remembering what people looked for and did not find."""

from datetime import date

from django.db import connection

from ..models import SearchGap
from ..rules.search import Question
from ..rules.search.words import Reading, words_of

# Of the words asked for, those that stand in entries (in names alone does not count), synonyms or terms.
COUNT = """
WITH ours AS (
    SELECT word FROM directory_searchword WHERE word = ANY(%(words)s) AND NOT is_only_in_names
    UNION SELECT regexp_split_to_table(translate(lower(said), '''’', ''), '[^[:alnum:]]+')
        FROM (SELECT phrase FROM directory_synonym UNION ALL SELECT name FROM directory_term) AS phrases (said)
)
INSERT INTO directory_searchgap AS gap (day, words, filters, outcode, count)
SELECT %(day)s, ARRAY(SELECT word FROM unnest(%(words)s::varchar[]) AS word WHERE word IN (TABLE ours) ORDER BY word),
    %(filters)s::varchar[], %(outcode)s, 1
ON CONFLICT (day, words, filters, outcode) DO UPDATE SET count = gap.count + 1
"""
LONGEST_OUTCODE = SearchGap._meta.get_field("outcode").max_length


def record_gap(*, question: Question, reading: Reading, outcode: str, day: date) -> None:
    """Count a search that found nothing. One statement.

    Only words we have already are kept, and none that only stands in names: people type children's names. Filters
    are kept as codes, without ages; of a postcode its first half at most.

    :param reading: how the words were read: corrected, and without words every text has
    """
    words = {word.key for part in reading.parts for word in words_of(part.said)}
    values = {"words": sorted(words), "filters": sorted(_codes(question)), "outcode": outcode[:LONGEST_OUTCODE]}
    with connection.cursor() as cursor:
        cursor.execute(COUNT, {"day": day, **values})


def _codes(question: Question) -> list[str]:
    plain = ("need", "area", "refer", "cost", "language", "level")
    codes = [f"{name}={getattr(question, name)}" for name in plain if getattr(question, name)]
    codes += [f"access={code}" for code in question.access]
    codes += [f"distance={question.distance}"] if "distance" in question.applied else []
    codes += ["space=yes"] if question.space else []
    codes += [f"day={question.day}"] if question.day is not None else []
    return codes + ([f"time={question.time:%H:%M}"] if question.time else [])
