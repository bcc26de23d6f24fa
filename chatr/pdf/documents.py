"""What a document is made of: blocks in reading order, rendered alike as HTML and as an accessible PDF.

A document is all that its reader gets: nothing is fetched, hidden or added while it is rendered. Texts are shown as
they were written, line breaks included; nothing in them is markup.
"""

from dataclasses import asdict, dataclass, field
from itertools import pairwise
from typing import Any, ClassVar

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from . import rendering
from .text import readable

DEEPEST = 4  # heading levels; on a page, whose own title is its h1, they are h2 to h5


@dataclass(frozen=True)
class Heading:
    """The title of a part. ``level`` 1 is the widest part; the first heading has level 1 and none is skipped."""

    kind: ClassVar = "heading"
    text: str
    level: int = 1

    def __post_init__(self):
        if not 1 <= self.level <= DEEPEST:
            raise ValueError(f"A heading has a level from 1 to {DEEPEST}, not {self.level}.")

    @property
    def html_level(self) -> int:
        """One deeper than here: the page the document stands on has the h1."""
        return self.level + 1


@dataclass(frozen=True)
class Paragraph:
    """Text with its line breaks. ``label`` says in a word or two what it is, or whose: shown bold before it."""

    kind: ClassVar = "paragraph"
    text: str
    label: str = ""


@dataclass(frozen=True)
class Words:
    """Somebody's own words, set apart: ``who`` said them, and how we know, in one line."""

    kind: ClassVar = "words"
    who: str
    text: str


@dataclass(frozen=True)
class Bullets:
    """A list in no order."""

    kind: ClassVar = "list"
    items: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """Rows under a header; the first cell of each row names it. Every row is as long as the header."""

    kind: ClassVar = "table"
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str = ""

    def __post_init__(self):
        if not self.header or any(len(row) != len(self.header) for row in self.rows):
            raise ValueError("Each row of a table is as long as its header.")


@dataclass(frozen=True)
class Facts:
    """Labels with their values: date, place, reference."""

    kind: ClassVar = "facts"
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Address:
    """Where a letter goes, a line each, placed for a window envelope."""

    kind: ClassVar = "address"
    lines: tuple[str, ...]


@dataclass(frozen=True)
class PageBreak:
    """What follows starts a new page on paper; on screen, a rule."""

    kind: ClassVar = "page_break"


Block = Heading | Paragraph | Words | Bullets | Table | Facts | Address | PageBreak
KINDS: dict[str, type[Block]] = {
    block.kind: block for block in (Heading, Paragraph, Words, Bullets, Table, Facts, Address, PageBreak)
}


@dataclass(frozen=True)
class Document:
    """Blocks in reading order. ``title`` goes into the file's properties alone, so keep it neutral; ``footer`` stands
    at the foot of each sheet beside its number, and once below the blocks on a page.

    :raises ValueError: if the title is empty, or a heading level is skipped
    """

    title: str
    blocks: tuple[Block, ...] = field(default_factory=tuple)
    lang: str = "en-GB"
    footer: str = ""

    def __post_init__(self):
        object.__setattr__(self, "blocks", tuple(self.blocks))
        if not self.title.strip():
            raise ValueError("A document has a title.")
        levels = [0, *(block.level for block in self.blocks if isinstance(block, Heading))]
        if any(deeper > above + 1 for above, deeper in pairwise(levels)):
            raise ValueError("Headings start at level 1 and skip none.")

    def as_data(self) -> dict[str, Any]:
        """Strings, numbers, lists and dicts alone: what JSON keeps, and what ``from_data`` takes back."""
        return {
            "title": self.title,
            "lang": self.lang,
            "footer": self.footer,
            "blocks": [{"kind": block.kind, **_lists(asdict(block))} for block in self.blocks],
        }

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> "Document":
        """The document ``as_data`` was made from.

        :raises ValueError: if a block is of no kind we know, or lacks a part
        """
        return cls(**{**data, "blocks": tuple(block_from(block) for block in data.get("blocks", ()))})


def block_from(data: dict[str, Any]) -> Block:
    """One block from plain data: ``{"kind": "words", "who": …, "text": …}``.

    :raises ValueError: if it is of no kind we know, or lacks a part
    """
    parts = dict(data)
    kind = KINDS.get(parts.pop("kind", ""))
    if kind is None:
        raise ValueError(f"No such block: {data.get('kind')!r}")
    try:
        return kind(**_tuples(parts))
    except TypeError:
        raise ValueError(f"A block of kind {kind.kind} has other parts than {', '.join(parts)}.") from None


def as_html(document: Document) -> SafeString:
    """The document as part of a page that has its own h1."""
    shown = Document.from_data(readable(document.as_data()))
    return SafeString(render_to_string("components/document.html", {"document": shown}))


def as_pdf(document: Document) -> bytes:
    """The document as a tagged PDF/UA-1 file; the same document always gives the same bytes."""
    return rendering.render("document", document.as_data(), title=document.title)


def _lists(value: Any) -> Any:
    """The same with lists for tuples."""
    if isinstance(value, dict):
        return {key: _lists(each) for key, each in value.items()}
    return [_lists(each) for each in value] if isinstance(value, tuple | list) else value


def _tuples(value: Any) -> Any:
    """The same with tuples for lists."""
    if isinstance(value, dict):
        return {key: _tuples(each) for key, each in value.items()}
    return tuple(_tuples(each) for each in value) if isinstance(value, tuple | list) else value
