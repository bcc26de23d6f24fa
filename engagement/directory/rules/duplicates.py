"""When two entries look like one, and what one of two is made of."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from .differences import BY_FIELD, PARTS, value_of
from .entries import Entry

# What two entries may share, in words, and how much it says. Alike names are counted by how alike they are.
REASONS = {
    "name": ("The names are alike", 4),
    "phone": ("The same phone number", 3),
    "url": ("The same web page", 3),
    "email": ("The same e-mail address", 2),
    "postcode": ("The same postcode", 2),
    "identifier": ("Organisations with the same number", 2),
    "organisation": ("The same organisation", 1),
}
ENOUGH = 5
ALIKE = 0.6  # trigrams two names share, of all they have; below it they say nothing
OWN_SERVICES_ALIKE = 0.75  # an organisation's own services often share everything but the name

KEEP, OTHER, BOTH = "keep", "other", "both"
# Lists of which both may be kept.
LISTS = frozenset(("terms", "levels", "languages", "areas", "phones", "contacts", "places"))


@dataclass(frozen=True)
class Likeness:
    """How alike two entries are: their names from 0 to 1, and what else they share (codes of ``REASONS``)."""

    name: float
    shares: frozenset[str]

    @property
    def reasons(self) -> tuple[str, ...]:
        """Codes of what speaks for one service, the strongest first."""
        found = self.shares | ({"name"} if self.name >= ALIKE else set())
        return tuple(code for code in REASONS if code in found)

    @property
    def score(self) -> int:
        """Higher is more alike. 0: they are two.

        Services of one organisation share its phone, page and house, so among them only alike names speak.
        """
        if "organisation" in self.shares and self.name < OWN_SERVICES_ALIKE:
            return 0
        weights = (REASONS[code][1] * (self.name if code == "name" else 1) for code in self.reasons)
        score = round(sum(weights))
        return score if score >= ENOUGH or self.name > 0.9 else 0


def reason_words(codes) -> list[str]:
    """What two entries share, in words."""
    return [REASONS[code][0] for code in codes if code in REASONS]


@dataclass(frozen=True)
class Side:
    """One field of two entries: which of the two is taken where nobody chooses, and what may be chosen."""

    field: str
    label: str
    is_same: bool
    default: str
    may_be_both: bool


def sides(keep: Entry, other: Entry) -> list[Side]:
    """Every field in which two entries differ. The kept one's stays; where it says nothing, the other's is taken."""
    found = []
    for part in PARTS:
        ours, theirs = _without_ids(part.field, keep), _without_ids(part.field, other)
        if ours == theirs:
            continue
        default = OTHER if _says_nothing(part.field, keep) else KEEP
        both = part.field in LISTS and not _says_nothing(part.field, keep) and not _says_nothing(part.field, other)
        found.append(Side(part.field, part.label, False, default, both))
    return found


def _without_ids(name: str, entry: Entry):
    """A field's value; places without the ids that tell one organisation's record of a house from another's."""
    if name == "places":
        return tuple(replace(place, id="") for place in entry.places)
    return value_of(name, entry)


def _says_nothing(name: str, entry: Entry) -> bool:
    return not any(getattr(entry, each) not in ("", None, (), False) for each in BY_FIELD[name].of)


def merged(keep: Entry, other: Entry, choices: Mapping[str, str]) -> Entry:
    """One entry of two. ``choices``: by field, ``keep``, ``other`` or, for lists, ``both``; the rest by default."""
    changes = {}
    for side in sides(keep, other):
        choice = choices.get(side.field, side.default)
        if choice == OTHER:
            changes |= {name: getattr(other, name) for name in BY_FIELD[side.field].of}
        elif choice == BOTH and side.may_be_both:
            ours, theirs = getattr(keep, side.field), getattr(other, side.field)
            changes[side.field] = ours + tuple(each for each in theirs if each not in ours)
    return keep.but(**changes)
