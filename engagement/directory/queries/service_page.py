"""Everything the public reads about services, in the same handful of queries however many they are.

Small lists of a service come with its row, as JSON; what has times, choices or places of its own is prefetched.
Private contacts are never loaded, nor is any address that is not shown.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, Prefetch, QuerySet, Subquery, TextField
from django.db.models.functions import Cast, JSONObject
from django.utils import timezone

from chatr.accounts.models import User

from ..models import (
    Accessibility,
    Availability,
    Contact,
    CostOption,
    Listing,
    Location,
    Phone,
    ReferralRoute,
    Schedule,
    Service,
    ServiceArea,
    ServiceAtLocation,
    ServiceLanguage,
    ServiceLevel,
    ServiceTerm,
    Taxonomy,
    Term,
    Verification,
)
from ..rules.ages import ages_in_words
from ..rules.closing import closing_in_words
from ..rules.languages import language_name
from ..rules.opening import Hours, opening_hours
from ..rules.showing import is_public, is_shown
from ..rules.verified import Verified, verified_in_words

SIMILAR = 5


@dataclass(frozen=True)
class Where:
    """One place of a service and its hours there."""

    location: Location
    hours: list[Hours]


@dataclass(frozen=True)
class WhereWithAccess(Where):
    """The same with what is known of access: facts in the order of their list, and the names nobody spoke of."""

    facts: list[Accessibility]
    not_stated: list[str]


@dataclass(frozen=True)
class WayIn:
    """How one kind of person gets in. ``route`` None: nobody said; ``closed`` is for a route that is not open."""

    title: str
    route: ReferralRoute | None
    closed: str


class ServicePage:
    """One service as the public reads it on a day. ``service`` was loaded by :func:`read`."""

    def __init__(self, service: Service, today: date):
        self.service, self.today = service, today

    @property
    def is_listed(self) -> bool:
        """Whether the public may read it today."""
        return is_public(self.service) and is_shown(self.service, self.today)

    @property
    def is_still_to_come(self) -> bool:
        """Whether the public has never been shown it, or will be only later: then it does not exist yet."""
        service = self.service
        is_later = service.visible_from is not None and service.visible_from > self.today
        return service.state == Service.State.DRAFT or (service.state == Service.State.PUBLISHED and is_later)

    @cached_property
    def closing(self) -> str:
        return closing_in_words(self.service.closed_from, self.service.reopens_on, self.service.closed_note, self.today)

    @cached_property
    def ages(self) -> str:
        return ages_in_words(self.service.minimum_age, self.service.maximum_age, self.service.any_age)

    @property
    def age_words(self) -> str:
        """The same beside the word "Age": ``5 to 11``."""
        return self.ages.removeprefix("Ages ").removeprefix("Age ").capitalize()

    @cached_property
    def verified(self) -> Verified:
        at = self.service.verified_at
        return verified_in_words(
            verified_on=at and timezone.localdate(at),
            method=self.service.verified_method or "",
            published_on=timezone.localdate(self.service.published_at or self.service.created_at),
            cycle_months=self.service.cycle_months,
            today=self.today,
        )

    @cached_property
    def space(self) -> Availability | None:
        """Space and waiting time, as long as what was said holds."""
        said = getattr(self.service, "availability", None)
        return said if said is not None and said.expires_on >= self.today else None

    @cached_property
    def ways_in(self) -> list[WayIn]:
        """The family's way in, then a professional's."""
        said = {route.audience: route for route in self.service.routes.all()}
        audience = ReferralRoute.Audience
        return [
            WayIn("The family", said.get(audience.FAMILY), "Families cannot ask for it themselves."),
            WayIn("A professional", said.get(audience.PROFESSIONAL), "Professionals cannot refer: the family asks."),
        ]

    @cached_property
    def phone(self) -> str:
        """The first number to ring, its own or that of a way in; empty where none is public."""
        of_routes = (way.route.phone for way in self.ways_in if way.route is not None and way.route.is_open)
        return next(filter(None, (*(row["number"] for row in self.service.phone_rows), *of_routes)), "")

    @property
    def cost_words(self) -> str:
        return self.service.get_cost_display() if self.service.cost else "Cost not stated"

    @cached_property
    def prices(self) -> list[str]:
        """``A session: £12.50 per hour``, each in one line."""
        return [_price(row) for row in self.service.price_rows]

    @cached_property
    def languages(self) -> list[str]:
        return [language_name(code) for code in self.service.language_codes]

    @cached_property
    def terms(self) -> dict[str, list[str]]:
        """Names of its terms by the code of their list: ``terms.need``, ``terms.group``, ``terms.mode``."""
        lists: dict[str, list[str]] = {Taxonomy.NEEDS: [], Taxonomy.GROUPS: [], Taxonomy.MODES: []}
        for row in self.service.term_rows:
            lists.setdefault(row["taxonomy"], []).append(row["name"])
        return lists

    @cached_property
    def hours(self) -> list[Hours]:
        """Those of the service wherever it is given."""
        return self._hours(None)

    @cached_property
    def places(self) -> list[Where]:
        return [Where(at.location, self._hours(at.pk)) for at in self.service.at_locations.all()]

    @property
    def has_hours(self) -> bool:
        """Whether hours are stated anywhere, for the whole service or for a place."""
        return bool(self.hours or any(where.hours for where in self.places))

    def _hours(self, at: UUID | None) -> list[Hours]:
        here = [each for each in self.service.schedules.all() if each.at_location_id == at]
        return opening_hours(here, self.today)


def _price(row: dict) -> str:
    pounds = "" if row["amount"] is None else _pounds(Decimal(row["amount"]))
    amount = " ".join(filter(None, (pounds, row["words"])))
    return ": ".join(filter(None, (row["option"], amount)))


def _pounds(amount: Decimal) -> str:
    return f"£{amount:,.0f}" if amount == int(amount) else f"£{amount:,.2f}"


def read(services: QuerySet, today: date) -> list[ServicePage]:
    """Services ready to be shown: five queries, whatever their number."""
    last = Verification.objects.filter(service=OuterRef("pk"), still_right=True).order_by("-at", "-pk")
    at = ServiceAtLocation.objects.select_related("location__area").order_by("place", "id")
    access = Accessibility.objects.select_related("term").order_by("term__place", "term__name")
    loaded = (
        services.select_related("organisation__directory_profile", "availability")
        .annotate(
            verified_at=Subquery(last.values("at")[:1]),
            verified_method=Subquery(last.values("method")[:1]),
            price_rows=_rows(
                CostOption, option="option", amount=Cast("amount", TextField()), words="amount_description"
            ),
            phone_rows=_rows(Phone, number="number", description="description"),
            contact_rows=_rows(Contact.objects.filter(is_public=True), name="name", title="title"),
            language_codes=ArraySubquery(_of(ServiceLanguage.objects).values("code")),
            area_rows=_rows(ServiceArea, gss="area_id", name="area__name"),
            level_rows=_rows(
                ServiceLevel.objects.filter(level__framework__is_published=True),
                id="level_id",
                name="level__name",
                title="level__framework__title",
                area="level__framework__area__name",
            ),
            term_rows=_rows(ServiceTerm, name="term__name", code="term__code", taxonomy="term__taxonomy__code"),
        )
        .prefetch_related(
            "routes",
            Prefetch("schedules", Schedule.objects.order_by("day", "opens_at", "id")),
            Prefetch("at_locations", at),
            Prefetch("at_locations__location__accessibility", access),
        )
    )
    return [ServicePage(service, today) for service in loaded]


def _of(rows: QuerySet) -> QuerySet:
    return rows.filter(service=OuterRef("pk")).order_by("place", "id")


def _rows(rows, **columns) -> ArraySubquery:
    """Rows of a service as a list of dicts, in their order."""
    rows = rows if isinstance(rows, QuerySet) else rows.objects.all()
    fields = {key: F(column) if isinstance(column, str) else column for key, column in columns.items()}
    return ArraySubquery(_of(rows).values(row=JSONObject(**fields)))


def service_page(slug: str, *, user: User | None, today: date) -> ServicePage | None:
    """The service at an address, whatever its state, with ``service.may_edit`` for the person who looks."""
    services = Service.objects.filter(slug=slug).select_related("merged_into")
    if user is not None:
        mine = Service.objects.editable_by(user).filter(pk=OuterRef("pk"))
        services = services.annotate(may_edit=Exists(mine))
    return next(iter(read(services, today)), None)


def in_order(ids: Iterable[UUID], today: date) -> list[ServicePage]:
    """Services by their ids, in the order of the ids. Those never public are left out; withdrawn ones are not."""
    ids = list(ids)
    services = Service.objects.filter(pk__in=ids).exclude(state=Service.State.DRAFT)
    found = {page.service.pk: page for page in read(services, today)}
    return [found[pk] for pk in ids if pk in found]


def places_with_access(page: ServicePage) -> list[WhereWithAccess]:
    """The places of a service with what each has, has not, and what nobody said; one query."""
    terms = list(Term.objects.of(Taxonomy.ACCESS).shown()) if page.places else []
    return [_with_access(where, terms) for where in page.places]


def _with_access(where: Where, terms: list[Term]) -> WhereWithAccess:
    said = {fact.term_id: fact for fact in where.location.accessibility.all()}
    return WhereWithAccess(
        where.location,
        where.hours,
        [said[term.pk] for term in terms if term.pk in said],
        [term.name for term in terms if term.pk not in said],
    )


def kept_service(service: Service) -> Service | None:
    """The service a merged one goes on as, through several mergings; None where it was not merged."""
    seen = {service.pk}
    while service.merged_into is not None and service.merged_into_id not in seen:
        service = service.merged_into
        seen.add(service.pk)
    return service if len(seen) > 1 else None


def similar_to(page: ServicePage, today: date) -> list[Listing]:
    """Public services that help with the same needs, those with most in common first."""
    needs = {row["code"] for row in page.service.term_rows if row["taxonomy"] == Taxonomy.NEEDS}
    if not needs:
        return []
    alike = Listing.objects.shown(today).filter(terms__overlap=sorted(needs)).exclude(service=page.service.pk)
    nearest = alike.order_by("-is_verified", "sort_name", "service")[:50]
    return sorted(nearest, key=lambda listing: -len(needs & set(listing.terms)))[:SIMILAR]
