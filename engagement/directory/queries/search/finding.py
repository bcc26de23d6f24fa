"""Asking the listings a question."""

from datetime import date

from ...models import Listing
from ...rules.search import Question
from ...rules.search.words import Reading
from . import sql
from .counting import count_options, count_without
from .found import CAP, PAGE, Found, Result
from .ranking import statement
from .reading import read
from .telling import tell


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
    return list(Listing.objects.raw(statement(question, reading, page, bound), bound.values))


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
