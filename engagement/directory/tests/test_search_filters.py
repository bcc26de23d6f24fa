"""Filters by their promises: what is not stated is kept, said and last; nothing depends on a hidden place."""

from datetime import timedelta
from decimal import Decimal

import pytest

from ..models import Listing, ListingPlace, SearchGap, SearchWord, Service, ThresholdFramework, ThresholdLevel
from ..operations.listings import refresh
from ..operations.searching import record_gap
from ..queries.search import CAP, Result, find
from ..rules.entries import Place
from ..rules.search import Question
from .making import HACKNEY, ISLINGTON, NOW, bare, entry, publish, put_postcode

TODAY = NOW.date()
HERE = (535000.0, 184700.0)
MILE = 1609.344


def found(**asked) -> list[Result]:
    return find(Question(**asked), today=TODAY).results


def names(**asked) -> list[str]:
    return [each.listing.name for each in found(**asked)]


def put(service: Service, *miles: float) -> None:
    """Places of a service, so many miles east of here."""
    ListingPlace.objects.filter(listing=service.pk).delete()
    ListingPlace.objects.bulk_create(
        ListingPlace(listing_id=service.pk, bng=(HERE[0] + each * MILE, HERE[1])) for each in miles
    )


def aged(together, name: str, youngest, oldest):
    return publish(together, bare(name, minimum_age=youngest, maximum_age=oldest))


def test_16_ages_are_inclusive_open_ends_fit_and_not_stated_comes_last(together):
    aged(together, "Example d from birth", None, Decimal(7))
    aged(together, "Example c half a year", Decimal("0.5"), None)
    aged(together, "Example b eight to eleven", Decimal(8), Decimal(11))
    publish(together, bare("Example a not stated"))
    publish(together, bare("Example every age", any_age=True))
    for age in (Decimal("0.5"), Decimal(7)):
        last = found(ages=(age,))
        wanted = ["Example c half a year", "Example d from birth", "Example every age", "Example a not stated"]
        assert [each.listing.name for each in last] == wanted
        assert [each.not_stated for each in last] == [(), (), (), ("age not stated",)]
        assert last[0].why == (f"age {age}",)
    assert names(ages=(Decimal("0.25"),))[:2] == ["Example d from birth", "Example every age"]
    assert "Example b eight to eleven" not in names(ages=(Decimal("11.25"),))


def test_16_an_age_that_fits_comes_before_whatever_else_is_stated(together):
    publish(together, bare("Example a", cost="free", areas=(HACKNEY,)))
    publish(together, bare("Example b", minimum_age=Decimal(5)))
    assert names(ages=(Decimal(7),), cost="free", area=HACKNEY) == ["Example b", "Example a"]


def test_16_services_that_fit_both_children_come_before_those_that_fit_one(together):
    aged(together, "Example little", Decimal(2), Decimal(5))
    aged(together, "Example all", Decimal(0), Decimal(18))
    aged(together, "Example grown", Decimal(18), None)
    publish(together, bare("Example a not stated"))
    both = found(ages=(Decimal(3), Decimal(9)))
    assert [each.listing.name for each in both] == ["Example all", "Example little", "Example a not stated"]
    assert (both[0].why, both[0].misses) == (("age 3", "age 9"), ())
    assert (both[1].why, both[1].misses) == (("age 3",), ("age 9",))


def test_not_stated_is_kept_and_said_and_a_stated_no_is_dropped(together):
    put_postcode("E8 1DY", 51.545, -0.055)
    place = Place(name="Example House", postal_code="E8 1DY", access={"step-free": "yes"})
    stairs = Place(name="Example Stairs", postal_code="E8 1DY", access={"step-free": "no"})
    publish(together, entry("Example yes", languages=("tur",), places=(place,)))
    publish(together, entry("Example no", cost="paid", languages=("ben",), areas=(ISLINGTON,), places=(stairs,)))
    publish(together, bare("Example a silent"))
    for asked, silence in (
        ({"cost": "free"}, "cost not stated"),
        ({"language": "tur"}, "languages not stated"),
        ({"area": HACKNEY}, "area not stated"),
        ({"access": ("step-free",)}, "step-free entrance not stated"),
    ):
        both = found(**asked)
        assert [each.listing.name for each in both] == ["Example yes", "Example a silent"], asked
        assert (len(both[0].why), both[0].not_stated, both[1].not_stated) == (1, (), (silence,))


def test_a_service_closed_for_now_stays_after_those_that_are_open(together):
    closed = publish(together, entry("Example a closed"))
    publish(together, bare("Example open"))
    Service.objects.filter(pk=closed.pk).update(closed_from=TODAY)
    refresh(service=closed, now=NOW)
    assert [(each.listing.name, each.group) for each in found(cost="free")] == [
        ("Example open", Result.NEAR),
        ("Example a closed", Result.CLOSED),
    ]


def test_space_holds_until_its_day_and_is_not_stated_after_it(together):
    service = publish(together, bare())
    Listing.objects.filter(pk=service.pk).update(space="full", space_until=TODAY)
    assert find(Question(space=True), today=TODAY).total == 0
    later = find(Question(space=True), today=TODAY + timedelta(days=1))
    assert [each.not_stated for each in later.results] == [("space not stated",)]


def test_20_nearer_comes_first_by_number_and_by_the_nearest_site(together):
    for name, miles in (("ten", (10,)), ("two", (2,)), ("many sites", (9, 1, 5)), ("remote", ())):
        put(publish(together, bare(f"Example {name}")), *miles)
    first = ["Example many sites", "Example two", "Example ten", "Example remote"]
    nearest = found(point=HERE)
    assert [each.listing.name for each in nearest] == first
    assert [each.metres and round(each.metres / MILE, 2) for each in nearest] == [1, 2, 10, None]
    within = found(point=HERE, distance=Decimal(2))
    assert [(each.listing.name, each.group) for each in within] == [
        ("Example many sites", Result.NEAR),
        ("Example two", Result.NEAR),
        ("Example remote", Result.ELSEWHERE),
    ]
    assert within[-1].heading.startswith("Without a place")
    assert find(Question(distance=Decimal(2)), today=TODAY).total == 4  # a distance from nowhere asks nothing


