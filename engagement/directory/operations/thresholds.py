"""Threshold documents: their levels, their next version, and bringing that into force."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from chatr.accounts.models import User
from chatr.audit.operations import record

from ..models import (
    Pathway,
    PathwayStep,
    Revision,
    ServiceLevel,
    ThresholdFramework,
    ThresholdLevel,
)
from ..queries import thresholds as queries
from ..rules.thresholds import NotMatched, matched
from .listings import refresh

ASIDE = 1000  # where places of levels wait while others are given them


class CannotChangeThresholds(Exception):
    """Why a threshold document cannot be changed, worded for staff."""


@transaction.atomic
def save_framework(
    *,
    framework: ThresholdFramework,
    levels: Sequence[ThresholdLevel],
    gone: Sequence[ThresholdLevel] = (),
    by: User,
    now: datetime,
) -> ThresholdFramework:
    """Write a document with its levels, and take away those that are ``gone``.

    :raises CannotChangeThresholds: when a level that goes is in use, or two levels have the same place
    """
    for level in gone:
        refuse_if_used(level)
    places = [level.order for level in levels]
    if twice := next((place for place in places if places.count(place) > 1), None):
        raise CannotChangeThresholds(f"Two levels have place {twice}.")
    is_new = framework.pk is None
    framework.save()
    ThresholdLevel.objects.filter(pk__in=[level.pk for level in gone]).delete()
    # Aside first: while two levels change places, both would have the same one for a moment.
    ThresholdLevel.objects.filter(framework=framework).update(order=F("order") + ASIDE)
    for level in levels:
        level.framework = framework
        level.save()
    for service in queries.services_at(levels):
        refresh(service=service, now=now)
    record(
        "directory.thresholds_made" if is_new else "directory.thresholds_changed",
        framework,
        by=by,
        details={"levels": len(levels), "removed": len(gone)},
    )
    return framework


def refuse_if_used(level: ThresholdLevel, what: str = "deleted") -> None:
    """:raises CannotChangeThresholds: saying what a level is used by, when it is used."""
    if uses := queries.uses_of(level):
        parts = (
            (uses.services, "service", "services"),
            (uses.steps, "step of a pathway", "steps of pathways"),
            (uses.proposals, "entry that waits for staff", "entries that wait for staff"),
        )
        said = " and ".join(f"{count} {one if count == 1 else many}" for count, one, many in parts if count)
        use = "uses" if sum(count for count, _, _ in parts) == 1 else "use"
        raise CannotChangeThresholds(f"“{level}” cannot be {what}: {said} {use} it. Move that to another level first.")


@transaction.atomic
def copy_framework(
    *, framework: ThresholdFramework, version: str, valid_from: date, source_url: str, by: User
) -> ThresholdFramework:
    """A next version with the same levels in the same order, not shown yet.

    :raises CannotChangeThresholds: when it would begin before the one it follows, or one begins that day already
    """
    if valid_from <= framework.valid_from:
        raise CannotChangeThresholds("The next version begins after the one it is a copy of.")
    if ThresholdFramework.objects.filter(area=framework.area_id, valid_from=valid_from).exists():
        raise CannotChangeThresholds("This area has a document from that day already.")
    made = ThresholdFramework.objects.create(
        area_id=framework.area_id,
        title=framework.title,
        source_url=source_url,
        version=version,
        valid_from=valid_from,
    )
    ThresholdLevel.objects.bulk_create(
        ThresholdLevel(
            framework=made,
            order=level.order,
            name=level.name,
            description=level.description,
            what_to_do=level.what_to_do,
        )
        for level in framework.levels.order_by("order")
    )
    record("directory.thresholds_copied", made, by=by, details={"from": framework.pk})
    return made


def level_moves(framework: ThresholdFramework) -> dict[int, int]:
    """Which new level stands for each of the document before, by its id; empty where there is none before.

    :raises CannotChangeThresholds: when a level in use has nothing to stand for it
    """
    old = queries.before(framework)
    if old is None:
        return {}
    levels = list(old.levels.all())
    try:
        return matched(
            {level.order: level.pk for level in levels},
            {level.order: level.pk for level in framework.levels.all()},
            in_use={level.pk for level in levels if queries.uses_of(level)},
        )
    except NotMatched as why:
        raise CannotChangeThresholds(str(why)) from None


@transaction.atomic
def bring_into_force(*, framework: ThresholdFramework, by: User, now: datetime) -> int:
    """Show a document. Services, proposals and pathways of the one before move to its levels; that one stays to read.

    :returns: how many services moved
    :raises CannotChangeThresholds: when it has no level, begins later, is not the newest, or a level has no counterpart
    """
    framework = ThresholdFramework.objects.select_for_update().get(pk=framework.pk)
    if not framework.levels.exists():
        raise CannotChangeThresholds("Write its levels first.")
    if framework.valid_from > timezone.localdate(now):
        raise CannotChangeThresholds(
            f"It is in force from {framework.valid_from:%-d %B %Y}. Show it on that day, so that no service is lost "
            "from the search meanwhile."
        )
    newer = ThresholdFramework.objects.filter(
        area=framework.area_id, is_published=True, valid_from__gt=framework.valid_from
    )
    if newer.exists():
        raise CannotChangeThresholds("A newer document of this area is shown already.")
    old, moves = queries.before(framework), level_moves(framework)
    framework.is_published = True
    framework.save(update_fields=["is_published"])
    services = list(queries.services_at(moves))
    for level, to in moves.items():
        ServiceLevel.objects.filter(level=level, service__levels__level=to).delete()  # it has the new one already
        ServiceLevel.objects.filter(level=level).update(level=to)
        PathwayStep.objects.filter(level=level).update(level=to)
    _move_proposals({str(level): str(to) for level, to in moves.items()})
    moved = Pathway.objects.filter(framework=old).update(framework=framework) if old else 0
    for service in services:
        refresh(service=service, now=now)
    record(
        "directory.thresholds_in_force",
        framework,
        by=by,
        details={"before": old and old.pk, "services": len(services), "pathways": moved},
    )
    return len(services)


@transaction.atomic
def take_back(*, framework: ThresholdFramework, by: User) -> None:
    """Hide a document that was shown by mistake.

    :raises CannotChangeThresholds: when services or pathways go by it already
    """
    for level in framework.levels.order_by("order"):
        refuse_if_used(level, what="hidden")
    if queries.pathways_by(framework).exists():
        raise CannotChangeThresholds("Pathways go by this document. Move them to another one first.")
    framework.is_published = False
    framework.save(update_fields=["is_published"])
    record("directory.thresholds_taken_back", framework, by=by)


@transaction.atomic
def remove_framework(*, framework: ThresholdFramework, by: User) -> None:
    """Delete a document that was never shown, with its levels."""
    record("directory.thresholds_removed", framework, by=by)
    framework.delete()


def _move_proposals(moves: dict[str, str]) -> None:
    """Entries that wait for staff name levels too, and would bring the old ones back when they are approved."""
    for revision in Revision.objects.open().select_for_update():
        changed = False
        for text in (revision.entry, revision.base):
            if set(text.get("levels", ())) & moves.keys():
                text["levels"] = [moves.get(level, level) for level in text["levels"]]
                changed = True
        if changed:
            revision.save(update_fields=["entry", "base"])
