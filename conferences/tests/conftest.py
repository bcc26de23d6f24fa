import pytest

from .making import Cast, make_cast, make_conference


@pytest.fixture
def cast(db) -> Cast:
    """A team of chairs, the next team, and contributors."""
    return make_cast()


@pytest.fixture
def conference(cast):
    """A scheduled initial conference of the cast's chair, about two children."""
    return make_conference(cast)
