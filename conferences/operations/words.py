"""Taking down what people say: saving a section, closing words that were read back, correcting them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction

from chatr.accounts.models import User
from chatr.audit.operations import record

from ..models import Block, BlockVersion, ReadBack, Section
from ..queries.room import current_part, open_break
from ..rules.words import KEPT, LONGEST, Words, fingerprint, version_window

SIGNED = "This record was closed meanwhile, so nothing more can be written in it. Your text was not saved: copy it."
READ_BACK = "These words were read back, so they stay as they are. Add a correction instead."
OUT_OF_STEP = "This page and the record do not fit together any more. Copy your text, then open the section again."


class CannotSave(Exception):
    """Why words can't be kept, worded for the person who typed them."""

    def __init__(self, message: str, *, block: UUID | None = None):
        super().__init__(message)
        self.block = block


@dataclass(frozen=True)
class Side:
    """One person's words in both versions: mine is not saved; theirs is stored, or None."""

    mine: Words | None
    theirs: Block | None
    both_changed: bool


class StaleSection(Exception):
    """Somebody else changed the section since the page was given it. Nothing was saved; both versions are in it."""

    def __init__(self, section: Section, sides: list[Side]):
        super().__init__("Somebody else changed this section.")
        self.section, self.sides = section, sides


def save_section(*, section: Section, version: int, blocks: Sequence[Words], by: User, now: datetime) -> Section:
    """Keep what a page holds of a section, whole or not at all. Words the page does not send stay as they are.

    The same save twice changes nothing, so it may be sent again when its answer was lost. Call it acting as ``by``.

    :param version: the section's version the page was given
    :raises StaleSection: if the section was changed since, with both versions
    :raises CannotSave: if the record is closed, or words that were read back would change
    """
    try:
        with transaction.atomic():
            return _save(section, version, blocks, by, now)
    except IntegrityError as problem:
        # What the database refuses is told by the name of the rule: its own message could hold somebody's words.
        rule = getattr(getattr(problem.__cause__, "diag", None), "constraint_name", "")
        raise CannotSave(
            {"frozen_once_signed": SIGNED, "sealed_words_stay": READ_BACK}.get(rule, OUT_OF_STEP)
        ) from None


def _save(section: Section, version: int, blocks: Sequence[Words], by: User, now: datetime) -> Section:
    section = _locked(section)
    stored = {block.pk: block for block in section.blocks.select_related("typed_by", "person")}
    blocks = [_in_its_place(words, section) for words in blocks]
    changed = [words for words in blocks if _differs(words, stored.get(words.id))]
    if not changed:
        return section
    if section.version != version:
        raise StaleSection(section, _sides(blocks, stored))
    part, in_break = current_part(section.conference, now), open_break(section.conference) is not None
    position = max((block.position for block in stored.values()), default=0)
    new_versions = 0
    for words in changed:
        block = stored.get(words.id)
        if len(words.words) > LONGEST:
            raise CannotSave(f"At most {LONGEST:,} characters fit here. Split these words in two.", block=words.id)
        if block is None:
            position += 1
            block = Block(id=words.id, conference=section.conference, section=section, position=position)
            new_versions += 1
        elif block.sealed_at:
            raise CannotSave(READ_BACK, block=words.id)
        elif words.is_gone:
            block.removed_at = now
            block.save()
            new_versions += 1
            continue
        elif words.words != block.words:
            new_versions += _keep_version(block, by, part, now)
        _write(block, words, part, in_break, by, now)
    return _changed(section, by, now, words=new_versions)


def _locked(section: Section) -> Section:
    """The section as it is now. Whoever saves it too queues up here."""
    return Section.objects.select_for_update(of=("self",)).select_related("conference").get(pk=section.pk)


def _in_its_place(words: Words, section: Section) -> Words:
    """In one child's section all words are about that child."""
    return words if not section.child_id else Words(**{**vars(words), "child_id": section.child_id})


def _differs(words: Words, block: Block | None) -> bool:
    if block is None or block.removed_at:
        return not words.is_gone
    moved = words.part_id is not None and words.part_id != block.part_id
    return words.is_gone or moved or fingerprint(words) != fingerprint(block)


