"""Whether a text says, letter for letter, what must be kept from its reader.

It finds exact matches only. A street described, a name misspelt or a place everybody knows stays unseen, so a page that
shows this never calls a text safe.
"""

import re
import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

SHORTEST = 2  # letters; below that a match says nothing
SHORTEST_NUMBER = 7  # digits of a phone number
TITLES = ("mr", "mrs", "ms", "miss", "mx", "dr", "sir", "dame", "rev")
POSTCODE = re.compile(r"\b[a-z]{1,2}[0-9][a-z0-9]?\s*[0-9][a-z]{2}\b")


class Secret(NamedTuple):
    """Something to be kept from a reader, and in a few words what it is, without saying it."""

    kind: str  # name, address, phone, email
    value: str
    what: str


def found(text: str, secrets: Iterable[Secret]) -> list[str]:
    """What of the secrets the text names, each once, in words that do not repeat it."""
    plain, digits = _plain(text), re.sub(r"\D", "", _plain(text))
    squeezed = plain.replace(" ", "")
    return list(
        dict.fromkeys(
            secret.what for secret in secrets if any(test(plain, digits, squeezed) for test in _tests(secret))
        )
    )


def names(name: str, known_as: str, what: str) -> list[Secret]:
    """How somebody may be named: in full, as they like it, and by the first of their names."""
    first = next((word for word in name.split() if word.casefold().rstrip(".") not in TITLES), "")
    said = dict.fromkeys(text.strip() for text in (name, known_as, first))
    return [Secret("name", text, what) for text in said if text]


def _plain(text: str) -> str:
    """Lower case, one space between words, no punctuation: how two people may write the same."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("'", "").replace("’", "")
    return " ".join(re.sub(r"[^\w@.+-]|[.](?=\s|$)", " ", folded).split())


def _tests(secret: Secret):
    value = _plain(secret.value)
    if secret.kind == "phone":
        number = re.sub(r"\D", "", value)
        if len(number) >= SHORTEST_NUMBER:
            # 07… and +447… are one number.
            tail = number.removeprefix("44").removeprefix("0")
            yield lambda plain, digits, squeezed: tail in digits
        return
    if secret.kind == "address":
        for code in POSTCODE.findall(value):
            squeezed_code = code.replace(" ", "")
            yield lambda plain, digits, squeezed, code=squeezed_code: code in squeezed
        # A line with a number in it is a house and its street.
        for line in re.split(r"[\n,;]", secret.value):
            if any(letter.isdigit() for letter in line) and len(_plain(line)) > 3:
                yield _says(_plain(line))
    if len(value) >= SHORTEST:
        yield _says(value)


def _says(value: str):
    pattern = re.compile(rf"(?<!\w){re.escape(value)}(?!\w)")
    return lambda plain, digits, squeezed: bool(pattern.search(plain))
