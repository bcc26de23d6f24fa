"""Dates, times and counts in words, and the small parts every page is made of."""

from datetime import date, datetime, time

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from chatr.web import forms, navigation
from chatr.workdays.clock import LONDON

register = template.Library()


def _local(moment: date | datetime | time) -> date | datetime | time:
    """An aware moment as it reads on a clock in London; anything else as it is."""
    if isinstance(moment, datetime) and moment.tzinfo is not None:
        return moment.astimezone(LONDON)
    return moment


@register.filter
def day(moment: date | datetime | None) -> str:
    """``Thursday 14 January 2027``."""
    if not moment:
        return ""
    local = _local(moment)
    return f"{local:%A} {local.day} {local:%B %Y}"


@register.filter
def short_day(moment: date | datetime | None) -> str:
    """``14 January 2027``."""
    if not moment:
        return ""
    local = _local(moment)
    return f"{local.day} {local:%B %Y}"


@register.filter
def clock_time(moment: datetime | time | None) -> str:
    """``9:30am``, ``1pm``; twelve o'clock is ``12pm`` or ``12am``."""
    if moment is None or moment == "":
        return ""
    local = _local(moment)
    minutes = f":{local.minute:02}" if local.minute else ""
    return f"{local.hour % 12 or 12}{minutes}{'am' if local.hour < 12 else 'pm'}"


@register.filter
def time_span(starts: datetime | time | None, ends: datetime | time | None) -> str:
    """``9:30am to 1pm``, written ``{{ starts_at|time_span:ends_at }}``."""
    return f"{clock_time(starts)} to {clock_time(ends)}" if starts is not None and ends is not None else ""


@register.filter
def day_and_time(moment: datetime | None) -> str:
    """``Thursday 14 January 2027, 9:30am``."""
    return f"{day(moment)}, {clock_time(moment)}" if moment else ""


@register.filter
def plural(count: int, words: str) -> str:
    """A count with its noun: ``{{ 1|plural:"person,people" }}`` is ``1 person``."""
    one, many = words.split(",")
    return f"{count:,} {one if count == 1 else many}"


@register.filter
def plural_places(count: int) -> str:
    """``1 place``, ``8 places``."""
    return plural(count, "place,places")


# Forms, used by templates/gds

register.filter("plain_errors", forms.plain_errors)
register.filter("problems", forms.problems)
register.filter("options", forms.options)


# The frame


@register.simple_tag(takes_context=True)
def ways_in(context) -> SafeString:
    """The areas of the portal, as list items; the one this page belongs to is marked."""
    ways = navigation.ways_in()
    return navigation.items(ways, navigation.here(_path(context), ways))


@register.simple_tag(takes_context=True)
def people_links(context) -> SafeString:
    """What the person signed in can reach, as list items; for anyone else, signing in and signing up."""
    user = context.get("user")
    if user is None or not user.is_authenticated:
        links = navigation.STRANGER
    elif user.is_staff:
        links = navigation.MINE + navigation.STAFF
    else:
        links = navigation.MINE
    return navigation.items(links, navigation.here(_path(context), links))


def _path(context) -> str:
    request = context.get("request")
    return request.path if request else ""


# Small parts that need no template of their own

TONES = {"", "amber", "green", "plum"}


@register.simple_tag
def tag(word: str, tone: str = "") -> SafeString:
    """A state as a word: ``{% tag "Waiting for approval" "amber" %}``. Tones: none, amber, green, plum."""
    if tone not in TONES:
        raise ValueError(f"No such tone: {tone}")
    return format_html('<strong class="tag{}">{}</strong>', f" tag--{tone}" if tone else "", word)


@register.simple_tag
def breadcrumbs(*texts_and_urls: str) -> SafeString:
    """The way to this page: ``{% breadcrumbs "Home" "/" "Training" training_url %}``. The page itself is not in it."""
    crumbs = zip(texts_and_urls[::2], texts_and_urls[1::2], strict=True)
    return format_html(
        '<nav class="govuk-breadcrumbs" aria-label="Breadcrumb"><ol class="govuk-breadcrumbs__list">{}</ol></nav>',
        format_html_join(
            "",
            '<li class="govuk-breadcrumbs__list-item"><a class="govuk-breadcrumbs__link" href="{}">{}</a></li>',
            ((url, text) for text, url in crumbs),
        ),
    )


@register.simple_block_tag
def panel(content: str, tone: str = "", title: str = "") -> SafeString:
    """A quiet box: ``{% panel "amber" "Few places left" %}<p class="govuk-body">…</p>{% endpanel %}``.

    Tones: none (sand: what happens next), amber (something to notice), green (done), plum (content notes; the child's
    and young people's own words).
    """
    if tone not in TONES:
        raise ValueError(f"No such tone: {tone}")
    heading = format_html('<h2 class="govuk-heading-m">{}</h2>', title) if title else ""
    return format_html(
        '<div class="panel{}">{}{}</div>',
        f" panel--{tone}" if tone else "",
        heading,
        content,
    )


@register.simple_block_tag
def details(content: str, summary: str, is_open: bool = False) -> SafeString:
    """More for those who want it: ``{% details "Why we ask" %}…{% enddetails %}``."""
    return format_html(
        '<details class="govuk-details"{}><summary class="govuk-details__summary">'
        '<span class="govuk-details__summary-text">{}</span></summary>'
        '<div class="govuk-details__text">{}</div></details>',
        SafeString(" open") if is_open else "",
        summary,
        content,
    )


@register.simple_block_tag
def filters(content: str, applied: int = 0) -> SafeString:
    """The filters of a list, folded on a phone, with how many are applied: ``{% filters 2 %}…{% endfilters %}``."""
    return format_html(
        '<details class="filters" data-open-when-wide{}><summary>Filters{}</summary>{}</details>',
        SafeString(" open") if applied else "",
        f" ({applied} applied)" if applied else "",
        content,
    )


# Browsers


BROWSERS = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
DEVICES = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("CrOS", "Chromebook"),
    ("Linux", "Linux"),
)


@register.filter
def browser_name(user_agent: str) -> str:
    """What a browser calls itself, in words people know: ``Firefox on Windows``."""
    browser = next((name for mark, name in BROWSERS if mark in user_agent), "A browser")
    device = next((name for mark, name in DEVICES if mark in user_agent), "")
    return f"{browser} on {device}" if device else browser
