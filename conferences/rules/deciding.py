"""What can be decided for a child, and what has to be said with it."""

from collections.abc import Collection

from ..models import Category, ConferenceKind, Outcome

CATEGORY_ORDER = tuple(Category)
WITH_PLAN = (Outcome.PLAN, Outcome.CONTINUE)
_FIRST = (Outcome.PLAN, Outcome.CHILD_IN_NEED, Outcome.OTHER_SUPPORT, Outcome.NO_ACTION, Outcome.ADJOURN)
_REVIEW = (Outcome.CONTINUE, Outcome.END, Outcome.ADJOURN)


def outcomes(kind: str, *, has_plan: bool) -> tuple[Outcome, ...]:
    """What can be decided. A review of a plan continues or ends it; a brother or sister without one is decided anew."""
    return _REVIEW if kind == ConferenceKind.REVIEW and has_plan else _FIRST


def problem(
    outcome: str, *, allowed: Collection[str], threshold_met: bool, categories: Collection[str], quorate: bool | None
) -> tuple[str, str] | None:
    """What is wrong with a decision and the field it is about, in words; None when it can be written down.

    :param quorate: whether the conference has its quorum; None while that is not known
    """
    if outcome not in allowed:
        return "outcome", "This can't be decided at this conference."
    if outcome in WITH_PLAN and not threshold_met:
        return "threshold_met", "A plan needs significant harm, or that it is likely. Otherwise choose another outcome."
    if outcome in WITH_PLAN and not categories:
        return "categories", "Choose at least one category: a plan needs one."
    if outcome not in WITH_PLAN and categories:
        return "categories", "Only a plan has categories. Take them away, or choose the plan."
    if outcome == Outcome.END and quorate is False:
        return "outcome", "A review without a quorum can't end a plan. Continue the plan, or adjourn."
    return None
