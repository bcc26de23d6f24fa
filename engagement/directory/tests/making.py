"""Services and people of the directory's tests."""

from datetime import UTC, datetime
from decimal import Decimal

from chatr.accounts.models import Membership, Organisation
from chatr.testing.people import make_person

from ..models import Postcode, Service, Verification
from ..operations.entries import TO_GRID
from ..operations.listings import refresh
from ..operations.services import publish_entry, start_service
from ..rules.entries import Entry, Place, Route

NOW = datetime(2026, 10, 12, 9, 0, tzinfo=UTC)
HACKNEY, CITY, ISLINGTON = "E09000012", "E09000001", "E09000019"


def entry(name: str = "Example counselling", **changes) -> Entry:
    """An entry with a little of everything: counselling, ages 5 to 11, free, in Hackney, both routes."""
    whole = {
        "summary": "Talking with somebody you can trust.",
        "description": "Weekly sessions with a trained counsellor for children who find things hard.",
        "terms": ("counselling",),
        "minimum_age": Decimal(5),
        "maximum_age": Decimal(11),
        "cost": "free",
        "areas": (HACKNEY,),
        "family": Route(how="Ring us."),
        "professional": Route(how="Send the form.", consent="yes", what_next="We ring within a week."),
        "places": (Place(name="Example House", address_1="1 Example Street", city="London", postal_code="E8 1DY"),),
    }
    return Entry(name=name, **whole | changes)


def bare(name: str = "Example bare service", **changes) -> Entry:
    """An entry of which nothing is stated but its name and description."""
    return Entry(name=name, description=changes.pop("description", "Help for people."), **changes)


def publish(organisation: Organisation, this: Entry | None = None, *, now: datetime = NOW, verified=None) -> Service:
    """A public service; ``verified`` is when somebody last verified it, None for never."""
    this = this or entry()
    service = start_service(organisation=organisation, name=this.name, by=None, now=now)
    service = publish_entry(service=service, entry=this, by=None, now=now)
    if verified is not None:
        Verification.objects.create(service=service, method=Verification.Method.PAGE, at=verified)
        refresh(service=service, now=now)
    return service


def make_editor(name: str, email: str, organisation: Organisation):
    """Somebody who may edit the entries of an organisation."""
    user = make_person(name, email, organisation)
    Membership.objects.filter(user=user).update(can_edit_directory=True)
    return user


def put_postcode(code: str, latitude: float, longitude: float, gss: str = HACKNEY, **fields) -> Postcode:
    """A postcode of our own making, where the shipped ones are not wanted."""
    code = code.replace(" ", "")
    bng = TO_GRID.transform(longitude, latitude)
    values = {"outcode": code[:-3], "latitude": latitude, "longitude": longitude, "bng": bng, "gss": gss} | fields
    return Postcode.objects.update_or_create(code=code, defaults=values)[0]


__all__ = [
    *("CITY", "HACKNEY", "ISLINGTON", "NOW", "Area", "Place", "Route", "bare", "entry", "make_editor"),
    *("make_organisation", "make_person", "publish", "put_postcode"),
]
