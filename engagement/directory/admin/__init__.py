"""The staff pages of the directory."""

from . import areas, pathways, thresholds

__all__ = ["areas", "pathways", "thresholds"]
