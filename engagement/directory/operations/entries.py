"""Writing an approved entry to the tables, whole."""

from datetime import datetime
from uuid import UUID, uuid5

from django.db import transaction
from pyproj import Transformer

from ..models import (
    NO_ADDRESS,
    Accessibility,
    Area,
    ConfidentialAddress,
    Contact,
    CostOption,
    Location,
    Phone,
    ReferralRoute,
    Service,
    ServiceArea,
    ServiceAtLocation,
    ServiceLanguage,
    ServiceLevel,
    ServiceTerm,
    Term,
)
from ..queries.postcodes import find
from ..rules.entries import Entry, Place
from ..rules.postcodes import spaced
from .listings import refresh

# WGS84 degrees to metres of the British National Grid.
TO_GRID = Transformer.from_crs("EPSG:4326", "EPSG:27700", always_xy=True)
PLAIN = (
    *("name", "description", "summary", "url", "email", "alert", "accreditations", "funding", "who_for", "not_for"),
    *("any_age", "minimum_age", "maximum_age", "cost", "interpreters", "is_sensitive", "cycle_months"),
)


@transaction.atomic
def write_entry(*, service: Service, entry: Entry, now: datetime) -> Service:
    """Make the tables say what the entry says, as the next approved version. Called by the operations that may.

    Places the organisation shares between services change for all of them. A service's hours at a place that is no
    longer in the entry go with it.
    """
    service = Service.objects.select_for_update().get(pk=service.pk)
    for name in PLAIN:
        setattr(service, name, getattr(entry, name))
    service.version += 1
    service.save()
    _replace(service, ReferralRoute, [_route(audience, route) for audience, route in _routes(entry)])
    _replace(service, CostOption, [vars(price) for price in entry.prices])
    _replace(service, Phone, [vars(phone) for phone in entry.phones])
    _replace(service, Contact, [vars(contact) for contact in entry.contacts])
    _replace(service, ServiceLanguage, [{"code": code} for code in dict.fromkeys(entry.languages)])
    known = dict(Term.objects.filter(code__in=entry.terms).values_list("code", "pk"))
    _replace(service, ServiceTerm, [{"term_id": known[code]} for code in dict.fromkeys(entry.terms) if code in known])
    _replace(service, ServiceArea, [{"area_id": gss} for gss in dict.fromkeys(entry.areas)])
    _replace(service, ServiceLevel, [{"level_id": int(level)} for level in dict.fromkeys(entry.levels)])
    locations = _write_places(service, entry.places)
    sharing = Service.objects.filter(at_locations__location__in=locations).exclude(pk=service.pk).distinct()
    for each in (service, *sharing):
        refresh(service=each, now=now)
    return service


def _replace(service: Service, model, rows: list[dict]) -> None:
    """Rows keep their id as long as they keep their place among their like, so that ids in the feed stay."""
    model.objects.filter(service=service).delete()
    kind = model._meta.model_name
    model.objects.bulk_create(
        model(id=uuid5(service.pk, f"{kind}:{n}"), service=service, place=n, **row) for n, row in enumerate(rows)
    )


def _routes(entry: Entry):
    both = ((ReferralRoute.Audience.FAMILY, entry.family), (ReferralRoute.Audience.PROFESSIONAL, entry.professional))
    return [(audience, route) for audience, route in both if route is not None]


def _route(audience: str, route) -> dict:
    return vars(route) | {"audience": audience, "documents": "\n".join(route.documents)}


def _write_places(service: Service, places: tuple[Place, ...]) -> list[Location]:
    locations = [_write_place(service, place) for place in places]
    ServiceAtLocation.objects.filter(service=service).exclude(location__in=locations).delete()
    for n, location in enumerate(locations):
        ServiceAtLocation.objects.update_or_create(service=service, location=location, defaults={"place": n})
    return locations


def _write_place(service: Service, place: Place) -> Location:
    mine = Location.objects.filter(organisation=service.organisation_id)
    location = mine.filter(pk=UUID(place.id)).first() if place.id else None
    location = location or Location(organisation_id=service.organisation_id)
    before = (
        ", ".join(part for part in (location.name, location.address_1, location.city) if part),
        location.postal_code,
    )
    location.kind, location.is_confidential = place.kind, place.is_confidential
    location.area_id = place.area or None
    if place.is_confidential:
        for name, nothing in {**NO_ADDRESS, "name": "", "description": ""}.items():
            setattr(location, name, nothing)
    else:
        for name in ("name", "description", "address_1", "city", "external_identifier", "latitude", "longitude"):
            setattr(location, name, getattr(place, name))
        location.postal_code = spaced(place.postal_code)
        _put_on_the_map(location)
    location.save()
    if place.is_confidential and any(before):
        ConfidentialAddress.objects.get_or_create(
            location=location, defaults={"address": before[0], "postcode": before[1]}
        )
    terms = dict(Term.objects.filter(code__in=place.access).values_list("code", "pk"))
    Accessibility.objects.filter(location=location).delete()
    Accessibility.objects.bulk_create(
        Accessibility(id=uuid5(location.pk, code), location=location, term_id=terms[code], state=state)
        for code, state in place.access.items()
        if code in terms and state
    )
    return location


def _put_on_the_map(location: Location) -> None:
    """Its coordinates and borough, from its postcode where the entry gave none."""
    postcode = find(location.postal_code) if location.postal_code else None
    if postcode is not None:
        if location.latitude is None or location.longitude is None:
            location.latitude, location.longitude = postcode.latitude, postcode.longitude
        if location.area_id is None and Area.objects.filter(pk=postcode.gss).exists():
            location.area_id = postcode.gss
    if location.latitude is not None and location.longitude is not None:
        location.bng = TO_GRID.transform(location.longitude, location.latitude)
    else:
        location.bng = None
