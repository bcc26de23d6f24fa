"""Lists of terms and their terms. Levels of need and languages are lists too, though they have tables of their own."""

from uuid import NAMESPACE_URL, UUID, uuid5

from ..languages import LANGUAGES
from ..rules.languages import language_name
from .values import tidy, uri

LANGUAGES_ID = uuid5(NAMESPACE_URL, "chatr:directory:taxonomy:languages")
LANGUAGES_NAME = "Languages"


def framework_id(pk: int) -> UUID:
    """The id of one area's levels of need as a list of terms."""
    return uuid5(NAMESPACE_URL, f"chatr:directory:framework:{pk}")


def level_id(pk: int) -> UUID:
    """The id of a level of need as a term."""
    return uuid5(NAMESPACE_URL, f"chatr:directory:level:{pk}")


def language_id(code: str) -> UUID:
    """The id of a language as a term."""
    return uuid5(LANGUAGES_ID, code)


def taxonomy(row) -> dict:
    """One of our own lists."""
    said = {"name": row.name, "description": row.description, "uri": uri(row.uri), "version": row.version}
    return tidy({"id": str(row.pk), **said})


def framework(row) -> dict:
    """An area's levels of need."""
    return tidy(
        {
            "id": str(framework_id(row.pk)),
            "name": _title(row),
            "description": f"Levels of need in {row.area.name}, from the lightest.",
            "uri": uri(row.source_url),
            "version": row.version,
        }
    )


def languages() -> dict:
    """The languages."""
    said = "Languages a service itself speaks, by their codes in ISO 639-3."
    return {"id": str(LANGUAGES_ID), "name": LANGUAGES_NAME, "description": said}


def term(row) -> dict:
    """A term of one of our own lists."""
    return tidy(
        {
            "id": str(row.pk),
            "name": row.name,
            "description": row.description,
            "parent_id": row.parent_id and str(row.parent_id),
            "taxonomy": row.taxonomy.name,
            "taxonomy_id": str(row.taxonomy_id),
            "term_uri": uri(row.term_uri),
            "code": row.code,
        }
    )


def level(row) -> dict:
    """A level of need, which has its place among the others."""
    return tidy(
        {
            "id": str(level_id(row.pk)),
            "name": row.name,
            "description": row.description.strip() or row.name,
            "taxonomy": _title(row.framework),
            "taxonomy_id": str(framework_id(row.framework_id)),
            "x_order": row.order,
        }
    )


def language(code: str) -> dict:
    """A language."""
    return {
        "id": str(language_id(code)),
        "name": language_name(code),
        "description": f"{language_name(code)} is spoken.",
        "taxonomy": LANGUAGES_NAME,
        "taxonomy_id": str(LANGUAGES_ID),
        "code": code,
    }


def every_language() -> list[dict]:
    """All those of our list, by name."""
    return [language(code) for code in LANGUAGES]


def _title(row) -> str:
    return f"{row.title} ({row.area.name})"
