"""The record's words: sections in their fixed order, made of blocks, each with whose words they are."""

from django.conf import settings
from django.db import models

from chatr.encryption.fields import EncryptedTextField

from .children import ConferenceChild
from .codes import AuthorKind, FactOrOpinion, HowSaid, ReadBack, SectionKind
from .conference import Conference
from .family import Person
from .room import ConferencePart
from .rows import Row


class Section(Row):
    """One section of a record, for the family or for one child. Its version refuses a stale save. No words in it."""

    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="sections")
    child = models.ForeignKey(ConferenceChild, null=True, blank=True, on_delete=models.PROTECT, related_name="sections")
    kind = models.CharField(max_length=16, choices=SectionKind.choices)
    position = models.PositiveSmallIntegerField()
    version = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField(null=True, blank=True)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    opened_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["conference", "child", "kind"], nulls_distinct=False, name="one_section_of_a_kind"
            ),
            models.UniqueConstraint(fields=["id", "conference"], name="section_and_conference"),
        ]


class Block(Row):
    """Words of one person in a section: who typed them, from whom, how, and whether they were read back.

    Once read back (``sealed_at``) nobody changes them; a correction is a block of its own that says which one it
    corrects.
    """

    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="blocks")
    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="blocks")
    child = models.ForeignKey(
        ConferenceChild,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="blocks",
        help_text="The child these words are about or by; always the section's where that has one.",
    )
    position = models.PositiveSmallIntegerField()
    author_kind = models.CharField(max_length=12, choices=AuthorKind.choices)
    person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="blocks")
    fact_or_opinion = models.CharField(max_length=8, choices=FactOrOpinion.choices, blank=True)
    words = EncryptedTextField(blank=True)
    typed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    typed_at = models.DateTimeField()
    how = models.CharField(max_length=12, choices=HowSaid.choices, blank=True)
    read_back = models.CharField(max_length=12, choices=ReadBack.choices, default=ReadBack.NOT_YET)
    sealed_at = models.DateTimeField(null=True, blank=True)
    parent_may_read = models.BooleanField(
        null=True, blank=True, help_text="What the child said when asked; empty: not asked."
    )
    part = models.ForeignKey(ConferencePart, null=True, blank=True, on_delete=models.PROTECT, related_name="blocks")
    in_break = models.BooleanField("saved during a break", default=False)
    corrects = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="corrections")
    removed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [models.Index(fields=["section", "position"], name="block_in_section")]
        constraints = [
            models.UniqueConstraint(fields=["id", "conference"], name="block_and_conference"),
        ]


class BlockVersion(Row):
    """A block's words as they once were. Never changed, never removed."""

    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="+")
    block = models.ForeignKey(Block, on_delete=models.PROTECT, related_name="versions")
    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="+")
    child = models.ForeignKey(ConferenceChild, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField()
    words = EncryptedTextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["block", "version"], name="one_version_of_a_number")]
