"""What changes between two entries, field by field, in words a person can read beside each other; and merging them."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from hashlib import sha256

from .ages import ages_in_words
from .entries import ContactLine, Entry, PhoneLine, Place, Price, Route

YES_NO = {"yes": "Yes", "no": "No"}
KINDS = {
    "physical": "A place people go to",
    "postal": "A postal address only",
    "virtual": "Online or by phone",
}
CYCLES = {1: "Every month", 3: "Every 3 months", 6: "Every 6 months", 12: "Once a year"}


@dataclass(frozen=True)
class Names:
    """What the codes of entries mean in words. A code nobody knows is shown as it is."""

    terms: dict[str, str] = field(default_factory=dict)
    areas: dict[str, str] = field(default_factory=dict)
    levels: dict[str, str] = field(default_factory=dict)
    languages: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Difference:
    """One field that is not the same. Each line is one thing said; no line at all is *not stated*."""

    field: str
    label: str
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True)
class Part:
    """What people take for one field: its label, what of an entry it is made of, and how it reads."""

    field: str
    label: str
    of: tuple[str, ...]
    words: Callable[[Entry, Names], Iterable[str]]


def _text(name: str, label: str) -> Part:
    return Part(name, label, (name,), lambda entry, names: getattr(entry, name).splitlines())


def _codes(name: str, label: str) -> Part:
    def words(entry: Entry, names: Names) -> list[str]:
        known = getattr(names, name)
        return sorted((known.get(code, code) for code in set(getattr(entry, name))), key=str.casefold)

    return Part(name, label, (name,), words)


def age_words(entry: Entry) -> str:
    """``Ages 6 months to 11``, ``Any age``; empty where nobody said."""
    if not entry.any_age and entry.minimum_age is None and entry.maximum_age is None:
        return ""
    return ages_in_words(entry.minimum_age, entry.maximum_age, entry.any_age)


def price_words(price: Price) -> str:
    """``A session: £12.50, per hour``."""
    amount = "" if price.amount is None else f"£{price.amount:,.2f}".removesuffix(".00")
    said = ", ".join(filter(None, (amount, price.amount_description)))
    return ": ".join(filter(None, (price.option, said)))


def _cost(entry: Entry, names: Names) -> Iterable[str]:
    yield from filter(None, ({"free": "Free", "paid": "Costs money"}.get(entry.cost, ""),))
    yield from map(price_words, entry.prices)


def route_words(route: Route | None) -> Iterable[str]:
    """A referral route, line by line."""
    if route is None:
        return
    yield "They can ask" if route.is_open else "They cannot ask themselves"
    yield from route.how.splitlines()
    for label, said in (
        ("Phone", route.phone),
        ("E-mail", route.email),
        ("Web page", route.url),
        ("Form", route.form_url),
        ("Consent needed", YES_NO.get(route.consent, "")),
    ):
        if said:
            yield f"{label}: {said}"
    yield from (f"Send with it: {document}" for document in route.documents)
    if route.what_next:
        yield from f"What happens next: {route.what_next}".splitlines()


def _phone(line: PhoneLine) -> str:
    return ", ".join(filter(None, (line.number, line.description)))


def _contact(line: ContactLine) -> str:
    who = ", ".join(filter(None, (line.name, line.title)))
    return f"{who} ({'may be published' if line.is_public else 'not published'})"


def place_words(place: Place, names: Names) -> Iterable[str]:
    """A place, line by line; of a confidential one its borough and what access it has, nothing else."""
    borough = names.areas.get(place.area, place.area)
    if place.is_confidential:
        yield ", ".join(filter(None, (borough, "address not shown")))
    else:
        address = ", ".join(filter(None, (place.name, place.address_1, place.city, place.postal_code)))
        kind = KINDS.get(place.kind, place.kind)
        yield f"{address} ({kind[:1].lower()}{kind[1:]})" if address else kind
        if place.description:
            yield f"How to find it: {place.description}"
        if borough:
            yield f"Borough: {borough}"
        if place.latitude is not None and place.longitude is not None and not place.postal_code:
            yield f"On the map: {place.latitude:.5f}, {place.longitude:.5f}"
        if place.external_identifier:
            yield f"Property number (UPRN): {place.external_identifier}"
    said = ((names.terms.get(code, code), YES_NO.get(state, "")) for code, state in place.access.items())
    yield from (f"{term}: {state.lower()}" for term, state in sorted(said) if state)


def _places(entry: Entry, names: Names) -> Iterable[str]:
    for place in entry.places:
        yield from place_words(place, names)


PARTS = (
    _text("name", "Name"),
    _text("summary", "In one line"),
    _text("description", "What it does"),
    _text("alert", "To know at once"),
    _text("who_for", "Who it is for"),
    _text("not_for", "Who it is not for"),
    Part("ages", "Ages", ("any_age", "minimum_age", "maximum_age"), lambda entry, names: (age_words(entry),)),
    _codes("terms", "Needs, groups and ways of working"),
    _codes("levels", "Levels of need"),
    Part("cost", "Cost", ("cost", "prices"), _cost),
    Part("family", "How a family asks", ("family",), lambda entry, names: route_words(entry.family)),
    Part(
        "professional",
        "How a professional refers",
        ("professional",),
        lambda entry, names: route_words(entry.professional),
    ),
    _codes("languages", "Languages"),
    Part(
        "interpreters",
        "Interpreters",
        ("interpreters",),
        lambda entry, names: filter(None, (YES_NO.get(entry.interpreters, ""),)),
    ),
    Part("phones", "Phone numbers", ("phones",), lambda entry, names: map(_phone, entry.phones)),
    _text("email", "Public e-mail address"),
    _text("url", "Web page"),
    Part("contacts", "People to ask for", ("contacts",), lambda entry, names: map(_contact, entry.contacts)),
    Part("places", "Places", ("places",), _places),
    _codes("areas", "Boroughs it serves"),
    _text("accreditations", "Accreditations"),
    _text("funding", "Paid for by"),
    Part(
        "is_sensitive",
        "Shows Exit this page",
        ("is_sensitive",),
        lambda entry, names: ("Yes" if entry.is_sensitive else "No",),
    ),
    Part(
        "cycle_months",
        "How often it is verified",
        ("cycle_months",),
        lambda entry, names: (CYCLES.get(entry.cycle_months, f"Every {entry.cycle_months} months"),),
    ),
)
BY_FIELD = {part.field: part for part in PARTS}
IN_ANY_ORDER = frozenset(("terms", "levels", "languages", "areas"))


def differences(before: Entry | None, after: Entry | None, names: Names) -> list[Difference]:
    """What is not the same in two entries, in the order of the page. None: there is, or was, no entry."""
    return [
        Difference(part.field, part.label, _lines(part, before, names), _lines(part, after, names))
        for part in PARTS
        if not same(part.field, before, after) and _lines(part, before, names) != _lines(part, after, names)
    ]


def everything(entry: Entry, names: Names) -> list[Difference]:
    """All of one entry in words, what is not stated too: ``after`` alone is filled."""
    return [Difference(part.field, part.label, (), _lines(part, entry, names)) for part in PARTS]


def same(name: str, one: Entry | None, other: Entry | None) -> bool:
    """Whether two entries say the same in one field."""
    return value_of(name, one) == value_of(name, other)


def value_of(name: str, entry: Entry | None) -> tuple | None:
    """What a field is made of, so that it can be compared; where the order says nothing it is left out."""
    if entry is None:
        return None
    values = (getattr(entry, each) for each in BY_FIELD[name].of)
    return tuple(tuple(sorted(set(value))) if name in IN_ANY_ORDER else value for value in values)


def _lines(part: Part, entry: Entry | None, names: Names) -> tuple[str, ...]:
    return () if entry is None else tuple(line for line in part.words(entry, names) if line.strip())


@dataclass(frozen=True)
class Merged:
    """Two changes of one entry put together. ``both`` names the fields each changed in its own way."""

    entry: Entry
    ours: tuple[str, ...]
    theirs: tuple[str, ...]
    both: tuple[str, ...]


def merge(base: Entry | None, ours: Entry, theirs: Entry) -> Merged:
    """Ours, with every field taken from theirs that only they changed since the base.

    A field both changed stays as ours and is named in ``both``; with the same change on both sides it is in neither.
    """
    return sort_out(ours, theirs, lambda name, entry: same(name, base, entry))


def sort_out(ours: Entry, theirs: Entry, is_as_it_was: Callable[[str, Entry], bool]) -> Merged:
    """The same, where somebody else knows whether a field of an entry is as it was in the base."""
    found: dict[str, list[str]] = {"ours": [], "theirs": [], "both": []}
    for part in PARTS:
        if same(part.field, ours, theirs):
            continue
        if is_as_it_was(part.field, ours):
            found["theirs"].append(part.field)
        elif is_as_it_was(part.field, theirs):
            found["ours"].append(part.field)
        else:
            found["both"].append(part.field)
    return Merged(take(ours, theirs, found["theirs"]), **{side: tuple(names) for side, names in found.items()})


def take(ours: Entry, theirs: Entry, names: Iterable[str]) -> Entry:
    """Ours, with some fields as theirs."""
    return ours.but(**{each: getattr(theirs, each) for name in names for each in BY_FIELD[name].of})


def labels(names: Iterable[str]) -> str:
    """Fields in words: ``Name and Places``."""
    words = [BY_FIELD[name].label for name in names]
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))


def mark(name: str, entry: Entry) -> str:
    """A short mark of what a field says, so that a page can tell later whether it still says so."""
    plain = entry.as_json()
    values = [sorted(set(plain[each])) if each in IN_ANY_ORDER else plain[each] for each in BY_FIELD[name].of]
    return sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()[:12]
