"""The Open Referral UK feed. Anybody may read it: no key, no cookie, no name.

``middleware.OpenFeed`` gives every answer below ``/oruk/`` its CORS header, and every refusal a body in JSON.
"""

import hashlib
from email.utils import format_datetime
from functools import partial
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse, JsonResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from ..models import FeedPlace, FeedService
from ..oruk import document, parameters
from ..oruk.organisations import organisation, whole_organisation
from ..oruk.services import minimal
from ..oruk.values import text
from ..queries import feed

PROFILE = "https://docs.openreferraluk.org/en/latest/"
CACHED = "public, max-age=60"


def answer(request, body: str, *, changed_at=None) -> HttpResponse:
    """JSON that a cache may keep for a minute, and 304 for whoever has the same already."""
    content = body.encode()
    response = HttpResponse(content, content_type="application/json", headers={"Cache-Control": CACHED})
    response["ETag"] = etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    modified = None
    if changed_at is not None:
        response["Last-Modified"] = format_datetime(changed_at, usegmt=True)
        modified = int(changed_at.timestamp())
    return get_conditional_response(request, etag=etag, last_modified=modified, response=response)


def answer_page(request, page: feed.Page, contents: list[str]) -> HttpResponse:
    """A page of finished JSON."""
    facts = text(page.facts)
    return answer(request, f'{facts[:-1]},"contents":[{",".join(contents)}]}}')


@method_decorator([login_not_required, csrf_exempt], name="dispatch")
class FeedView(View):
    """A page of the feed: reads the parameters it takes, strictly."""

    who_may_see = "anybody: the feed is open data"
    http_method_names = ("get", "head", "options")
    takes: tuple[str, ...] = ()

    def dispatch(self, request, *args, **kwargs):
        try:
            self.asked = parameters.read(request.GET, self.takes)
            self.today = timezone.localdate()
            return super().dispatch(request, *args, **kwargs)
        except parameters.BadParameter as refusal:
            said = {"error": f"{refusal.name}: {refusal}", "parameter": refusal.name}
            return JsonResponse(said, status=400)


def the_id(text: str) -> UUID:
    """An id in an address; anything else is nowhere to be found.

    :raises Http404: for what is not an id
    """
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None


class Front(FeedView):
    """What this feed is."""

    def get(self, request):
        openapi = settings.SITE_URL + reverse("oruk:openapi")
        return answer(request, text({"version": "HSDS-UK-3.0", "profile": PROFILE, "openapi_url": openapi}))


class OpenApi(FeedView):
    """The document that says what works."""

    def get(self, request):
        server = settings.SITE_URL + reverse("oruk:front").rstrip("/")
        return answer(request, text(document.openapi(server)))


class Rows(FeedView):
    """A list of the feed's own rows: a page of it, or all of it as a stream."""

    def rows(self):
        raise NotImplementedError

    def get(self, request):
        column = "whole" if self.asked.full else "item"
        shaped = partial(map, minimal) if self.asked.minimal else iter
        rows = self.rows()
        if self.asked.format == "ndjson":
            lines = (f"{each}\n" for each in shaped(feed.everything(rows, column)))
            return StreamingHttpResponse(lines, content_type="application/x-ndjson")
        page = feed.page_of(rows, self.asked, column)
        return answer_page(request, page, list(shaped(page.contents)))


class Services(Rows):
    takes = document.SERVICES

    def rows(self):
        return feed.services(self.asked, self.today)


class Places(Rows):
    takes = document.PLACES

    def rows(self):
        return feed.places(self.asked, self.today)


class OneRow(FeedView):
    """One of the feed's own rows, whole."""

    model = None

    def get(self, request, id):
        row = self.model.objects.sent(self.today).filter(pk=the_id(id)).first()
        if row is None:
            raise Http404
        return answer(request, row.whole, changed_at=getattr(row, "changed_at", None))


class OneService(OneRow):
    model = FeedService


class OnePlace(OneRow):
    model = FeedPlace


class Organisations(FeedView):
    takes = document.ORGANISATIONS

    def get(self, request):
        page = feed.page_of_organisations(self.asked, self.today)
        shape = whole_organisation if self.asked.full else organisation
        return answer_page(request, page, [text(shape(each)) for each in page.contents])


class OneOrganisation(FeedView):
    def get(self, request, id):
        row = feed.organisations(self.today).filter(pk=the_id(id)).first()
        if row is None:
            raise Http404
        return answer(request, text(whole_organisation(row)))


class Taxonomies(FeedView):
    takes = document.TAXONOMIES

    def get(self, request):
        page = feed.page_of_values(feed.every_taxonomy(), self.asked)
        return answer_page(request, page, [text(each) for each in page.contents])


class Terms(FeedView):
    takes = document.TERMS

    def get(self, request):
        asked = self.asked
        terms = [
            each
            for each in feed.every_term()
            if all(str(pk) == each["taxonomy_id"] for pk in asked.taxonomy_id)
            and (asked.parent_id is None or str(asked.parent_id) == each.get("parent_id"))
            and not (asked.top_only and "parent_id" in each)
        ]
        page = feed.page_of_values(terms, asked)
        return answer_page(request, page, [text(each) for each in page.contents])


class OneValue(FeedView):
    """One of a list that is short enough to be read whole."""

    values = None

    def get(self, request, id):
        pk = str(the_id(id))
        found = next((each for each in self.values() if each["id"] == pk), None)
        if found is None:
            raise Http404
        return answer(request, text(found))


class OneTaxonomy(OneValue):
    values = staticmethod(feed.every_taxonomy)


class OneTerm(OneValue):
    values = staticmethod(feed.every_term)
