"""The staff pages of the directory."""

from . import (
    areas,
    desk,
    duplicates,
    finding,
    gaps,
    importing,
    organisations,
    pathways,
    revisions,
    services,
    sources,
    suggestions,
    thresholds,
)

__all__ = [
    "areas",
    "desk",
    "duplicates",
    "finding",
    "gaps",
    "importing",
    "organisations",
    "pathways",
    "revisions",
    "services",
    "sources",
    "suggestions",
    "thresholds",
]
