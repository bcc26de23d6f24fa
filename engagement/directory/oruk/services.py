"""A service: in lists, by itself, and at one place."""

import json
from datetime import date

from .organisations import organisation, whole_organisation
from .parts import attributes, costs, languages, routes, schedules, service_areas
from .places import borough, location, short_location
from .values import derived, email, number, text, tidy, uri

ACTIVE, INACTIVE, CLOSED = "active", "inactive", "temporarily closed"
# What moves when somebody only says that the entry is still right, or by writing the rest.
OF_TIME = ("assured_date", "assurer_email", "last_modified")


def item(row, *, status: str, verified_on: date | None) -> dict:
    """What stands in lists. ``last_modified`` is put in by whoever knows it."""
    return _facts(row, status, verified_on) | {"organization": organisation(row.organisation)}


def whole(row, *, status: str, verified_on: date | None, today: date) -> dict:
    """Everything of it that is public; ``row`` is loaded with everything."""
    places = [each for each in _in_order(row.at_locations) if not each.location.is_confidential]
    hidden = {each.location.area for each in row.at_locations.all() if each.location.is_confidential}
    return _facts(row, status, verified_on) | tidy(
        {
            "organization": whole_organisation(row.organisation),
            "schedules": schedules(row, today),
            "service_areas": service_areas(row),
            "service_at_locations": [_at(row, each, location(each.location)) for each in places],
            "languages": languages(row),
            "funding": row.funding.strip()
            and [{"id": derived(row.pk, "funding"), "service_id": str(row.pk), "source": row.funding}],
            "cost_options": costs(row),
            "contacts": [
                {"id": str(each.pk), "service_id": str(row.pk), "name": each.name, "title": each.title}
                for each in _in_order(row.contacts)
                if each.is_public
            ],
            "attributes": attributes(row),
            "phones": [
                {
                    "id": str(each.pk),
                    "service_id": str(row.pk),
                    "number": each.number,
                    "description": each.description,
                }
                for each in _in_order(row.phones)
                if each.number.strip()
            ],
            **_extras(row, today),
            "x_address_not_shown_in": [borough(area) for area in sorted(hidden, key=lambda area: area.gss)],
        }
    )


def withdrawn(row) -> dict:
    """What is left of a service for a while after it was withdrawn: which one it was, and that it is no more."""
    said = {"id": str(row.pk), "organization_id": str(row.organisation_id), "name": row.name, "status": INACTIVE}
    return said | {"organization": organisation(row.organisation)}


def place_item(at, *, service: dict) -> dict:
    """A service at one place, in lists; ``service`` as in lists."""
    return _at(at.service, at, short_location(at.location), service["status"]) | {"service": service}


def place_whole(at, *, service: dict) -> dict:
    """A service at one place, by itself; ``service`` whole. Its hours there stand apart too."""
    elsewhere = {key: value for key, value in service.items() if key != "service_at_locations"}
    here = [each for each in service.get("schedules", ()) if each.get("service_at_location_id") == str(at.pk)]
    shape = _at(at.service, at, location(at.location), service["status"])
    return shape | tidy({"schedules": here}) | {"service": elsewhere}


def withdrawn_place(pk, *, service: dict) -> dict:
    """What is left of a service at a place after it left there. ``service`` as in lists."""
    same = {"id": str(pk), "service_id": service["id"], "name": service["name"], "status": INACTIVE}
    return same | {"service": service}


def minimal(finished: str) -> str:
    """Of finished JSON only which it is, its name and status, and when it last changed."""
    said = json.loads(finished)
    named = {key: said[key] for key in ("id", "service_id", "name", "status") if key in said}
    return text(named | {"last_modified": said.get("service", said)["last_modified"]})


def _at(row, at, place: dict, status: str | None = None) -> dict:
    """With a name and a status the shape passes for a service too, which one edition of the standard asks for."""
    named = {"name": row.name, "status": status} if status else {}
    return {
        "id": str(at.pk),
        "service_id": str(row.pk),
        "location_id": str(at.location_id),
        **named,
        "location": place,
    }


def _facts(row, status: str, verified_on: date | None) -> dict:
    mailbox = getattr(getattr(row.organisation, "directory_profile", None), "email", "")
    return tidy(
        {
            "id": str(row.pk),
            "organization_id": str(row.organisation_id),
            "name": row.name,
            "description": row.description,
            "url": uri(row.url),
            "email": email(row.email),
            "status": status,
            "accreditations": row.accreditations,
            "minimum_age": number(row.minimum_age),
            "maximum_age": number(row.maximum_age),
            "assured_date": verified_on and verified_on.isoformat(),
            "assurer_email": verified_on and email(mailbox),
            "alert": row.alert,
        }
    )


def _extras(row, today: date) -> dict:
    said = getattr(row, "availability", None)
    space = said if said is not None and said.expires_on >= today else None
    return {
        "eligibility_description": row.who_for,
        "wait_time": space and space.waiting_time,
        "x_summary": row.summary,
        "x_not_for": row.not_for,
        "x_any_age": row.any_age or None,
        "x_cost": row.cost,
        "x_interpreters": {"yes": True, "no": False}.get(row.interpreters),
        "x_referral_routes": routes(row),
        "x_availability": space
        and {
            "state": space.state,
            "waiting_time": space.waiting_time,
            "as_of": space.as_of.isoformat(),
            "expires_on": space.expires_on.isoformat(),
        },
        "x_closed": row.closed_from
        and (row.reopens_on is None or today < row.reopens_on)
        and {
            "from": row.closed_from.isoformat(),
            "reopens_on": row.reopens_on and row.reopens_on.isoformat(),
            "note": row.closed_note,
        },
    }


def _in_order(manager) -> list:
    return sorted(manager.all(), key=lambda each: (each.place, each.pk))
