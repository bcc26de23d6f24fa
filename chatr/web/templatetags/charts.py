"""Charts in a page: ``{% load charts %}``. Each comes with its sentence and its table of numbers."""

from binascii import crc32
from collections.abc import Iterable

from django import template

from chatr.charts import drawing, figures

register = template.Library()


@register.inclusion_tag("components/chart.html")
def bar_chart(
    title: str,
    rows: Iterable,
    unit: str = "",
    hidden_as: str = "fewer than 5",
    whole: float | None = None,
    sentence: str = "",
) -> dict:
    """``{% bar_chart "Who came" rows %}``, ``{% bar_chart "Felt heard" before_and_after unit="%" %}``.

    ``rows`` are ``[label, value]`` or ``[label, value, n]``, dicts, ``figures.Point`` or ``figures.Series``; a value of
    None is one too small to be shown. ``whole`` is the value a bar across the picture stands for: 100 for a per cent.
    ``sentence`` says what the chart shows where the largest and the smallest are not the point.
    """
    chart = figures.figure(title, rows, unit=unit, hidden_as=hidden_as, whole=whole)
    return _context(chart, sentence or figures.compared(chart)) | {"bars": drawing.bars(chart)}


@register.inclusion_tag("components/chart.html")
def trend_line(
    title: str,
    rows: Iterable,
    unit: str = "",
    hidden_as: str = "fewer than 5",
    whole: float | None = None,
    sentence: str = "",
) -> dict:
    """``{% trend_line "Places taken" by_month %}``: as ``bar_chart``, in the order of time."""
    chart = figures.figure(title, rows, unit=unit, hidden_as=hidden_as, whole=whole, labels_are="When")
    return _context(chart, sentence or figures.over_time(chart)) | {"trend": drawing.trend(chart)}


def _context(chart: figures.Figure, sentence: str) -> dict:
    names = [each.name for each in chart.series]
    return {
        "chart": chart,
        "sentence": sentence,
        # Names inside the picture have to be its own on the page, and the same each time the page is made.
        "id": f"chart-{crc32(repr(chart).encode()):08x}",
        "width": drawing.WIDTH,
        "legend": [(number, name, drawing.key(number)) for number, name in enumerate(names) if name],
    }
