"""What a question asks of one listing, in SQL. Values are bound; only our own words stand in the text."""

from dataclasses import dataclass

from ...models import CONFIG
from ...rules.search import Question
from ...rules.search.spelling import spellings
from ...rules.search.words import Reading

DAY = 24 * 60  # minutes
SHOWN = """(l.visible_from IS NULL OR l.visible_from <= %(today)s)
    AND (l.visible_to IS NULL OR l.visible_to >= %(today)s)"""


class Bound:
    """Values of one statement. Calling it with a value gives the name it is bound under."""

    def __init__(self, **values):
        self.values = values

    def __call__(self, value) -> str:
        name = f"v{len(self.values)}"
        self.values[name] = value
        return f"%({name})s"

    def stems(self, phrases) -> str:
        """A text query that any of some phrases fits, in every spelling."""
        spelled = dict.fromkeys(each for phrase in phrases for each in spellings(phrase))
        return "(" + " || ".join(f"phraseto_tsquery('{CONFIG}', {self(each)})" for each in spelled) + ")"


@dataclass(frozen=True)
class Asked:
    """One thing a question asks: which listings it keeps, and which of them fit it for certain.

    ``unsure`` counts what is not stated, and children that do not fit: 0 for those that fit for certain.
    """

    keeps: str
    fits: str = "true"
    unsure: str = "0"


def metres(question: Question, bound: Bound) -> str:
    """How far the nearest place that may be shown is; null where there is none, or nothing to measure from."""
    if question.point is None:
        return "NULL::float8"
    return f"""(SELECT min({metres_of_place(question, bound)})
        FROM directory_listingplace AS place WHERE place.listing_id = l.service_id)"""


def metres_of_place(question: Question, bound: Bound) -> str:
    """How far one place is."""
    x, y = (bound(float(each)) for each in question.point)
    return f"(place.bng <-> point({x}, {y}))"


def stated(column: str, yes: str) -> Asked:
    """A fact that is yes, no or not stated: only a stated no is dropped."""
    return Asked(f"({column} IS NULL OR {yes})", f"({column} IS NOT NULL AND {yes})", f"({column} IS NULL)::int")


def words(reading: Reading, bound: Bound, column: str = "l.words") -> list[str]:
    """One condition for each part that speaks of a need, and one for all other parts together."""
    plain = [bound.stems(part.phrases) for part in reading.parts if not part.needs]
    conditions = [f"{column} @@ ({' && '.join(plain)})"] if plain else []
    for part in reading.parts:
        if part.needs:
            needs = bound(list(part.needs))
            conditions.append(f"({column} @@ {bound.stems(part.phrases)} OR l.terms && {needs}::varchar[])")
    return conditions


def bands(reading: Reading, bound: Bound) -> list[str]:
    """Conditions of which every listing that fits the words fits exactly one, best first.

    Its name has the words as typed; else its name says the same; else its name, organisation and terms together do;
    else its text does.
    """
    if not reading.parts:
        return []
    typed = " && ".join(bound.stems((part.said,)) for part in reading.parts)
    same = " && ".join(bound.stems(part.phrases) for part in reading.parts)
    named = [f"(l.tags @@ ({asked}) AND ts_filter(l.tags, '{{a}}') @@ ({asked}))" for asked in (typed, same)]
    says_more = any(part.phrases != (part.said,) for part in reading.parts)
    better = named if says_more else named[:1]
    better = [*better, f"({every(words(reading, bound, 'l.tags'))})"]
    return [
        *(every([each, *(f"NOT {before}" for before in better[:n])]) for n, each in enumerate(better)),
        every(f"NOT {each}" for each in better),
    ]


def ages(question: Question, bound: Bound) -> Asked:
    """At least one child fits, or no age is stated, which is worse than any child that fits."""
    fits = [f"l.ages @> {bound(age)}::numeric" for age in question.ages]
    fitting = " + ".join(f"({fit})::int" for fit in fits)
    return Asked(
        f"(l.ages IS NULL OR {' OR '.join(fits)})",
        every(fits),
        f"(CASE WHEN l.ages IS NULL THEN {len(fits)} ELSE {len(fits)} - ({fitting}) END)",
    )


def need(code: str) -> Asked:
    return Asked(f"l.terms @> ARRAY[{code}]::varchar[]")


def level(number: str) -> Asked:
    return Asked(f"l.levels @> ARRAY[{number}]::bigint[]")


def area(gss: str) -> Asked:
    return stated("l.areas", f"l.areas @> ARRAY[{gss}]::varchar[]")


def refer(who: str) -> Asked:
    return stated(
        f"(CASE {who} WHEN 'family' THEN l.for_family ELSE l.for_professional END)",
        f"(CASE {who} WHEN 'family' THEN l.for_family ELSE l.for_professional END)",
    )


def cost(which: str) -> Asked:
    return stated("l.cost", f"l.cost = {which}")


def language(code: str) -> Asked:
    return stated("l.languages", f"l.languages @> ARRAY[{code}]::varchar[]")


def access(code: str) -> Asked:
    has = f"l.access @> ARRAY[{code}]::varchar[]"
    return Asked(f"NOT l.lacks_access @> ARRAY[{code}]::varchar[]", has, f"(NOT {has})::int")


def space() -> Asked:
    said = "(CASE WHEN l.space_until >= %(today)s THEN l.space END)"
    return stated(said, f"{said} = 'space'")


def hours(day: str | None, minute: int | None) -> Asked:
    """Open on a day, at a time of it, or at that time on some day."""
    days = [day] if day is not None else [str(each) for each in range(7)]
    start, length = (0, DAY) if minute is None else (minute, 1)
    spans = ", ".join(
        f"int4range({each}::int * {DAY} + {start}, {each}::int * {DAY} + {start + length})" for each in days
    )
    return stated("l.open_at", f"l.open_at && int4multirange({spans})")


def within(question: Question, bound: Bound) -> Asked:
    """Near enough, or nothing to measure: such services come in a group of their own."""
    return Asked(f"COALESCE({metres(question, bound)} <= {bound(question.metres)}, true)")


def asked(question: Question, reading: Reading, bound: Bound) -> dict[str, Asked]:
    """Everything a question asks, by the filter that asks it. Day and time are one thing, under ``day``."""
    applied, things = question.applied, {}
    if reading.parts:
        things["q"] = Asked(" AND ".join(words(reading, bound)))
    if question.ages:
        things["age"] = ages(question, bound)
    if question.area:
        things["where"] = area(bound(question.area))
    if "distance" in applied:
        things["distance"] = within(question, bound)
    for name, ask in (("need", need), ("refer", refer), ("cost", cost), ("language", language), ("level", level)):
        if name in applied:
            things[name] = ask(bound(getattr(question, name)))
    for code in question.access:
        things[f"access {code}"] = access(bound(code))
    if question.space:
        things["space"] = space()
    if question.day is not None or question.time is not None:
        things["day"] = hours(None if question.day is None else bound(question.day), minute_of(question))
    return things


def minute_of(question: Question) -> int | None:
    """The minute of the day a question asks about."""
    return None if question.time is None else question.time.hour * 60 + question.time.minute


def every(conditions) -> str:
    """All of some conditions."""
    return " AND ".join(conditions) or "true"


def keeping(things: dict[str, Asked], *, but: str = "") -> str:
    """Listings that are shown and that everything asked keeps, apart from one filter."""
    return every([SHOWN, *(thing.keeps for name, thing in things.items() if name.split()[0] != but)])
