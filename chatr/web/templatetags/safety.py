"""Ways to leave or hide a page at once, for pages that could put somebody at risk: ``{% load safety %}``."""

from django import template
from django.conf import settings

register = template.Library()


@register.inclusion_tag("components/exit_this_page.html", takes_context=True)
def exit_this_page(context) -> dict:
    """``{% exit_this_page %}``, first in a page's content: a link away from here that works without scripts.

    With scripts this page is covered at once and replaced in the browser's history; Shift pressed three times does
    the same. Source: GOV.UK Design System, "Exit this page".
    """
    return {"url": settings.EXIT_URL, "CSP_NONCE": context.get("CSP_NONCE", "")}


@register.inclusion_tag("components/privacy_blur.html", takes_context=True)
def privacy_blur(context) -> dict:
    """``{% privacy_blur %}``, inside a page's content: a button, and the key F9, that hide it until pressed again.

    What was typed stays as it is. Without scripts there is no button.
    """
    return {"CSP_NONCE": context.get("CSP_NONCE", "")}
