"""What may be put in, and who may read it: one rule for each kind of file, registered by the area that owns it."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import PurePath

import filetype
from django.conf import settings

OFFICE = "application/vnd.openxmlformats-officedocument"

# The types we can tell by their content, with what people call them and how their names end.
KNOWN_TYPES = {
    "application/pdf": ("PDF", (".pdf",)),
    f"{OFFICE}.wordprocessingml.document": ("Word (.docx)", (".docx",)),
    f"{OFFICE}.spreadsheetml.sheet": ("Excel (.xlsx)", (".xlsx",)),
    f"{OFFICE}.presentationml.presentation": ("PowerPoint (.pptx)", (".pptx",)),
    "image/jpeg": ("JPEG picture", (".jpg", ".jpeg")),
    "image/png": ("PNG picture", (".png",)),
    "text/csv": ("CSV", (".csv",)),
    "text/plain": ("plain text", (".txt",)),
}
TEXT_TYPES = {
    ending: kind for kind, (_, endings) in KNOWN_TYPES.items() if kind.startswith("text/") for ending in endings
}
NOT_TEXT = re.compile("[\x00-\x08\x0e-\x1f]")


class CannotStore(Exception):
    """Why a file can't be taken, worded for the person who chose it."""


@dataclass(frozen=True)
class FileKind:
    """What one kind of file may be, and who may read it: ``may_read(user, file)``."""

    code: str
    types: frozenset[str]
    max_bytes: int
    may_read: Callable

    @property
    def type_names(self) -> str:
        """ "PDF, JPEG picture or PNG picture"."""
        names = [name for content_type, (name, _) in KNOWN_TYPES.items() if content_type in self.types]
        return f"{', '.join(names[:-1])} or {names[-1]}" if names[1:] else names[0]

    @property
    def endings(self) -> list[str]:
        """The endings of file names, for the browser's file chooser."""
        return [ending for kind, (_, endings) in KNOWN_TYPES.items() if kind in self.types for ending in endings]


_kinds: dict[str, FileKind] = {}


def register_kind(code: str, types: Iterable[str], max_bytes: int, may_read: Callable) -> FileKind:
    """Take files of this kind.

    :param types: content types, of those in KNOWN_TYPES
    :param max_bytes: never more than FILES_MAX_BYTES
    :param may_read: ``may_read(user, file) -> bool``, asked on every read
    :raises ValueError: for a type we cannot tell by its content
    """
    kind = FileKind(code, frozenset(types), min(max_bytes, settings.FILES_MAX_BYTES), may_read)
    if not kind.types or not kind.types <= KNOWN_TYPES.keys():
        raise ValueError(f"The kind {code} names types that cannot be told by their content.")
    _kinds[code] = kind
    return kind


def kind_of(code: str) -> FileKind:
    """:raises KeyError: when no area has registered it"""
    return _kinds[code]


def can_read(user, file) -> bool:
    """Whether this person may read this file. A kind nobody registers any more is read by nobody."""
    kind = _kinds.get(file.kind)
    return kind is not None and user.is_authenticated and user.is_active and bool(kind.may_read(user, file))


def sniff(name: str, data: bytes) -> str | None:
    """The content type by what is in the file; for plain text alone, the name says which. None: not one we know."""
    found = filetype.guess_mime(data)
    if found is not None:
        return found if found in KNOWN_TYPES else None
    return TEXT_TYPES.get(PurePath(name).suffix.lower()) if _is_text(data) else None


def _is_text(data: bytes) -> bool:
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return not NOT_TEXT.search(data.decode(encoding))
        except UnicodeDecodeError:
            continue
    return False


def check(kind: FileKind, name: str, data: bytes) -> str:
    """The content type of a file that may be taken.

    :raises CannotStore: if it is empty, too large, or not of a type this kind takes
    """
    if not data:
        raise CannotStore("The selected file is empty.")
    if len(data) > kind.max_bytes:
        raise CannotStore(f"The selected file must be smaller than {size_in_words(kind.max_bytes)}.")
    content_type = sniff(name, data)
    if content_type not in kind.types:
        raise CannotStore(f"The selected file must be one of these: {kind.type_names}.")
    endings = KNOWN_TYPES[content_type][1]
    if PurePath(name).suffix.lower() not in endings:
        raise CannotStore(f"Going by what is in the selected file, its name must end in {' or '.join(endings)}.")
    return content_type


def size_in_words(size: int) -> str:
    """ "10 MB", "500 KB"."""
    if size >= 1024 * 1024:
        return f"{size / 1024 / 1024:.1f}".removesuffix(".0") + " MB"
    return f"{-(-size // 1024)} KB"


def tidy_name(name: str) -> str:
    """A file's own name without folders and anything that could trick a reader, at most 150 characters."""
    name = unicodedata.normalize("NFC", name.replace("\\", "/").rsplit("/", 1)[-1])
    name = "".join(letter for letter in name if unicodedata.category(letter)[0] != "C" and letter not in '<>:"|?*')
    path = PurePath(name.strip(" .") or "file")
    return f"{path.stem[: 150 - len(path.suffix)]}{path.suffix}"
