"""The lists inside a service: hours, areas, languages, prices, terms, ways in."""

from datetime import date

from ..rules.languages import language_name
from . import taxonomies
from .places import GSS
from .values import derived, email, number, uri

BYDAY = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
ZONE = "Europe/London"


def schedules(row, today: date) -> list[dict]:
    """Its weekly hours, as the clock shows in London, but for those that ended before today."""
    kept = (each for each in row.schedules.all() if each.valid_to is None or today <= each.valid_to)
    shown = {at.pk for at in row.at_locations.all() if not at.location.is_confidential}
    return [_schedule(row, each, shown) for each in sorted(kept, key=lambda each: (each.day, each.opens_at, each.pk))]


def _schedule(row, each, shown) -> dict:
    notes = [each.notes.strip(), "In school terms only." if each.term_time_only else ""]
    return {
        "id": str(each.pk),
        "service_id": str(row.pk),
        "service_at_location_id": str(each.at_location_id) if each.at_location_id in shown else None,
        "valid_from": each.valid_from and each.valid_from.isoformat(),
        "valid_to": each.valid_to and each.valid_to.isoformat(),
        "freq": "WEEKLY",
        "byday": BYDAY[each.day],
        "opens_at": f"{each.opens_at:%H:%M}",
        "closes_at": f"{each.closes_at:%H:%M}",
        "notes": " ".join(filter(None, notes)),
        "x_timezone": ZONE,
        "x_term_time_only": each.term_time_only or None,
    }


def service_areas(row) -> list[dict]:
    """The boroughs it serves, by their addresses at the Office for National Statistics."""
    return [
        {
            "id": str(each.pk),
            "service_id": str(row.pk),
            "name": each.area.name,
            "extent_type": "ONS geography",
            "uri": f"{GSS}{each.area_id}",
        }
        for each in row.areas.all()
    ]


def languages(row) -> list[dict]:
    """The profile has only an id for a language; name and code are those of the international standard."""
    return [
        {"id": str(each.pk), "service_id": str(row.pk), "name": language_name(each.code), "code": each.code}
        for each in row.languages.all()
    ]


def costs(row) -> list[dict]:
    """Its prices. A free service without one says so as a price of nought."""
    listed = [
        {
            "id": str(each.pk),
            "service_id": str(row.pk),
            "option": each.option,
            "amount": number(each.amount),
            "currency": "GBP" if each.amount is not None else "",
            "amount_description": each.amount_description,
        }
        for each in row.cost_options.all()
    ]
    if not listed and row.cost == "free":
        free = {"id": derived(row.pk, "free"), "service_id": str(row.pk), "option": "Free", "amount": 0}
        return [free | {"currency": "GBP"}]
    return listed


def attributes(row) -> list[dict]:
    """Its terms, its levels of need and its languages, each with the whole term."""
    return [
        *(_attribute(row, each.pk, taxonomies.term(each.term)) for each in row.service_terms.all()),
        *(_attribute(row, each.pk, taxonomies.level(each.level)) for each in row.levels.all()),
        *(_attribute(row, derived(each.pk, "term"), taxonomies.language(each.code)) for each in row.languages.all()),
    ]


def _attribute(row, pk, term: dict) -> dict:
    return {
        "id": str(pk),
        "link_id": str(row.pk),
        "link_entity": "service",
        "taxonomy_term_id": term["id"],
        "taxonomy_term": term,
    }


def routes(row) -> list[dict]:
    """Who may ask for it and how. No route for somebody: nobody said."""
    return [
        {
            "audience": each.audience,
            "is_open": each.is_open,
            "how": each.how,
            "url": uri(each.url),
            "email": email(each.email),
            "phone": each.phone,
            "form_url": uri(each.form_url),
            "consent_required": {"yes": True, "no": False}.get(each.consent),
            "documents": each.documents.splitlines(),
            "what_next": each.what_next,
        }
        for each in sorted(row.routes.all(), key=lambda each: (each.place, each.pk))
    ]
