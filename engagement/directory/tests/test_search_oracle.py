"""Every combination of filters, its order and every count, against plain Python written from the rules alone."""

import random
from dataclasses import replace
from datetime import date, time, timedelta
from decimal import Decimal
from math import dist
from types import SimpleNamespace
from uuid import UUID

import pytest
from django.db.backends.postgresql.psycopg_any import NumericRange
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ..models import Listing, ListingPlace, Service, ThresholdFramework, ThresholdLevel
from ..queries.search import find
from ..rules.search import FILTERS, Question
from .making import CITY, HACKNEY, ISLINGTON, NOW

TODAY = date(2026, 10, 12)
NEEDS, ACCESS, LANGUAGES = ("housing", "money", "counselling"), ("step-free", "bsl"), ("tur", "ben")
WORDS = ("alpha", "bravo", "delta")  # none is another's stem, mistyped form or synonym
MILE = 1609.344


@pytest.fixture
def levels(db):
    framework = ThresholdFramework.objects.create(area_id=HACKNEY, title="Example levels")
    return [ThresholdLevel.objects.create(framework=framework, order=n, name=f"Level {n}").pk for n in (1, 2)]


@pytest.fixture
def listings(together, levels):
    """Forty listings at random, as plain objects the oracle reads and as rows the search reads."""
    chance = random.Random(22)
    made = [plain(chance, levels, number) for number in range(40)]
    Service.objects.bulk_create(
        Service(id=each.id, organisation=together, slug=f"s-{n}", name=each.name, created_at=NOW)
        for n, each in enumerate(made)
    )
    Listing.objects.bulk_create(row(each, together) for each in made)
    ListingPlace.objects.bulk_create(ListingPlace(listing_id=each.id, bng=bng) for each in made for bng in each.places)
    return made


def plain(chance: random.Random, levels: list[int], number: int) -> SimpleNamespace:
    def maybe(value):
        return value if chance.random() < 0.6 else None

    def some(values):
        return [value for value in values if chance.random() < 0.5]

    youngest = chance.choice((None, 0, Decimal("0.5"), 3, 7))
    oldest = chance.choice((None, 9, Decimal("11.5"), 18))
    access = some(ACCESS)
    hours = [(day * 1440 + 9 * 60, day * 1440 + 17 * 60) for day in some(range(7))] or [(0, 1440)]
    name = " ".join(["Service", *chance.sample(WORDS, chance.randint(0, 1)), str(chance.randint(1, 3))])
    return SimpleNamespace(
        id=UUID(int=chance.getrandbits(128), version=4),
        name=name,
        tags=" ".join(some(WORDS)) if chance.random() < 0.4 else "",
        body=" ".join(WORDS if number == 0 else some(WORDS)),
        verified=chance.random() < 0.5,
        ages=maybe((youngest, oldest)),
        terms=some(NEEDS),
        areas=maybe(some((HACKNEY, CITY)) or [ISLINGTON]),
        family=maybe(chance.random() < 0.5),
        professional=maybe(chance.random() < 0.5),
        cost=maybe(chance.choice(("free", "paid"))),
        languages=maybe(some(LANGUAGES) or ["pol"]),
        access=access,
        lacks=[code for code in ACCESS if code not in access and chance.random() < 0.5],
        levels=some(levels),
        hours=maybe(hours),
        space=maybe((chance.choice(("space", "full")), TODAY + timedelta(days=chance.choice((-1, 0, 9))))),
        closed=chance.random() < 0.2,
        places=[(chance.choice((0, 1000, 3000, 9000)), 0) for _ in range(chance.choice((0, 1, 1, 2)))],
        visible_from=maybe(TODAY + timedelta(days=chance.choice((-1, 0, 0, 1)))),
        visible_to=maybe(TODAY + timedelta(days=chance.choice((-1, 0, 0, 1, 9)))),
    )


def row(each: SimpleNamespace, organisation) -> Listing:
    space, until = each.space or (None, None)
    return Listing(
        service_id=each.id,
        organisation=organisation,
        slug=str(each.id),
        name=each.name,
        sort_name=each.name.lower(),
        terms_text=each.tags,
        body_text=each.body,
        visible_from=each.visible_from,
        visible_to=each.visible_to,
        is_verified=each.verified,
        unverified_from=TODAY,
        terms=each.terms,
        ages=each.ages and NumericRange(*each.ages, "[]"),
        areas=each.areas,
        for_family=each.family,
        for_professional=each.professional,
        cost=each.cost,
        languages=each.languages,
        access=each.access,
        lacks_access=each.lacks,
        levels=each.levels,
        open_at=each.hours,
        space=space,
        space_until=until,
        is_closed=each.closed,
        has_places=bool(each.places),
        hidden_in=[],
        card={},
    )


# The oracle


def facts(each, asked: Question):
    """For every fact asked: True, False or None for not stated. Ages are answered apart."""
    if asked.area:
        yield None if each.areas is None else asked.area in each.areas
    if asked.refer:
        yield {"family": each.family, "professional": each.professional}[asked.refer]
    if asked.cost:
        yield None if each.cost is None else each.cost == asked.cost
    if asked.language:
        yield None if each.languages is None else asked.language in each.languages
    for code in asked.access:
        yield True if code in each.access else (False if code in each.lacks else None)
    if asked.space:
        stated = each.space is not None and each.space[1] >= TODAY
        yield each.space[0] == "space" if stated else None
    if asked.day is not None or asked.time is not None:
        yield None if each.hours is None else open_then(each, asked)


