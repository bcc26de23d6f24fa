"""The statement that finds the best listings, class by class, and stops when it has as many as anybody reads.

Where few things are unclear most questions are answered by the first classes, however many listings there are:
everything asked is stated and fits, it is open, it has a place to measure where one is asked for, and the words stand
in its name, then among its terms, then in its text. What is left (something not stated, a child that does not fit,
closed for now) is sorted as one.
"""

from ...rules.search import Question
from ...rules.search.words import Reading
from . import sql
from .found import CAP, PAGE

COLUMNS = """l.service_id, l.slug, l.name, l.is_verified, l.verified_on, l.unverified_from, l.ages, l.areas, l.terms,
    l.for_family, l.for_professional, l.cost, l.languages, l.access, l.levels, l.open_at, l.space, l.space_until,
    l.is_closed, l.is_sensitive, l.has_places, l.hidden_in, l.card, l.organisation_id"""
MOST = CAP + 1  # one more than is shown tells that there are more
A_CHILD = 100  # one that does not fit, or may not, weighs more than all else that is not stated


def statement(question: Question, reading: Reading, page: int, bound: sql.Bound) -> str:
    """One page, best first, with ``metres``, ``in_group`` and the ``total`` (up to ``MOST``) on each row."""
    ranks = _Ranks(question, reading, bound)
    names = [f"class_{n}" for n in range(len(ranks.classes))]
    tables = ",\n".join(
        f"{name} AS MATERIALIZED ({ranks.select(n, condition, names[:n])})"
        for n, (name, condition) in enumerate(zip(names, ranks.classes, strict=True))
    )
    together = " UNION ALL ".join(f"SELECT * FROM {name}" for name in names)
    last = f"least({bound(max(1, min(page, CAP)))}, greatest(1, (least(total.total, {CAP}) + {PAGE} - 1) / {PAGE}))"
    return f"""WITH {tables},
        best AS MATERIALIZED (
            SELECT *, row_number() OVER (ORDER BY class, {ranks.order}) AS n
            FROM ({together}) AS l ORDER BY n LIMIT {MOST}
        ),
        total AS (SELECT count(*) AS total FROM best)
        SELECT {COLUMNS}, best.metres, best.in_group, total.total
        FROM best CROSS JOIN total JOIN directory_listing AS l USING (service_id)
        WHERE best.n <= {CAP} AND best.n > {PAGE} * ({last} - 1) AND best.n <= {PAGE} * {last}
        ORDER BY best.n"""


class _Ranks:
    """How the listings of one question are parted into classes and sorted within them."""

    def __init__(self, question: Question, reading: Reading, bound: sql.Bound):
        self.by_distance = question.point is not None
        self.nearest_first = question.point is not None and not reading.parts
        things = sql.asked(question, reading, bound)
        self.keeping = sql.keeping(things)
        self.keeping_named = sql.keeping(things, but="q")  # where the band's own condition holds the words
        self.clear = sql.every(["NOT l.is_closed", *(thing.fits for thing in things.values())])
        weighed = (f"{thing.unsure} * {A_CHILD if name == 'age' else 1}" for name, thing in things.items())
        self.unsure = " + ".join(weighed) or "0"
        self.metres = sql.metres(question, bound)
        self.near = sql.metres_of_place(question, bound) if self.nearest_first else ""
        self.bands = sql.bands(reading, bound)
        between = ("metres", "is_verified DESC") if self.nearest_first else ("is_verified DESC", "metres")
        if question.point is None:
            between = ("is_verified DESC",)
        self.order = ", ".join(("in_group", "unsure", "band", *between, "sort_name", "service_id"))
        self.order_in_class = ", ".join((*between, "sort_name", "service_id"))

    @property
    def classes(self) -> list[str]:
        """A condition for each class, best first; each listing is in exactly one."""
        clear = self.clear
        if self.by_distance:
            clear += " AND l.service_id IN (SELECT listing_id FROM directory_listingplace)"
        return [*(f"{clear} AND {band}" for band in self.bands or ["true"]), f"({clear}) IS NOT TRUE"]

    def select(self, n: int, condition: str, before: list[str]) -> str:
        """One class: nothing is read for it where those before it are enough."""
        enough = " + ".join(f"(SELECT count(*) FROM {name})" for name in before)
        needed = f"({enough}) < {MOST} AND " if before else ""
        if n == len(self.classes) - 1:
            return self._rest(needed + condition)
        if self.nearest_first:
            return self._walk(needed + condition)
        keeping = self.keeping_named if n < len(self.bands) - 1 else self.keeping
        return f"""SELECT {n} AS class, l.service_id, l.is_verified, l.sort_name, {self.metres} AS metres,
                0 AS in_group, 0 AS unsure, 0 AS band
            FROM directory_listing AS l WHERE {needed}{condition} AND {keeping}
            ORDER BY {self.order_in_class} LIMIT {MOST}"""

    def _walk(self, condition: str) -> str:
        """From place to place, the nearest first: each listing by the nearest of its places."""
        return f"""SELECT 0 AS class, l.service_id, l.is_verified, l.sort_name, {self.near} AS metres,
                0 AS in_group, 0 AS unsure, 0 AS band
            FROM directory_listingplace AS place JOIN directory_listing AS l ON l.service_id = place.listing_id
            WHERE {condition} AND {self.keeping} AND NOT EXISTS (
                SELECT FROM directory_listingplace AS nearer WHERE nearer.listing_id = place.listing_id
                AND ({self.near.replace("place.", "nearer.")}, nearer.id) < ({self.near}, place.id)
            )
            ORDER BY {self.order_in_class} LIMIT {MOST}"""

    def _rest(self, condition: str) -> str:
        """What is left, sorted by what is unclear first."""
        group = "CASE WHEN is_closed THEN 2"
        group += " WHEN metres IS NULL THEN 1 ELSE 0 END" if self.by_distance else " ELSE 0 END"
        band = " ".join(f"WHEN {band} THEN {n}" for n, band in enumerate(self.bands))
        return f"""SELECT {len(self.classes)} AS class, service_id, is_verified, sort_name, metres,
                {group} AS in_group, unsure, band
            FROM (
                SELECT l.service_id, l.is_verified, l.sort_name, l.is_closed, {self.metres} AS metres,
                    {self.unsure} AS unsure, {f"CASE {band} END" if band else "0"} AS band
                FROM directory_listing AS l WHERE {condition} AND {self.keeping}
            ) AS l
            ORDER BY {self.order} LIMIT {MOST}"""
