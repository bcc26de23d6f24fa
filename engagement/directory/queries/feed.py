"""Reading the feed: pages of finished text, found in an index and sent as they stand."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.contrib.postgres.search import SearchQuery
from django.db.backends.postgresql.psycopg_any import NumericRange
from django.db.models import Exists, F, Func, OuterRef, Q, QuerySet, Value
from django.db.models.fields import BooleanField

from chatr.accounts.models import Organisation

from ..languages import LANGUAGES
from ..models import (
    CONFIG,
    FeedPlace,
    FeedService,
    Listing,
    Profile,
    Taxonomy,
    Term,
    ThresholdFramework,
    ThresholdLevel,
)
from ..oruk import taxonomies
from ..oruk.parameters import DAYS, MINUTES_OF_A_DAY, Asked, BadParameter
from .postcodes import find

A_BATCH = 500


@dataclass(frozen=True)
class Page:
    """One page of a list. ``contents`` are values or finished JSON, as many as the page has."""

    contents: list
    total: int
    number: int
    per_page: int

    @property
    def facts(self) -> dict:
        """The eight fields of the standard, but for the contents. Past the end a page is empty and the last."""
        pages = -(-self.total // self.per_page)
        return {
            "total_items": self.total,
            "total_pages": pages,
            "page_number": self.number,
            "size": len(self.contents),
            "first_page": self.number == 1,
            "last_page": self.number >= pages,
            "empty": not self.contents,
        }


def page_of(rows: QuerySet, asked: Asked, column: str) -> Page:
    """A page of the feed's rows, in the order of their numbers, in two queries.

    Which rows are on it is read from the index alone, from the end of the list where that is nearer; so the last page
    costs what the first does.
    """
    total = rows.count()
    first = (asked.page - 1) * asked.per_page
    last = min(first + asked.per_page, total)
    if first >= total:
        return Page([], total, asked.page, asked.per_page)
    if total - last < first:
        numbers = rows.order_by("-number").values("number")[total - last : total - first]
    else:
        numbers = rows.order_by("number").values("number")[first:last]
    on_it = rows.model.objects.filter(number__in=numbers).order_by("number")
    return Page(list(on_it.values_list(column, flat=True)), total, asked.page, asked.per_page)


def page_of_values(values: list, asked: Asked) -> Page:
    """A page of a list that is at hand."""
    first = (asked.page - 1) * asked.per_page
    return Page(values[first : first + asked.per_page], len(values), asked.page, asked.per_page)


def everything(rows: QuerySet, column: str) -> Iterator[str]:
    """The text of all rows, a batch at a time: each batch is a query of its own that begins where the last one ended.

    So nothing is held open in the database between batches, and memory does not grow with the list.
    """
    after = 0
    while batch := list(rows.filter(number__gt=after).order_by("number").values_list("number", column)[:A_BATCH]):
        for _, text in batch:
            yield text
        after = batch[-1][0]


def services(asked: Asked, today: date) -> QuerySet:
    """The feed's services that fit. Filters narrow the list, each further than the one before.

    A withdrawn service is found by when it changed and by its organisation, and by nothing else about it.
    """
    rows = FeedService.objects.sent(today)
    if asked.modified_after is not None:
        rows = rows.filter(changed_at__gte=asked.modified_after)
    if asked.organization_id is not None:
        rows = rows.filter(service__organisation=asked.organization_id)
    fitting = _listings(asked, today)
    return rows if fitting is None else rows.filter(gone_on=None, service__in=fitting.values("service"))


def places(asked: Asked, today: date) -> QuerySet:
    """The feed's services at places that fit.

    :raises BadParameter: for a postcode we do not know
    """
    rows = FeedPlace.objects.sent(today)
    if asked.modified_after is not None:
        rows = rows.filter(service__feed__changed_at__gte=asked.modified_after)
    if asked.organization_id is not None:
        rows = rows.filter(service__organisation=asked.organization_id)
    if asked.postcode:
        rows = _around(rows, asked)
    fitting = _listings(asked, today)
    return rows if fitting is None else rows.filter(gone_on=None, service__in=fitting.values("service"))


class Within(Func):
    """Whether a point is inside a circle: metres of the British National Grid."""

    template = "%(expressions)s"
    output_field = BooleanField()

    def __init__(self, column: str, centre: tuple[float, float], metres: float):
        super().__init__(F(column), Value(f"<({centre[0]},{centre[1]}),{metres}>"))

    arg_joiner = " <@ "

    def as_sql(self, compiler, connection, **context):
        sql, params = super().as_sql(compiler, connection, **context)
        return f"({sql}::circle)", params


def _around(rows: QuerySet, asked: Asked) -> QuerySet:
    """Those that serve the borough of a postcode, or do not say which they serve; and near it, where that is asked."""
    postcode = find(asked.postcode)
    if postcode is None:
        raise BadParameter("postcode", "We do not know this postcode.")
    rows = rows.filter(Q(areas=None) | Q(areas__contains=[postcode.gss]), gone_on=None)
    if asked.proximity is not None:
        rows = rows.filter(Within("bng", postcode.bng, asked.proximity))
    return rows


def _listings(asked: Asked, today: date) -> QuerySet | None:
    """Listings that fit what is asked about the entry itself; None where nothing is."""
    tests = []
    if asked.search:
        tests.append(Q(words=SearchQuery(asked.search, config=CONFIG, search_type="websearch")))
    tests += [_has_term(pk) for pk in asked.taxonomy_term_id] + [_has_taxonomy(pk) for pk in asked.taxonomy_id]
    if asked.minimum_age is not None:
        tests.append(Q(ages__startswith__gte=asked.minimum_age))
    if asked.maximum_age is not None:
        tests.append(Q(ages__endswith__lte=asked.maximum_age))
    tests += [Q(ages=None) | Q(ages__contains=NumericRange(age, age, "[]")) for age in asked.age]
    if (asked.day, asked.start_time, asked.end_time) != (None, None, None):
        tests.append(Q(_open(asked)))
    return Listing.objects.shown(today).filter(*tests) if tests else None


NOTHING = Q(pk__in=[])


def _has_term(pk: UUID) -> Q:
    """Services under a term, or under one below it."""
    if code := Term.objects.filter(pk=pk).values_list("code", flat=True).first():
        return Q(terms__contains=[code]) | Q(access__contains=[code])
    for code in LANGUAGES:
        if taxonomies.language_id(code) == pk:
            return Q(languages__contains=[code])
    levels = ThresholdLevel.objects.filter(framework__is_published=True).values_list("pk", flat=True)
    level = next((each for each in levels if taxonomies.level_id(each) == pk), None)
    return NOTHING if level is None else Q(levels__contains=[level])


def _has_taxonomy(pk: UUID) -> Q:
    """Services under any term of a list."""
    if taxonomy := Taxonomy.objects.filter(pk=pk).first():
        codes = list(taxonomy.terms.values_list("code", flat=True))
        return Q(terms__overlap=codes) | Q(access__overlap=codes)
    if pk == taxonomies.LANGUAGES_ID:
        return Q(languages__len__gt=0)
    frameworks = ThresholdFramework.objects.filter(is_published=True).values_list("pk", flat=True)
    framework = next((each for each in frameworks if taxonomies.framework_id(each) == pk), None)
    levels = ThresholdLevel.objects.filter(framework=framework).values_list("pk", flat=True)
    return NOTHING if framework is None else Q(levels__overlap=list(levels))


class OpenAt(Func):
    """Whether one session, on one of the days, begins no earlier and ends no later than asked."""

    output_field = BooleanField()
    template = (
        "EXISTS (SELECT 1 FROM unnest(%(expressions)s) session, unnest(%%s::int[]) day,"
        " LATERAL (SELECT session * int4range(day, day + %%s)) AS cut(part)"
        " WHERE NOT isempty(part) AND lower(part) - day >= %%s AND upper(part) - day <= %%s)"
    )

    def __init__(self, days: list[int], start: int, end: int):
        super().__init__(F("open_at"))
        self.asked = [days, MINUTES_OF_A_DAY, start, end]

    def as_sql(self, compiler, connection, **context):
        sql, params = super().as_sql(compiler, connection, **context)
        return sql, [*params, *self.asked]


def _open(asked: Asked) -> OpenAt:
    days = DAYS.values() if asked.day is None else [asked.day]
    end = MINUTES_OF_A_DAY if asked.end_time is None else asked.end_time
    return OpenAt([day * MINUTES_OF_A_DAY for day in days], asked.start_time or 0, end)


def organisations(today: date) -> QuerySet:
    """Organisations with a service in the feed, and those such a one is part of, the oldest first."""
    theirs = FeedService.objects.sent(today).filter(service__organisation=OuterRef("pk"))
    parents = Profile.objects.filter(
        parent=OuterRef("pk"),
        organisation__in=FeedService.objects.sent(today).values("service__organisation"),
    )
    return Organisation.objects.filter(Exists(theirs) | Exists(parents)).select_related("directory_profile")


def page_of_organisations(asked: Asked, today: date) -> Page:
    """A page of them, loaded with what their shape needs."""
    rows, first = organisations(today), (asked.page - 1) * asked.per_page
    total = rows.count()
    on_it = rows.order_by("created_at", "pk").prefetch_related("identifiers")[first : first + asked.per_page]
    return Page(list(on_it) if first < total else [], total, asked.page, asked.per_page)


def every_taxonomy() -> list[dict]:
    """All lists of terms in their shape, our own first."""
    own = Taxonomy.objects.order_by("code")
    frameworks = ThresholdFramework.objects.filter(is_published=True).select_related("area").order_by("pk")
    return [
        *map(taxonomies.taxonomy, own),
        taxonomies.languages(),
        *map(taxonomies.framework, frameworks),
    ]


def every_term() -> list[dict]:
    """All terms in their shape, list after list."""
    own = Term.objects.select_related("taxonomy").order_by("taxonomy__code", "place", "name", "pk")
    levels = ThresholdLevel.objects.filter(framework__is_published=True).select_related("framework__area")
    return [
        *map(taxonomies.term, own),
        *taxonomies.every_language(),
        *map(taxonomies.level, levels.order_by("framework", "order")),
    ]
