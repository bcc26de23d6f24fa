"""Courses, their runs and dates, the places on them, and who holds which."""

from .bookings import Booking, Needs, Status
from .courses import Course, Venue
from .runs import CourseRun, Place, RunDate, TrainerAssignment

__all__ = ["Booking", "Course", "CourseRun", "Needs", "Place", "RunDate", "Status", "TrainerAssignment", "Venue"]
