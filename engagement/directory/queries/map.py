"""Where the services that were found are, by square of the grid. Hidden addresses are in no square."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.core.cache import cache
from django.db import connection

from ..models import Area
from ..rules.map import SIDE, Drawing, Land, draw, most_of
from ..rules.search import Question
from .search import Found, sql

LAND = "directory:map:land"
A_DAY = 24 * 60 * 60

LAND_SQL = f"""
    SELECT floor(bng[0] / {SIDE})::int, floor(bng[1] / {SIDE})::int, gss, outcode, count(*)
    FROM directory_postcode
    WHERE terminated_on IS NULL AND gss IN (SELECT gss FROM directory_area)
    GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
"""
PLACES_SQL = """
    SELECT floor(place.bng[0] / {side})::int, floor(place.bng[1] / {side})::int, count(*)
    FROM directory_listing AS l
    JOIN directory_listingplace AS place ON place.listing_id = l.service_id
    WHERE {keeping}
    GROUP BY 1, 2
"""


@dataclass(frozen=True)
class Row:
    """How many places are in one part of a borough. ``outcode`` is empty outside the boroughs we know."""

    borough: str
    outcode: str
    count: int


@dataclass(frozen=True)
class Map:
    """The drawing, and the same as a table."""

    drawing: Drawing
    rows: list[Row]

    @property
    def count(self) -> int:
        """How many places there are on it."""
        return sum(row.count for row in self.rows)


def map_of(question: Question, found: Found, *, today: date) -> Map:
    """The places of all services that fit. One query, and two more a day for the shape of the boroughs."""
    bound = sql.Bound(today=today)
    keeping = sql.keeping(sql.asked(question, found.reading, bound))
    with connection.cursor() as cursor:
        cursor.execute(PLACES_SQL.format(side=SIDE, keeping=keeping), bound.values)
        counts = {(x, y): count for x, y, count in cursor.fetchall()}
    land, names = cache.get_or_set(LAND, lambda: (read_land(), read_names()), A_DAY)
    places = Counter()
    for square, count in counts.items():
        here = land.get(square)
        places[(here.gss, here.outcode) if here else ("", "")] += count
    wanted = {gss for gss, _ in places} | {question.area}
    boroughs = {gss: name for gss, name in names.items() if gss in wanted} or names
    order = [*names, ""]
    rows = [
        Row(names.get(gss, "Elsewhere"), outcode, places[gss, outcode])
        for gss, outcode in sorted(places, key=lambda each: (order.index(each[0]), each[1]))
    ]
    return Map(draw(counts, land, boroughs), rows)


def read_names() -> dict[str, str]:
    """The boroughs in their order."""
    return dict(Area.objects.order_by("place", "name").values_list("gss", "name"))


def read_land() -> dict[tuple[int, int], Land]:
    """Which borough each square of 500 m is in, from the postcodes in it."""
    parts = {}
    with connection.cursor() as cursor:
        cursor.execute(LAND_SQL)
        for x, y, gss, outcode, postcodes in cursor.fetchall():
            parts.setdefault((x, y), []).append(Land(gss, outcode, postcodes))
    return {square: most_of(lands) for square, lands in parts.items()}
