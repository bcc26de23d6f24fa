"""A feed with one service of each kind, and the standard's own schemas where they can be found."""

import json
import os
from datetime import time, timedelta
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from jsonschema import Draft202012Validator

from chatr.testing.loudly import skip_loudly

from ..models import (
    Area,
    Availability,
    OrganisationIdentifier,
    Profile,
    Schedule,
    ThresholdFramework,
    ThresholdLevel,
    Verification,
)
from ..operations.listings import refresh
from ..operations.services import withdraw_service
from ..rules.entries import ContactLine, PhoneLine, Place, Price, Route
from .making import CITY, HACKNEY, NOW, bare, entry, publish, put_postcode

HIDDEN = Place(is_confidential=True, area=HACKNEY)


def make_a_feed(organisation, other) -> dict:
    """Services by what is special about them, ``verified`` or not, in this order in the feed."""
    put_postcode("E8 1DY", 51.545, -0.055)
    put_postcode("EC2V 7HH", 51.5155, -0.0922, gss=CITY)
    Profile.objects.create(
        organisation=organisation,
        description="Help for families.",
        website="https://together.example.org/über uns?q=ä",
        email="office@together.example.org",
        parent=other,
    )
    OrganisationIdentifier.objects.create(
        id=uuid4(), organisation=organisation, scheme="GB-CHC", identifier_type="Charity number", identifier="0000001"
    )
    framework = ThresholdFramework.objects.create(
        area=Area.objects.get(pk=HACKNEY), title="Example framework", is_published=True, valid_from=NOW.date()
    )
    level = ThresholdLevel.objects.create(framework=framework, order=1, name="Example first level")
    made = {
        "full": publish(organisation, full(level), verified=NOW),
        "bare": publish(organisation, bare()),
        "refuge": publish(organisation, bare("Example refuge", places=(HIDDEN,), areas=(HACKNEY,))),
        "closed": publish(other, entry("Example closed club")),
        "gone": publish(other, entry("Example club that ended")),
        "two places": publish(other, entry("Example two places", places=two_places())),
        "online": publish(other, bare("Example online", places=(Place(kind="virtual", name="Our website"),))),
    }
    _live_facts(made)
    withdraw_service(service=made["gone"], by=None, now=NOW)
    return made


def full(level):
    """An entry with something everywhere, some of it hard to send."""
    return entry(
        "Example counselling “für alle”",
        url="https://bücher.example.org/a b?name=ü#top",
        email="help@together.example.org",
        alert='Ring "first" \\ please <b>',
        accreditations="Example quality mark",
        funding="The borough",
        who_for="Children who worry.",
        not_for="Adults.",
        minimum_age=Decimal("0.5"),
        prices=(Price("A session", Decimal("12.50"), "each"), Price(amount_description="what you can")),
        cost="paid",
        interpreters="no",
        languages=("tur", "xyz"),
        levels=(str(level.pk),),
        terms=("counselling", "children", "online"),
        phones=(PhoneLine("020 7946 0001", "Mornings"),),
        contacts=(ContactLine("Ana Example", "Manager", True), ContactLine("Private Example", "Worker", False)),
        family=Route(is_open=False),
        professional=Route(
            how="Send it.", form_url="https://example.org/form", consent="yes", documents=("A plan", "A form")
        ),
        places=(
            Place(
                name="Example House",
                description="Ring twice.",
                address_1="1 Example Street",
                city="London",
                postal_code="E8 1DY",
                external_identifier="100000000001",
                access={"step-free": "yes", "hearing-loop": "no"},
            ),
        ),
    )


def two_places():
    """One in Hackney and one in the City."""
    return (Place(name="Example North", postal_code="E8 1DY"), Place(name="Example South", postal_code="EC2V 7HH"))


def _live_facts(made: dict) -> None:
    first, here = made["full"], made["full"].at_locations.get()
    hours = {"opens_at": time(9), "closes_at": time(17, 30)}
    Schedule.objects.create(id=uuid4(), service=first, day=0, notes="Ring first.", term_time_only=True, **hours)
    Schedule.objects.create(id=uuid4(), service=first, day=2, at_location=here, valid_from=NOW.date(), **hours)
    Availability.objects.create(
        service=first,
        state="waiting",
        waiting_time="About 6 weeks",
        as_of=NOW.date(),
        expires_on=NOW.date() + timedelta(days=30),
    )
    made["closed"].closed_from, made["closed"].closed_note = NOW.date(), "Holidays"
    made["closed"].save(update_fields=["closed_from", "closed_note"])
    for each in (first, made["closed"]):
        refresh(service=each, now=NOW)


def verify(service, at) -> None:
    """Somebody says it is still right."""
    Verification.objects.create(service=service, method=Verification.Method.PAGE, at=at)
    refresh(service=service, now=at)


def schema_folder() -> Path:
    """Where the standard's schemas are: what ``CHATR_ORUK_SCHEMAS`` names, else a folder beside or above the project.

    They are not part of the project; their licence is another.
    """
    if named := os.environ.get("CHATR_ORUK_SCHEMAS"):
        return Path(named)
    beside = (found for above in Path(settings.BASE_DIR).parents for found in above.glob("*/oruk/schema/service.json"))
    found = next(beside, None)
    if found is None:
        skip_loudly(
            "Conformance of the feed: the schemas of Open Referral UK 3.0 were not found."
            " Set CHATR_ORUK_SCHEMAS to the folder that holds service.json."
        )
    return found.parent


@pytest.fixture
def faults():
    """What the standard's own schema finds wrong with a value; formats count."""
    folder, checkers = schema_folder(), {}

    def find(name: str, value) -> list[str]:
        if name not in checkers:
            schema = json.loads((folder / f"{name}.json").read_text())
            checkers[name] = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
        return [f"{error.json_path}: {error.message[:200]}" for error in checkers[name].iter_errors(value)]

    return find


def blanks(value, at: str = "$") -> list[str]:
    """Where a value holds null, empty text or an empty list or object."""
    if value is None or value in ("", [], {}):
        return [at]
    if isinstance(value, dict):
        return [found for key, each in value.items() for found in blanks(each, f"{at}.{key}")]
    if isinstance(value, list):
        return [found for n, each in enumerate(value) for found in blanks(each, f"{at}[{n}]")]
    return []