def open_then(each, asked: Question) -> bool:
    days = [asked.day] if asked.day is not None else range(7)
    if asked.time is None:
        minutes = [minute for day in days for minute in range(day * 1440, (day + 1) * 1440, 30)]
    else:
        minutes = [day * 1440 + asked.time.hour * 60 + asked.time.minute for day in days]
    return any(start <= minute < end for start, end in each.hours for minute in minutes)


def misfits(each, asked: Question) -> int | None:
    """How many of the children do not fit: all, where no age is stated; None where ages are stated and none fits."""
    if each.ages is None:
        return len(asked.ages)
    youngest, oldest = each.ages
    fit = [(youngest is None or youngest <= a) and (oldest is None or a <= oldest) for a in asked.ages]
    return None if asked.ages and not any(fit) else fit.count(False)


def band(each, words: list[str]) -> int | None:
    everything = (each.name, each.tags, each.body)
    for place in range(3):
        text = " ".join(everything[: place + 1]).lower().split()
        if all(word in text for word in words):
            return place
    return None


def rank(each, asked: Question):
    """Its place in the order; None where it is not found."""
    words = asked.words.split()
    metres = min((dist(asked.point, place) for place in each.places), default=None) if asked.point else None
    said, missed, where = list(facts(each, asked)), misfits(each, asked), band(each, words)
    hidden = (each.visible_from or TODAY) > TODAY or (each.visible_to or TODAY) < TODAY
    too_far = asked.distance and metres is not None and metres > float(asked.distance) * MILE
    strict = (asked.need and asked.need not in each.terms) or (asked.level and asked.level not in each.levels)
    if hidden or False in said or missed is None or where is None or too_far or strict:
        return None
    apart = asked.point is not None and metres is None
    group = 2 if each.closed else int(apart)
    far = float("inf") if metres is None else metres
    between = (far, not each.verified) if asked.point and not words else (not each.verified, far)
    return (group, missed, said.count(None), where if words else 0, *between, each.name.lower(), str(each.id))


def expected(listings, asked: Question) -> list[UUID]:
    ranked = [(place, each.id) for each in listings if (place := rank(each, asked)) is not None]
    return [key for _, key in sorted(ranked)]


ages = st.lists(st.sampled_from([Decimal("0.5"), Decimal(3), Decimal(7), Decimal(9), Decimal("11.5"), Decimal(40)]))
questions = st.builds(
    Question,
    words=st.lists(st.sampled_from(WORDS), max_size=2, unique=True).map(" ".join),
    ages=ages.map(lambda some: tuple(dict.fromkeys(some))[:3]),
    need=st.sampled_from(("", "", *NEEDS)),
    area=st.sampled_from(("", "", HACKNEY, CITY)),
    refer=st.sampled_from(("", "", "family", "professional")),
    cost=st.sampled_from(("", "", "free", "paid")),
    point=st.sampled_from((None, (0.0, 0.0))),
    day=st.sampled_from((None, None, 0, 6)),
    time=st.sampled_from((None, None, time(9), time(17), time(3))),
    language=st.sampled_from(("", "", *LANGUAGES)),
    access=st.sets(st.sampled_from(ACCESS)).map(lambda some: tuple(sorted(some))),
    space=st.booleans(),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_what_is_found_its_order_and_every_count_are_what_the_rules_say(listings, levels, data):
    asked = data.draw(questions)
    asked = asked.but(level=data.draw(st.sampled_from((None, None, *levels))))
    if asked.point:
        asked = asked.but(distance=data.draw(st.sampled_from((None, Decimal("0.5"), Decimal(2)))))
    found = find(asked, today=TODAY)
    wanted = expected(listings, asked)
    pages = [found, *(find(asked, today=TODAY, page=n) for n in range(2, found.pages + 1))]
    assert [each.listing.pk for page in pages for each in page.results] == wanted
    assert (found.total, found.more) == (len(wanted), False)
    assert {
        name: {value: count.number for value, count in options.items()} for name, options in found.counts.items()
    } == {
        name: {value: len(expected(listings, chosen(asked, name, value))) for value in options}
        for name, options in found.counts.items()
    }
    if wanted:
        assert found.instead == []
    else:
        others = {name: len(expected(listings, asked.without(name))) for name in asked.applied}
        assert {name: count.number for name, count in found.instead} == {k: n for k, n in others.items() if n}
        numbers = [count.number for _, count in found.instead]
        assert numbers == sorted(numbers, reverse=True)


def chosen(asked: Question, name: str, value) -> Question:
    if name == "access":
        return asked.but(access=tuple(sorted({*asked.access, value})))
    return replace(asked, **{FILTERS[name][0]: value})


def test_every_option_is_counted(listings, levels):
    counts = find(Question(), today=TODAY).counts
    assert set(counts) == {"need", "refer", "cost", "language", "access", "level", "space", "day"}
    assert set(levels) <= counts["level"].keys()
    assert (set(counts["day"]), set(counts["space"]), set(counts["cost"])) == (set(range(7)), {True}, {"free", "paid"})
    assert set(NEEDS) < counts["need"].keys()
    assert set(LANGUAGES) < counts["language"].keys()
