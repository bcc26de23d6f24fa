"""Reading an entry back from the tables."""

from django.db.models import Prefetch, QuerySet

from ..models import Accessibility, ReferralRoute, Service, ServiceAtLocation
from ..rules.entries import ContactLine, Entry, PhoneLine, Place, Price, Route


def with_everything(services: QuerySet) -> QuerySet:
    """Services with all that an entry is made of, in a handful of queries however many they are."""
    access = Accessibility.objects.select_related("term__taxonomy")
    at = ServiceAtLocation.objects.select_related("location__area").order_by("place", "id")
    return services.select_related("organisation").prefetch_related(
        "routes",
        *(
            Prefetch(name, related.order_by("place", "id"))
            for name, related in (
                ("cost_options", _model("cost_options").objects),
                ("phones", _model("phones").objects),
                ("contacts", _model("contacts").objects),
                ("languages", _model("languages").objects),
                ("areas", _model("areas").objects.select_related("area")),
                ("levels", _model("levels").objects.select_related("level__framework__area")),
                ("service_terms", _model("service_terms").objects.select_related("term__taxonomy", "term__parent")),
            )
        ),
        Prefetch("at_locations", at),
        Prefetch("at_locations__location__accessibility", access.order_by("term__place", "term__name")),
    )


def _model(name: str):
    return Service._meta.get_field(name).related_model


def entry_of(service: Service) -> Entry:
    """The approved entry. Load the service by :func:`with_everything` where there are several."""
    routes = {route.audience: _route(route) for route in service.routes.all()}
    same = {
        name: getattr(service, name)
        for name in (
            *("name", "description", "summary", "url", "email", "alert", "accreditations", "funding"),
            *("who_for", "not_for", "any_age", "minimum_age", "maximum_age", "cost", "interpreters"),
            *("is_sensitive", "cycle_months"),
        )
    }
    return Entry(
        **same,
        prices=tuple(
            Price(each.option, each.amount, each.amount_description) for each in _in_order(service.cost_options)
        ),
        languages=tuple(each.code for each in _in_order(service.languages)),
        family=routes.get(ReferralRoute.Audience.FAMILY),
        professional=routes.get(ReferralRoute.Audience.PROFESSIONAL),
        phones=tuple(PhoneLine(each.number, each.description) for each in _in_order(service.phones)),
        contacts=tuple(ContactLine(each.name, each.title, each.is_public) for each in _in_order(service.contacts)),
        terms=tuple(each.term.code for each in _in_order(service.service_terms)),
        levels=tuple(str(each.level_id) for each in _in_order(service.levels)),
        areas=tuple(each.area_id for each in _in_order(service.areas)),
        places=tuple(place_of(each.location) for each in _in_order(service.at_locations)),
    )


def _in_order(manager) -> list:
    return sorted(manager.all(), key=lambda each: (each.place, each.pk))


def _route(route: ReferralRoute) -> Route:
    names = ("is_open", "how", "url", "email", "phone", "form_url", "consent", "what_next")
    return Route(**{name: getattr(route, name) for name in names}, documents=tuple(route.documents.splitlines()))


def place_of(location) -> Place:
    """A location of the tables as an entry has it."""
    names = ("kind", "name", "description", "is_confidential", "address_1", "city", "postal_code", "latitude")
    return Place(
        id=str(location.pk),
        **{name: getattr(location, name) for name in (*names, "longitude", "external_identifier")},
        area=location.area_id or "",
        access={each.term.code: each.state for each in location.accessibility.all()},
    )
