"""Services nobody gives, as many as are wanted, with the spread of facts a real directory has. Straight into the
tables that are searched, because writing each as an editor would takes hours.

``python -m benchmarks.directory_data 10000`` fills the database of DATABASE_URL.
"""

import csv
import io
import json
import os
import random
import sys
import uuid
from datetime import UTC, date, datetime, timedelta

import django

WHAT = ("Example", "Rainbow", "Bridge", "Lantern", "Willow", "Harbour", "Kite", "Meadow", "Beacon", "Orchard", "Anchor")
SORT = ("project", "service", "group", "centre", "hub", "team", "programme", "club", "network", "space")
SAYS = (
    "We meet families where they are and listen first.",
    "Our team rings within five working days and agrees what happens next.",
    "Sessions are every week in term time, alone or in a small group.",
    "We work with the school, the health visitor and the social worker where the family agrees.",
    "Parents can stay, and brothers and sisters are welcome.",
    "There is tea, a quiet room and somebody who speaks your language.",
    "Young people plan the programme themselves and choose a key worker.",
    "We can visit at home, meet in a library, or talk by phone.",
    "A referral form helps us, but nobody is turned away for want of one.",
    "We do not see people in a crisis; ring 999 in an emergency.",
    "Workers are trained in trauma, attachment and safeguarding children.",
    "The course has eight sessions and a certificate at the end.",
    "Volunteers from the neighbourhood run the kitchen, the garden and the homework table.",
)
LANGUAGES = ("tur", "ben", "som", "pol", "spa", "fra", "yid", "kur", "por", "ara")
MIDDLE = (535000, 184500)  # of Hackney, easting and northing
TODAY = date(2026, 10, 12)


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chatr.settings")
    django.setup()
    fill(int(sys.argv[1]))


