"""Pathways as the public reads them, and which steps lose their last service."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q
from django.utils import timezone

from ..models import Listing, Pathway, PathwayStep, Service, StepService
from ..rules.ages import NOT_STATED, ages_in_words
from .front_doors import Door, front_door_of


@dataclass(frozen=True)
class Offer:
    """A service at a step, as its listing says."""

    listing: Listing
    note: str
    ages: str
    is_verified: bool


@dataclass(frozen=True)
class StepPage:
    """One step as it is read. ``offers`` are those the public can read; ``has_lost_all``: it had some, none is left."""

    step: PathwayStep
    offers: list[Offer]
    has_lost_all: bool


@dataclass(frozen=True)
class PathwayPage:
    """A whole pathway, and the front door of its area."""

    pathway: Pathway
    front_door: Door
    steps: list[StepPage]

    def is_sensitive(self) -> bool:
        """Whether somebody might be in danger by being seen reading it."""
        return any(offer.listing.is_sensitive for step in self.steps for offer in step.offers)


def published_pathways():
    """Those the public may read, with their area and need, by title."""
    shown = Pathway.objects.filter(is_published=True, framework__is_published=True)
    return shown.select_related("framework__area", "need").annotate(step_count=Count("steps")).order_by("title", "pk")


def pathway_page(pathway: Pathway, day: date) -> PathwayPage:
    """What a pathway says on a day, whether it is shown or still being written. Drafts among its services stay out."""
    live = StepService.objects.filter(service__listing__in=Listing.objects.shown(day))
    steps = (
        pathway.steps.select_related("level", "step_up", "step_down")
        .annotate(linked=Count("step_services"))
        .prefetch_related(
            Prefetch(
                "step_services",
                live.select_related("service__listing").order_by("service__listing__sort_name", "pk"),
                to_attr="live",
            )
        )
        .order_by("order")
    )
    return PathwayPage(
        pathway=pathway,
        front_door=front_door_of(pathway.framework.area),
        steps=[
            StepPage(step, [_offer(each, day) for each in step.live], has_lost_all=bool(step.linked and not step.live))
            for step in steps
        ],
    )


def _offer(each: StepService, day: date) -> Offer:
    listing = each.service.listing
    ages = NOT_STATED
    if listing.ages is not None:
        is_open = listing.ages.lower is None and listing.ages.upper is None
        ages = ages_in_words(listing.ages.lower, listing.ages.upper, any_age=is_open)
    is_verified = listing.verified_on is not None and day < listing.unverified_from
    return Offer(listing=listing, note=each.note, ages=ages, is_verified=is_verified)


def steps_left_dead(service: Service, day: date | None = None) -> list[PathwayStep]:
    """Steps of published pathways that would have no live service if this one went, in the order people meet them.

    ``step.pathway`` is loaded. Live is what the public can read on ``day`` (today where it is not given).
    """
    day = day or timezone.localdate()
    others = StepService.objects.filter(step=OuterRef("pk"), service__listing__in=Listing.objects.shown(day)).exclude(
        service=service
    )
    theirs = PathwayStep.objects.filter(step_services__service=service, pathway__is_published=True)
    return list(theirs.exclude(Exists(others)).select_related("pathway").order_by("pathway__title", "order"))


def dead_steps(day: date) -> list[PathwayStep]:
    """Steps of published pathways whose services have all gone, ``step.pathway`` loaded."""
    live = StepService.objects.filter(step=OuterRef("pk"), service__listing__in=Listing.objects.shown(day))
    shown = PathwayStep.objects.filter(pathway__is_published=True).annotate(linked=Count("step_services"))
    needs_one = Q(linked__gt=0) | Q(leads_to_front_door=False)
    dead = shown.filter(needs_one).exclude(Exists(live))
    return list(dead.select_related("pathway").order_by("pathway__title", "order"))


def steps_with(service: Service) -> list[PathwayStep]:
    """Where a service stands on published pathways, ``step.pathway`` loaded, for its own page."""
    theirs = PathwayStep.objects.filter(
        step_services__service=service, pathway__is_published=True, pathway__framework__is_published=True
    )
    return list(theirs.select_related("pathway").order_by("pathway__title", F("order")))
