"""Threshold documents and pathways of the directory's tests."""

from datetime import timedelta

from django.utils import timezone

from ..models import Pathway, ThresholdFramework, ThresholdLevel
from ..operations.pathways import save_pathway
from ..rules.pathways import StepPlan
from .making import HACKNEY

NOW = timezone.now()
TODAY = timezone.localdate(NOW)


def make_framework(area: str = HACKNEY, *names: str, **fields) -> ThresholdFramework:
    """A document that is shown, with levels of these names."""
    fields = {"title": "Example framework", "valid_from": TODAY - timedelta(days=30), "is_published": True} | fields
    framework = ThresholdFramework.objects.create(area_id=area, **fields)
    names = names or ("Example universal", "Example early help", "Example statutory")
    for order, name in enumerate(names, start=1):
        ThresholdLevel.objects.create(framework=framework, order=order, name=name)
    return framework


def plan(order: int, *services, **fields) -> StepPlan:
    """A step with these services."""
    values = {"title": f"Example step {order}", "entry": "A child worries a lot."} | fields
    return StepPlan(order=order, services=tuple((each.pk, "") for each in services), **values)


def make_pathway(framework, *steps: StepPlan, by=None, **fields) -> Pathway:
    """A pathway that is shown, unless the fields say otherwise."""
    fields = {"title": "Anxiety", "slug": "anxiety", "summary": "What to try first.", "is_published": True} | fields
    return save_pathway(pathway=Pathway(framework=framework, **fields), steps=steps, by=by, now=NOW)
