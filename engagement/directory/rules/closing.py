"""Saying that a service is closed for a while, or will be."""

from datetime import date

from chatr.web.templatetags.portal import short_day


def closing_in_words(closed_from: date | None, reopens_on: date | None, note: str, today: date) -> str:
    """One or two sentences, or nothing where it is open and stays so."""
    if closed_from is None or (reopens_on is not None and reopens_on <= today):
        return ""
    if closed_from <= today:
        said = f"Closed until {short_day(reopens_on)}." if reopens_on else "Closed for now."
    else:
        said = f"Closed from {short_day(closed_from)}"
        said += f" until {short_day(reopens_on)}." if reopens_on else "."
    return f"{said} {note}".strip()
