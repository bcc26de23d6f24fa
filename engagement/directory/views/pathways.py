"""Pathways and levels of need, as anybody reads them."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.generic import View

from ..queries import pathways, thresholds

EVERYBODY = "Everybody, signed in or not."


@method_decorator(login_not_required, name="dispatch")
class ListPathways(View):
    """Every pathway that is shown."""

    who_may_see = EVERYBODY

    def get(self, request):
        return render(request, "directory/pathways/pathways.html", {"pathways": pathways.published_pathways()})


@method_decorator(login_not_required, name="dispatch")
class ShowPathway(View):
    """One pathway: what to try first, when to move on, and when it is time for the front door."""

    who_may_see = EVERYBODY

    def get(self, request, slug):
        pathway = pathways.published_pathways().filter(slug=slug).first()
        if pathway is None:
            raise Http404
        page = pathways.pathway_page(pathway, timezone.localdate())
        return render(request, "directory/pathways/pathway.html", {"page": page, "pathway": pathway})


@method_decorator(login_not_required, name="dispatch")
class ShowLevels(View):
    """Each area's document of levels of need, as it is in force today."""

    who_may_see = EVERYBODY

    def get(self, request):
        today = timezone.localdate()
        pages = thresholds.framework_pages(thresholds.current_frameworks(today), today)
        return render(request, "directory/pathways/levels.html", {"pages": pages})
