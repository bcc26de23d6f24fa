"""Reading a feed over HTTP: page after page, then each service whole. No feed can make it read for ever."""

import http.client
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener
from uuid import UUID

SECONDS = 20
MOST_BYTES = 5 * 1024 * 1024  # of one answer
MOST_PAGES, MOST_SERVICES = 2_000, 20_000
ACTIVE = ("active", "temporarily closed")


class CannotHarvest(Exception):
    """Why a feed cannot be read or taken over, worded for staff."""


@dataclass
class Feed:
    """What a feed sent. ``problems`` say what could not be used; ``is_whole`` that no service can be missing by them.

    ``services`` are those that are there, by their id; ``withdrawn`` ids of those it says are no more.
    """

    services: dict[UUID, dict] = field(default_factory=dict)
    withdrawn: set[UUID] = field(default_factory=set)
    problems: list[str] = field(default_factory=list)
    is_whole: bool = True


class SameHost(HTTPRedirectHandler):
    """Follows a redirect to the same host, at most from http to https: nobody may send us to another's door."""

    max_redirections = 3

    def redirect_request(self, req, fp, code, msg, headers, newurl):
        old, new = urlsplit(req.full_url), urlsplit(newurl)
        same = old.hostname == new.hostname and (new.scheme, new.port) in (
            (old.scheme, old.port),
            ("https", None),
        )
        if not same:
            raise CannotHarvest(f"{old.hostname} sends us to another address. Ask them for the right one.")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def feed_address(address: str) -> str:
    """The address of a feed without a slash at its end.

    :raises CannotHarvest: when it is not a web address
    """
    address = address.strip().rstrip("/")
    try:
        parts = urlsplit(address)
        usable = parts.scheme in ("http", "https") and parts.hostname and not parts.query and parts.username is None
        _ = parts.port
    except ValueError:
        usable = False
    if not usable:
        raise CannotHarvest("Give the address of the feed, such as https://directory.example.org/oruk/v3")
    return address


def read_feed(address: str) -> Feed:
    """Everything a feed has now.

    :raises CannotHarvest: when it does not answer, or is not of this edition
    """
    base = feed_address(address)
    about = _get(base + "/")
    version = about.get("version") if isinstance(about, dict) else None
    if not isinstance(version, str) or not version.removeprefix("HSDS-UK-").startswith("3."):
        raise CannotHarvest("This is not an Open Referral UK 3.0 feed: it does not say HSDS-UK-3.0.")
    feed = Feed()
    for listed in _listed(base, feed):
        pk = _id(listed)
        if pk is None:
            feed.problems.append("A service without a usable id was passed over.")
        elif pk in feed.services or pk in feed.withdrawn:
            feed.problems.append(f"{pk} is in the list twice; the first is used.")
        elif listed.get("status") not in ACTIVE:
            feed.withdrawn.add(pk)
        else:
            _read_one(base, pk, listed, feed)
    return feed


def _read_one(base: str, pk: UUID, listed: dict, feed: Feed) -> None:
    """The whole of a service. Where it cannot be had, what the list said counts as a sign that it is there."""
    feed.services[pk] = {}
    try:
        whole = _get(f"{base}/services/{pk}")
    except CannotHarvest as refusal:
        feed.problems.append(f"{pk} could not be read: {refusal}")
        return
    if _id(whole) != pk:
        feed.problems.append(f"{pk} could not be read: the answer is of another service.")
        return
    feed.services[pk] = whole


def _listed(base: str, feed: Feed) -> Iterator[dict]:
    """The services of all pages, until the last page, or one that brings nothing new."""
    seen: set[str] = set()
    for number in range(1, MOST_PAGES + 1):
        try:
            page = _get(f"{base}/services?page={number}")
        except CannotHarvest as refusal:
            if number == 1:
                raise
            _stop(feed, f"Page {number} could not be read: {refusal}")
            return
        contents = page.get("contents") if isinstance(page, dict) else None
        if not isinstance(contents, list):
            _stop(feed, f"Page {number} has no list of services.")
            return
        ids = {str(each.get("id")) for each in contents if isinstance(each, dict)}
        if contents and ids <= seen:
            _stop(feed, f"Page {number} repeats what came before, so reading stopped there.")
            return
        seen |= ids
        yield from (each if isinstance(each, dict) else {} for each in contents)
        if len(seen) > MOST_SERVICES:
            break
        if not contents or page.get("last_page") is True or number == page.get("total_pages"):
            return
    _stop(feed, "The list is too long, so reading stopped.")


def _stop(feed: Feed, problem: str) -> None:
    feed.is_whole = False
    feed.problems.append(problem)


def _id(value) -> UUID | None:
    try:
        return UUID(value["id"])
    except (TypeError, KeyError, ValueError, AttributeError):
        return None


def _get(address: str):
    """The JSON at an address."""
    request = Request(address, headers={"Accept": "application/json", "User-Agent": "ChATR portal harvest"})
    try:
        with build_opener(SameHost).open(request, timeout=SECONDS) as answer:
            content = answer.read(MOST_BYTES + 1)
    except HTTPError as error:
        raise CannotHarvest(f"it answered {error.code}.") from None
    except (URLError, OSError, http.client.HTTPException, ValueError):
        raise CannotHarvest("it does not answer.") from None
    if len(content) > MOST_BYTES:
        raise CannotHarvest("its answer is too long.")
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        raise CannotHarvest("its answer is not JSON.") from None
