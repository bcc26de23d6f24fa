"""The record's words as people read them: section by section, beside last time's, and what a person was kept out of."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from chatr.accounts.models import User

from ..models import (
    AssignmentRole,
    Attending,
    Block,
    BlockVersion,
    Conference,
    Decision,
    NextDate,
    Person,
    PlanAction,
    Section,
    SectionKind,
)
from ..models import Attendance as AttendanceRow
from .access import MANAGER, conference_for

STILL_HERE = timedelta(seconds=90)  # a page asks every half minute; after this nobody is in the section any more
READING = {AssignmentRole.CHAIR, AssignmentRole.COVER, AssignmentRole.MINUTE_TAKER, AssignmentRole.BREAK_GLASS, MANAGER}

# What fills a section although no words stand in it.
FILLED_BY = {
    SectionKind.SAFETY: AttendanceRow.objects.filter(status=Attending.PRESENT),
    SectionKind.PLAN: PlanAction.objects.all(),
    SectionKind.DECISION: Decision.objects.all(),
    SectionKind.NEXT: NextDate.objects.all(),
}


@dataclass(frozen=True)
class Mark:
    """A line in the list of sections: what is in it and who has it open."""

    section: Section
    title: str
    written: bool
    opened_by: User | None


@dataclass(frozen=True)
class Entry:
    """Words in a section with the corrections that were added to them."""

    block: Block
    corrections: list[Block] = field(default_factory=list)


def name_of(section: Section) -> str:
    """What the child of a section is called; empty for a section about the whole family."""
    return section.child.child.details.known_as or section.child.child.details.name if section.child_id else ""


def title_of(section: Section) -> str:
    """A section's heading, with the child's name where it is one child's."""
    kind, name = SectionKind(section.kind), name_of(section)
    if not name:
        return kind.label
    return {
        SectionKind.CHILD_WORDS: f"{name}: in their own words",
        SectionKind.STRENGTHS: f"{name}: what is going well",
        SectionKind.WORRIES: f"{name}: what we are worried about",
    }.get(kind, f"{name}: {kind.label}")


def sections_of(conference: Conference) -> QuerySet[Section]:
    """The sections a person sees, in their fixed order, each with its child."""
    return conference.sections.select_related("child__child__details", "opened_by").order_by("position")


def marks(conference: Conference, now: datetime) -> list[Mark]:
    """The list of sections: written or empty, and who is in which."""
    here = OuterRef("conference_id")
    filled = (
        Conference.objects.filter(pk=conference.pk)
        .values_list(*(Exists(rows.filter(conference=OuterRef("pk"))) for rows in FILLED_BY.values()))
        .first()
    )
    filled = dict(zip(FILLED_BY, filled or (), strict=False))
    words = Block.objects.filter(conference=here, section=OuterRef("pk"), removed_at=None)
    return [
        Mark(
            section,
            title_of(section),
            section.has_words or filled.get(section.kind, False),
            section.opened_by if section.opened_at and now - section.opened_at < STILL_HERE else None,
        )
        for section in sections_of(conference).annotate(has_words=Exists(words))
    ]


def live_blocks(**where) -> QuerySet[Block]:
    """Blocks that were not taken away, in their order, with whose words they are and who typed them."""
    return (
        Block.objects.filter(removed_at=None, **where)
        .select_related("person", "typed_by", "part", "child__child__details")
        .order_by("position", "typed_at")
    )


def entries(blocks: list[Block]) -> list[Entry]:
    """Blocks with the corrections of each beside it, also of corrections that were corrected."""
    found, first = {}, {}
    waiting = []
    for block in blocks:
        if block.corrects_id is None:
            found[block.pk] = Entry(block)
            first[block.pk] = block.pk
        else:
            waiting.append(block)
    for block in sorted(waiting, key=lambda block: block.position):
        root = first.get(block.corrects_id)
        if root is None:  # what it corrects is not seen here, so it stands by itself
            root = block.pk
            found[root] = Entry(block)
        else:
            found[root].corrections.append(block)
        first[block.pk] = root
    return list(found.values())


def entries_of(section: Section) -> list[Entry]:
    """What stands in a section."""
    return entries(list(live_blocks(section=section)))


def whole_record(conference: Conference) -> list[tuple[Section, str, list[Entry]]]:
    """Every section a person sees, in the fixed order, with its heading and words: two queries."""
    blocks = defaultdict(list)
    for block in live_blocks(conference=conference):
        blocks[block.section_id].append(block)
    return [
        (section, title_of(section), entries(blocks[section.pk]))
        for section in sections_of(conference).select_related("child__child__details")
    ]


def last_time(section: Section, conference: Conference, user: User) -> tuple[Conference, Section, list[Entry]] | None:
    """The same section of the conference before, for somebody who may read that record; otherwise nothing."""
    if conference.previous_id is None:
        return None
    found = conference_for(user, conference.previous_id)
    if found is None or found[1].role not in READING:
        return None
    before = sections_of(found[0]).filter(kind=section.kind)
    before = before.filter(child__child=section.child.child) if section.child_id else before.filter(child=None)
    then = before.first()
    return (found[0], then, entries_of(then)) if then is not None else None


def blocks_hidden_by_exclusion(person: Person) -> set[UUID]:
    """Words that were said, or typed, while a person was kept out: they are in no copy for them, nor are corrections
    of them.

    A part counts from when it began until it ended, or as it was planned where nobody wrote that down.
    """
    parts = [row.part for row in person.attendances.filter(status=Attending.EXCLUDED).select_related("part")]
    if not parts:
        return set()
    out = {part.pk for part in parts}

    def while_out(moment: datetime) -> bool:
        return any(
            (part.began_at or part.starts_at) <= moment
            and (moment <= part.ended_at if part.ended_at else part.began_at is not None or moment < part.ends_at)
            for part in parts
        )

    blocks = list(Block.objects.filter(conference=person.conference_id).only("part_id", "typed_at", "corrects_id"))
    hidden = {block.pk for block in blocks if block.part_id in out or while_out(block.typed_at)}
    hidden |= {
        block_id
        for block_id, at in BlockVersion.objects.filter(conference=person.conference_id).values_list("block_id", "at")
        if while_out(at)
    }
    while more := {block.pk for block in blocks if block.corrects_id in hidden} - hidden:
        hidden |= more
    return hidden
