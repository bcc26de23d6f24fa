import pytest

from chatr.testing.people import make_organisation

from .making import make_editor


@pytest.fixture
def together(db):
    """An organisation with services in the directory."""
    return make_organisation("Example Families Together", "together.example.org")


@pytest.fixture
def next_door(db):
    """The next organisation, with an editor of its own."""
    return make_organisation("Example Next Door", "nextdoor.example.org")


@pytest.fixture
def editor(together):
    """Who keeps the entries of ``together``."""
    return make_editor("Fatima Editor", "fatima@together.example.org", together)


@pytest.fixture
def neighbour(next_door):
    """Who keeps the entries of ``next_door``: never those of ``together``."""
    return make_editor("Nadia Neighbour", "nadia@nextdoor.example.org", next_door)
