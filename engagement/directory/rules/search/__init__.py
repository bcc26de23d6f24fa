"""What somebody asks the directory, and how words are read. Nothing here touches the database."""

from .question import DISTANCES, FILTERS, Question

__all__ = ["DISTANCES", "FILTERS", "Question"]
