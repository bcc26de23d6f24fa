"""The texts of a signed record that can be amended, each as it was signed and as it reads now.

An outcome, its categories and who was there are not among them: those are facts other dates follow from, and the next
conference decides anew. Dissent is somebody's own, and stays as it is.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from ..models import Amendment, Block, Conference, SectionKind
from .facts import THEIR_OWN
from .names import child_name
from .signed import amendments_of, challenges_of

_DECISION = {"reasons": "Why", "family_view": "What the family thinks"}
_ACTION = {
    "need": "What is needed",
    "outcome": "What will be different",
    "action": "What is done",
    "measure": "How we will know",
    "contingency": "What happens if it is not done",
    "plain_words": "Said to the child or family",
}


@dataclass(frozen=True)
class Item:
    """One text: where it stands, what was signed, and every amendment to it."""

    object_type: str
    object_id: UUID
    field: str
    group: str
    label: str
    words: str
    child_id: UUID | None = None
    amendments: tuple[Amendment, ...] = ()
    is_their_own: bool = False  # the child's or the family's words

    @property
    def amended(self) -> tuple[Amendment, ...]:
        """The same, as pages show what was added to a row."""
        return self.amendments

    @property
    def words_now(self) -> str:
        """What it says with its amendments."""
        return self.amendments[-1].new if self.amendments else self.words


def with_amendments(rows: Iterable, conference: Conference) -> None:
    """Put on each decision, action or block what was added to it after signing, as ``amended``. One query."""
    found: dict[UUID, list[Amendment]] = {}
    for amendment in conference.amendments.select_related("by").order_by("number"):
        amendment.label = (_DECISION | _ACTION).get(amendment.field, "")
        found.setdefault(amendment.object_id, []).append(amendment)
    for row in rows:
        row.amended = found.get(row.pk, [])


def with_additions(blocks: Iterable[Block], conference: Conference) -> None:
    """The same for words, with what somebody says is not accurate about them as ``challenged``. Two queries."""
    blocks = list(blocks)
    with_amendments(blocks, conference)
    challenges = challenges_of(conference)
    for block in blocks:
        block.challenged = challenges.get(block.pk, [])


def items_to_amend(conference: Conference) -> list[Item]:
    """Every text of the record, in its order, with its amendments. Five queries."""
    amendments = amendments_of(conference)
    names = {child.pk: child_name(child) for child in conference.children.select_related("child__details")}

    def item(row, field: str, group: str, label: str) -> Item:
        name = f" ({names[row.child_id]})" if row.child_id else ""
        return Item(
            object_type=row._meta.model_name,
            object_id=row.pk,
            field=field,
            group=f"{group}{name}",
            label=label,
            words=getattr(row, field),
            child_id=row.child_id,
            amendments=tuple(amendments.get((row.pk, field), ())),
            is_their_own=getattr(row, "author_kind", "") in THEIR_OWN,
        )

    blocks = conference.blocks.filter(removed_at=None).select_related("section", "person")
    found = [
        item(block, "words", SectionKind(block.section.kind).label, _whose(block))
        for block in blocks.order_by("section__position", "position", "pk")
    ]
    for decision in conference.decisions.order_by("child__position"):
        found += [item(decision, field, "The decision", label) for field, label in _DECISION.items()]
    for number, action in enumerate(conference.actions.order_by("position", "pk"), 1):
        found += [item(action, field, f"Action {number}", label) for field, label in _ACTION.items()]
    return [one for one in found if one.words or one.amendments]


def item_to_amend(conference: Conference, object_id: UUID, field: str) -> Item | None:
    """One of them, or None."""
    wanted = (object_id, field)
    return next((one for one in items_to_amend(conference) if (one.object_id, one.field) == wanted), None)


def _whose(block) -> str:
    return block.person.name if block.person else block.get_author_kind_display()
