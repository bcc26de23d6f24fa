"""How many services each option would give: by the same conditions that find them."""

from datetime import date

from django.db import connection

from ...languages import LANGUAGES
from ...rules.search import Question
from ...rules.search.words import Reading
from . import sql
from .found import CAP, Count

COUNT = f"(SELECT count(*) FROM (SELECT 1 FROM {{source}} AS l WHERE {{keeping}} LIMIT {CAP + 1}) AS found)"
# What the counts read of a listing. Postgres fills such a table only as far as somebody reads it.
NARROW = """
    l.service_id, l.visible_from, l.visible_to, l.terms, l.levels, l.for_family, l.for_professional, l.cost,
    l.languages, l.access, l.lacks_access, l.space, l.space_until, l.open_at"""
COUNTED = ("need", "level", "refer", "cost", "language", "access", "space", "day")

Counts = dict[str, dict[object, Count]]


def count_options(question: Question, reading: Reading, today: date) -> tuple[Counts, dict[str, dict[object, str]]]:
    """For every option of every counted filter, what choosing it would give; and what the options are called."""
    bound = sql.Bound(today=today)
    things = sql.asked(question, reading, bound)
    # Access takes several, so one more is asked beside those chosen; of all others an option replaces the one chosen.
    replaced = [name for name in COUNTED if name in things]
    tables = {"kept": sql.keeping(things)} | {f"but_{name}": sql.keeping(things, but=name) for name in replaced}
    kept = ", ".join(
        f"{table} AS MATERIALIZED (SELECT {NARROW} FROM directory_listing AS l WHERE {keeping})"
        for table, keeping in tables.items()
    )
    lines = []
    for name, options, ask in _options(question, bound):
        counted = COUNT.format(source=f"but_{name}" if name in replaced else "kept", keeping=ask.keeps)
        lines.append(f"SELECT '{name}', o.value, o.called, {counted} FROM ({options}) AS o")
    statement = f"WITH {kept} {' UNION ALL '.join(lines)}"
    counts: Counts = {name: {} for name in COUNTED}
    names: dict[str, dict[object, str]] = {name: {} for name in COUNTED}
    with connection.cursor() as cursor:
        cursor.execute(statement, bound.values)
        for name, value, called, number in cursor.fetchall():
            value = _value(name, value)
            counts[name][value], names[name][value] = Count.of(number), called
    return counts, names


def _value(name: str, value: str):
    return {"level": int, "day": int, "space": bool}.get(name, str)(value)


def _options(question: Question, bound: sql.Bound):
    """Each filter with where its options come from (``value`` and ``called``) and what choosing one asks."""
    terms = """SELECT term.code AS value, term.name AS called FROM directory_term AS term
        JOIN directory_taxonomy AS taxonomy ON taxonomy.id = term.taxonomy_id
        WHERE NOT term.is_hidden AND taxonomy.code = '{}'"""
    levels = "SELECT id::text AS value, name AS called FROM directory_thresholdlevel"
    codes, called = (bound(list(each)) for each in (LANGUAGES.keys(), LANGUAGES.values()))
    languages = f"SELECT value, called FROM unnest({codes}::text[], {called}::text[]) AS spoken (value, called)"
    minute = sql.minute_of(question)
    return (
        ("need", terms.format("need"), sql.need("o.value")),
        ("level", levels, sql.level("o.value::bigint")),
        ("refer", _these("family", "professional"), sql.refer("o.value")),
        ("cost", _these("free", "paid"), sql.cost("o.value")),
        ("language", languages, sql.language("o.value")),
        ("access", terms.format("access"), sql.access("o.value")),
        ("space", _these("yes"), sql.space()),
        ("day", _these(*"0123456"), sql.hours("o.value", minute)),
    )


def _these(*values: str) -> str:
    listed = ", ".join(f"('{value}', '')" for value in values)
    return f"SELECT value, called FROM (VALUES {listed}) AS listed (value, called)"


def count_without(question: Question, reading: Reading, today: date) -> list[tuple[str, Count]]:
    """For each filter, what the question would give without it: the most first, those that give nothing left out."""
    bound, lines = sql.Bound(today=today), []
    for name in question.applied:
        things = sql.asked(question.without(name), Reading() if name == "q" else reading, bound)
        counted = COUNT.format(source="directory_listing", keeping=sql.keeping(things))
        lines.append(f"SELECT '{name}', {counted}")
    if not lines:
        return []
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(lines), bound.values)
        found = [(name, number) for name, number in cursor.fetchall() if number]
    return [(name, Count.of(number)) for name, number in sorted(found, key=lambda each: -each[1])]
