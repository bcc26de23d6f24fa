"""What each section asks for, who may write in it, and when two versions of somebody's words differ."""

import json
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from ..models import AssignmentRole, AuthorKind, Block, FactOrOpinion, ReadBack, Section, SectionKind
from ..queries.access import Access
from .access import can_decide, can_write_record

LONGEST = 100_000  # characters of one person's words; a long report fits several times
VERSION_EVERY = 120  # seconds; what one person types within one such stretch of the clock is one version


@dataclass(frozen=True)
class Words:
    """Somebody's words as a page holds them.

    ``part_id`` is empty where the page does not say in which part it was said: then in the one that runs. ``seen`` is
    the fingerprint of what the page was given, empty for words that are new.
    """

    id: UUID
    words: str
    author_kind: str = AuthorKind.CHAIR
    person_id: UUID | None = None
    child_id: UUID | None = None
    fact_or_opinion: str = ""
    how: str = ""
    read_back: str = ReadBack.NOT_YET
    parent_may_read: bool | None = None
    part_id: UUID | None = None
    corrects_id: UUID | None = None
    removed: bool = False
    seen: str = ""

    @property
    def is_gone(self) -> bool:
        """Taken away, or nothing was written."""
        return self.removed or not self.words.strip()


KEPT = "words author_kind person_id child_id fact_or_opinion how read_back parent_may_read corrects_id".split()


def fingerprint(words: Words | Block | None) -> str:
    """A short code of what somebody's words say and whose they are; the same for a page and for what is stored.

    Empty for words that are not there.
    """
    if words is None or (words.is_gone if isinstance(words, Words) else words.removed_at):
        return ""
    return sha256(json.dumps([str(getattr(words, name)) for name in KEPT]).encode()).hexdigest()[:24]


def version_window(moment) -> int:
    """The stretch of the clock in which one person's typing is one version."""
    return int(moment.timestamp() // VERSION_EVERY)


@dataclass(frozen=True)
class Guide:
    """What a section is for, in a sentence, and what is asked about words in it.

    ``links`` are pages that hold what belongs here as data: an address' name and what the link says.
    """

    ask: str
    author_kind: str = AuthorKind.CHAIR
    fact_or_opinion: str = ""
    asks_fact: bool = False
    asks_parent: bool = False
    links: tuple[tuple[str, str], ...] = ()


GUIDES = {
    SectionKind.SAFETY: Guide(
        "What was agreed so that everybody here is safe and can speak: seats, parts, breaks, interpreter, advocate.",
        links=(("room", "Who is here, parts and breaks"), ("safety", "What keeps people safe")),
    ),
    SectionKind.CHILD_WORDS: Guide(
        "What the child says, writes or draws, as they put it. Nobody changes it into other words.",
        AuthorKind.CHILD,
        asks_parent=True,
        links=(("room", "How each child takes part"),),
    ),
    SectionKind.FAMILY_KNOW: Guide(
        "“What we want you to know about us”: in the family’s words. Nobody changes them into other words.",
        AuthorKind.FAMILY,
        asks_parent=True,
    ),
    SectionKind.STRENGTHS: Guide(
        "What works, who helps, what the child and family are proud of.", asks_fact=True, asks_parent=True
    ),
    SectionKind.FACTS: Guide(
        "What is known, with when and from whom. What somebody makes of it belongs under worries.",
        fact_or_opinion=FactOrOpinion.FACT,
        asks_fact=True,
    ),
    SectionKind.WORRIES: Guide(
        "What somebody is worried about for this child, and whose worry it is.",
        AuthorKind.PROFESSIONAL,
        FactOrOpinion.OPINION,
        asks_fact=True,
        asks_parent=True,
    ),
    SectionKind.UNKNOWN: Guide("What nobody knows yet, and who will find out.", asks_fact=True),
    SectionKind.AGENCIES: Guide(
        "What each agency said in the room. Their reports are kept as they wrote them.",
        AuthorKind.PROFESSIONAL,
        asks_fact=True,
        links=(("reports", "The reports, and whether the family had seen them"),),
    ),
    SectionKind.FAMILY_RESPONSE: Guide(
        "What the family says to what they heard, in their words.", AuthorKind.FAMILY, asks_parent=True
    ),
    SectionKind.RISK: Guide(
        "What could happen to the child if nothing changes, said plainly and once.",
        fact_or_opinion=FactOrOpinion.OPINION,
        asks_fact=True,
    ),
    SectionKind.PLAN: Guide(
        "What was said about the plan. Its steps are written to the child, then to the family.",
        links=(("plan", "The plan"),),
    ),
    SectionKind.FAMILY_VIEW: Guide(
        "What the family thinks of the decision before it is made, in their words.", AuthorKind.FAMILY, asks_parent=True
    ),
    SectionKind.DECISION: Guide(
        "What was said when deciding. The decision for each child has a page of its own.",
        links=(("decisions", "The decision for each child"),),
    ),
    SectionKind.NEXT: Guide(
        "What people were told about what happens next, and how to complain or correct something.",
        links=(("core-group", "The core group"), ("next-dates", "The next dates")),
    ),
    SectionKind.CHECK_IN: Guide(
        "How people are before they leave, and who looks after whom now.",
        AuthorKind.FAMILY,
        asks_parent=True,
        links=(("feedback-links", "Asking how it was"),),
    ),
}


def can_write_section(access: Access, section: Section) -> bool:
    """Whether a person may write here: the decision is the chair's; an advocate writes their child's words alone."""
    if access.role == AssignmentRole.ADVOCATE:
        return section.kind == SectionKind.CHILD_WORDS
    return can_decide(access) if section.kind == SectionKind.DECISION else can_write_record(access)
