"""What was explained in a conference, and what still has to be."""

from dataclasses import dataclass
from uuid import UUID

from ..models import Conference, ConferenceChild, Explanation, Reason, SectionKind
from .facts import facts_of
from .names import child_name, listed

# The kind of an explanation, and the child it is about or None.
Key = tuple[str, UUID | None]


def explanations_of(conference: Conference) -> dict[Key, Explanation]:
    """Every explanation of a conference by its kind and its child's id (None where it is about the whole)."""
    return {(found.kind, found.child_id): found for found in conference.explanations.select_related("by")}


@dataclass(frozen=True)
class Asked:
    """One thing the chair is asked to explain, and what they said so far."""

    kind: Reason
    child: ConferenceChild | None
    label: str
    hint: str
    words: str

    @property
    def name(self) -> str:
        """The name of its box."""
        return f"{self.kind.value}_{self.child.position}" if self.child else self.kind.value


def asked_to_explain(conference: Conference) -> list[Asked]:
    """What a record like this one has to explain, or explains already, apart from what has a page of its own.

    Lateness, the quorum, late reports, next dates and the chair's independence are explained where they are decided.
    """
    facts, said = facts_of(conference), explanations_of(conference)
    found = []

    def ask(kind: Reason, child: ConferenceChild | None, label: str, hint: str, is_needed: bool) -> None:
        already = said.get((kind, child.pk if child else None))
        if is_needed or already:
            found.append(Asked(kind, child, label, hint, already.words if already else ""))

    who = f" with {listed(facts.not_prepared)}" if facts.not_prepared else ""
    ask(
        Reason.NO_PREPARATION,
        None,
        f"Why was there no preparation meeting{who}, and what is offered now?",
        "Somebody who chose not to meet is written down on the page about them, and needs no reason here.",
        bool(facts.not_prepared) or not facts.family,
    )
    for child in facts.children:
        name = child_name(child)
        for kind, section, label, hint in (
            (
                Reason.NO_CHILD_WORDS,
                SectionKind.CHILD_WORDS,
                f"Why are there no words of {name}?",
                "Only for a child under 4, or whose views were not conveyed. What is done next stands beside how they "
                "took part.",
            ),
            (
                Reason.NO_STRENGTHS,
                SectionKind.STRENGTHS,
                f"Why is nothing written about what goes well for {name}?",
                "",
            ),
            (Reason.NO_WORRIES, SectionKind.WORRIES, f"Why is nothing written about worries for {name}?", ""),
        ):
            ask(kind, child, label, hint, not facts.has_words(section, child))
    return found
