"""Keeping what the public searches and downloads in step with the entries."""

import unicodedata
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import NumericRange
from django.utils import timezone

from ..models import Availability, Listing, ListingPlace, ReferralRoute, Service, Taxonomy, YesNo
from ..queries.entries import with_everything
from ..queries.verifying import day_of, last_verification
from ..rules import verifying
from ..rules.showing import is_closed, is_public
from . import feed
from .vocabulary import add_words

MINUTES_OF_A_DAY = 24 * 60


# While several changes of a service are made in one go: what waits to be refreshed, and with which ``now``.
_put_off: ContextVar[dict | None] = ContextVar("put_off", default=None)


@contextmanager
def refreshing_once():
    """Refresh each service that is changed inside once, at the end, as of its last change. Read no listing inside."""
    with transaction.atomic():
        waiting = {}
        before = _put_off.set(waiting)
        try:
            yield
        finally:
            _put_off.reset(before)
        for service, now in waiting.values():
            refresh(service=service, now=now)


@transaction.atomic
def refresh(*, service: Service, now: datetime) -> None:
    """Write the listing and the feed of a service anew, or take them away where it is not public.

    Every operation that changes anything of a service calls it, in its own transaction. Doing it twice changes
    nothing, so that times in the feed stay as they are.
    """
    if (waiting := _put_off.get()) is not None:
        waiting[service.pk] = (service, now)
        return
    service = with_everything(Service.objects.select_related("availability")).get(pk=service.pk)
    today = timezone.localdate(now)
    verified_on = day_of(last_verification(service))
    if is_public(service):
        listing = _listing(service, verified_on, today)
        listing, _ = Listing.objects.update_or_create(service=service, defaults=listing)
        _write_places(service)
        add_words(listing)
    else:
        Listing.objects.filter(service=service).delete()
    feed.refresh(service=service, verified_on=verified_on, today=today, now=now)


def sort_key(name: str) -> str:
    """How a name is sorted: without case and accents."""
    return unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold().strip()[:140]


def _listing(service: Service, verified_on: date | None, today: date) -> dict:
    terms = [each.term for each in service.service_terms.all()]
    codes = sorted({term.code for term in terms} | {term.parent.code for term in terms if term.parent_id})
    words = [service.organisation.name, *(term.name for term in terms), *(t.parent.name for t in terms if t.parent_id)]
    words += [each.area.name for each in service.areas.all()]
    body = (service.summary, service.description, service.who_for, service.accreditations)
    open_to = {route.audience: route.is_open for route in service.routes.all()}
    locations = [each.location for each in service.at_locations.all()]
    availability = getattr(service, "availability", None)
    space = availability if availability and availability.expires_on >= today else None
    unverified_from = verifying.unverified_from(
        verified_on or timezone.localdate(service.published_at), service.cycle_months
    )
    yes, no = _access(locations)
    return {
        "organisation_id": service.organisation_id,
        "slug": service.slug,
        "name": service.name,
        "sort_name": sort_key(service.name),
        "terms_text": "\n".join(words),
        "body_text": "\n".join(filter(None, body)),
        "visible_from": service.visible_from,
        "visible_to": service.visible_to,
        "is_verified": verified_on is not None and today < unverified_from,
        "verified_on": verified_on,
        "unverified_from": unverified_from,
        "terms": codes,
        "ages": _ages(service),
        "areas": [each.area_id for each in service.areas.all()] or None,
        "for_family": open_to.get(ReferralRoute.Audience.FAMILY),
        "for_professional": open_to.get(ReferralRoute.Audience.PROFESSIONAL),
        "cost": service.cost or None,
        "languages": [each.code for each in service.languages.all()] or None,
        "access": yes,
        "lacks_access": no,
        "levels": [each.level_id for each in service.levels.all()],
        "open_at": open_minutes(service.schedules.all(), today),
        "space": space and space.state,
        "space_until": space and space.expires_on,
        "is_closed": is_closed(service, today),
        "is_sensitive": service.is_sensitive,
        "has_places": any(not place.is_confidential and place.kind == place.Kind.PHYSICAL for place in locations),
        "hidden_in": sorted({place.area_id for place in locations if place.is_confidential}),
        "card": _card(service, terms, locations),
        "refresh_on": _next_change(service, availability, unverified_from, today),
    }


def _ages(service: Service) -> NumericRange | None:
    if not service.ages_stated:
        return None
    return NumericRange(service.minimum_age, service.maximum_age, "[]")


def _access(locations) -> tuple[list[str], list[str]]:
    """Terms some place has, and terms every place said no to."""
    said = [{fact.term.code: fact.state for fact in place.accessibility.all()} for place in locations]
    codes = {code for each in said for code in each}
    yes = {code for code in codes if any(each.get(code) == YesNo.YES for each in said)}
    no = {code for code in codes - yes if all(each.get(code) == YesNo.NO for each in said)}
    return sorted(yes), sorted(no)


def open_minutes(schedules, today: date) -> list[tuple[int, int]] | None:
    """When it is open in a week, in minutes from Monday 0:00; None where nobody said."""
    spans = [
        (
            each.day * MINUTES_OF_A_DAY + each.opens_at.hour * 60 + each.opens_at.minute,
            each.day * MINUTES_OF_A_DAY + (each.closes_at.hour * 60 + each.closes_at.minute or MINUTES_OF_A_DAY),
        )
        for each in schedules
        if (each.valid_from is None or each.valid_from <= today) and (each.valid_to is None or today <= each.valid_to)
    ]
    return sorted(spans) or None


def _card(service: Service, terms, locations) -> dict:
    """What a result shows beside its name; nothing of a confidential place but its borough."""
    shown = [place for place in locations if not place.is_confidential and place.kind == place.Kind.PHYSICAL]
    return {
        "summary": service.summary or service.description[:200],
        "organisation": service.organisation.name,
        "alert": service.alert,
        "needs": [term.name for term in terms if term.taxonomy.code == Taxonomy.NEEDS],
        "modes": [term.name for term in terms if term.taxonomy.code == Taxonomy.MODES],
        "areas": [each.area.name for each in service.areas.all()],
        "places": [{"name": place.name or place.address_1, "postcode": place.postal_code} for place in shown],
        "hidden_in": sorted({place.area.name for place in locations if place.is_confidential}),
        "phone": next((phone.number for phone in service.phones.all()), ""),
        "reopens_on": service.reopens_on.isoformat() if service.reopens_on else "",
    }


def _next_change(
    service: Service, availability: Availability | None, unverified_from: date, today: date
) -> date | None:
    """The next day the listing would read differently although nobody changes anything."""
    days = [service.closed_from, service.reopens_on, unverified_from, service.visible_from]
    days += [day and day + timedelta(days=1) for day in (service.visible_to, availability and availability.expires_on)]
    for each in service.schedules.all():
        days += [each.valid_from, each.valid_to and each.valid_to + timedelta(days=1)]
    return min((day for day in days if day and day > today), default=None)


def _write_places(service: Service) -> None:
    ListingPlace.objects.filter(listing=service.pk).delete()
    ListingPlace.objects.bulk_create(
        ListingPlace(listing_id=service.pk, bng=each.location.bng, gss=each.location.area_id or "")
        for each in service.at_locations.all()
        if each.location.bng is not None and not each.location.is_confidential
    )
