"""Each area's document of levels of need, and what hangs on its levels."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Prefetch, QuerySet

from ..models import (
    FrontDoor,
    Listing,
    Pathway,
    PathwayStep,
    Revision,
    Service,
    ServiceLevel,
    ThresholdFramework,
    ThresholdLevel,
)
from .front_doors import Door


@dataclass(frozen=True)
class LevelPage:
    """One level as it is read; ``services`` counts those the public finds at it."""

    level: ThresholdLevel
    services: int


@dataclass(frozen=True)
class FrameworkPage:
    """One area's document, and its front door."""

    framework: ThresholdFramework
    front_door: Door
    levels: list[LevelPage]


@dataclass(frozen=True)
class Uses:
    """What hangs on a level: services, steps of pathways, and entries that wait for staff."""

    services: int
    steps: int
    proposals: int

    def __bool__(self) -> bool:
        return bool(self.services or self.steps or self.proposals)


def current_frameworks(day: date) -> QuerySet:
    """The document in force in each area, Hackney first."""
    current = ThresholdFramework.objects.current(day).values("pk")
    return ThresholdFramework.objects.filter(pk__in=current).select_related("area").order_by("area__place", "pk")


def framework_pages(frameworks: QuerySet, day: date) -> list[FrameworkPage]:
    """Documents with their levels in order, how many services are found at each, and each area's front door."""
    levels = Prefetch("levels", ThresholdLevel.objects.order_by("order"), to_attr="in_order")
    found = list(frameworks.prefetch_related(levels))
    at_level = ServiceLevel.objects.filter(level__framework__in=found, service__listing__in=Listing.objects.shown(day))
    counts = dict(at_level.values_list("level").annotate(Count("service")))
    doors = {door.area_id: door for door in FrontDoor.objects.filter(area__in=[each.area_id for each in found])}
    return [
        FrameworkPage(
            framework=each,
            front_door=Door(each.area, doors.get(each.area_id)),
            levels=[LevelPage(level, counts.get(level.pk, 0)) for level in each.in_order],
        )
        for each in found
    ]


def before(framework: ThresholdFramework) -> ThresholdFramework | None:
    """The document of the same area that is shown and was in force before this one."""
    older = ThresholdFramework.objects.filter(
        area=framework.area_id, is_published=True, valid_from__lt=framework.valid_from
    )
    return older.order_by("-valid_from", "-pk").first()


def uses_of(level: ThresholdLevel) -> Uses:
    """What would have to be changed before a level could go."""
    return Uses(
        services=ServiceLevel.objects.filter(level=level).count(),
        steps=PathwayStep.objects.filter(level=level).count(),
        proposals=proposals_at([level]).count(),
    )


def proposals_at(levels) -> QuerySet:
    """Entries not yet decided that name one of these levels."""
    open_ones = Revision.objects.open()
    named = Revision.objects.none()
    for level in levels:
        named = named | open_ones.filter(entry__levels__contains=[str(level.pk)])
    return named


def services_at(levels) -> QuerySet:
    """Services, public or not, at one of these levels."""
    return Service.objects.filter(levels__level__in=levels).distinct().order_by("name", "pk")


def pathways_by(framework: ThresholdFramework) -> QuerySet:
    """Pathways that go by a document, shown or not."""
    return Pathway.objects.filter(framework=framework).order_by("title", "pk")
