"""A shortlist for a family, without a word about the family: to print, to hand on by a link, to e-mail to oneself."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.generic import View

from chatr.accounts.rules import safe_path
from chatr.web.limits import allows

from ..forms.shortlists import NameForm, PickServiceForm, ShareForm
from ..models import Listing
from ..operations import shortlists as operations
from ..queries.service_page import in_order
from ..queries.shortlists import shared_shortlist
from . import chosen

THEIR_OWN = "Everybody, signed in or not: each their own shortlist."
public = method_decorator([login_not_required, never_cache], name="dispatch")


@public
class ShowShortlist(View):
    """What they put aside, and what can be done with it. Made to be printed."""

    who_may_see = THEIR_OWN

    def get(self, request):
        return show(request, ShareForm())


def show(request, form: ShareForm, status: int = 200):
    """The shortlist's page with a form for making a link."""
    pages = in_order(chosen.services_of(request), timezone.localdate())
    signed_in = request.user.is_authenticated
    wants_name = NameForm(request.GET)
    context = {
        "pages": pages,
        "has_sensitive": any(page.service.is_sensitive for page in pages),
        "form": form,
        "links": list(chosen.links_of(request)),
        "with_name": signed_in and wants_name.is_valid() and wants_name.cleaned_data["name"],
        "may_email": signed_in and operations.has_confirmed_address(request.user),
    }
    return render(request, "directory/shortlist/show.html", context, status=status)


@public
class AddToShortlist(View):
    """Put a public service on it, from a button on a page."""

    who_may_see = THEIR_OWN
    http_method_names = ["post"]

    def post(self, request):
        listing = Listing.objects.shown(timezone.localdate()).filter(service=_picked(request)).first()
        if listing is None:
            raise Http404
        try:
            chosen.add(request, listing.pk)
        except operations.CannotAdd as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, f"{listing.name} is on your shortlist.")
        return redirect(_back(request) or reverse("directory:service", args=[listing.slug]))


@public
class RemoveFromShortlist(View):
    """Take one service off it."""

    who_may_see = THEIR_OWN
    http_method_names = ["post"]

    def post(self, request):
        chosen.remove(request, _picked(request))
        return redirect(_back(request) or "directory:shortlist")


@public
class ClearShortlist(View):
    """Take everything off it."""

    who_may_see = THEIR_OWN
    http_method_names = ["post"]

    def post(self, request):
        chosen.clear(request)
        messages.success(request, "Your shortlist is empty.")
        return redirect("directory:shortlist")


@public
class ShareShortlist(View):
    """Make a link that shows the list to whoever has it. The link is shown once."""

    who_may_see = THEIR_OWN
    http_method_names = ["post"]

    def post(self, request):
        form = ShareForm(request.POST)
        if not form.is_valid():
            return show(request, form, 422)
        if not allows(request, "share-shortlist", times=20, seconds=3600):
            form.add_error("days", "Too many links were made from here in the last hour. Try again later.")
            return show(request, form, 429)
        by = request.user if request.user.is_authenticated else None
        try:
            shared, token = operations.share(
                services=chosen.services_of(request),
                days=form.cleaned_data["days"],
                live=chosen.links_of(request).count(),
                by=by,
                now=timezone.now(),
            )
        except operations.CannotShare as refusal:
            form.show_refusal(refusal, "days")
            return show(request, form, 422)
        chosen.remember_link(request, shared)
        address = settings.SITE_URL + reverse("directory:shared-shortlist", args=[token])
        return render(request, "directory/shortlist/link_made.html", {"shared": shared, "address": address})


@public
class RevokeShared(View):
    """Take a link of theirs back. Somebody else's does not exist here."""

    who_may_see = THEIR_OWN
    http_method_names = ["post"]

    def post(self, request, uuid):
        shared = get_object_or_404(chosen.links_of(request), pk=uuid)
        by = request.user if request.user.is_authenticated else None
        operations.revoke(shared=shared, by=by, now=timezone.now())
        messages.success(request, "That link no longer works.")
        return redirect("directory:shortlist")


@public
class SharedShortlist(View):
    """What whoever has a link reads: what is public today, and nothing of who made it or for whom."""

    who_may_see = "Whoever has a link that still works."

    def get(self, request, token):
        shared = shared_shortlist(token, timezone.now())
        pages = in_order(shared.services, timezone.localdate()) if shared else []
        context = {"shared": shared, "pages": pages, "has_sensitive": any(each.service.is_sensitive for each in pages)}
        response = render(request, "directory/shortlist/shared.html", context, status=200 if shared else 404)
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex"
        return response


@method_decorator(never_cache, name="dispatch")
class EmailShortlist(View):
    """Send it to the address of their own account. There is nowhere to type another."""

    who_may_see = "Whoever is signed in: their own shortlist, to their own confirmed address."
    http_method_names = ["post"]

    def post(self, request):
        chosen.services_of(request)  # what they brought from before signing in belongs to it
        try:
            operations.email(user=request.user, now=timezone.now())
        except operations.CannotShare as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, f"Your shortlist is on its way to {request.user.email}.")
        return redirect("directory:shortlist")


def _picked(request):
    form = PickServiceForm(request.POST)
    if not form.is_valid():
        raise Http404
    return form.cleaned_data["service"]


def _back(request) -> str:
    """The page of ours a button was on."""
    return safe_path(request.POST.get("next"))
