"""Finding services: one question, one answer, a handful of queries however many services there are."""

from .finding import find
from .found import CAP, PAGE, Count, Found, Result

__all__ = ["CAP", "PAGE", "Count", "Found", "Result", "find"]
