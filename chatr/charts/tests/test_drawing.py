"""Where bars and lines stand, and what tells them apart without colour."""

import re

from django.template import engines

from chatr.charts.drawing import DASHES, VALUE_ROOM, WIDTH, bars, shortened, trend
from chatr.charts.figures import Point, Series, figure


def rendered(template: str, **context) -> str:
    return engines["django"].from_string("{% load charts %}" + template).render(context)


def test_a_bar_is_as_long_as_its_value():
    drawn = bars(figure("T", [["A", 10], ["B", 5], ["C", 0], ["D", None]]))
    assert [bar.width for bar in drawn.bars] == [WIDTH - VALUE_ROOM, (WIDTH - VALUE_ROOM) / 2, 0, 0]
    assert [(bar.shown, bar.text) for bar in drawn.bars[2:]] == [(False, "0"), (False, "fewer than 5")]


def test_a_value_above_the_whole_stays_inside_the_picture():
    assert bars(figure("T", [["A", 140]], unit="%")).bars[0].width == WIDTH - VALUE_ROOM


def test_a_line_breaks_where_a_value_is_too_small():
    drawn = trend(figure("T", [["A", 5], ["B", 6], ["C", None], ["D", 7], ["E", None], ["F", 9], ["G", 8]]))
    assert [len(stretch.points.split()) for stretch in drawn.stretches] == [2, 2]
    assert len(drawn.marks) == 5


def test_a_higher_value_stands_higher_and_a_later_one_further_right():
    points = trend(figure("T", [["A", 5], ["B", 9]])).stretches[0].points.split()
    (x1, y1), (x2, y2) = (tuple(map(float, point.split(","))) for point in points)
    assert x1 < x2
    assert y1 > y2


def test_no_more_than_five_labels_stand_below_a_trend_and_the_last_is_one():
    for count in (1, 2, 5, 6, 12, 53):
        labels = trend(figure("T", [[str(number), number] for number in range(count)])).labels
        assert len(labels) <= 5
        assert labels[-1].text == str(count - 1)


def test_series_differ_by_pattern_dash_and_shape():
    series = [Series(name, (Point("x", 9), Point("y", 8))) for name in "ABCD"]
    fills = re.findall(r'fill="url\(#(chart-\w+-\d)\)"', rendered('{% bar_chart "T" rows %}', rows=series))
    assert len(set(fills)) == 4
    drawn = trend(figure("T", series))
    assert [stretch.dash for stretch in drawn.stretches] == list(DASHES)
    assert len({re.sub("M[^a-z]*", "", mark.path) for mark in drawn.marks}) == 4


def test_a_long_label_is_shortened_in_the_picture_and_whole_in_the_table():
    long = "Multi-agency safeguarding and early help practitioners of Hackney"
    html = rendered('{% bar_chart "T" rows %}', rows=[[long, 9]])
    assert f"{shortened(long)}</text>" in html
    assert f">{long}</th>" in html


def test_pictures_carry_no_inline_style_and_text_is_escaped():
    html = rendered("{% bar_chart title rows %}{% trend_line title rows %}", title="<b>", rows=[["<i>", 9], ["&", 3]])
    assert "style=" not in html
    assert "<b>" not in html
    assert "<i>" not in html


def test_two_charts_of_one_page_never_share_a_name():
    html = rendered('{% bar_chart "A" rows %}{% bar_chart "B" rows %}{% trend_line "C" rows %}', rows=[["x", 9]])
    names = re.findall(r' id="([^"]+)"', html)
    assert len(names) == len(set(names)) == 15
