"""Whether an entry counts as verified on a day, in words."""

from dataclasses import dataclass
from datetime import date

from chatr.web.templatetags.portal import short_day

from . import verifying


@dataclass(frozen=True)
class Verified:
    """What a page says of it. ``tone`` is that of a tag; ``is_current`` is what the badge goes by."""

    words: str
    tone: str
    on: date | None
    is_current: bool


def verified_in_words(
    *, verified_on: date | None, method: str, published_on: date, cycle_months: int, today: date
) -> Verified:
    """``Verified 12 October 2026 by the service``, ``Unverified: last …``, or ``Not verified yet``.

    Judged by the days, never by a stored flag: a page must not wait for a task of the night to be right.
    """
    is_over = today >= verifying.unverified_from(verified_on or published_on, cycle_months)
    if verified_on is None:
        words = "Unverified: nobody has said yet that this is right" if is_over else "Not verified yet"
        return Verified(words, "amber" if is_over else "", None, False)
    said = f"{short_day(verified_on)} by {verifying.by_whom(method)}"
    if is_over:
        return Verified(f"Unverified: last verified {said}", "amber", verified_on, False)
    return Verified(f"Verified {said}", "green", verified_on, True)