def test_20_with_words_too_what_cannot_be_measured_has_a_group_of_its_own(together):
    for name, miles in (("counselling online", ()), ("counselling", (9,)), ("text", (2,))):
        put(publish(together, bare(f"Example {name}", description="Counselling.")), *miles)
    both = found(words="counselling", point=HERE)
    assert [(each.listing.name, each.group) for each in both] == [
        ("Example counselling", Result.NEAR),
        ("Example text", Result.NEAR),
        ("Example counselling online", Result.ELSEWHERE),
    ]


def test_20_nothing_depends_on_a_confidential_address(together):
    put_postcode("E8 1DY", 51.545, -0.055)
    put(publish(together, bare("Example shown")), 5)
    publish(together, entry("Example refuge", places=(Place(is_confidential=True, area=HACKNEY),)))
    for asked in ({"point": HERE}, {"point": HERE, "distance": Decimal("0.5")}, {"point": HERE, "words": "counsellor"}):
        refuge = next(each for each in found(**asked) if each.listing.name == "Example refuge")
        assert refuge.metres is None


def test_21_a_level_finds_only_services_that_state_it(together):
    framework = ThresholdFramework.objects.create(area_id=HACKNEY, title="Example levels")
    levels = [ThresholdLevel.objects.create(framework=framework, order=n, name=f"Level {n}") for n in (1, 2, 3)]
    publish(together, bare("Example both", levels=(str(levels[0].pk), str(levels[1].pk))))
    publish(together, bare("Example first", levels=(str(levels[0].pk),)))
    publish(together, bare("Example not stated"))
    assert names(level=levels[0].pk) == ["Example both", "Example first"]
    early = find(Question(level=levels[1].pk), today=TODAY)
    assert [(each.listing.name, each.why) for each in early.results] == [("Example both", ("level 2",))]
    assert {key: early.counts["level"][key].number for key in (each.pk for each in levels)} == {
        level.pk: number for level, number in zip(levels, (2, 1, 0), strict=True)
    }


def test_22_nothing_found_names_the_filter_to_drop_and_what_that_gives(together):
    publish(together, bare("Example one", cost="paid", terms=("housing",)))
    publish(together, bare("Example two", cost="paid", terms=("housing",)))
    publish(together, bare("Example three", cost="free", terms=("money",)))
    nothing = find(Question(cost="free", need="housing"), today=TODAY)
    assert (nothing.total, [(name, str(count)) for name, count in nothing.instead]) == (
        0,
        [("cost", "2"), ("need", "1")],
    )
    assert len(names(need="housing")) == 2
    assert len(names(cost="free")) == 1


def test_22_a_gap_keeps_words_we_have_and_codes_and_nothing_of_a_child(together):
    publish(together, bare("Example Zorba", description="Tea for people.", terms=("housing",)))
    asked = Question(
        words="tea for Zorba and Jaydenne aged 7 camsh e81dy",
        ages=(Decimal(7),),
        need="housing",
        area=HACKNEY,
        point=HERE,
        distance=Decimal(2),
        access=("step-free",),
        space=True,
        day=0,
    )
    assert SearchWord.objects.get(word="zorba").is_only_in_names
    for _ in range(2):
        record_gap(question=asked, reading=find(asked, today=TODAY).reading, outcode="E8", day=TODAY)
    gap = SearchGap.objects.get()
    assert gap.words == ["camhs", "tea"]
    assert gap.filters == sorted(
        ["need=housing", f"area={HACKNEY}", "distance=2", "access=step-free", "space=yes", "day=0"]
    )
    assert (gap.outcode, gap.count) == ("E8", 2)


@pytest.fixture
def crowd(together):
    """Five more than anybody reads."""
    services = Service.objects.bulk_create(
        Service(organisation=together, slug=f"s-{n}", name=f"Example {n:03}", created_at=NOW) for n in range(CAP + 5)
    )
    Listing.objects.bulk_create(
        Listing(
            service=each,
            organisation=together,
            slug=each.slug,
            name=each.name,
            sort_name=each.name.lower(),
            unverified_from=TODAY,
            terms=["housing"],
            **{name: [] for name in ("access", "lacks_access", "levels", "hidden_in")},
            has_places=False,
            card={},
        )
        for each in services
    )


def test_more_than_anybody_reads_is_said_as_more_and_the_last_page_ends_there(crowd):
    last = find(Question(need="housing"), today=TODAY, page=99)
    assert (last.total, last.more, str(last.count), last.page, last.pages) == (200, True, "more than 200", 10, 10)
    assert [each.listing.name for each in last.results] == [f"Example {n:03}" for n in range(180, 200)]
    assert str(last.counts["need"]["housing"]) == "more than 200"
    assert str(last.counts["need"]["money"]) == "0"
    assert find(Question(), today=TODAY, page=-3).page == 1


def test_a_question_knows_what_it_asks_and_forgets_one_thing_at_a_time():
    asked = Question(words="tea", day=0, area=HACKNEY, point=HERE, distance=Decimal(2), ages=(Decimal(0),))
    assert asked.applied == ("q", "age", "where", "distance", "day")
    assert asked.without("where").applied == ("q", "age", "day")
    assert asked.without("distance") == asked.but(distance=None)
    assert Question(distance=Decimal(2)).applied == Question().applied == ()
