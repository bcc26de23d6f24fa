"""Reading the words of a search against the synonyms and the words of the entries."""

from datetime import date

from django.db import connection

from ...models import CONFIG
from ...rules.search.spelling import from_american
from ...rules.search.words import Heard, Reading, Word, best_correction, may_be_corrected, parts_of, runs, words_of
from .sql import SHOWN, Bound

LEAST_ALIKE = 1 / 3  # of trigrams: shared of all. A Dice coefficient of 0.5.
CANDIDATES = 12

# Phrases are compared by their stems, so that "health visitors" is "health visitor".
HEARD = f"""
WITH asked AS (
    SELECT start, length, phraseto_tsquery('{CONFIG}', phrase) AS stems
    FROM unnest(%(starts)s::int[], %(lengths)s::int[], %(phrases)s::text[]) AS run (start, length, phrase)
), known AS (
    SELECT DISTINCT asked.start, asked.length, synonym.group_id
    FROM asked
    JOIN directory_synonym AS synonym
        ON phraseto_tsquery('{CONFIG}', replace(synonym.phrase, '''', '')) = asked.stems
    WHERE numnode(asked.stems) > 0
), meaning AS (
    SELECT known.start, known.length,
        array_agg(DISTINCT synonym.phrase) AS phrases,
        array_remove(array_agg(DISTINCT term.code), NULL) AS needs
    FROM known
    JOIN directory_synonymgroup AS its ON its.id = known.group_id
    JOIN directory_synonym AS synonym ON synonym.group_id = its.id
    LEFT JOIN directory_term AS term ON term.id = its.need_id
    GROUP BY known.start, known.length
)
SELECT asked.start, asked.length, numnode(asked.stems) = 0, meaning.phrases, meaning.needs
FROM asked
LEFT JOIN meaning USING (start, length)
WHERE meaning.phrases IS NOT NULL OR (asked.length = 1 AND numnode(asked.stems) = 0)
"""


def read(text: str, today: date) -> Reading:
    """What somebody typed, word by word: phrases with their synonyms, mistyped words corrected.

    A word is corrected only where no entry that is shown and no synonym has it. An American spelling finds the same as
    the British one; where entries have only that, it is said too.
    """
    words = words_of(text)
    if not words:
        return Reading()
    heard = _heard(words)
    parts = parts_of(words, heard)
    doubtful = [words[place] for _, place in parts if place is not None and may_be_corrected(words[place])]
    american = [word for word in words if from_american(word.typed)]
    corrected = _corrections(doubtful, american, today) if doubtful or american else {}
    if corrected:
        before, words = words, [Word(corrected.get(word.typed, word.typed)) for word in words]
        if [word.key for word in words] != [word.key for word in before]:
            heard = _heard(words)
        parts = parts_of(words, heard)
    if not parts:
        return Reading()
    return Reading(tuple(part for part, _ in parts), " ".join(word.typed for word in words), corrected)


def _heard(words: list[Word]) -> list[Heard]:
    starts, lengths, phrases = zip(*runs(words), strict=True)
    with connection.cursor() as cursor:
        cursor.execute(HEARD, {"starts": list(starts), "lengths": list(lengths), "phrases": list(phrases)})
        return [
            Heard(start, length, empty, tuple(phrases or ()), tuple(needs or ()))
            for start, length, empty, phrases, needs in cursor.fetchall()
        ]


def _corrections(doubtful: list[Word], american: list[Word], today: date) -> dict[str, str]:
    """For each word nobody uses, the word that was most likely meant, in one query."""
    bound, words = Bound(today=today), [*doubtful, *american]
    lines = [_candidates(bound, n, word) for n, word in enumerate(doubtful)]
    lines += [_respelled(bound, n, word) for n, word in enumerate(american, start=len(doubtful))]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(lines), bound.values)
        rows = cursor.fetchall()
    meant = {words[n].typed: best_correction(words[n].key, map(tuple, found)) for n, found in rows if found}
    return {typed: word for typed, word in meant.items() if word}


def _candidates(bound: Bound, n: int, word: Word) -> str:
    has_it, like = bound.stems((word.typed,)), bound(word.key)
    return f"""(
    SELECT {n}, CASE WHEN EXISTS (SELECT 1 FROM directory_listing AS l WHERE l.words @@ {has_it} AND {SHOWN})
        OR EXISTS (SELECT 1 FROM directory_synonym WHERE to_tsvector('{CONFIG}', phrase) @@ {has_it}) THEN NULL
    ELSE (
        SELECT json_agg(json_build_array(word, alike, entries)) FROM (
            SELECT word, similarity(word, {like}) AS alike, max(entries) AS entries FROM (
                SELECT word, entries FROM directory_searchword WHERE word %% {like}
                UNION ALL
                SELECT word, 0 FROM directory_synonym, regexp_split_to_table(phrase, ' ') AS word WHERE word %% {like}
            ) AS ours
            WHERE similarity(word, {like}) >= {LEAST_ALIKE} AND length(word) >= 3
            GROUP BY word
            ORDER BY alike DESC, entries DESC, word
            LIMIT {CANDIDATES}
        ) AS best
    ) END)"""


def _respelled(bound: Bound, n: int, word: Word) -> str:
    """The British spelling of a word, where entries have that and not the American one."""
    ours, theirs = bound(word.key), bound(word.typed.lower())
    return f"""(
    SELECT {n}, CASE WHEN EXISTS (SELECT 1 FROM directory_searchword WHERE word = {ours})
        AND NOT EXISTS (SELECT 1 FROM directory_searchword WHERE word = {theirs})
    THEN json_build_array(json_build_array({ours}::text, 1, 1)) END)"""
