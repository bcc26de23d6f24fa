"""How lines are written to the log: of an error which kind, and where in the code. What an error says may quote what
somebody wrote, or what the database holds, so only kinds that speak of the portal itself are quoted. An address is
written without what lets whoever reads it in.
"""

import logging
import re
import traceback

from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError

ABOUT_THE_PORTAL = (ImproperlyConfigured, ImportError, OSError, OperationalError)


LONG_SEGMENT = re.compile(r"/[^/\s?#]{41,}")  # each signed token is longer, each id shorter


class WithoutWords(logging.Formatter):
    """Writes a traceback without the message of its exceptions, and an address without tokens and codes."""

    def formatMessage(self, record):
        match = getattr(getattr(record, "request", None), "resolver_match", None)
        token = match.kwargs.get("token") if match else None
        line = super().formatMessage(record)
        return LONG_SEGMENT.sub("/…", line.replace(f"/{token}", "/…") if token else line)

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
