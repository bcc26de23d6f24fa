"""Writing a pathway, whole: itself, its steps, and the services at each."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from chatr.accounts.models import User
from chatr.audit.operations import record

from ..models import Listing, Pathway, PathwayStep, StepService
from ..rules.pathways import StepPlan, what_is_wrong, why_not_shown


class CannotSavePathway(Exception):
    """Why a pathway cannot be saved or shown, worded for staff."""


@transaction.atomic
def save_pathway(*, pathway: Pathway, steps: Sequence[StepPlan], by: User | None, now: datetime) -> Pathway:
    """Write a pathway with all its steps, in place of those it had. It is shown where ``is_published`` says so.

    :raises CannotSavePathway: when steps contradict each other, or it is to be shown and a step leads nowhere
    """
    levels = set(pathway.framework.levels.values_list("pk", flat=True))
    if wrong := what_is_wrong(steps, levels=levels):
        raise CannotSavePathway(wrong)
    if pathway.is_published:
        _refuse_to_show(pathway, steps, now)
    is_new = pathway.pk is None
    pathway.save()
    pathway.steps.all().delete()
    made = {step.order: _write_step(pathway, step) for step in steps}
    for step in steps:
        made[step.order].step_up = made.get(step.up)
        made[step.order].step_down = made.get(step.down)
    PathwayStep.objects.bulk_update(made.values(), ["step_up", "step_down"])
    record(
        "directory.pathway_made" if is_new else "directory.pathway_changed",
        pathway,
        by=by,
        details={"steps": len(steps), "shown": pathway.is_published},
    )
    return pathway


def _refuse_to_show(pathway: Pathway, steps: Sequence[StepPlan], now: datetime) -> None:
    if not pathway.framework.is_published:
        raise CannotSavePathway("The threshold document it goes by is not shown yet. Show that first.")
    named = {service for step in steps for service, _ in step.services}
    live = Listing.objects.shown(timezone.localdate(now)).filter(service__in=named)
    if why := why_not_shown(steps, live=set(live.values_list("service", flat=True))):
        raise CannotSavePathway(why)


def _write_step(pathway: Pathway, plan: StepPlan) -> PathwayStep:
    step = PathwayStep.objects.create(
        pathway=pathway,
        order=plan.order,
        title=plan.title,
        level_id=plan.level,
        entry=plan.entry,
        exit=plan.exit,
        leads_to_front_door=plan.leads_to_front_door,
    )
    StepService.objects.bulk_create(
        StepService(step=step, service_id=service, note=note) for service, note in plan.services
    )
    return step


@transaction.atomic
def remove_pathway(*, pathway: Pathway, by: User) -> None:
    """Delete a pathway with its steps. The services stay."""
    record("directory.pathway_removed", pathway, by=by, details={"shown": pathway.is_published})
    pathway.delete()
