"""Remembering what people looked for and did not find."""

from datetime import date

from ..rules.search import Question


def record_gap(*, question: Question, outcode: str, day: date) -> None:
    """Count a search that found nothing: only words we have already, filters as codes, the outcode at most."""
