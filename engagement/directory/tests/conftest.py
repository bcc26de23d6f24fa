import pytest

from chatr.testing.people import make_organisation, make_person

from ..models import Keeper
from .making import bare, entry, make_editor, publish
from .making_pathways import NOW, make_framework


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


@pytest.fixture
def staff(db):
    """Somebody of the programme who may change the directory."""
    return make_person("Sol Staff", "sol@programme.example.org", None, "programme_staff")


@pytest.fixture
def keeper(staff):
    """The same person, who also looks after the whole of it."""
    Keeper.objects.create(user=staff)
    return staff


# Pathways


@pytest.fixture
def framework(db):
    """Hackney's threshold document, with three levels."""
    return make_framework()


@pytest.fixture
def counselling(together):
    """A service verified today."""
    return publish(together, entry("Example counselling"), now=NOW, verified=NOW)


@pytest.fixture
def group(together):
    """A service of which nothing is stated."""
    return publish(together, bare("Example worry group"), now=NOW)
