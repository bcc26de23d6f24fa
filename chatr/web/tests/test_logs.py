"""The log says which error it was and where, never what somebody wrote, and no address that lets people in."""

import io
import logging
import sys

import pytest
from django.db import OperationalError
from django.test import RequestFactory
from django.urls import resolve, reverse

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


@pytest.mark.parametrize(
    ("name", "token"),
    [
        ("directory:shared-shortlist", "x" * 41),
        ("directory:still-correct", "x" * 41),
        ("training:cant-come", "x" * 41),
        ("conferences:give-feedback", "7KQF-M2XP"),
        (None, "x" * 41),  # a link with something glued to it: no page has this address
    ],
)
def test_an_address_that_is_not_found_is_logged_without_the_token_in_it(name, token):
    path = reverse(name, args=[token]) if name else f"/services/shared/{token}/)"
    request = RequestFactory().get(path)
    request.resolver_match = resolve(path) if name else None
    record = logging.makeLogRecord(
        {"msg": "Not Found: %s", "args": (path,), "name": "django.request", "request": request}
    )
    line = WithoutWords("%(name)s %(message)s").format(record)
    assert line == f"django.request Not Found: {path.replace(token, '…')}"


def test_the_log_of_a_link_that_does_not_work_has_nothing_of_its_token(client, db):
    token, lines = "a-token-of-somebody-" * 3, io.StringIO()
    console = logging.StreamHandler(lines)
    console.setFormatter(WithoutWords("%(message)s"))
    logger = logging.getLogger("django.request")
    logger.addHandler(console)
    try:
        client.get(reverse("directory:shared-shortlist", args=[token]))
    finally:
        logger.removeHandler(console)
    assert "/services/shared/…/" in lines.getvalue()
    assert token not in lines.getvalue()


def test_an_address_with_an_id_is_logged_whole():
    path = "/services/mine/0b7f7a9e-3d2c-4d6e-9a51-2f0d5f1c8f11/edit/"
    record = logging.makeLogRecord({"msg": "Not Found: %s", "args": (path,)})
    assert WithoutWords("%(message)s").format(record) == f"Not Found: {path}"


def test_errors_are_mailed_to_nobody():
    names = ("", "django", "django.request", "django.security")
    assert {type(one).__name__ for name in names for one in logging.getLogger(name).handlers} & {
        "AdminEmailHandler"
    } == set()
