"""What was decided and planned, as items."""

from ...models import (
    ActionReview,
    Category,
    Conference,
    CoreGroupMember,
    Decision,
    NextDate,
    PlanAction,
    SectionKind,
)
from ...paper.items import Item, Key, Row
from ...paper.wording import day
from .people import called, role_of, these


def _reviews(conference: Conference):
    return (
        ActionReview.objects.filter(conference=conference)
        .select_related("action")
        .order_by("action__position", "action_id")
    )


def _review(row: ActionReview) -> Item:
    return Item(
        key=Key("actionreview", row.pk),
        section=SectionKind.PLAN,
        title="What came of the last plan",
        rows=(
            Row("planned", "Planned last time", row.action.plain_words or row.action.action),
            Row("progress", "What came of it", row.get_progress_display()),
            Row("evidence", "What shows it", row.evidence),
        ),
        child=row.child_id,
        children=these(row.child_id),
    )


def _actions(conference: Conference):
    return (
        PlanAction.objects.filter(conference=conference).select_related("owner").order_by("child__position", "position")
    )


def _action(row: PlanAction) -> Item:
    return Item(
        key=Key("planaction", row.pk),
        section=SectionKind.PLAN,
        title=row.plain_words or row.action,
        rows=(
            Row("plain_words", "In plain words", row.plain_words),
            Row("need", "What is needed", row.need),
            Row("outcome", "What will be different", row.outcome),
            Row("action", "What is done", row.action),
            Row("owner", "Who does it", called(row.owner)),
            Row("due_on", "By when", day(row.due_on) if row.due_on else ""),
            Row("measure", "How we will know", row.measure),
            Row("contingency", "If it does not happen", row.contingency),
        ),
        child=row.child_id,
        children=these(row.child_id),
        people=these(row.owner_id),
    )


def _decisions(conference: Conference):
    return Decision.objects.filter(conference=conference).order_by("child__position")


def _decision(row: Decision) -> Item:
    view = "The family chose not to say" if row.family_view_not_given else row.family_view
    return Item(
        key=Key("decision", row.pk),
        section=SectionKind.DECISION,
        title="The decision",
        rows=(
            Row("outcome", "Decision", row.get_outcome_display()),
            Row("categories", "Category", ", ".join(Category(code).label for code in row.categories)),
            Row("reasons", "Why", row.reasons),
            Row("family_view", "What the family thinks", view),
        ),
        child=row.child_id,
        children=these(row.child_id),
        code=row.outcome,
    )


def _members(conference: Conference):
    return (
        CoreGroupMember.objects.filter(conference=conference)
        .select_related("person")
        .order_by("child__position", "person__position", "pk")
    )


def _member(row: CoreGroupMember) -> Item:
    return Item(
        key=Key("coregroupmember", row.pk),
        section=SectionKind.NEXT,
        title=f"{called(row.person)}, in the core group",
        rows=(
            Row("name", "Name", called(row.person)),
            Row("role", "Who they are", role_of(row.person)),
            Row("lead", "Part", "lead practitioner" if row.is_lead else ""),
        ),
        child=row.child_id,
        children=these(row.child_id),
        people=these(row.person_id),
        person=row.person_id,
    )


def _dates(conference: Conference):
    return NextDate.objects.filter(conference=conference).order_by("on", "pk")


def _date(row: NextDate) -> Item:
    return Item(
        key=Key("nextdate", row.pk),
        section=SectionKind.NEXT,
        title=row.get_kind_display(),
        rows=(
            Row("what", "Meeting", row.get_kind_display()),
            Row("on", "When", day(row.on)),
            Row("place", "Where", row.place),
        ),
    )


KINDS = {
    "actionreview": (_reviews, _review),
    "planaction": (_actions, _action),
    "decision": (_decisions, _decision),
    "coregroupmember": (_members, _member),
    "nextdate": (_dates, _date),
}
