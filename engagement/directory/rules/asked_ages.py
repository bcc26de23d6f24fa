"""Reading the ages of children as people type them into one box."""

import re
from decimal import Decimal

MOST = 8  # children
OLDEST = 120
NUMBER_WORDS = (
    *("newborn", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen"),
)
SEPARATOR = re.compile(r"[,;&+/]|\band\b")
AGE = re.compile(
    r"(?:(?P<years>[0-9]{1,3}(?:\.[0-9]{1,3})?)(?P<half>½)?|(?P<only>½))\s*(?:years?|yrs?|y/?o|y)?(?:\s*old)?"
    r"|(?:(?P<full>[0-9]{1,3})\s*(?:years?|yrs?|y)\s*)?(?P<months>[0-9]{1,3})\s*(?:months?|mths?|mos?|m)(?:\s*old)?"
    r"|(?P<weeks>[0-9]{1,3})\s*(?:weeks?|wks?|w)(?:\s*old)?"
)


class NotAnAge(ValueError):
    """Why what was typed is no age, worded for the person who typed it."""


def read_ages(text: str) -> tuple[Decimal, ...]:
    """``7``, ``0.5``, ``3 and 9``, ``6 months`` or ``2 years 6 months``, in years; the youngest first, each once.

    :raises NotAnAge: when a part of it is no age
    """
    text = re.sub(r"\b(?:aged?|ages)\b", " ", text.lower())
    parts = [part.strip() for part in SEPARATOR.split(text)]
    ages = {_age(each) for part in parts if part for each in _apart(part)}
    if len(ages) > MOST:
        raise NotAnAge(f"Type at most {MOST} ages")
    return tuple(sorted(ages))


def _apart(part: str) -> list[str]:
    """``3 9`` are two ages; ``2 years 6 months`` is one."""
    numbers = part.split()
    return numbers if all(number.replace(".", "", 1).isdigit() for number in numbers) else [part]


def _age(text: str) -> Decimal:
    if text in NUMBER_WORDS:
        return Decimal(NUMBER_WORDS.index(text))
    found = AGE.fullmatch(text)
    if not found:
        raise NotAnAge("Type the age as a number, like 7, or 6 months. For more children: 3 and 9")
    if found["weeks"]:
        age = Decimal(found["weeks"]) / 52
    elif found["months"]:
        age = Decimal(found["full"] or 0) + Decimal(found["months"]) / 12
    else:
        age = Decimal(found["years"] or 0) + (Decimal("0.5") if found["half"] or found["only"] else 0)
    if age > OLDEST:
        raise NotAnAge(f"Type an age between 0 and {OLDEST}")
    return age.quantize(Decimal("0.01")).normalize() + 0
