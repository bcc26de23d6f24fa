"""Languages by their ISO 639-3 code, as people in London call them."""

from functools import cache

from langcodes import Language, tag_is_valid

# The Unicode names say Bangla; nobody here looks for that.
OURS = {"ben": "Bengali"}


@cache
def language_name(code: str) -> str:
    """``tur`` is Turkish, ``bfi`` British Sign Language. A code nobody knows is shown as it is."""
    if code in OURS:
        return OURS[code]
    return Language.get(code).display_name("en-GB") if is_language(code) else code


def is_language(code: str) -> bool:
    """Whether it is the three-letter code of a language."""
    return len(code) == 3 and code.isalpha() and code.islower() and tag_is_valid(code)
