"""Reading a postcode as people type it."""

import re

POSTCODE = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]?[0-9][A-Z]{2}")
OUTCODE = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]?")


def compact(text: str) -> str:
    """In capitals, without spaces and punctuation: ``e8  1dy`` and ``E8-1DY`` are ``E81DY``."""
    return re.sub(r"[^A-Z0-9]", "", text.upper())


def is_postcode(text: str) -> bool:
    """Whether it has the shape of a whole postcode."""
    return POSTCODE.fullmatch(compact(text)) is not None


def is_outcode(text: str) -> bool:
    """Whether it has the shape of the first half of a postcode."""
    return OUTCODE.fullmatch(compact(text)) is not None


def spaced(code: str) -> str:
    """As on an envelope: ``E81DY`` is ``E8 1DY``."""
    code = compact(code)
    return f"{code[:-3]} {code[-3:]}" if is_postcode(code) else code
