"""The staff pages of the directory."""

from . import areas, gaps, pathways, suggestions, thresholds

__all__ = ["areas", "gaps", "pathways", "suggestions", "thresholds"]
