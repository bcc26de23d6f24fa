"""The find page: what is typed is kept, every count is what you get, and nothing typed can break it."""

import re
from datetime import timedelta
from decimal import Decimal
from html import unescape
from urllib.parse import quote

import pytest
from django.utils import timezone

from chatr.testing.people import make_organisation

from ..models import Area, SearchGap, Term, ThresholdFramework, ThresholdLevel
from ..queries.places import CannotLocate, locate
from ..rules.asked_ages import NotAnAge, read_ages
from ..rules.entries import Place, Route
from .making import CITY, HACKNEY, bare, entry, publish, put_postcode

TODAY = timezone.localdate()


def near(postcode: str) -> tuple[Place, ...]:
    return (Place(name="Example House", address_1="1 Example Street", city="London", postal_code=postcode),)


def names(html: str) -> list[str]:
    """The services of a page, in order."""
    return [unescape(each) for each in re.findall(r'row__title"><a [^>]*>([^<]*)</a>', html)]


@pytest.fixture
def look(client):
    """``look("age=7")``: the page with this question."""

    def look(query="", path="/services/"):
        response = client.get(f"{path}?{query}" if query else path)
        assert response.status_code == 200, query
        return response.content.decode()

    return look


# Where


@pytest.mark.parametrize("text", ["e8 1dy", "E81DY", "E8  1DY", " e81dy "])
def test_behaviour_18_a_postcode_in_any_spacing_is_the_same_place(db, text):
    where = locate(text)
    assert where == locate("E8 1DY")
    assert (where.words, where.gss, where.outcode, where.is_around) == ("near E8 1DY", HACKNEY, "E8", False)


def test_behaviour_18_the_first_half_is_its_middle_and_says_so(db, look):
    where = locate("e8")
    assert where.is_around and where.outcode == "E8" and where.point is not None
    assert (where.gss, where.areas[0]) == ("", HACKNEY)  # some of E8 is in Tower Hamlets: nobody is dropped
    assert locate("E5").gss == HACKNEY  # all of it is in one borough
    publish(make_organisation("Example Trust", "trust.example.org"), entry(places=near("E8 1EA")))
    assert "measured from the middle of E8, not from one address" in look("where=E8")


def test_behaviour_18_the_part_of_london_people_call_ec1_is_all_that_begins_with_it(db):
    put_postcode("EC1A 9ZZ", 51.53, -0.10, gss=CITY)
    where = locate("EC1")
    assert where.is_around and where.outcode == "EC1" and CITY in where.areas
    assert locate("E1").areas[0] == "E09000030"  # E1 is itself, without E1W


@pytest.mark.parametrize(
    ("text", "gss"),
    [("Hackney", HACKNEY), ("the city", CITY), ("city of london", CITY), ("London Borough of Hackney", HACKNEY)],
)
def test_a_borough_by_name_is_a_place_without_a_point(db, text, gss):
    where = locate(text)
    assert (where.gss, where.areas, where.point, where.outcode) == (gss, (gss,), None, "")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("E8 9ZZ", "We do not know the postcode E8 9ZZ. Check it, or type its first half, E8"),
        ("SW1A 1AA", "We do not know the postcode SW1A 1AA. Check it, or type a borough"),
        ("75001", "We do not know this place."),
        ("ZZ9", "We do not know any postcode that begins with ZZ9."),
        ("Atlantis", "We do not know this place."),
        ("D02 AF30", "We do not know this place."),
        ("'; drop table --", "We do not know this place."),
    ],
)
def test_behaviour_18_a_place_nobody_knows_is_said_beside_the_box_and_services_are_still_listed(db, look, text, said):
    publish(make_organisation("Example Trust", "trust.example.org"), entry())
    html = look(f"q=counselling&age=7&where={quote(text)}&distance=2&refer=family")
    assert said in unescape(html)
    assert names(html) == ["Example counselling"]
    for kept in ('value="counselling"', 'value="7"', f'value="{unescape(text)}"'):
        assert kept in unescape(html)
    assert re.search(r'value="family"[^>]* checked', html)
    assert '<option value="2" selected>' in html
    assert "Error: Find a service" in html


def test_behaviour_18_a_postcode_no_longer_used_says_since_when(db, look):
    put_postcode("ZZ1 1AA", 51.5, -0.05, terminated_on=TODAY.replace(year=2019, month=3, day=1))
    with pytest.raises(CannotLocate, match="has not been used since March 2019"):
        locate("zz1 1aa")
    assert "has not been used since March 2019" in look("where=zz11aa")


