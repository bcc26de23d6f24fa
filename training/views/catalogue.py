"""What is on, and one course. Anybody may look."""

from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.generic import View

from ..forms import read_filters
from ..models import Course, CourseRun
from ..queries import catalogue
from ..queries.catalogue import Catalogue, Filters

EVERYBODY = "Everybody, signed in or not."


@method_decorator(login_not_required, name="dispatch")
class ListTraining(View):
    """The runs to come, narrowed down by filters that live in the address."""

    who_may_see = EVERYBODY

    def get(self, request):
        filters, left_out = read_filters(request.GET)
        everything = catalogue.catalogue(timezone.now())
        found = everything.found(filters)
        page = Paginator(found, catalogue.A_PAGE).get_page(request.GET.get("page"))
        catalogue.add_dates(page.object_list)
        return render(
            request,
            "training/list_training.html",
            {
                "page": page,
                "found": len(found),
                "filters": filters,
                "left_out": left_out,
                "groups": _groups(everything, filters),
                "instead": [] if found else _instead(everything, filters),
                "without_dates": [] if filters.applied else catalogue.courses_without_dates(everything),
            },
        )


def _groups(everything: Catalogue, filters: Filters) -> list[dict]:
    """The filters as the page shows them: every option with how many runs choosing it would leave."""
    offered = {
        "level": ("Level", [("", "Any level"), *Course.Level.choices]),
        "mode": ("In person or online", [("", "Either"), *CourseRun.Mode.choices]),
        "month": ("Month it starts", [("", "Any month"), *_months(everything, filters)]),
        "places": ("Places", [("", "Full or not"), ("yes", "Has places left")]),
    }
    groups = []
    for name, (legend, options) in offered.items():
        counts, chosen = everything.counts(filters, name), getattr(filters, name)
        options = [
            {"value": value, "label": label, "count": counts[value], "chosen": value == chosen}
            for value, label in options
        ]
        groups.append({"name": name, "legend": legend, "options": options})
    return groups


def _months(everything: Catalogue, filters: Filters) -> list[tuple[str, str]]:
    """The months there is something in, and the one chosen even if nothing is."""
    months = sorted({*everything.months(), filters.month} - {""})
    return [(month, catalogue.month_in_words(month)) for month in months]


def _instead(everything: Catalogue, filters: Filters) -> list[dict]:
    """When nothing fits all the filters: each one that could be dropped to find something, and how much."""
    words = {
        "level": lambda value: Course.Level(value).label,
        "mode": lambda value: CourseRun.Mode(value).label,
        "month": catalogue.month_in_words,
        "places": lambda _: "Has places left",
    }
    found = []
    for name in filters.applied:
        fewer = filters.without(name)
        if count := len(everything.found(fewer)):
            query = urlencode({key: value for key, value in vars(fewer).items() if value})
            found.append({"dropped": words[name](getattr(filters, name)), "count": count, "query": query})
    return found


@method_decorator(login_not_required, name="dispatch")
class ShowCourse(View):
    """One course: is it for me, what may be hard in it, when and where, and what if I can't come."""

    who_may_see = EVERYBODY

    def get(self, request, slug):
        course = catalogue.published_course(slug)
        if course is None:
            raise Http404
        now = timezone.now()
        rows = catalogue.runs_of(course, now)
        return render(
            request,
            "training/show_course.html",
            {
                "course": course,
                "rows": rows,
                "now": now,
                "cpd": _duration(course.cpd_minutes),
                "venues": list(dict.fromkeys(each.venue for row in rows for each in row.dates if each.venue)),
                "is_online": any(row.run.is_online for row in rows),
            },
        )


def _duration(minutes: int) -> str:
    """``3 hours 30 minutes``; empty for none."""
    hours, rest = divmod(minutes, 60)
    parts = [(hours, "hour"), (rest, "minute")]
    return " ".join(f"{count} {word}{'' if count == 1 else 's'}" for count, word in parts if count)
