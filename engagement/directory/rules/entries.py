"""An entry: everything about a service that staff approve, as plain values.

Forms, proposed changes, the CSV file, harvesting and example data all make one of these; ``operations.entries``
writes it to the tables and ``queries.entries`` reads it back. Opening hours, space and closing are not in it: those
are live as soon as an editor saves them. Nor is a confidential address.
"""

from dataclasses import asdict, dataclass, field, fields, replace
from decimal import Decimal


@dataclass(frozen=True)
class Route:
    """How the family, or a professional, gets in. ``is_open`` False: they cannot ask themselves."""

    is_open: bool = True
    how: str = ""
    url: str = ""
    email: str = ""
    phone: str = ""
    form_url: str = ""
    consent: str = ""  # yes, no or empty for not stated
    documents: tuple[str, ...] = ()
    what_next: str = ""


@dataclass(frozen=True)
class Price:
    """One price, in pounds."""

    option: str = ""
    amount: Decimal | None = None
    amount_description: str = ""


@dataclass(frozen=True)
class PhoneLine:
    number: str
    description: str = ""


@dataclass(frozen=True)
class ContactLine:
    name: str = ""
    title: str = ""
    is_public: bool = False


@dataclass(frozen=True)
class Place:
    """Where it is given. ``id`` names a location the organisation has already; a confidential one has only its area."""

    id: str = ""
    kind: str = "physical"
    name: str = ""
    description: str = ""
    is_confidential: bool = False
    area: str = ""  # ONS code of the borough; derived from the postcode where it is empty
    address_1: str = ""
    city: str = ""
    postal_code: str = ""
    latitude: float | None = None  # WGS84 degrees; derived from the postcode where they are empty
    longitude: float | None = None
    external_identifier: str = ""
    access: dict[str, str] = field(default_factory=dict)  # code of an access term: yes or no


@dataclass(frozen=True)
class Entry:
    """One service. Ages in years; ``terms`` are codes, ``levels`` ids as text, ``areas`` ONS codes, in any order."""

    name: str
    description: str = ""
    summary: str = ""
    url: str = ""
    email: str = ""
    alert: str = ""
    accreditations: str = ""
    funding: str = ""
    who_for: str = ""
    not_for: str = ""
    any_age: bool = False
    minimum_age: Decimal | None = None
    maximum_age: Decimal | None = None
    cost: str = ""  # free, paid or empty for not stated
    prices: tuple[Price, ...] = ()
    interpreters: str = ""
    languages: tuple[str, ...] = ()
    family: Route | None = None  # None: not stated
    professional: Route | None = None
    phones: tuple[PhoneLine, ...] = ()
    contacts: tuple[ContactLine, ...] = ()
    terms: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()
    is_sensitive: bool = False
    cycle_months: int = 3

    def as_json(self) -> dict:
        """The same as values JSON can hold; decimals become text."""
        return _plain(asdict(self))

    @classmethod
    def from_json(cls, data: dict) -> "Entry":
        """What ``as_json`` made. Keys this version does not know are left out, missing ones keep their default."""
        known = {each.name for each in fields(cls)}
        values = {key: value for key, value in data.items() if key in known}
        for key in ("minimum_age", "maximum_age"):
            values[key] = _decimal(values.get(key))
        for key in ("family", "professional"):
            if route := values.get(key):
                values[key] = Route(**route | {"documents": tuple(route.get("documents", ()))})
        for key in ("languages", "terms", "levels", "areas"):
            values[key] = tuple(values.get(key, ()))
        values["prices"] = tuple(
            Price(**each | {"amount": _decimal(each.get("amount"))}) for each in values.get("prices", ())
        )
        values["phones"] = tuple(PhoneLine(**each) for each in values.get("phones", ()))
        values["contacts"] = tuple(ContactLine(**each) for each in values.get("contacts", ()))
        values["places"] = tuple(Place(**each) for each in values.get("places", ()))
        return cls(**values)

    def but(self, **changes) -> "Entry":
        """A copy with some fields changed."""
        return replace(self, **changes)


def _decimal(value) -> Decimal | None:
    return None if value in (None, "") else Decimal(str(value))


def _plain(value):
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return value
