"""Reads across models: what a page or an operation needs to know, in as few queries as it takes."""

from .runs import cancel_deadline, dates_of

__all__ = ["cancel_deadline", "dates_of"]
