"""Pages that stand in a browser test for those that will use a part: the portal's own frame around one template."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.template import engines
from django.urls import include, path
from django.utils.decorators import method_decorator
from django.views import View

from chatr.charts.figures import Point, Series
from chatr.pdf import documents

HEAD = '{% extends "base.html" %}{% load portal safety charts %}'

SAFETY = (
    HEAD
    + """
{% block title %}Ada’s meeting{% endblock %}
{% block content %}{% exit_this_page %}{% privacy_blur %}
<h1 class="govuk-heading-l">A page to leave</h1>
<p class="govuk-body" id="secret">What we talked about.</p>
<label class="govuk-label" for="words">Your words</label>
<textarea class="govuk-textarea" id="words"></textarea>
{% endblock %}"""
)

CHARTS = (
    HEAD
    + """
{% block content %}<h1 class="govuk-heading-l">What changed</h1>
{% bar_chart "Who came" who %}
{% bar_chart "Felt heard" heard unit="%" %}
{% trend_line "Places taken" months %}
{% trend_line "Answers" answers %}
{% endblock %}"""
)

DOCUMENT = HEAD + '{% block content %}<h1 class="govuk-heading-l">Preview</h1>{{ page_part }}{% endblock %}'

QUARTERS = ("January", "April", "July", "October")


def series(name: str, values) -> Series:
    return Series(name, tuple(Point(label, value) for label, value in zip(QUARTERS, values, strict=True)))


FIGURES = {
    "who": [["Social workers and family support practitioners", 1204], ["Teachers", 340], ["Police", None], ["GPs", 0]],
    "heard": [
        Series("Before", (Point("Parents", 40, 25), Point("Children", 10, 20))),
        Series("After", (Point("Parents", 80, 25), Point("Children", 60, 20))),
    ],
    "months": [[f"Month {number}", number * 7] for number in range(1, 13)],
    "answers": [series("Young people", (5, None, 20, 30)), series("Parents", (50, 40, 30, 20))],
}
PAPER = documents.Document(
    title="Record of a meeting",
    footer="Some information may be left out of any copy.",
    blocks=(
        documents.Address(("Ms A Example", "1 Example Street", "London E8 0XX")),
        documents.Heading("What we heard"),
        documents.Words("Ada, 9, told her social worker on 3 May 2027", "I like reading.\n<script>alert(1)</script>"),
        documents.Words("Her father", "أريد أن يكون أطفالي بأمان"),
        documents.Heading("What happens next", 2),
        documents.Paragraph("First line\nSecond line", label="Agreed"),
        documents.Bullets(("Breakfast club", "A walk each Sunday")),
        documents.Table(("Who", "Does what", "By"), (("School", "x" * 200, "3 May 2027"),), caption="The plan"),
        documents.Table(("When", "Where"), (("Monday", "School"),)),
        documents.PageBreak(),
        documents.Facts((("Date", "3 May 2027"), ("Place", "Town hall\nRoom 3"))),
    ),
)


@method_decorator(login_not_required, name="dispatch")
class Example(View):
    """One template as a page."""

    source = ""
    context = {}

    def get(self, request):
        return HttpResponse(engines["django"].from_string(self.source).render(self.context, request))


urlpatterns = [
    path("example/safety/", Example.as_view(source=SAFETY)),
    path("example/charts/", Example.as_view(source=CHARTS, context=FIGURES)),
    path("example/document/", Example.as_view(source=DOCUMENT, context={"page_part": documents.as_html(PAPER)})),
    path("", include("chatr.urls")),
]
