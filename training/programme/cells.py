"""One cell at a time: from what a coordinator typed to a value, or a plain sentence about what is wrong."""

import re
from datetime import date, datetime, time

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from ..models.courses import CODE
from ..models.runs import REF

UK_POSTCODE = re.compile(r"^([A-Z]{1,2}[0-9][A-Z0-9]?) ?([0-9][A-Z]{2})\Z")
# What a spreadsheet would run as a formula when the file is opened again.
FORMULA = re.compile(r"^(=|@|\t|\r|[+-](?![0-9]))")


class BadCell(ValueError):
    """What is wrong with a cell, to go after "Row 5 (INTRO-2027-01): "."""


def words(text: str, name: str) -> str:
    """Plain words.

    :raises BadCell: when they start like a formula
    """
    if FORMULA.match(text):
        raise BadCell(
            f"the {name} starts with “{text[0]}”, which a spreadsheet would run as a formula. Type plain words."
        )
    if "\x00" in text:
        raise BadCell(f"the {name} holds a character that cannot be kept.")
    return text


def code(text: str, name: str) -> str:
    """A course code or run reference, in capitals."""
    text = text.upper()
    validator = REF if name == "run reference" else CODE
    try:
        validator(text)
    except ValidationError:
        raise BadCell(
            f"the {name} “{text}” may only hold letters, numbers and hyphens, at least 2 and at most 40 of them."
        ) from None
    return text


def choice(text: str, name: str, choices: type) -> str:
    """One of a fixed list, as its code or as its label."""
    wanted = text.lower().replace("-", "_").replace(" ", "_")
    for value, label in choices.choices:
        if wanted == value or text.lower() == str(label).lower():
            return value
    allowed = [value for value, _ in choices.choices]
    raise BadCell(f"the {name} is “{text}”; it must be {', '.join(allowed[:-1])} or {allowed[-1]}.")


def whole_number(text: str, name: str, *, least: int = 0, most: int = 5000) -> int:
    """A whole number between two bounds."""
    if not re.fullmatch(r"-?[0-9]{1,9}(\.0)?", text):
        raise BadCell(f"{name} must be a whole number, not “{text}”.")
    number = int(float(text))
    if number < least:
        raise BadCell(f"{name} must be {least} or more, not {number}.")
    if number > most:
        raise BadCell(f"{name} must be at most {most}, not {number}.")
    return number


def day(text: str, name: str) -> date:
    """A date as 31/01/2027."""
    for pattern in ("%d/%m/%Y", "%Y-%m-%d"):
        try:
            return datetime.strptime(text, pattern).date()
        except ValueError:
            continue
    if re.fullmatch(r"[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}", text):
        raise BadCell(f"{name} {text} does not exist in the calendar.")
    raise BadCell(f"{name} must look like 31/01/2027, not “{text}”.")


def clock(text: str, name: str) -> time:
    """A time as 09:30 or 13:00."""
    for pattern in ("%H:%M", "%H:%M:%S"):
        try:
            return datetime.strptime(text, pattern).time()
        except ValueError:
            continue
    raise BadCell(f"the {name} must look like 09:30, not “{text}”.")


def email(text: str, name: str) -> str:
    """An e-mail address, in lower case."""
    try:
        validate_email(text)
    except ValidationError:
        raise BadCell(f"the {name} “{text}” is not an e-mail address.") from None
    return text.lower()


def postcode(text: str, name: str) -> str:
    """A postcode in capitals with its space."""
    found = UK_POSTCODE.match(text.upper())
    if not found:
        raise BadCell(f"the {name} “{text}” is not a postcode.")
    return f"{found[1]} {found[2]}"
