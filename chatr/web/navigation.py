"""The ways in that every page shows, and which of them a page belongs to."""

from functools import lru_cache

from django.conf import settings
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

# Each area keeps its own addresses below its way in, so the address alone says where a page belongs.
WAYS_IN = (
    ("Training", "/training/"),
    ("Find a service", "/services/"),
    ("Conferences", "/conferences/"),
    ("Have your say", "/have-your-say/"),
)
MINE = (("My bookings", "/training/bookings/"), ("My account", "/accounts/me/"))
STAFF = (("Staff pages", "/admin/"),)
STRANGER = (("Sign in", "/accounts/login/"), ("Create an account", "/accounts/signup/"))


def ways_in() -> tuple:
    """The ways in to the areas this portal has switched on."""
    return tuple(way for way in WAYS_IN if way[1].strip("/") not in settings.CLOSED_AREAS)


def here(path: str, links: tuple) -> str:
    """The longest of the links' addresses that the path lies under, or an empty string."""
    return max(
        (address for _, address in links if path.startswith(address)),
        key=len,
        default="",
    )


@lru_cache(maxsize=64)  # a handful of different lists in all
def items(links: tuple, current: str) -> SafeString:
    """The links as list items, the current one marked in words for screen readers and in the look."""
    return format_html_join(
        "",
        '<li{}><a href="{}"{}>{}</a></li>',
        (
            (
                SafeString(' class="is-here"' if address == current else ""),
                address,
                SafeString(' aria-current="true"' if address == current else ""),
                label,
            )
            for label, address in links
        ),
    )