def _sides(blocks: Sequence[Words], stored: dict[UUID, Block]) -> list[Side]:
    """What stands and what was to be saved, in the order of the page; what the page did not know comes last."""
    sides = []
    for words in blocks:
        theirs = stored.pop(words.id, None)
        i_changed, they_changed = fingerprint(words) != words.seen, fingerprint(theirs) != words.seen
        differs = _differs(words, theirs)
        sides.append(Side(words if i_changed else None, theirs, differs and i_changed and they_changed))
    return sides + [Side(None, block, False) for block in stored.values() if not block.removed_at]


def _keep_version(block: Block, by: User, part, now: datetime) -> int:
    """Put the words away as they were, unless the same person is still typing them. How many were put away."""
    still_typing = (
        block.typed_by_id == by.pk
        and (part is None or part.began_at is None or block.typed_at >= part.began_at)
        and version_window(block.typed_at) == version_window(now)
    )
    if still_typing:
        return 0
    _put_away(block)
    block.version += 1
    return 1


def _put_away(block: Block) -> None:
    BlockVersion.objects.create(
        conference_id=block.conference_id,
        block=block,
        section_id=block.section_id,
        child_id=block.child_id,
        version=block.version,
        words=block.words,
        by_id=block.typed_by_id,
        at=block.typed_at,
    )


def _write(block: Block, words: Words, part, in_break: bool, by: User, now: datetime) -> None:
    is_new = block._state.adding
    if is_new or words.words != block.words:
        block.typed_by, block.typed_at = by, now
        block.in_break = block.in_break or in_break
        block.part = part or block.part
    for name in KEPT:
        setattr(block, name, getattr(words, name))
    block.part_id = words.part_id or block.part_id
    block.removed_at = None
    block.save(force_insert=is_new)


def _changed(section: Section, by: User, now: datetime, **counts: int) -> Section:
    section.version += 1
    section.saved_at = now
    section.save(update_fields=["version", "saved_at"])
    if any(counts.values()):  # one event for a stretch of typing, not for each breath of it
        record("conferences.section_saved", section, by=by, details={"version": section.version, **counts})
    return section


@transaction.atomic
def seal_block(*, block: Block, by: User, now: datetime) -> Block:
    """Close words that were read back to whoever said them, and agreed. From now on a correction is added.

    :raises CannotSave: if there are no words, or they are closed already
    """
    section = _locked(block.section)
    block = Block.objects.select_for_update(of=("self",)).get(pk=block.pk)
    if block.sealed_at:
        raise CannotSave(READ_BACK, block=block.pk)
    if block.removed_at or not block.words.strip():
        raise CannotSave("There are no words here to read back.", block=block.pk)
    block.read_back, block.sealed_at = ReadBack.YES, now
    block.save(update_fields=["read_back", "sealed_at"])
    _put_away(block)
    _changed(section, by, now)
    record("conferences.words_read_back", block, by=by, details={"section": str(section.pk)})
    return block


def correct_block(*, block: Block, words: str, by: User, now: datetime) -> Block:
    """Add a correction to words that were read back; they stay beside it.

    :raises CannotSave: if the words were not read back, so they can simply be changed, or the record is closed
    """
    if not block.sealed_at:
        raise CannotSave("These words were not read back yet: change them where they stand.", block=block.pk)
    section = Section.objects.select_related("conference").get(pk=block.section_id)
    correction = Words(
        uuid4(),
        words,
        author_kind=block.author_kind,
        person_id=block.person_id,
        child_id=block.child_id,
        fact_or_opinion=block.fact_or_opinion,
        how=block.how,
        parent_may_read=block.parent_may_read,
        corrects_id=block.pk,
    )
    save_section(section=section, version=section.version, blocks=[correction], by=by, now=now)
    return Block.objects.get(pk=correction.id)


def open_section(*, section: Section, by: User, now: datetime) -> None:
    """Let the others see who is in a section. It changes nothing in it, so there is no event."""
    Section.objects.filter(pk=section.pk).update(opened_by=by, opened_at=now)
