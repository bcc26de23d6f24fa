"""The staff pages about people and organisations, and what of it waits on the desk."""

from . import desk, organisations, people, roles

__all__ = ["desk", "organisations", "people", "roles"]
