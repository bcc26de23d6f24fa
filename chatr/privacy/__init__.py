"""What kind of data each field holds, and a person's rights over it."""

from .classification import Classification

__all__ = ["Classification"]
