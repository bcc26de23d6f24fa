"""How errors are written to the log: which kind, and where in the code. What an error says may quote what somebody
wrote, or what the database holds, so only kinds that speak of the portal itself are quoted.
"""

import logging
import traceback

from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError

ABOUT_THE_PORTAL = (ImproperlyConfigured, ImportError, OSError, OperationalError)


class WithoutWords(logging.Formatter):
    """Writes a traceback without the message of its exceptions."""

    def formatException(self, ei):
        problem = traceback.TracebackException(*ei, compact=True)
        return "".join(_without_words(problem, ei[1])).rstrip("\n")


def _without_words(problem: traceback.TracebackException, error: BaseException | None) -> list[str]:
    lines = []
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    earlier = problem.__cause__ or (None if problem.__suppress_context__ else problem.__context__)
    if before is not None and earlier is not None:
        lines += [*_without_words(earlier, before), "\nwhich led to:\n\n"]
    lines += ["Traceback (most recent call last):\n", *problem.stack.format()]
    kind = f"{type(error).__module__}.{type(error).__qualname__}"
    return [*lines, f"{kind}: {error}\n" if isinstance(error, ABOUT_THE_PORTAL) else f"{kind}\n"]
