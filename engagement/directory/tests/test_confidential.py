"""A refuge's address is in no byte that leaves the portal, and nothing anybody can ask depends on it.

The tests find every address of the directory and of its feed by themselves, so a page that is added is walked too.
"""

import gzip
import logging
import re
from datetime import timedelta
from itertools import product
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.apps import apps
from django.conf import settings
from django.core import mail
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from chatr.notifications.operations.sending import drain
from chatr.tests.test_conventions import addresses, modules, view_of

from ..models import (
    ConfidentialAddress,
    FeedPlace,
    FrontDoor,
    Listing,
    ListingPlace,
    Location,
    Pathway,
    PathwayStep,
    Postcode,
    StepService,
    ThresholdFramework,
    ThresholdLevel,
)
from ..operations import shortlists
from ..operations.hiding import HiddenAddress, hide_location, keep_hidden_place
from ..operations.listings import refresh
from ..queries.entries import entry_of
from ..rules.entries import Place, Route
from .making import CITY, HACKNEY, entry, publish, put_postcode

pytestmark = pytest.mark.django_db
NOW = timezone.now()
BROWSER = {"HTTP_USER_AGENT": "Mozilla/5.0 Firefox/130.0"}

# The secret, and how it might be written. Its coordinates are unlike any other's.
STREET, HIDDEN, ELSEWHERE = "13 Hidden Lantern Yard", "E8 9QX", "EC2A 9QX"
SECRETS = ("hidden lantern", "lantern yard", "e8 9qx", "e89qx", "e8%209qx", "e8+9qx", "51.54321", "0.05123", "ec2a 9qx")
# Where people look from: next to the refuge, next to where it moves to, and far from both.
NEAR, NEAR_ELSEWHERE, FAR = "E8 1DY", "EC2A 1AA", "N1 1AA"
PLACES = (NEAR, NEAR_ELSEWHERE, FAR, HIDDEN, ELSEWHERE, "E8", "Hackney", "City of London")
SEARCHES = (
    *({"q": words} for words in ("refuge", "refug", "counselling", "lantern", "13 Hidden Lantern")),
    *({"q": "refuge", "where": where} for where in PLACES),
    *({"need": "domestic-abuse", "where": where, "distance": "1"} for where in PLACES),
    {"age": "7", "cost": "free", "refer": "family", "access": "step-free", "where": NEAR},
    {"age": "7", "where": NEAR, "page": "2"},
)


@pytest.fixture
def secret(together, next_door):
    """A refuge whose place is hidden, beside a service with an ordinary one, a pathway, a front door and a link."""
    put_postcode(HIDDEN, 51.543211, -0.051233)
    put_postcode(ELSEWHERE, 51.523311, -0.082233, CITY)
    put_postcode(NEAR, 51.5433, -0.0513)
    put_postcode(NEAR_ELSEWHERE, 51.5234, -0.0823, CITY)
    put_postcode(FAR, 51.56, -0.11, "E09000019")
    refuge = publish(
        together,
        entry(
            "Example refuge",
            terms=("domestic-abuse",),
            is_sensitive=True,
            family=Route(how="Ring us, day and night.", phone="020 7946 0001"),
            places=(
                Place(
                    name="Lantern Yard house",
                    address_1=STREET,
                    city="London",
                    postal_code=HIDDEN,
                    access={"step-free": "yes"},
                ),
            ),
        ),
        verified=NOW,
    )
    publish(
        next_door,
        entry(
            "Example open house",
            terms=("domestic-abuse", "counselling"),
            places=(Place(name="Open House", address_1="7 Plain Street", city="London", postal_code=NEAR),),
        ),
        verified=NOW,
    )
    location = refuge.at_locations.get().location
    hide_location(location=location, area=HACKNEY, by=None, now=NOW)
    FrontDoor.objects.create(area_id=HACKNEY, name="Example front door", phone="020 7946 0500", hours="Day and night")
    framework = ThresholdFramework.objects.create(area_id=HACKNEY, title="Example framework", is_published=True)
    level = ThresholdLevel.objects.create(framework=framework, order=1, name="Example level")
    pathway = Pathway.objects.create(
        title="Example pathway", slug="example-pathway", framework=framework, summary="S", is_published=True
    )
    step = PathwayStep.objects.create(pathway=pathway, order=1, title="First", entry="E", level=level)
    StepService.objects.create(step=step, service=refuge)
    _, token = shortlists.share(services=[refuge.pk], days=14, live=0, by=None, now=NOW)
    call_command("rebuild_directory")
    return {"service": refuge, "location": location, "pathway": pathway, "token": token}


