"""One cell at a time: from what somebody typed to a value, or a plain sentence about what is wrong."""

import re
from decimal import Decimal, InvalidOperation

import langcodes
from django.core.exceptions import ValidationError
from django.db import models

from chatr.spreadsheets.reading import LONGEST_CELL
from chatr.spreadsheets.writing import FORMULA, safe_cell

from ..rules.languages import is_language, language_name

NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
YES_NO = {"yes": "yes", "y": "yes", "true": "yes", "no": "no", "n": "no", "false": "no", "": ""}


class BadCell(ValueError):
    """What is wrong with a cell, to go after "Row 5, column “cost”: "."""


def as_written(text: str) -> str:
    """Text as a cell can hold it: line ends one way, no spaces around it, nothing a file format has no sign for."""
    text = NOT_TEXT.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).replace("\u00a0", " ").strip()
    return text[: LONGEST_CELL - 1]


def as_read(text: str) -> str:
    """What comes back of a text that was written to a file: formulas were given an apostrophe, which goes again."""
    written = str(safe_cell(as_written(text)))
    return written[1:] if written.startswith("'") and written[1:].startswith(FORMULA) else written


def one_line(text: str) -> str:
    """Words of one part of a cell, without what divides parts and lines."""
    return " ".join(as_written(text).replace("|", "/").split())


def lines(text: str) -> list[str]:
    """What stands on each line, blank ones left out."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def parts(line: str, most: int) -> list[str]:
    """What stands between the bars of a line, with empty text for those not written.

    :raises BadCell: when there are more
    """
    found = [part.strip() for part in line.split("|")]
    if len(found) > most:
        raise BadCell(f"“{shortly(line)}” has {len(found)} parts, and there may be {most}.")
    return found + [""] * (most - len(found))


def shortly(text: str) -> str:
    """Enough of a long text to find it by."""
    text = " ".join(text.split())
    return text if len(text) <= 60 else f"{text[:57]}…"


def yes_no(text: str) -> str:
    """``yes``, ``no`` or empty for not stated."""
    if text.casefold() not in YES_NO:
        raise BadCell(f"it says “{shortly(text)}”. Write yes or no, or leave it empty.")
    return YES_NO[text.casefold()]


def number(text: str) -> Decimal | None:
    """A number such as 5 or 0.5, with or without a pound sign; None for an empty cell."""
    plain = text.removeprefix("£").replace(",", "").strip()
    if not plain:
        return None
    try:
        if not re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", plain):
            raise InvalidOperation
        return Decimal(plain)
    except InvalidOperation:
        raise BadCell(f"“{shortly(text)}” is not a number. Write it like 5 or 0.5.") from None


def number_words(value: Decimal | None) -> str:
    """A number without needless noughts; empty for None."""
    return "" if value is None else format(value.normalize(), "f")


def kept_in(field: models.Field, value):
    """The value, as a column of the database takes it.

    :raises BadCell: when it is too long, missing or not what the column holds
    """
    if value in (None, "") and (field.blank or field.null):
        return value
    try:
        return field.clean(value, None)
    except ValidationError as wrong:
        raise BadCell(_in_words(field, value, wrong.error_list[0])) from None


def _in_words(field: models.Field, value, wrong: ValidationError) -> str:
    said = shortly(str(value))
    match wrong.code:
        case "max_length":
            return f"“{said}” is too long: {field.max_length} letters at most."
        case "blank" | "null":
            return "it is empty, and it must say something."
        case "null_characters_not_allowed":
            return "it holds a character that cannot be kept."
    if isinstance(field, models.URLField):
        return f"“{said}” is not a web address. One starts with https://."
    if isinstance(field, models.EmailField):
        return f"“{said}” is not an e-mail address."
    if isinstance(field, models.DecimalField):
        return f"“{said}” is too large, or has more than {field.decimal_places} decimals."
    return f"“{said}” cannot stand here."


def language(text: str) -> str:
    """The code of a language, from its name or its code."""
    if is_language(text.lower()):
        return text.lower()
    try:
        code = langcodes.find(text).to_alpha3()
    except LookupError:
        code = ""
    if not code or not is_language(code):
        raise BadCell(f"“{shortly(text)}” is not a language we know. Write its name in English.")
    return code


def language_words(code: str) -> str:
    """The name of a language, where the name leads back to it; else its code."""
    name = language_name(code)
    try:
        return name if language(name) == code else code
    except BadCell:
        return code
