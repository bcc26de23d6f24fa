"""One service, as anybody reads it; and whether it helped."""

import re

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.generic import View

from chatr.web.limits import allows

from ..forms.understand import HelpedForm
from ..operations import counting
from ..queries import service_page as queries
from ..queries.front_doors import front_doors
from ..queries.pathways import steps_with
from . import chosen

EVERYBODY = "Everybody, signed in or not."
ANSWERED = "directory_answered"  # services this visit has said yes or no about; it ends with the session
ROBOT = re.compile(r"bot|crawl|spider|slurp|preview|monitor|curl|wget|python|scan", re.IGNORECASE)


@method_decorator(login_not_required, name="dispatch")
class ShowService(View):
    """Who it is for, how to refer, what it costs, when and where, and where to turn if a child is in danger."""

    who_may_see = EVERYBODY

    def get(self, request, slug):
        today = timezone.localdate()
        person = request.user if request.user.is_authenticated else None
        page = queries.service_page(slug, user=person, today=today)
        if page is None or page.is_still_to_come:
            raise Http404
        if kept := queries.kept_service(page.service):
            return redirect("directory:service", kept.slug, permanent=True)
        if not page.is_listed:
            return self._gone(page, today)
        if not _is_one_of_us(request, page) and not _is_machine(request):
            counting.count_view(service=page.service.pk, day=today)
        return show(request, page)

    def _gone(self, page, today):
        context = {"page": page, "similar": queries.similar_to(page, today), "doors": front_doors()}
        return _careful(render(self.request, "directory/service/gone.html", context, status=410), page.service)


def show(request, page: queries.ServicePage, *, is_preview: bool = False) -> HttpResponse:
    """The page itself. In a preview there is nothing to press."""
    served = [row["gss"] for row in page.service.area_rows]
    context = {
        "page": page,
        "doors": front_doors(searched=request.GET.get("where", ""), served=served),
        "steps": steps_with(page.service),
        "places": queries.places_with_access(page),
        "is_chosen": page.service.pk in chosen.services_of(request),
        "has_answered": str(page.service.pk) in request.session.get(ANSWERED, []),
        "is_preview": is_preview,
    }
    return _careful(render(request, "directory/service/show.html", context), page.service)


def _is_one_of_us(request, page) -> bool:
    """Whether it is somebody who keeps the entry or the directory: they would be counting themselves."""
    return getattr(page.service, "may_edit", False) or request.user.is_staff


def _is_machine(request) -> bool:
    """Whether nobody reads it: a program, or a browser that fetches it in case somebody will."""
    fetched_ahead = "prefetch" in request.headers.get("Sec-Purpose", "")
    agent = request.headers.get("User-Agent", "")
    return request.method != "GET" or fetched_ahead or not agent or ROBOT.search(agent) is not None


def _careful(response, service):
    """Keep a page somebody may be in danger for reading out of the browser's and every other cache."""
    if service.is_sensitive:
        response["Cache-Control"] = "no-store"
    return response


@method_decorator(login_not_required, name="dispatch")
class DidItHelp(View):
    """A closed question. The answer is a number in a day's count, once a visit."""

    who_may_see = EVERYBODY
    http_method_names = ["post"]

    def post(self, request, slug):
        today = timezone.localdate()
        page = queries.service_page(slug, user=None, today=today)
        if page is None or not page.is_listed:
            raise Http404
        form, key = HelpedForm(request.POST), str(page.service.pk)
        answered = request.session.get(ANSWERED, [])
        if form.is_valid() and key not in answered and allows(request, "did-it-help", times=60, seconds=3600):
            counting.count_answer(service=page.service.pk, day=today, helped=form.cleaned_data["helped"] == "yes")
            request.session[ANSWERED] = [*answered, key]
            chosen.end_with_the_browser(request)
        return redirect(reverse("directory:service", args=[slug]) + "#did-it-help")
