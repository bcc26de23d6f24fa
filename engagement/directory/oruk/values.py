"""Values as the feed writes them: nothing blank, numbers as numbers, addresses that are addresses."""

import json
import re
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID, uuid5

from django.utils.encoding import iri_to_uri

HOST_AND_MORE = re.compile(r"(https?)://([^/?#\s@]+)([/?#].*)?", re.IGNORECASE | re.DOTALL)
OF_A_URI = re.compile(r"[!-~]+")
NEVER = re.compile(r'[<>"{}|\\^`\[\]]')
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def tidy(value):
    """The same without keys that say nothing: no null, no empty text, no list of nothing."""
    if isinstance(value, dict):
        kept = {key: tidy(each) for key, each in value.items()}
        return {key: each for key, each in kept.items() if not is_blank(each)}
    if isinstance(value, list | tuple):
        return [each for each in map(tidy, value) if not is_blank(each)]
    return value.strip() if isinstance(value, str) else value


def is_blank(value) -> bool:
    """Whether there is nothing to say. False and 0 say something."""
    return value is None or value in ("", [], {}, ())


def text(value) -> str:
    """JSON in one line, in the order the keys were given."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def number(value: Decimal | float | None) -> int | float | None:
    """A JSON number, whole where it is whole."""
    if value is None:
        return None
    return int(value) if value == int(value) else float(value)


def uri(address: str) -> str:
    """A web address in letters every reader takes; empty where it is none."""
    found = HOST_AND_MORE.fullmatch(address.strip())
    if found is None:
        return ""
    scheme, host, rest = found.groups()
    try:
        host = host.encode("ascii").decode() if host.isascii() else host.encode("idna").decode()
    except UnicodeError:
        return ""
    whole = f"{scheme.lower()}://{host}{iri_to_uri(rest or '')}"
    return whole if OF_A_URI.fullmatch(whole) and not NEVER.search(whole) else ""


def email(address: str) -> str:
    """An e-mail address; empty where it is none."""
    return address.strip() if EMAIL.fullmatch(address.strip()) else ""


def moment(at: datetime) -> str:
    """In UTC to the millisecond: ``2026-10-12T09:00:00.000Z``."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"


def to_the_millisecond(at: datetime) -> datetime:
    """The moment as the feed writes it, so that asking for what changed since then finds it."""
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


def derived(of: UUID, what: str) -> str:
    """The id of something that has no row of its own: always the same for the same thing."""
    return str(uuid5(of, what))
