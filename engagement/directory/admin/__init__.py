"""The staff pages of the directory."""

from . import pathways, thresholds

__all__ = ["pathways", "thresholds"]
