"""Public pages, and what machines ask the portal: is it well, and where may they look."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.sitemaps.views import sitemap
from django.http import Http404, HttpResponse, JsonResponse
from django.middleware.csrf import REASON_NO_CSRF_COOKIE
from django.shortcuts import render
from django.templatetags.static import static
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.generic import RedirectView, TemplateView, View

from chatr.accounts.permissions import Permission

from . import health, whats_next
from .markdown import render as render_markdown
from .models import Page
from .next_courses import next_courses
from .sitemaps import SITEMAPS

EVERYBODY = "Everybody, signed in or not."


@method_decorator(login_not_required, name="dispatch")
class Home(TemplateView):
    """What this is and the ways in; for a person signed in, first what is next for them."""

    who_may_see = EVERYBODY

    def get_template_names(self):
        return ["pages/home_signed_in.html" if self.request.user.is_authenticated else "pages/home.html"]

    def get_context_data(self, **kwargs):
        now = timezone.now()
        if self.request.user.is_authenticated:
            return super().get_context_data(items=whats_next.items(self.request.user, now), **kwargs)
        return super().get_context_data(courses=next_courses(now), **kwargs)


@method_decorator(login_not_required, name="dispatch")
class ShowPage(TemplateView):
    """A page that staff wrote."""

    who_may_see = "Everybody, once the page is published; before that, staff who edit pages."
    template_name = "pages/page.html"

    def get_context_data(self, slug, **kwargs):
        page = Page.objects.filter(slug=slug).first()
        if page is None or slug in settings.CLOSED_AREAS or not (page.is_published or self._may_edit()):
            raise Http404
        return super().get_context_data(page=page, html=render_markdown(page.body), **kwargs)

    def _may_edit(self) -> bool:
        user = self.request.user
        return user.is_authenticated and user.may(Permission.MANAGE_PAGES)


@method_decorator([login_not_required, never_cache], name="dispatch")
class Alive(View):
    """This process answers. Nothing else is asked, so a database that is down restarts no web process."""

    who_may_see = EVERYBODY

    def get(self, request):
        return HttpResponse("ok\n", content_type="text/plain")


@method_decorator([login_not_required, never_cache], name="dispatch")
class Ready(View):
    """Whether database, broker, beat and outbox are well; 503 when one is not."""

    who_may_see = EVERYBODY

    def get(self, request):
        found = health.readiness(timezone.now())
        return JsonResponse(found, status=200 if found["ready"] else 503)


@method_decorator(login_not_required, name="dispatch")
class Robots(View):
    who_may_see = EVERYBODY

    def get(self, request):
        closed = ("/accounts/", "/admin/", "/training/bookings/", "/training/runs/")
        lines = [
            "User-agent: *",
            *(f"Disallow: {path}" for path in closed),
            f"Sitemap: {settings.SITE_URL}/sitemap.xml",
        ]
        return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")


@method_decorator(login_not_required, name="dispatch")
class SecurityText(View):
    """Where to report a weakness (RFC 9116)."""

    who_may_see = EVERYBODY

    def get(self, request):
        until = (timezone.now() + timedelta(days=180)).replace(microsecond=0)
        lines = [
            f"Contact: mailto:{settings.PROGRAMME_EMAIL}",
            f"Expires: {until:%Y-%m-%dT%H:%M:%SZ}",
            "Preferred-Languages: en",
            f"Canonical: {settings.SITE_URL}/.well-known/security.txt",
        ]
        return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@method_decorator(login_not_required, name="dispatch")
class Favicon(RedirectView):
    """For browsers that ask at the old address."""

    who_may_see = EVERYBODY

    def get_redirect_url(self):
        return static("favicon.svg")


@login_not_required
def show_sitemap(request):
    """The public addresses of every area."""
    return sitemap(request, SITEMAPS)


show_sitemap.who_may_see = EVERYBODY


@login_not_required
def csrf_failure(request, reason=""):
    """A form came without the proof that it is from this site: say why that happens and what to do."""
    return render(request, "pages/csrf_failure.html", {"no_cookie": reason == REASON_NO_CSRF_COOKIE}, status=403)
