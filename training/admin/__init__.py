"""The staff pages of training: the desk, courses, venues, runs, the programme import and bookings."""

from . import bookings, courses, desk, importing, runs

__all__ = ["bookings", "courses", "desk", "importing", "runs"]
