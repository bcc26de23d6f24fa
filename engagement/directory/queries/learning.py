"""What people looked for and did not find, and what they looked at: counts of nobody in particular."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Func, QuerySet, Sum

from ..models import Area, Listing, SearchGap, ServiceDay, Term, ThresholdLevel
from ..rules.languages import language_name
from ..rules.opening import DAYS

SHOWN = 25
# What a filter is called where its code says too little
FILTERS = {"area": "Borough", "refer": "Who may ask", "space": "Has space now", "level": "Level of need"}
# With fewer answers than this, one family could be behind them, and one answer would change everything.
FEWEST_ANSWERS = 5


@dataclass(frozen=True)
class Period:
    """From the first day to the last, both within."""

    first: date
    last: date

    def of(self, rows: QuerySet) -> QuerySet:
        return rows.filter(day__gte=self.first, day__lte=self.last)


@dataclass(frozen=True)
class Gap:
    """What was looked for without result, and how often."""

    what: str
    count: int


def gaps_by_words(period: Period) -> list[Gap]:
    """The words of searches that found nothing, those most often first."""
    rows = _summed(period, "words").exclude(words=[])
    return [Gap(" ".join(row["words"]), row["total"]) for row in rows[:SHOWN]]


def gaps_by_filter(period: Period) -> list[Gap]:
    """Each filter of searches that found nothing, those most often first."""
    rows = period.of(SearchGap.objects).annotate(one=Func(F("filters"), function="unnest")).values("one")
    rows = rows.annotate(total=Sum("count")).order_by("-total", "one")[:SHOWN]
    rows = list(rows)
    names = _names_of(row["one"].partition("=") for row in rows)
    return [Gap(_filter_in_words(row["one"], names), row["total"]) for row in rows]


def _names_of(filters: Iterable[tuple[str, str, str]]) -> dict[tuple[str, str], str]:
    """The values of filters in words, by filter and value; without those that say themselves what they are."""
    values = {(name, value) for name, _, value in filters}
    levels = [value for name, value in values if name == "level" and value.isdecimal()]
    terms = dict(Term.objects.values_list("code", "name"))
    areas = dict(Area.objects.values_list("gss", "name"))
    return {
        **{("level", str(each.pk)): str(each) for each in ThresholdLevel.objects.filter(pk__in=levels)},
        **{("area", gss): name for gss, name in areas.items()},
        **{(name, value): terms[value] for name, value in values if name in ("need", "access") and value in terms},
        **{(name, value): language_name(value) for name, value in values if name == "language"},
        **{(name, value): DAYS[int(value)] for name, value in values if name == "day" and value in "0123456"},
        **{(name, value): f"within {value} mile{'s' * (value != '1')}" for name, value in values if name == "distance"},
        ("refer", "family"): "the family",
        ("refer", "professional"): "a professional",
        ("cost", "paid"): "costs money",
    }


def _filter_in_words(code: str, names: dict[tuple[str, str], str]) -> str:
    """``need=housing`` is ``Need: Housing and homelessness``."""
    name, _, value = code.partition("=")
    return f"{FILTERS.get(name, name.capitalize())}: {names.get((name, value), value)}" if value else code


def gaps_by_outcode(period: Period) -> list[Gap]:
    """The first halves of postcodes around which nothing was found."""
    rows = _summed(period, "outcode").exclude(outcode="")
    return [Gap(row["outcode"], row["total"]) for row in rows[:SHOWN]]


def all_gaps(period: Period) -> QuerySet:
    """Every count, the newest day first, for a file."""
    return period.of(SearchGap.objects).order_by("-day", "-count", "pk")


def _summed(period: Period, name: str) -> QuerySet:
    return period.of(SearchGap.objects).values(name).annotate(total=Sum("count")).order_by("-total", name)


@dataclass(frozen=True)
class Seen:
    """How often one public service was looked at in a period, and what people said."""

    service: object
    name: str
    organisation: str
    views: int
    helped: int
    answers: int

    @property
    def helped_in_words(self) -> str:
        """``7 of 9``; a handful of answers says nothing, so it is not shown."""
        return f"{self.helped} of {self.answers}" if self.answers >= FEWEST_ANSWERS else "Too few answers"


def services_seen(period: Period) -> list[Seen]:
    """Every public service, the most looked at first; nobody looked at those at the end."""
    counted = {
        row["service"]: row
        for row in period.of(ServiceDay.objects)
        .values("service")
        .annotate(seen=Sum("views"), yes=Sum("helped"), no=Sum("did_not_help"))
    }
    nothing = {"seen": 0, "yes": 0, "no": 0}
    listed = Listing.objects.values_list("service", "name", "organisation__name").order_by("sort_name", "pk")
    found = []
    for service, name, organisation in listed:
        row = counted.get(service, nothing)
        found.append(Seen(service, name, organisation, row["seen"], row["yes"], row["yes"] + row["no"]))
    return sorted(found, key=lambda each: -each.views)
