"""Languages by their ISO 639-3 code: those usual here as people here call them, any other by its Unicode name."""

from functools import cache

from ..languages import LANGUAGES


@cache
def language_name(code: str) -> str:
    """``tur`` is Turkish, ``sme`` Northern Sami. A code nobody knows is shown as it is."""
    return LANGUAGES.get(code) or (_unicode_name(code) if is_language(code) else code)


def is_language(code: str) -> bool:
    """Whether it is the three-letter code of a language. Codes from qaa to qtz are anybody's, so they name none."""
    from langcodes import tag_is_valid  # its tables take 20 MB, and hardly any code is not in our list

    if code in LANGUAGES:
        return True
    is_shaped = len(code) == 3 and code.isascii() and code.isalpha() and code.islower()
    return is_shaped and not "qaa" <= code <= "qtz" and tag_is_valid(code)


def _unicode_name(code: str) -> str:
    from langcodes import Language

    return Language.get(code).display_name("en-GB")