# Everything anybody can ask


def public_addresses(secret) -> list[str]:
    """Every address of the directory and its feed, with each id it may be asked by."""
    service = secret["service"]
    term = service.service_terms.get().term
    at = Location.objects.get(is_confidential=False).at_services.get()
    values = {
        "slug": [service.slug, secret["pathway"].slug],
        "token": [secret["token"]],
        "uuid": [
            *(service.pk, service.at_locations.get().pk, secret["location"].pk, service.organisation_id),
            *(term.pk, term.taxonomy_id, at.pk, at.service_id),
        ],
    }
    found = []
    for address, name, callback in addresses():
        if not name.startswith(("directory:", "oruk:")) or "get" not in vars(view_of(callback)) | inherited(callback):
            continue
        address = re.sub(r"[\^$]|/\?$", "", address).replace(r"\.", ".").replace("/?", "")
        address = re.sub(r"\(\?P<(\w+)>[^)]*\)", r"<\1>", address)
        names = [each.rpartition(":")[2] for each in re.findall(r"<([^>]+)>", address)]
        kinds = [each if each in values else "uuid" for each in names]
        for chosen in product(*(values[kind] for kind in kinds)):
            here = address
            for value in chosen:
                here = re.sub(r"<[^>]+>", str(value), here, count=1)
            found.append("/" + here)
    return sorted(set(found))


def inherited(callback) -> dict:
    return dict.fromkeys(dir(view_of(callback)), True)


def questions() -> list[str]:
    """Searches by words, places and filters, as the find page, the map and the feed take them."""
    asked = [f"/services/{kind}?{urlencode(search)}" for search in SEARCHES for kind in ("", "map/")]
    near = product((NEAR, NEAR_ELSEWHERE, HIDDEN, ELSEWHERE), ("100", "90000"))
    feed = [("service_at_locations", {"postcode": postcode, "proximity": metres}) for postcode, metres in near]
    for kind in ("services", "service_at_locations", "organizations"):
        feed += [(kind, {"search": "lantern"}), (kind, {"format": "ndjson"}), (kind, {"full": "true"})]
        feed += [(kind, {"modified_after": (NOW - timedelta(days=9)).isoformat()})]
    asked += [f"/oruk/v3/{kind}?{urlencode(query)}" for kind, query in feed]
    return [*asked, *(f"/services/example-refuge/?where={gss}" for gss in (HACKNEY, CITY))]


def answers(addresses: list[str]) -> dict[str, tuple]:
    """What a visitor gets at each, but for what is new in every answer."""
    client, found = Client(), {}
    for address in addresses:
        response = client.get(address, **BROWSER)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        if response.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        body = re.sub(rb'(nonce|name="(csrfmiddlewaretoken|key)" value)="[^"]*"', b"", body)
        headers = {
            name: value
            for name, value in response.items()
            if name not in ("Content-Security-Policy", "Set-Cookie", "Expires", "Content-Length")
        }
        found[address] = (response.status_code, headers, body)
    return found


def told(secrets, text: str) -> list[str]:
    return [each for each in secrets if each in text.lower()]


