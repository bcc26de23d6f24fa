"""Phone numbers that start a call: ``{% load phones %}``."""

import re

from django import template

register = template.Library()


@register.filter
def tel(number: str) -> str:
    """``020 7946 0001 ext 3`` is ``tel:02079460001``: what follows the number is for people to read."""
    digits = re.match(r"[\s(+]*[\d\s()+./-]*", number)[0]
    plus = "+" if digits.strip().startswith("+") else ""
    return f"tel:{plus}{re.sub(r'[^0-9]', '', digits)}"