def test_behaviour_20_nearer_comes_first_and_what_cannot_be_measured_has_a_heading(db, together, look):
    publish(together, entry("Ten miles away", places=near("ZZ1 1AA")))
    far, close = put_postcode("ZZ1 1AA", 51.69, -0.0575), put_postcode("ZZ1 1AB", 51.574, -0.0575)
    assert far and close
    publish(together, entry("Ten miles away again", places=near("ZZ1 1AA")))
    publish(together, entry("Two miles away", places=(*near("ZZ1 1AA"), *near("ZZ1 1AB"))))
    publish(together, entry("Online", places=()))
    publish(together, entry("Hidden", places=(Place(is_confidential=True, area=HACKNEY),)))
    html = look("where=E8+1DY")
    assert names(html)[:2] == ["Two miles away", "Ten miles away again"]
    assert "2.0 miles away" in html and "10 miles away" in html
    heading = html.index('<h3 class="govuk-heading-m">')
    assert all(html.index(f">{name}</a>") > heading for name in ("Online", "Hidden"))
    assert "Hackney, address not shown" in html


# Levels


def test_behaviour_21_a_place_decides_whose_levels_are_offered(db, together, look):
    for gss, title in ((HACKNEY, "Example Wellbeing Framework"), (CITY, "Example Thresholds")):
        framework = ThresholdFramework.objects.create(area_id=gss, title=title, valid_from=TODAY, is_published=True)
        ThresholdLevel.objects.create(framework=framework, order=1, name=f"Early help of {gss}")
    level = ThresholdLevel.objects.get(framework__area=HACKNEY)
    publish(together, entry("At that level", levels=(str(level.pk),)))
    publish(together, entry("At no level"))
    both = ("Example Wellbeing Framework", "Example Thresholds")
    assert [title in look() for title in both] == [True, True]
    assert [title in look("where=E8+1DY") for title in both] == [True, False]
    assert [title in look("where=the+city") for title in both] == [False, True]
    html = look(f"level={level.pk}&where=E8+1DY")
    assert names(html) == ["At that level"]
    assert f"Early help of {HACKNEY} (1)" in html
    # what is chosen stays in sight, though the place has another document
    assert f'<option value="{level.pk}" selected>' in look(f"level={level.pk}&where=the+city")


# Ages


@pytest.mark.parametrize(
    ("text", "ages"),
    [
        ("7", ["7"]),
        ("0.5", ["0.5"]),
        ("3 and 9", ["3", "9"]),
        ("9, 3", ["3", "9"]),
        ("3 9", ["3", "9"]),
        ("6 months", ["0.5"]),
        ("6 months and 4", ["0.5", "4"]),
        ("2 years 6 months", ["2.5"]),
        ("2½", ["2.5"]),
        ("aged 10", ["10"]),
        ("seven years old", None),
        ("seven", ["7"]),
        ("26 weeks", ["0.5"]),
        ("", []),
        ("7 and 7", ["7"]),
    ],
)
def test_ages_are_read_as_people_type_them(text, ages):
    if ages is None:
        with pytest.raises(NotAnAge):
            read_ages(text)
    else:
        assert read_ages(text) == tuple(Decimal(age) for age in ages)


def test_several_ages_may_stand_in_the_address_one_by_one(db, together, look):
    publish(together, entry("For little ones", minimum_age=Decimal(0), maximum_age=Decimal(4)))
    publish(together, entry("For all of them", minimum_age=Decimal(0), maximum_age=Decimal(12)))
    html = look("age=3&age=9")
    assert names(html) == ["For all of them", "For little ones"]
    assert 'value="3 and 9"' in html
    assert "Does not fit: age 9." in html


# Bad input


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("age=abc", "Type the age as a number"),
        ("age=-1", "Type the age as a number"),
        ("age=200", "Type an age between 0 and 120"),
        ("age=" + "9" * 5000, "Type the age as a number"),
        ("age=1+2+3+4+5+6+7+8+9", "Type at most 8 ages"),
        ("distance=x", "Choose one of the answers on the page"),
        ("distance=2", "To measure a distance, type a postcode"),
        ("distance=2&where=hackney", "To measure a distance, type a postcode"),
        ("q=%00", "what was pasted holds a hidden character"),
        ("where=E8%00", "what was pasted holds a hidden character"),
        ("q=" + "x" * 5000, "must be 200 characters or fewer"),
        ("need=nothing-like-it", "Choose one of the answers on the page"),
        ("level=99999999999999999999", "Choose one of the answers on the page"),
        ("day=8", "Choose one of the answers on the page"),
        ("time=25:00", "Choose one of the answers on the page"),
        ("language=xx1", "Choose one of the answers on the page"),
        ("access=step-free&access=nonsense", "Choose one of the answers on the page"),
        ("space=maybe", "Choose one of the answers on the page"),
        ("refer=anyone&cost=lots", "Choose one of the answers on the page"),
    ],
)
def test_what_cannot_be_read_is_said_beside_its_box_and_the_rest_counts(db, together, look, query, said):
    publish(together, entry())
    html = look(query)
    assert said in unescape(html)
    assert names(html) == ["Example counselling"]
    assert "There is a problem" in html