def move(secret, street: str, postcode: str) -> None:
    """Write another hidden address, as an editor or staff does."""
    place = entry_of(secret["service"]).places[0]
    keep_hidden_place(
        place=place,
        organisation=secret["service"].organisation,
        address=HiddenAddress(street, postcode),
        by=None,
        now=NOW,
    )
    assert ConfidentialAddress.objects.get().postcode == postcode


def test_the_walk_would_see_an_address(secret):
    """The near-miss: a place that is not hidden is found by all of these ways, so their silence means something."""
    found = answers([*public_addresses(secret), *questions()])
    plain = [address for address, (_, _, body) in found.items() if b"7 Plain Street" in body or b"Open House" in body]
    for start in ("/services/?", "/services/map/", "/services/example-", "/oruk/v3/services", "/oruk/v3/service_at"):
        assert [
            address for address in plain + [each for each in found if "refuge" in each] if address.startswith(start)
        ]
    assert any(b"Example refuge" in body for _, _, body in found.values())
    assert {status for status, _, _ in found.values() if status >= 500} == set()
    walked = {address.split("?")[0].rstrip("/") for address, (status, _, _) in found.items() if status == 200}
    for here in (
        *("/services", "/services/map", "/services/example-refuge", "/services/pathways/example-pathway"),
        *("/services/levels", "/services/shortlist", "/services/example-refuge/suggest", "/oruk/v3/services"),
        *(f"/oruk/v3/services/{secret['service'].pk}", "/oruk/v3/service_at_locations", "/oruk/v3/organizations"),
        f"/services/shared/{secret['token']}",
    ):
        assert here in walked, here


def test_a_refuges_address_is_in_no_public_answer(secret):
    found = answers([*public_addresses(secret), *questions()])
    telling = {}
    for address, (_, headers, body) in found.items():
        asked = [each for each in SECRETS if each in address.lower().replace("+", " ") or each in address.lower()]
        said = told([each for each in SECRETS if each not in asked], body.decode() + str(headers))
        # Words somebody typed are shown to them again; an answer to other words may not hold them.
        if said and not (asked and set(said) <= {"e8 9qx", "ec2a 9qx", "e8%209qx", "e8+9qx", "e89qx"}):
            telling[address] = said
    assert telling == {}
    refuge = found["/services/example-refuge/"][2].decode()
    assert "Hackney, address not shown" in refuge


def test_changing_the_hidden_postcode_changes_no_byte_of_any_public_answer(secret):
    asked = [*public_addresses(secret), *questions()]
    before = answers(asked)
    for street, postcode in (("99 Other Yard", NEAR), ("1 City Yard", ELSEWHERE)):  # and to another borough
        move(secret, street, postcode)
        refresh(service=secret["service"], now=NOW + timedelta(minutes=5))
        call_command("rebuild_directory")
        after = answers(asked)
        for address in asked:
            assert after[address] == before[address], (address, postcode)


def test_no_distance_no_point_and_no_place_in_the_search_or_the_feed_comes_from_it(secret):
    service = secret["service"]
    listing = Listing.objects.get(service=service)
    assert (listing.has_places, listing.hidden_in) == (False, [HACKNEY])
    assert not ListingPlace.objects.filter(listing=listing).exists()
    location = Location.objects.get(pk=secret["location"].pk)
    assert (location.latitude, location.longitude, location.bng) == (None, None, None)
    at = service.at_locations.get()
    left = FeedPlace.objects.get(pk=at.pk)  # it was public once: the feed says that it went
    assert (left.bng, left.areas) == (None, None) and left.gone_on is not None
    asked = f"/oruk/v3/service_at_locations?{urlencode({'postcode': HIDDEN, 'proximity': '90000'})}"
    (answer,) = answers([asked]).values()
    assert str(at.pk).encode() not in answer[2] and b"Open House" in answer[2]


def test_its_borough_is_what_was_stated_and_never_what_its_postcode_says(secret):
    move(secret, STREET, ELSEWHERE)
    refresh(service=secret["service"], now=NOW)
    assert Location.objects.get(pk=secret["location"].pk).area_id == HACKNEY
    assert Listing.objects.get(service=secret["service"]).hidden_in == [HACKNEY]


