"""Asking the listings a question."""

from datetime import date

from ...models import Listing
from ...rules.search import Question
from .found import CAP, PAGE, Found, Result


def find(question: Question, *, today: date, page: int = 1) -> Found:
    """What fits the question, best first. ``page`` counts from 1; past the end it is the last page."""
    listings = Listing.objects.shown(today).order_by("-is_verified", "sort_name", "service")[: CAP + 1]
    rows = list(listings)
    total = min(len(rows), CAP)
    pages = max(1, -(-total // PAGE))
    page = min(max(page, 1), pages)
    return Found(
        total=total,
        more=len(rows) > CAP,
        page=page,
        pages=pages,
        results=[Result(listing=each) for each in rows[:CAP][(page - 1) * PAGE : page * PAGE]],
        words_used=question.words,
    )
