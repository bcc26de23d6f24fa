"""The part of Markdown that staff may use: headings, lists, links, bold, italic, quotations and tables.

Raw HTML, pictures and script addresses never get through: the parser does not make them and the cleaner removes them.
"""

import re
from functools import lru_cache
from itertools import count

import nh3
from django.conf import settings
from django.utils.safestring import SafeString
from markdown_it import MarkdownIt

_parser = MarkdownIt("commonmark", {"html": False}).enable("table").disable(["image", "html_block", "html_inline"])
_TAGS = {"h2", "h3", "p", "br", "ul", "ol", "li", "a", "strong", "em", "blockquote", "hr", "code"}
_TAGS |= {"table", "thead", "tbody", "tr", "th", "td"}
_SCHEMES = {"https", "http", "mailto", "tel", "sms"}


@lru_cache(maxsize=128)
def render(text: str) -> SafeString:
    """Safe HTML. The page has its own h1, so headings start at h2; wide tables scroll inside themselves."""
    text = text.replace("{programme_email}", settings.PROGRAMME_EMAIL).replace("{site_url}", settings.SITE_URL)
    tokens = _parser.parse(text)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = "h2" if token.tag in ("h1", "h2") else "h3"
    html = nh3.clean(
        _parser.renderer.render(tokens, _parser.options, {}),
        tags=_TAGS,
        attributes={"a": {"href"}, "ol": {"start"}},
        url_schemes=_SCHEMES,
        link_rel=None,
    )
    numbers = count(1)
    html = re.sub(
        r"<table>",
        lambda _: f'<div class="scrolls" role="region" tabindex="0" aria-label="Table {next(numbers)}"><table>',
        html,
    )
    return SafeString(html.replace("<th>", '<th scope="col">').replace("</table>", "</table></div>"))
