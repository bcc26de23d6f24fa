"""Texts as our fonts can show them, so that one strange character never stops a document."""

import re
import unicodedata
from functools import cache
from typing import Any

from django.conf import settings
from fontTools.ttLib import TTFont

FONTS = settings.BASE_DIR / "static" / "fonts"
UNSHOWABLE = "\ufffd"  # �: something stood here
NEW_LINES = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")


def readable(value: Any) -> Any:
    """The same strings, lists and dicts, with what cannot be shown made visible.

    Every way to start a line is a line break. Control characters become their pictures (a bell is ␇), and what none of
    our fonts can draw becomes �. Everything else stays as it was written.
    """
    if isinstance(value, dict):
        return {key: readable(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [readable(each) for each in value]
    return _shown(value) if isinstance(value, str) else value


def _shown(text: str) -> str:
    lines = NEW_LINES.sub("\n", text)
    pictures = {ord(mark): _picture(ord(mark)) for mark in set(lines) - {"\n", "\t"}}
    return lines.translate({code: picture for code, picture in pictures.items() if picture})


def _picture(code: int) -> str | None:
    """What stands for a character that cannot be shown; None for one that can."""
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "\u2421"
    if unicodedata.category(chr(code)) in ("Cc", "Cs", "Co", "Cn") or code not in _drawn():
        return UNSHOWABLE
    return None


@cache
def _drawn() -> frozenset[int]:
    """Every character at least one of our fonts has a glyph for."""
    return frozenset(code for file in FONTS.glob("*.ttf") for code in TTFont(file, lazy=True).getBestCmap())
