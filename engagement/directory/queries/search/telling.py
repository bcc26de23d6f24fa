"""Saying in plain words why a service was found, and what it does not say."""

from datetime import date

from ...models import Listing
from ...rules.search import Question
from ...rules.search.words import Reading

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def tell(
    row: Listing, question: Question, reading: Reading, names: dict[str, dict[object, str]], today: date
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Why it was found, which of the asked it does not fit, and which facts are not stated."""
    why, misses, silent = [], [], []
    for age in question.ages:
        if row.ages is not None:
            (why if age in row.ages else misses).append(f"age {_number(age)}")
    if question.ages and row.ages is None:
        silent.append("age not stated")
    why += [part.said.lower() if not part.said.isupper() else part.said for part in reading.parts]
    if question.need:
        why.append(names["need"].get(question.need, question.need).lower())
    for asked, fact, yes, not_stated in _facts(row, question, names, today):
        if asked:
            (silent if fact is None else why).append(not_stated if fact is None else yes)
    for code in question.access:
        called = names["access"].get(code, code)
        (why if code in row.access else silent).append(
            called.lower() if code in row.access else f"{called.lower()} not stated"
        )
    if question.level is not None:
        why.append(names["level"].get(question.level, "").lower())
    return tuple(dict.fromkeys(filter(None, why))), tuple(misses), tuple(silent)


def _facts(row: Listing, question: Question, names: dict, today: date):
    """Each three-state fact: whether it is asked, what is stated, how a yes and how silence are said."""
    refers = {"family": (row.for_family, "the family can ask"), "professional": (row.for_professional, "you can refer")}
    may, said = refers.get(question.refer, (None, ""))
    space = row.space if row.space_until and row.space_until >= today else None
    language = names["language"].get(question.language, question.language)
    return (
        (question.area, row.areas, "serves this borough", "area not stated"),
        (question.refer, may, said, "who can refer not stated"),
        (question.cost, row.cost, "free" if question.cost == "free" else "costs money", "cost not stated"),
        (question.language, row.languages, f"speaks {language}", "languages not stated"),
        (question.space, space, "has space now", "space not stated"),
        (question.day is not None or question.time, row.open_at, _when(question), "opening hours not stated"),
    )


def _when(question: Question) -> str:
    day = "" if question.day is None else f" on {DAYS[question.day]}"
    at = "" if question.time is None else f" at {question.time:%-H:%M}"
    return f"open{day}{at}"


def _number(age) -> str:
    return format(age.normalize(), "f")
