"""One postcode as a file gives it."""

from dataclasses import dataclass
from datetime import date


class CannotLoad(Exception):
    """Why a file of postcodes cannot be loaded, naming the line, worded for whoever started it."""


@dataclass(frozen=True, slots=True)
class PostcodeRow:
    """``code`` without a space; the point in degrees (WGS84), in grid metres, in both, or not known at all."""

    code: str
    degrees: tuple[float, float] | None = None  # longitude, latitude
    metres: tuple[float, float] | None = None  # easting, northing of the British National Grid
    gss: str = ""  # ONS code of the borough
    terminated_on: date | None = None

    @property
    def has_point(self) -> bool:
        """Whether the file says where it is."""
        return self.degrees is not None or self.metres is not None
