"""What a pathway has to be, and whether it may be shown. Plain values; it asks the database nothing."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class StepPlan:
    """One step as staff wrote it. ``up`` and ``down`` are the numbers of other steps of the same pathway."""

    order: int
    title: str
    entry: str
    exit: str = ""
    level: int | None = None
    up: int | None = None
    down: int | None = None
    leads_to_front_door: bool = False
    services: tuple[tuple[UUID, str], ...] = ()  # the service and a note


def what_is_wrong(steps: Sequence[StepPlan], *, levels: Collection[int]) -> str:
    """Why steps cannot be saved, shown or not, in a sentence; empty when they can.

    :param levels: the levels of the pathway's own document
    """
    numbers = [step.order for step in steps]
    for step in steps:
        if numbers.count(step.order) > 1:
            return f"Two steps have number {step.order}."
        if step.level is not None and step.level not in levels:
            return f"The level of step {step.order} is not in the document this pathway goes by."
        for words, to in (("up", step.up), ("down", step.down)):
            if to == step.order:
                return f"Step {step.order} cannot lead {words} to itself."
            if to is not None and to not in numbers:
                return f"Step {step.order} leads {words} to step {to}, which this pathway does not have."
        services = [service for service, _ in step.services]
        if len(services) != len(set(services)):
            return f"Step {step.order} has the same service twice."
    return ""


def why_not_shown(steps: Sequence[StepPlan], *, live: Collection[UUID]) -> str:
    """Why the public may not see these steps yet, in a sentence; empty when they may.

    :param live: the services the public can read now
    """
    if not steps:
        return "A pathway that is shown needs at least one step."
    for step in steps:
        if not step.leads_to_front_door and not any(service in live for service, _ in step.services):
            return f"Step {step.order} has no service the public can read. Add one, or say it leads to the front door."
    return ""
