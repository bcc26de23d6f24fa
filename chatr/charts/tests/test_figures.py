"""What charts say in numbers and words."""

import pytest

from chatr.charts.figures import Figure, Point, Series, compared, figure, over_time, round_up


def test_a_value_too_small_is_said_so_in_table_and_sentence_and_never_as_nothing():
    chart = figure("Who came", [["Teachers", 12], ["Police", None], ["GPs", 0]])
    assert chart.rows == [["Teachers", "12"], ["Police", "fewer than 5"], ["GPs", "0"]]
    assert compared(chart) == "The highest is Teachers with 12, the lowest GPs with 0, and 1 is fewer than 5."


def test_a_value_that_is_not_shown_for_another_reason_can_say_so():
    assert figure("Who came", [["A", None]], hidden_as="not shown").rows == [["A", "not shown"]]


def test_the_table_has_the_people_each_value_rests_on():
    chart = figure("Felt heard", [["Parents", 40, 25], {"label": "Children", "value": 62.5, "n": 8}], unit="%")
    assert chart.head == ["What", "Value", "People (n)"]
    assert chart.rows == [["Parents", "40%", "25"], ["Children", "62.5%", "8"]]


def test_several_series_have_a_column_each_and_their_own_people():
    before, after = Series("Before", (Point("Parents", 40, 25),)), Series("After", (Point("Parents", 80),))
    chart = figure("Felt heard", [before, after], unit="%")
    assert chart.head == ["What", "Before", "After", "Before: people (n)", "After: people (n)"]
    assert chart.rows == [["Parents", "40%", "80%", "25", "–"]]
    assert compared(chart) == "Before: Parents is 40%; After: Parents is 80%."


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([["A", None], ["B", None]], "Every value is fewer than 5."),
        ([["A", 7], ["B", 7]], "Each value shown is 7."),
        ([["A", 7]], "A is 7."),
        (
            [["A", 7], ["B", 9], ["C", None], ["D", None]],
            "The highest is B with 9, the lowest A with 7, and 2 are fewer than 5.",
        ),
    ],
)
def test_bars_in_one_sentence(rows, sentence):
    assert compared(figure("T", rows)) == sentence


def test_a_trend_in_one_sentence():
    assert over_time(figure("T", [["May", 7], ["June", None], ["July", 1204]])) == "From 7 (May) to 1,204 (July)."
    assert over_time(figure("T", [["May", None], ["June", 9]])) == "From fewer than 5 (May) to 9 (June)."
    assert over_time(figure("T", [["May", 9]], unit="days")) == "9 days in May."


def test_a_per_cent_is_drawn_against_the_whole():
    assert figure("T", [["A", 12]], unit="%").top == 100
    assert figure("T", [["A", 12]]).top == 15


@pytest.mark.parametrize(
    ("value", "top"), [(0, 1), (0.4, 1), (1, 1), (7, 8), (10, 10), (11, 15), (1204, 1500), (100, 100)]
)
def test_scales_end_at_round_numbers(value, top):
    assert round_up(value) == top


@pytest.mark.parametrize(
    "series", [(), (Series("A", ()),), (Series("A", (Point("x", 1),)), Series("B", (Point("y", 1),)))]
)
def test_what_cannot_be_drawn_is_refused(series):
    with pytest.raises(ValueError, match="1 to 4 series"):
        Figure("T", series)
