"""The log says which error it was and where, and never what somebody wrote."""

import logging
import sys

import pytest
from django.db import OperationalError

from ..logs import WithoutWords


def written(*errors: Exception) -> str:
    """The log of an error, and of the one that led to it."""
    try:
        try:
            raise errors[0]
        except Exception as first:
            if len(errors) == 1:
                raise
            raise errors[1] from first
    except Exception:
        record = logging.LogRecord("chatr", logging.ERROR, __file__, 1, "Broken: /a/page/", (), sys.exc_info())
    return WithoutWords("%(levelname)s %(name)s %(message)s").format(record)


def test_an_error_is_logged_by_its_kind_and_place_without_its_words():
    log = written(ValueError("words of a child"), KeyError("a name"))
    assert log.startswith("ERROR chatr Broken: /a/page/\nTraceback (most recent call last):\n")
    assert "in written" in log
    assert "builtins.ValueError\n\nwhich led to:" in log
    assert log.endswith("builtins.KeyError")
    assert "child" not in log
    assert "a name" not in log


@pytest.mark.parametrize("error", [OperationalError("no server at 127.0.0.1"), OSError("no such file")])
def test_what_speaks_of_the_portal_itself_is_quoted(error):
    assert str(error) in written(error)


def test_errors_are_mailed_to_nobody():
    names = ("", "django", "django.request", "django.security")
    assert {type(one).__name__ for name in names for one in logging.getLogger(name).handlers} & {
        "AdminEmailHandler"
    } == set()
