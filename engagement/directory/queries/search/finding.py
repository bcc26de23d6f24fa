"""Asking the listings a question."""

from datetime import date

from ...models import Listing
from ...rules.search import Question
from ...rules.search.words import Reading
from . import sql
from .counting import count_options, count_without
from .found import CAP, PAGE, Found, Result
from .reading import read
from .telling import tell

# One statement finds the best, counts them as far as anybody reads, and reads one page of them whole.
FIND = """
WITH fitting AS (
    SELECT l.service_id, l.is_verified, l.sort_name, l.is_closed,
        {band} AS band, {unsure} AS unsure, {metres} AS metres
    FROM directory_listing AS l
    WHERE {keeping}
), best AS (
    SELECT service_id, metres, {group} AS in_group,
        row_number() OVER (ORDER BY {order}) AS n
    FROM fitting
    ORDER BY n
    LIMIT {most}
), total AS (
    SELECT count(*) AS total FROM best
)
SELECT l.service_id, l.slug, l.name, l.is_verified, l.verified_on, l.ages, l.areas, l.terms, l.for_family,
    l.for_professional, l.cost, l.languages, l.access, l.levels, l.open_at, l.space, l.space_until, l.is_closed,
    l.is_sensitive, l.has_places, l.hidden_in, l.card, l.organisation_id,
    best.metres, best.in_group, total.total
FROM best
CROSS JOIN total
JOIN directory_listing AS l USING (service_id)
WHERE best.n > {page} * (least({asked_page}, greatest(1, (least(total.total, {cap}) + {page} - 1) / {page})) - 1)
    AND best.n <= {page} * least({asked_page}, greatest(1, (least(total.total, {cap}) + {page} - 1) / {page}))
    AND best.n <= {cap}
ORDER BY best.n
"""


def find(question: Question, *, today: date, page: int = 1) -> Found:
    """What fits the question, best first. ``page`` counts from 1; past the end it is the last page."""
    reading = read(question.words, today)
    rows = _rows(question, reading, today, page)
    counted = rows[0].total if rows else 0
    total, pages = min(counted, CAP), max(1, -(-min(counted, CAP) // PAGE))
    counts, names = count_options(question, reading, today)
    return Found(
        total=total,
        more=counted > CAP,
        page=min(max(page, 1), pages),
        pages=pages,
        results=[_result(row, question, reading, names, today) for row in rows],
        corrected=reading.corrected,
        words_used=reading.words,
        reading=reading,
        counts=counts,
        instead=[] if total else count_without(question, reading, today),
    )


def _rows(question: Question, reading: Reading, today: date, page: int) -> list[Listing]:
    bound = sql.Bound(today=today)
    things = sql.asked(question, reading, bound)
    statement = FIND.format(
        band=sql.band(reading, bound),
        unsure=" + ".join(thing.unsure for thing in things.values()) or "0",
        metres=sql.metres(question, bound),
        keeping=sql.keeping(things),
        group=_group(question),
        order=_order(question, reading),
        most=CAP + 1,
        cap=CAP,
        page=PAGE,
        asked_page=bound(max(1, min(page, CAP))),
    )
    return list(Listing.objects.raw(statement, bound.values))


def _group(question: Question) -> str:
    """Which heading: closed ones last; those without a place apart, where distance is what sorts."""
    return f"CASE WHEN is_closed THEN 2 WHEN {_sorts_by_distance(question)} AND metres IS NULL THEN 1 ELSE 0 END"


def _sorts_by_distance(question: Question) -> str:
    return "true" if question.point and (not question.words or "distance" in question.applied) else "false"


def _order(question: Question, reading: Reading) -> str:
    verified, near = "is_verified DESC", "metres NULLS LAST"
    between = (verified, near) if reading.parts else (near, verified)
    return ", ".join((_group(question), "unsure", "band", *between, "sort_name", "service_id"))


def _result(row: Listing, question: Question, reading: Reading, names: dict, today: date) -> Result:
    why, misses, not_stated = tell(row, question, reading, names, today)
    return Result(
        listing=row,
        why=why,
        misses=misses,
        not_stated=not_stated,
        metres=row.metres,
        group=list(Result.GROUPS)[row.in_group],
    )
