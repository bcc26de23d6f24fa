"""The things a copy is made of, as plain values: all a renderer ever gets."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

EXCERPT = 280  # characters


class Key(NamedTuple):
    """Which thing in a record: the kind of its row and its id."""

    kind: str
    id: UUID

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"

    @classmethod
    def read(cls, text: str) -> "Key":
        """The key ``str`` was made from; what follows a second colon is left out.

        :raises ValueError: if it is none
        """
        kind, _, rest = text.partition(":")
        return cls(kind, UUID(rest.partition(":")[0]))


class Row(NamedTuple):
    """One labelled text of an item. ``code`` says which, for letters that choose."""

    code: str
    label: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Item:
    """One thing somebody may be shown, or not.

    ``who`` and ``words`` are somebody's own words and where we have them from; ``rows`` are facts with labels.
    ``child`` is where it stands, ``children`` all whom it is about (none: the family). ``about`` is what it stands
    beside, as an amendment does. ``people`` are those it names or comes from.
    """

    key: Key
    section: str
    title: str
    who: str = ""
    words: str = ""
    own_words: bool = False  # of the child or family: set apart on paper
    rows: tuple[Row, ...] = ()
    child: UUID | None = None
    children: frozenset[UUID] = frozenset()
    about: Key | None = None
    people: frozenset[UUID] = frozenset()
    person: UUID | None = None  # whom it is about, where it is about one
    is_childs_words: bool = False
    parent_may_read: bool | None = None
    part: UUID | None = None
    said_at: datetime | None = None
    in_break: bool = False
    code: str = ""  # a decision's outcome, an attendance's status, the field an amendment changes
    version: int = 1

    def text(self, code: str) -> str:
        """The text of one row; empty where there is none."""
        return next((row.text for row in self.rows if row.code == code), "")

    @property
    def everything(self) -> str:
        """All that would be read, for looking through."""
        return "\n".join((self.who, self.words, *(row.text for row in self.rows)))

    @property
    def says_something(self) -> bool:
        """Whether there is anything to read."""
        return bool(self.words.strip() or any(row.text.strip() for row in self.rows))

    @property
    def excerpt(self) -> str:
        """How it begins, for lists where many stand."""
        text = "\n".join(part for part in self.everything.splitlines() if part.strip())
        return text if len(text) <= EXCERPT else f"{text[:EXCERPT].rstrip()}…"

    @property
    def mark(self) -> str:
        """Which words a copy was made of: the key with its version."""
        return f"{self.key}:{self.version}"


class Help(NamedTuple):
    """Somebody to call or text."""

    name: str
    number: str
    what_for: str
    hours: str


@dataclass(frozen=True, kw_only=True)
class Frame:
    """What stands around the cleared items of one copy. ``children`` names those the items are about, and no other."""

    name: str  # of the recipient
    recipient: UUID
    child: UUID | None  # the recipient, where they are a child of the conference
    conference: str  # Initial conference
    held_on: date
    written_on: date
    chair: str
    chair_title: str
    children: tuple[tuple[UUID, str], ...] = ()
    talked_about: str = ""
    personal: str = ""
    help: tuple[Help, ...] = field(default=())
