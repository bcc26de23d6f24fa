"""The map: squares that add up to the table, hidden addresses in none of them, and nothing from another host."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ..models import ConfidentialAddress, Location
from ..operations.entries import write_entry
from ..operations.listings import refresh
from ..rules.entries import Place
from ..rules.map import Land, draw, most_of
from .making import CITY, HACKNEY, ISLINGTON, NOW, entry, publish, put_postcode

NAMES = {HACKNEY: "Hackney", CITY: "City of London", ISLINGTON: "Islington"}


def near(*postcodes: str) -> tuple[Place, ...]:
    return tuple(
        Place(name=f"Example {each}", address_1="1 Example Street", city="London", postal_code=each)
        for each in postcodes
    )


def table(html: str) -> list[tuple[str, str, int]]:
    """The rows of the table: borough, outcode, places."""
    rows = re.findall(r'<th scope="row"[^>]*>([^<]*)</th><td[^>]*>([^<]*)</td><td[^>]*>(\d+)</td>', html)
    return [(borough, outcode, int(count)) for borough, outcode, count in rows]


def squares(html: str) -> list[int]:
    """The numbers in the squares of the drawing."""
    return [int(number) for number in re.findall(r'class="find-map__number"[^>]*>(\d+)<', html)]


@pytest.fixture
def look(client):
    def look(query=""):
        response = client.get(f"/services/map/?{query}")
        assert response.status_code == 200
        return re.sub(r'nonce="[^"]*"', "", response.content.decode())  # drawn anew for each answer

    return look


def test_the_map_says_the_same_as_its_table(db, together, look):
    publish(together, entry("Two here, one there", places=near("E8 1EA", "E8 1DY", "EC2Y 8DS")))
    publish(together, entry("One", places=near("N16 8BX")))
    publish(together, entry("Online", places=()))
    html = look()
    assert table(html) == [("Hackney", "E8", 2), ("Hackney", "N16", 1), ("City of London", "EC2Y", 1)]
    assert sum(squares(html)) == 4
    assert all(
        f"<title>{words}</title>" in html for words in ("N16, Hackney: 1 place", "EC2Y, City of London: 1 place")
    )
    assert all(f">{name}</text>" in html for name in ("Hackney", "City of London"))
    assert "Islington</text>" not in html


def test_the_map_shows_what_the_list_finds(db, together, look):
    publish(together, entry("Counselling", places=near("E8 1EA")))
    publish(together, entry("Housing", description="Rent.", summary="", terms=("housing",), places=near("N16 8BX")))
    assert table(look("need=housing")) == [("Hackney", "N16", 1)]
    assert table(look("q=counseling")) == [("Hackney", "E8", 1)]  # as the list reads the words
    assert "None of them has a place that can be shown." in look("q=nothing-like-it")


def test_every_page_of_results_is_on_the_map_at_once(db, together, look):
    for n in range(23):
        publish(together, entry(f"Service {n}", places=near("E8 1EA")))
    assert table(look("q=&page=2")) == [("Hackney", "E8", 23)]


def test_a_place_outside_the_boroughs_is_counted_as_elsewhere(db, together, look):
    put_postcode("ZZ1 1AA", 51.40, -0.05, "E09000008")
    publish(together, entry(places=near("ZZ1 1AA")))
    assert table(look()) == [("Elsewhere", "not known here", 1)]


def test_a_hidden_address_is_in_no_square_and_changing_it_changes_no_byte(db, together, look):
    hidden = Place(is_confidential=True, area=HACKNEY)
    service = publish(together, entry("Refuge", places=(hidden,), is_sensitive=True))
    location = Location.objects.get(is_confidential=True)
    address = ConfidentialAddress.objects.create(location=location, address="1 Hidden Street", postcode="N16 8BX")
    before = look()
    assert squares(before) == [] and "N16" not in before and "Hidden Street" not in before
    address.postcode = "E8 1DY"
    address.save()
    refresh(service=service, now=NOW)
    assert look() == before


def test_a_place_that_becomes_hidden_leaves_the_map(db, together, look):
    service = publish(together, entry(places=near("E8 1EA")))
    assert squares(look()) == [1]
    shown = Location.objects.get()
    hidden = Place(id=str(shown.pk), is_confidential=True, area=HACKNEY)
    write_entry(service=service, entry=entry(places=(hidden,)), now=NOW)
    assert squares(look()) == []


def test_the_drawing_is_described_and_loads_nothing(db, together, look):
    publish(together, entry(places=near("E8 1EA")))
    svg = re.search(r"<svg[\s\S]*</svg>", look())[0]
    assert 'role="img" aria-labelledby="map-title map-desc"' in svg
    assert '<title id="map-title">' in svg and '<desc id="map-desc">Squares of 500 metres' in svg
    assert not re.search(r"style=|href|src=|<script|<image|on\w+=", svg)


def test_the_map_is_closed_below_the_list(client, together):
    publish(together, entry(places=near("E8 1EA")))
    html = client.get("/services/?q=").content.decode()
    assert html.index('class="rows"') < html.index("Show these on a map") < html.index("<svg")
    assert not re.search(r"<details class=\"govuk-details\" open>\s*<summary[^>]*><span[^>]*>Show these", html)


# The arithmetic

SQUARES = st.tuples(st.integers(1000, 1060), st.integers(300, 360))
LANDS = st.dictionaries(
    SQUARES, st.builds(Land, st.sampled_from(sorted(NAMES)), st.sampled_from(("E8", "N1", "EC2A")), st.integers(1, 90))
)


@settings(max_examples=60, deadline=None)
@given(counts=st.dictionaries(SQUARES, st.integers(1, 50)), land=LANDS)
def test_a_drawing_loses_no_place_and_draws_nothing_outside_itself(counts, land):
    drawing = draw(counts, land, NAMES)
    assert sum(dot.count for dot in drawing.dots) == sum(counts.values())
    assert len({(dot.x, dot.y) for dot in drawing.dots}) == len(drawing.dots)
    assert all(0 <= dot.x < drawing.width and 0 <= dot.y < drawing.height for dot in drawing.dots)
    assert drawing.width <= 33  # 18 squares, or half of 61 and the margins


def test_a_path_of_squares_covers_each_square_once():
    land = {(x, y): Land(HACKNEY, "E8", 1) for x, y in ((0, 0), (1, 0), (3, 0), (0, 1))}
    drawing = draw({}, land, NAMES)
    assert drawing.land[0] == "M1 1h1v1h-1zM1 2h2v1h-2zM4 2h1v1h-1z"
    assert drawing.labels[0].name == "Hackney"


def test_a_square_belongs_to_the_borough_of_most_of_its_postcodes():
    parts = [Land(HACKNEY, "E8", 4), Land(HACKNEY, "N1", 5), Land(ISLINGTON, "N1", 8)]
    assert most_of(parts) == Land(HACKNEY, "N1", 17)