# What is written and sent


def test_no_table_but_its_own_holds_it_after_everything_that_can_happen_to_a_service(
    secret, sign_in, people, editor, caplog, tmp_path
):
    caplog.set_level(logging.DEBUG)
    visitor, service = Client(), secret["service"]
    answers(questions())
    for client in (visitor, sign_in(Client(), people.person)):
        client.post(reverse("directory:shortlist-add"), {"service": service.pk})
        client.post(reverse("directory:share-shortlist"), {"days": 14})
        client.post(reverse("directory:email-shortlist"))
        client.post(reverse("directory:did-it-help", args=[service.slug]), {"helped": "yes"})
        client.post(
            reverse("directory:suggest", args=[service.slug]), {"topic": "other", "words": "Something is wrong"}
        )
    move(secret, STREET, ELSEWHERE)
    move(secret, STREET, HIDDEN)
    sheet = tmp_path / "services.csv"
    call_command("export_services", str(sheet))
    drain(now=timezone.now())
    assert mail.outbox, "somebody was written to"
    assert told(SECRETS, " ".join(str(each.message()) for each in mail.outbox)) == []
    assert told(SECRETS, without_what_was_asked(caplog.text)) == []
    assert "Example refuge" in sheet.read_text() and told(SECRETS, sheet.read_text()) == []
    for model in apps.get_models():
        if model in (ConfidentialAddress, Postcode):  # the second is every postcode there is
            continue
        assert told(SECRETS, str(list(model.objects.values()))) == [], model


def without_what_was_asked(text: str) -> str:
    """A log without the addresses people asked for, whose words are their own."""
    return re.sub(r"(GET|POST) \S+|/services/\S*\?\S*|/oruk/\S*\?\S*", "", text)


def test_hiding_an_address_takes_it_out_of_what_was_public_at_once(together):
    put_postcode(HIDDEN, 51.543211, -0.051233)
    service = publish(together, entry("Example refuge", places=(Place(address_1=STREET, postal_code=HIDDEN),)))
    page = f"/services/{service.slug}/"
    feed = f"/oruk/v3/services/{service.pk}"
    assert all(STREET.encode() in body for _, _, body in answers([page, feed]).values())
    hide_location(location=service.at_locations.get().location, area=HACKNEY, by=None, now=NOW)
    for _, _, body in answers([page, feed, "/services/?q=refuge", "/oruk/v3/services"]).values():
        assert told(SECRETS, body.decode()) == []


def test_the_database_keeps_it_encrypted(secret):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT address, postcode FROM directory_confidentialaddress")
        (kept,) = cursor.fetchall()
    assert told(SECRETS, str(kept)) == []
    assert "Hidden Lantern Yard" in ConfidentialAddress.objects.get().address


# Who reads the table

MAY_READ = {
    "engagement/directory/admin/services.py",
    "engagement/directory/models/__init__.py",
    "engagement/directory/models/locations.py",
    "engagement/directory/operations/duplicates.py",
    "engagement/directory/operations/entries.py",
    "engagement/directory/operations/hiding.py",
    "engagement/directory/operations/looking_after.py",
    "engagement/directory/privacy.py",
}


def test_nothing_public_names_the_table_it_is_in():
    words = ("ConfidentialAddress", "confidential_address", "confidentialaddress")
    sources = [name for name in modules("engagement", "chatr") if "/tests/" not in name and "/migrations/" not in name]
    naming = {name for name in sources if any(word in Path(settings.BASE_DIR, name).read_text() for word in words)}
    assert naming <= MAY_READ, naming - MAY_READ
    templates = [path for path in (settings.BASE_DIR / "templates").rglob("*") if path.is_file()]
    assert [str(path) for path in templates if any(word in path.read_text() for word in words)] == []