def fill(n: int, *, seed: int = 1) -> None:
    """Put ``n`` public services of made-up organisations, five each, into an empty directory."""
    from django.db import connection, transaction

    from engagement.directory.models import Area, Taxonomy, Term
    from engagement.directory.operations.vocabulary import rebuild_words

    chance = random.Random(seed)
    needs = list(Term.objects.of(Taxonomy.NEEDS).values_list("code", "name", "description"))
    areas = list(Area.objects.order_by("place").values_list("gss", "name"))
    organisations, services, listings, places = [], [], [], []
    for number in range(n):
        if number % 5 == 0:
            organisations.append(_organisation(number // 5, chance))
        _service(number, organisations[-1], needs, areas, chance, services, listings, places)
    with transaction.atomic(), connection.cursor() as cursor:
        for table, rows in (
            ("accounts_organisation", organisations),
            ("directory_service", services),
            ("directory_listing", listings),
            ("directory_listingplace", places),
        ):
            _copy(cursor, table, rows)
        rebuild_words()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE directory_listing, directory_listingplace, directory_service, directory_searchword")


def _copy(cursor, table: str, rows: list[dict]) -> None:
    lines = io.StringIO()
    writer = csv.writer(lines)
    writer.writerows([[r"\N" if value is None else value for value in row.values()] for row in rows])
    lines.seek(0)
    cursor.copy_expert(rf"COPY {table} ({', '.join(rows[0])}) FROM STDIN (FORMAT csv, NULL '\N')", lines)


def _organisation(number: int, chance: random.Random) -> dict:
    return {
        "id": uuid.UUID(int=chance.getrandbits(128), version=4),
        "name": f"{chance.choice(WHAT)} {chance.choice(('Families', 'Together', 'Trust', 'Youth'))} {number}",
        "sector": "voluntary",
        "borough": "hackney",
        "email_domains": "{}",
        "status": "approved",
        "suspended_because": "",
        "created_at": datetime(2025, 1, 1, tzinfo=UTC),
    }


def _service(number, organisation, needs, areas, chance, services, listings, places) -> None:
    its = chance.sample(needs, chance.choice((1, 1, 2, 2, 3)))
    key = uuid.UUID(int=chance.getrandbits(128), version=4)
    name = f"{chance.choice(WHAT)} {its[0][1].lower()} {chance.choice(SORT)} {number}"[:120]
    said = [its[0][2], *chance.sample(SAYS, chance.randint(3, 7))]
    ages = _ages(chance)
    serves = chance.sample(areas, chance.choice((1, 1, 1, 2, 3))) if chance.random() < 0.8 else None
    verified_on = TODAY - timedelta(days=chance.randint(0, 200)) if chance.random() < 0.7 else None
    sites = chance.choices((0, 1, 2, 4), (25, 60, 12, 3))[0]
    day = datetime(2026, 1, 5, tzinfo=UTC)
    shared = {"slug": f"bench-{number}", "name": name, "is_sensitive": False}
    services.append(
        {"id": key, "organisation_id": organisation["id"], **shared, "state": "published", "version": 1}
        | {"summary": said[0][:200], "description": " ".join(said), "any_age": ages == "(,)", "cycle_months": 3}
        | dict.fromkeys(("url", "email", "alert", "accreditations", "funding", "who_for", "not_for", "closed_note"), "")
        | {"cost": "", "interpreters": "", "created_at": day, "published_at": day}
    )
    listings.append(
        {"service_id": key, "organisation_id": organisation["id"], **shared, "sort_name": name.casefold()}
        | {"terms_text": "\n".join([organisation["name"], *(name for _, name, _ in its)])}
        | {"body_text": "\n".join(said), "verified_on": verified_on, "ages": ages}
        | {"is_verified": verified_on is not None and (TODAY - verified_on).days < 120}
        | {"unverified_from": (verified_on or TODAY) + timedelta(days=120)}
        | {"terms": _array(code for code, _, _ in its), "areas": serves and _array(gss for gss, _ in serves)}
        | _facts(chance)
        | {"is_closed": chance.random() < 0.03, "has_places": sites > 0, "hidden_in": "{}"}
        | {"card": json.dumps(_card(said, organisation, its, serves))}
    )
    for _ in range(sites):
        x, y = (chance.gauss(middle, 4000) for middle in MIDDLE)
        places.append({"listing_id": key, "bng": f"({x:.1f},{y:.1f})", "gss": areas[0][0]})


def _ages(chance: random.Random) -> str | None:
    if chance.random() < 0.25:
        return None
    youngest = chance.choice((0, 0, 0.5, 4, 5, 8, 11, 13, 16))
    return chance.choice((f"[{youngest},{youngest + chance.choice((4, 6, 7, 9, 14))}]", f"[{youngest},)", "(,)"))


def _facts(chance: random.Random) -> dict:
    def maybe(share: float, value):
        return value if chance.random() < share else None

    opens, length = chance.randint(8, 17) * 60, chance.choice((120, 240, 480))
    days = sorted(chance.sample(range(7), chance.choice((1, 2, 5))))
    hours = ",".join(f"[{day * 1440 + opens},{min(day * 1440 + opens + length, (day + 1) * 1440)})" for day in days)
    facts = ("step-free", "accessible-toilet", "hearing-loop", "bsl", "quiet-space", "pushchairs")
    has, lacks = chance.sample(facts, chance.randint(0, 4)), chance.sample(facts, chance.randint(0, 1))
    space = maybe(0.2, chance.choice(("space", "waiting", "full")))
    return {
        "for_family": maybe(0.75, chance.random() < 0.8),
        "for_professional": maybe(0.75, chance.random() < 0.85),
        "cost": maybe(0.7, "free" if chance.random() < 0.85 else "paid"),
        "languages": maybe(0.35, _array(chance.sample(LANGUAGES, chance.randint(1, 3)))),
        "access": _array(has),
        "lacks_access": _array(set(lacks) - set(has)),
        "levels": "{}",
        "open_at": maybe(0.5, "{" + hours + "}"),
        "space": space,
        "space_until": space and TODAY + timedelta(days=3000),
    }


def _card(said, organisation, its, serves) -> dict:
    return {
        "summary": said[0][:200],
        "organisation": organisation["name"],
        "alert": "",
        "needs": [name for _, name, _ in its],
        "modes": [],
        "areas": [name for _, name in serves or ()],
        "places": [],
        "hidden_in": [],
        "phone": "020 7946 0001",
        "reopens_on": "",
    }


def _array(values) -> str:
    return "{" + ",".join(map(str, values)) + "}"


if __name__ == "__main__":
    main()
