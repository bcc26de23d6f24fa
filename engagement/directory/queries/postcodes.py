"""Looking up postcodes in our own table. Nobody else is ever asked."""

from ..models import Postcode
from ..rules.postcodes import compact


def find(text: str) -> Postcode | None:
    """The postcode somebody typed, however they spaced it; None where we do not know it."""
    return Postcode.objects.filter(code=compact(text)).first()
