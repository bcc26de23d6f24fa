"""What a service of another feed says, as an entry of ours: only what is stated and usable, nothing guessed."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from ..models import Service
from ..oruk.values import email, uri
from ..rules.entries import ContactLine, Entry, PhoneLine, Place, Price, Route

GSS = re.compile(r"E0[6-9][0-9]{6}$")
LANGUAGE = re.compile(r"[a-z]{3}")
KINDS = ("physical", "postal", "virtual")


@dataclass(frozen=True)
class Known:
    """Codes of ours by what a feed may call them: ids and names in lower case; boroughs by code and name."""

    terms: Mapping[str, str] = field(default_factory=dict)
    access: Mapping[str, str] = field(default_factory=dict)
    levels: Mapping[str, str] = field(default_factory=dict)
    areas: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class TheirOrganisation:
    """What a feed says about who gives a service. ``id`` is theirs, or empty."""

    id: str
    name: str
    description: str
    website: str
    email: str
    identifiers: tuple[tuple[str, str, str], ...]  # scheme, what it is called, number


def entry_from(said: dict, known: Known) -> Entry | None:
    """The entry; None where it has no name. Text longer than ours is cut."""
    name = _of(said, "name")
    if not name:
        return None
    low, high = _ages(said)
    cost, prices = _cost(said)
    routes = {_of(each, "audience"): _route(each) for each in _dicts(said, "x_referral_routes")}
    attributes = _dicts(said, "attributes")
    return Entry(
        name=name,
        description=_of(said, "description", 20_000) or _of(said, "x_summary", 20_000),
        summary=_of(said, "x_summary", _most("summary")),
        url=_uri(said, "url"),
        email=_email(said, "email"),
        alert=_of(said, "alert", _most("alert")),
        accreditations=_of(said, "accreditations", _most("accreditations")),
        funding=next(filter(None, (_of(each, "source", 300) for each in _dicts(said, "funding"))), ""),
        who_for=_of(said, "eligibility_description", 5_000),
        not_for=_of(said, "x_not_for", 5_000),
        any_age=said.get("x_any_age") is True and low is None and high is None,
        minimum_age=low,
        maximum_age=high,
        cost=cost,
        prices=prices,
        interpreters=_yes_no(said.get("x_interpreters")),
        languages=_languages(said),
        family=routes.get("family"),
        professional=routes.get("professional"),
        phones=tuple(
            PhoneLine(number, _of(each, "description"))
            for each in _dicts(said, "phones")
            if (number := _of(each, "number", 40))
        ),
        contacts=tuple(
            ContactLine(_of(each, "name"), _of(each, "title"), True)
            for each in _dicts(said, "contacts")
            if _of(each, "name") or _of(each, "title")
        ),
        terms=_codes(attributes, known.terms),
        levels=_codes(attributes, known.levels),
        areas=_areas(said, known),
        places=tuple(_place(each["location"], known) for each in _places(said)),
    )


def organisation_from(said: dict) -> TheirOrganisation | None:
    """Who gives the service; None where nobody is named."""
    their = said.get("organization")
    if not isinstance(their, dict) or not _of(their, "name", 200):
        return None
    identifiers = (
        (
            _of(each, "identifier_scheme", 20).upper(),
            _of(each, "identifier_type", 60),
            "".join(_of(each, "identifier", 60).upper().split()),
        )
        for each in _dicts(their, "organization_identifiers")
    )
    return TheirOrganisation(
        id=_of(their, "id"),
        name=_of(their, "name", 200),
        description=_of(their, "description", 2_000),
        website=_uri(their, "website"),
        email=_email(their, "email"),
        identifiers=tuple(each for each in identifiers if each[0] and each[2]),
    )


def _most(name: str) -> int:
    return Service._meta.get_field(name).max_length


def _of(said: dict, name: str, most: int = 120) -> str:
    """A text of theirs, without what cannot be kept."""
    value = said.get(name)
    if not isinstance(value, str):
        return ""
    return "".join(each for each in value if each in "\n\t" or each.isprintable()).strip()[:most].strip()


def _dicts(said: dict, name: str) -> list[dict]:
    value = said.get(name)
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _uri(said: dict, name: str) -> str:
    found = uri(_of(said, name, 2_000))
    return found if len(found) <= 200 else ""


def _email(said: dict, name: str) -> str:
    return email(_of(said, name, 254))


def _number(value, most: float) -> Decimal | None:
    usable = isinstance(value, int | float) and not isinstance(value, bool)
    if not usable or not math.isfinite(value) or not 0 <= value <= most:
        return None
    return Decimal(str(value)).quantize(Decimal("0.01")).normalize()


def _ages(said: dict) -> tuple[Decimal | None, Decimal | None]:
    low, high = _number(said.get("minimum_age"), 99), _number(said.get("maximum_age"), 120)
    return (low, high) if low is None or high is None or low <= high else (None, None)


def _cost(said: dict) -> tuple[str, tuple[Price, ...]]:
    prices = tuple(
        Price(_of(each, "option"), _number(each.get("amount"), 999_999), _of(each, "amount_description"))
        for each in _dicts(said, "cost_options")
    )
    prices = tuple(each for each in prices if each != Price())
    amounts = [each.amount for each in prices if each.amount is not None]
    cost = said.get("x_cost")
    if cost not in ("free", "paid"):
        cost = "" if not amounts else "paid" if any(amounts) else "free"
    return cost, tuple(each for each in prices if not (cost == "free" and each == Price("Free", Decimal(0))))


def _yes_no(value) -> str:
    return {True: "yes", False: "no"}.get(value, "") if isinstance(value, bool) else ""


def _languages(said: dict) -> tuple[str, ...]:
    codes = (_of(each, "code").lower() for each in _dicts(said, "languages"))
    return tuple(dict.fromkeys(code for code in codes if LANGUAGE.fullmatch(code)))


def _route(each: dict) -> Route:
    documents = each.get("documents")
    listed = documents if isinstance(documents, list) else []
    return Route(
        is_open=each.get("is_open") is not False,
        how=_of(each, "how", 5_000),
        url=_uri(each, "url"),
        email=_email(each, "email"),
        phone=_of(each, "phone", 40),
        form_url=_uri(each, "form_url"),
        consent=_yes_no(each.get("consent_required")),
        documents=tuple(filter(None, (_of({"it": one}, "it", 200).replace("\n", " ") for one in listed))),
        what_next=_of(each, "what_next", 5_000),
    )


def _codes(attributes: list[dict], known: Mapping[str, str]) -> tuple[str, ...]:
    """Terms of ours that theirs are: the same id, or the same name."""
    terms = [each.get("taxonomy_term") for each in attributes]
    names = ((_of(term, "id").lower(), _of(term, "name").casefold()) for term in terms if isinstance(term, dict))
    found = (next((known[name] for name in both if name in known), "") for both in names)
    return tuple(dict.fromkeys(filter(None, found)))


def _areas(said: dict, known: Known) -> tuple[str, ...]:
    found = []
    for each in _dicts(said, "service_areas"):
        code = GSS.search(_of(each, "uri", 300))
        found.append(known.areas.get(code[0] if code else _of(each, "name").casefold(), ""))
    return tuple(dict.fromkeys(filter(None, found)))


def _places(said: dict) -> list[dict]:
    return [each for each in _dicts(said, "service_at_locations") if isinstance(each.get("location"), dict)]


def _place(where: dict, known: Known) -> Place:
    address = next(iter(_dicts(where, "addresses")), {})
    latitude, longitude = where.get("latitude"), where.get("longitude")
    on_the_map = all(
        isinstance(each, int | float) and not isinstance(each, bool) and low < each < high
        for each, low, high in ((latitude, 49, 61), (longitude, -9, 3))  # Great Britain, in degrees
    )
    kind = where.get("location_type")
    access = {}
    for fact in _dicts(where, "accessibility"):
        codes = _codes(_dicts(fact, "attributes"), known.access)
        if fact.get("x_has_it") is not False:
            access |= dict.fromkeys(codes, "yes")
    return Place(
        kind=kind if kind in KINDS else "physical",
        name=_of(where, "name"),
        description=_of(where, "description", 300),
        address_1=_of(address, "address_1", 200),
        city=_of(address, "city", 80),
        postal_code=_of(address, "postal_code", 8),
        latitude=float(latitude) if on_the_map else None,
        longitude=float(longitude) if on_the_map else None,
        external_identifier=_of(where, "external_identifier", 40),
        access=access,
    )