@pytest.mark.parametrize("page", ["0", "-1", "abc", "99999999999999999999", "", "٣", "1.5"])
def test_a_page_that_is_not_there_is_the_nearest_that_is(db, together, look, page):
    publish(together, entry())
    assert names(look(f"page={quote(page)}")) == ["Example counselling"]


def test_whatever_is_typed_is_escaped(db, look):
    html = look("q=%3Cscript%3Ealert(1)%3C/script%3E&where=%3Cb%3E&age=%22%3E%3Ci%3E")
    for raw in ("<script>alert", "<b>", '"><i>'):
        assert raw not in html


# Results


def test_before_anything_is_asked_the_page_leads_on(db, together, look):
    publish(together, entry())
    html = look()
    assert re.search(r'href="\?need=counselling">Counselling and therapy</a> \(1\)', html)
    assert "Housing and homelessness</a>" not in html  # nothing is offered that has nothing
    assert names(html) == []
    assert 'href="/services/pathways/"' in html and 'href="/services/levels/"' in html
    assert names(look("q=")) == ["Example counselling"]


def test_the_count_beside_every_option_is_what_choosing_it_gives(db, together, look):
    publish(together, entry("One", professional=Route(is_open=False)))
    publish(together, entry("Two", cost="paid", terms=("housing",)))
    publish(together, bare("Three", terms=("counselling",)))
    html = look("q=")
    offered = re.findall(r'<option value="([^"]+)"[^>]*>[^<]*\((\d+)\)', html)
    assert ("counselling", "2") in offered and ("housing", "1") in offered
    for need, count in offered[:5]:
        assert len(names(look(f"need={need}"))) == int(count)
    for name in ("refer", "cost", "space", "access"):
        for value, label in re.findall(
            rf'name="{name}" id="[^"]*" value="([^"]+)"[\s\S]*?<label[^>]*>([^<]*)</label>', html
        ):
            assert len(names(look(f"{name}={value}"))) == int(re.search(r"\((\d+)\)", label)[1]), (name, value)


def test_a_result_is_unverified_from_its_day_on_though_nothing_was_written_anew(db, together, look, monkeypatch):
    publish(together, entry("Kept"), now=timezone.now(), verified=timezone.now())
    assert '"tag tag--green">Verified ' in look("q=kept")
    later = timezone.now() + timedelta(days=120)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert '"tag tag--amber">Unverified: last verified' in look("q=kept")


def test_a_result_says_what_it_is_and_not_what_nobody_stated(db, together, look):
    publish(together, entry("Known", places=near("E8 1EA")), verified=timezone.now())
    publish(together, bare("Unknown"))
    known, unknown = look("q=&age=7&cost=free").split('class="row__title"')[1:3]
    assert all(words in known for words in ("Ages 5 to 11", "Free", "Example House, E8 1EA", "Verified ", "#refer"))
    assert "Matches: age 7, free." in known
    assert all(words in unknown for words in ("Age not stated", "Cost not stated", "Unverified"))
    assert 'tag--amber">Age not stated' in unknown


def test_pages_follow_one_another_and_keep_the_question(db, together, look):
    for n in range(23):
        publish(together, entry(f"Service {n:02}"))
    first = look("q=&cost=free")
    assert len(names(first)) == 20 and "23 services, page 1 of 2" in first
    query = unescape(re.search(r'href="\?([^"]*)" rel="next"', first)[1])
    assert query == "cost=free&page=2"
    second = look(query)
    assert len(names(second)) == 3 and not set(names(first)) & set(names(second))
    assert 'rel="prev"' in second and 'rel="next"' not in second


def test_behaviour_22_nothing_found_names_the_filter_to_drop_with_its_true_count(db, together, look):
    for n in range(3):
        publish(together, entry(f"Counselling {n}", cost="paid"))
    publish(together, entry("Free housing", terms=("housing",)))
    html = look("need=counselling&cost=free&where=E8+1DY")
    assert "Nothing fits all of this" in html
    dropped = re.findall(r'<a class="govuk-link" href="\?([^"]*)">Leave out ([^<]*)</a> to see (\d+)', html)
    assert [(words, count) for _, words, count in dropped] == [
        ("the cost (Free)", "3"),
        ("the need (Counselling and therapy)", "1"),
    ]
    for query, _, count in dropped:
        assert len(names(look(unescape(query)))) == int(count)


