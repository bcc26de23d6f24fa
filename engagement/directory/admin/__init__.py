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
    "suggestions",
    "thresholds",
]
