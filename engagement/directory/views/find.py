"""Finding a service. What is asked is in the address, so it can be sent, gone back to and printed."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.generic import View

from chatr.web.templatetags.portal import short_day

from ..forms.find import FindForm
from ..models import Availability
from ..operations.searching import record_gap
from ..queries.map import map_of
from ..queries.mine import organisations_of
from ..queries.search import Found, Result, find
from ..rules.ages import ages_of
from ..rules.search.question import METRES_A_MILE
from . import chosen

EVERYBODY = "Everybody, signed in or not."
COSTS = {"free": "Free", "paid": "Costs money", None: "Cost not stated"}


@dataclass(frozen=True)
class Card:
    """A result as the page shows it."""

    result: Result
    is_chosen: bool
    today: date

    @cached_property
    def listing(self):
        """What is known of the service."""
        return self.result.listing

    @cached_property
    def tags(self) -> list[tuple[str, str]]:
        """Age, cost, ways of working and space as words with a tone. What was asked and is not stated stands out."""
        listing, silent = self.listing, dict.fromkeys(words[:1].upper() + words[1:] for words in self.result.not_stated)
        tags = [(ages_of(listing.ages), ""), (COSTS[listing.cost], "")]
        tags += [(mode, "") for mode in listing.card.get("modes", ())]
        if listing.space == Availability.State.SPACE and listing.space_until and listing.space_until >= self.today:
            tags.append(("Has space now", "green"))
        stated = [(words, tone) for words, tone in tags if words not in silent]
        return [*stated, *((words, "amber") for words in silent)]

    @property
    def is_verified(self) -> bool:
        """Whether what was said still counts today, be the listing written this morning or not."""
        return self.listing.is_verified and self.today < self.listing.unverified_from

    @cached_property
    def verified(self) -> str:
        """``Verified 12 October 2026``, or that it is not."""
        day = short_day(self.listing.verified_on)
        if self.is_verified:
            return f"Verified {day}"
        return f"Unverified: last verified {day}" if day else "Unverified"

    @cached_property
    def places(self) -> str:
        """Where it is, as far as that may be shown: two places by name, else how many."""
        shown = [", ".join(filter(None, each.values())) for each in self.listing.card.get("places", ())]
        hidden = [f"{borough}, address not shown" for borough in self.listing.card.get("hidden_in", ())]
        return "; ".join([*(shown if len(shown) < 3 else [f"{len(shown)} places"]), *hidden])

    @cached_property
    def distance(self) -> str:
        """``0.4 miles away``; empty where there is nothing to measure."""
        if self.result.metres is None:
            return ""
        miles = self.result.metres / METRES_A_MILE
        if miles < 0.1:
            return "less than 0.1 miles away"
        return f"{miles:.1f} miles away" if miles < 10 else f"{miles:.0f} miles away"


@method_decorator(login_not_required, name="dispatch")
class FindServices(View):
    """Words and filters, what they find, and why."""

    who_may_see = EVERYBODY

    def get(self, request):
        today = timezone.localdate()
        form, found = ask(request, today)
        if form.is_asked and not found.total and not form.errors:
            outcode = form.place.outcode if form.place else ""
            record_gap(question=form.question, reading=found.reading, outcode=outcode, day=today)
        return render(
            request,
            "directory/find/services.html",
            {
                "form": form,
                "found": found,
                "groups": groups(found, services_chosen(request, found) if form.is_asked else set(), today),
                "pages": pages(form, found),
                "instead": [(form.spoken(name), count, form.query(dropped(name))) for name, count in found.instead],
                "map": small_map(form, found, today),
                "query": form.query(),
                "here": request.get_full_path(),
                "needs": needs(form, found),
                "is_editor": not form.is_asked and is_editor(request.user),
            },
        )


@method_decorator(login_not_required, name="dispatch")
class ShowMap(View):
    """Where what was found is: a drawing and the same as a table."""

    who_may_see = EVERYBODY

    def get(self, request):
        today = timezone.localdate()
        form, found = ask(request, today)
        context = {"form": form, "found": found, "query": form.query(), "is_alone": True}
        return render(request, "directory/find/map.html", context | {"map": map_of(form.question, found, today=today)})


def ask(request, today) -> tuple[FindForm, Found]:
    """What was asked and what it finds; each option of the form then says how much it would give."""
    form = FindForm(request.GET, today=today)
    form.is_valid()
    found = find(form.question, today=today, page=form.page)
    form.show_counts(found.counts)
    return form, found


def small_map(form: FindForm, found: Found, today):
    """The map below the list, where the list is one page; more than that is work and weight, and has its own page."""
    return map_of(form.question, found, today=today) if form.is_asked and found.total and found.pages == 1 else None


def services_chosen(request, found: Found) -> set[UUID]:
    """Services already on the shortlist; nobody who has put nothing aside costs a query."""
    return set(chosen.services_of(request)) if found.results else set()


def groups(found: Found, on_shortlist: set[UUID], today: date) -> list[tuple[str, list[Card]]]:
    """The results of this page under their headings, in order."""
    by_heading: dict[str, list[Card]] = {}
    for result in found.results:
        by_heading.setdefault(result.heading, []).append(Card(result, result.listing.pk in on_shortlist, today))
    return list(by_heading.items())


def pages(form: FindForm, found: Found) -> dict[str, str]:
    """The queries of the page before and the page after, where there are such."""
    turned = {"before": found.page - 1 if found.page > 1 else 0, "after": (found.page + 1) % (found.pages + 1)}
    return {name: form.query(page=number) for name, number in turned.items() if number}


def is_editor(user) -> bool:
    """Whether somebody keeps entries, whose own pages are one press away from here."""
    return user.is_authenticated and organisations_of(user).exists()


def dropped(name: str) -> tuple[str, ...]:
    """What goes from the address with a filter: without a place there is nothing to measure from."""
    return ("where", "distance") if name == "where" else (name,)


def needs(form: FindForm, found: Found) -> list[tuple[str, str, str]]:
    """Before anything is asked: each need some service helps with, its name and its count."""
    if form.is_asked:
        return []
    counts = found.counts.get("need", {})
    return [(code, name, counts[code]) for code, name in form.terms["need"] if code in counts and counts[code].number]