def test_behaviour_22_what_was_not_found_is_counted_without_postcode_age_or_unknown_words(db, together, look):
    publish(together, entry(cost="paid", summary="Talking about housing."))
    look("q=housing+Zebedee&cost=free&age=3&where=E8+1DY")
    look("q=housing+Zebedee&cost=free&age=4&where=E8+1DY")
    gap = SearchGap.objects.get()
    assert (gap.words, gap.outcode, gap.count) == (["housing"], "E8", 2)
    assert "cost=free" in gap.filters
    kept = f"{gap.words} {gap.filters} {gap.outcode}"
    assert "1DY" not in kept and "age" not in kept and "zebedee" not in kept.lower()


def test_what_could_not_be_read_is_no_gap(db, look):
    look("q=anything&where=atlantis")
    look()
    assert not SearchGap.objects.exists()


def test_behaviour_24_the_address_is_the_whole_question(db, together, look, client):
    publish(together, entry(places=near("E8 1EA")))
    address = "/services/?q=counselling&age=7&where=e8+1dy&cost=free&refer=family&distance=2&need=counselling"
    first = client.get(address)
    assert "session" not in " ".join(first.cookies)
    assert names(first.content.decode()) == names(client.get(address).content.decode()) == ["Example counselling"]
    assert 'method="get"' in first.content.decode()


def test_a_service_link_carries_the_borough_and_nothing_nearer(db, together, look):
    publish(together, entry(places=near("E8 1EA")))
    html = look("where=E8+1DY")
    assert f"/services/example-counselling/?where={HACKNEY}" in html
    assert not re.search(r'href="/services/(?!map/)[^"?]+/\?where=E8', html)


def test_the_page_carries_the_licence_of_its_postcodes(db, look):
    for line in (
        "Contains OS data © Crown copyright",
        "Contains Royal Mail data ©",
        "Contains National Statistics data ©",
    ):
        assert line in look()


def test_hidden_needs_and_needs_of_new_boroughs_follow_what_staff_do(db, together, look):
    publish(together, entry())
    Term.objects.filter(code="counselling").update(is_hidden=True, name="Counselling no more")
    assert "Counselling no more" not in look()
    Area.objects.filter(gss=HACKNEY).update(name="Example Borough")
    assert locate("example borough").gss == HACKNEY


# Cost


def test_a_page_of_results_costs_the_same_with_one_and_with_three(client, together, keeps_one_query_count):
    made = iter(range(100))
    query = "q=conselling&age=7&where=E8&need=counselling&cost=free"
    count = keeps_one_query_count(
        lambda: publish(together, entry(f"Counselling {next(made)}", places=near("E8 1EA"))),
        lambda: client.get(f"/services/?{query}"),
    )
    assert count <= 12


def test_a_signed_in_persons_page_and_map_cost_no_more_than_twelve(
    client, people, sign_in, together, django_assert_max_num_queries
):
    publish(together, entry(places=near("E8 1EA")))
    sign_in(client, people.person)
    for path in ("/services/", "/services/map/"):
        client.get(f"{path}?q=conselling&where=E8")
        with django_assert_max_num_queries(12):
            client.get(f"{path}?q=conselling&where=E8")


def test_a_page_that_finds_nothing_costs_no_more_than_twelve(client, together, django_assert_max_num_queries):
    publish(together, entry(places=near("E8 1EA")))
    with django_assert_max_num_queries(12):
        assert "Nothing fits" in client.get("/services/?q=counselling&where=E8&cost=paid").content.decode()


def test_a_signed_in_persons_page_that_finds_nothing_costs_no_more_than_twelve(
    client, people, sign_in, together, django_assert_max_num_queries
):
    publish(together, entry(places=near("E8 1EA")))
    sign_in(client, people.person)
    for words in ("conselling", "counseling+conselling", "counseling+zzzz"):
        client.get(f"/services/?q={words}&where=E8+1DY&cost=paid")
        with django_assert_max_num_queries(12):
            assert "Nothing fits" in client.get(f"/services/?q={words}&where=E8+1DY&cost=paid").content.decode()


def test_a_full_page_is_light(client, together):
    for n in range(21):
        publish(together, entry(f"Counselling number {n}", places=near("E8 1EA")))
    assert len(client.get("/services/?q=counselling&where=E8+1DY").content) < 60_000
