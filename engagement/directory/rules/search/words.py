"""Reading what somebody typed: words, phrases that have a meaning of their own, mistyped words."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

from .spelling import british, spellings

MOST_WORDS = 20  # of one search; what follows is left out
LONGEST_WORD = 60  # letters; what follows is cut off
LONGEST_PHRASE = 7  # words
SHORTEST_CORRECTED = 4  # letters; shorter words are too like one another

# Words that ask rather than describe, or that nearly every service could say. Left out where others remain.
ASKING = frozenset(
    """
    help helping helps support supports supporting service services need needs needed needing want wants wanted wanting
    looking look find finding someone somebody something anyone anybody anything near nearby nearest local please get
    gets getting advice referral referrals refer dont doesnt wont cant isnt arent wouldnt couldnt im ive hes shes theyre
    cannot group groups class classes child children kid kids teenager teenagers teen teens year years old aged age yr
    """.split()
)


@dataclass(frozen=True)
class Word:
    """A word as it was typed, and as phrases are looked up: in lower case, British, without an apostrophe."""

    typed: str

    @property
    def key(self) -> str:
        return british(self.typed.replace("'", ""))


@dataclass(frozen=True)
class Part:
    """One word or phrase of a search: a service fits by any of its phrases or needs."""

    said: str
    phrases: tuple[str, ...]
    needs: tuple[str, ...] = ()

    @property
    def spelled(self) -> tuple[str, ...]:
        """Its phrases in every spelling."""
        return tuple(dict.fromkeys(each for phrase in self.phrases for each in spellings(phrase)))


@dataclass(frozen=True)
class Heard:
    """What the tables say of a run of words: what it means the same as, and whether it says nothing by itself."""

    start: int
    length: int
    is_empty: bool = False
    phrases: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()

    @property
    def places(self) -> range:
        return range(self.start, self.start + self.length)


@dataclass(frozen=True)
class Reading:
    """A search, read: its parts, all of which a service has to fit, and which word was taken for which."""

    parts: tuple[Part, ...] = ()
    words: str = ""
    corrected: dict[str, str] = field(default_factory=dict)


def words_of(text: str) -> list[Word]:
    """The words of what somebody typed. Signs, emoji and control characters part words; an apostrophe stays inside."""
    text = unicodedata.normalize("NFKC", text[:4000]).replace("’", "'").replace("‘", "'").replace("`", "'")
    found = re.findall(r"[^\W_]+(?:'[^\W_]+)*", text)
    return [Word(each[:LONGEST_WORD]) for each in found[:MOST_WORDS]]


def plain_phrase(text: str) -> str:
    """A phrase as synonyms are kept: in lower case, words parted by single spaces."""
    return " ".join(word.typed.lower() for word in words_of(text))


def runs(words: list[Word]) -> list[tuple[int, int, str]]:
    """Every run of up to ``LONGEST_PHRASE`` words: where it starts, how many words, and the words."""
    return [
        (start, length, " ".join(word.key for word in words[start : start + length]))
        for start in range(len(words))
        for length in range(1, min(LONGEST_PHRASE, len(words) - start) + 1)
    ]


def parts_of(words: list[Word], heard: Iterable[Heard]) -> list[tuple[Part, int | None]]:
    """The parts of a search, each with the place of its word where it is a single word nothing is known of.

    The longest known phrase wins, and among as long ones the first. Words that say nothing are left out.
    """
    heard = list(heard)
    empty = {each.start for each in heard if each.is_empty and each.length == 1}
    known = [
        each
        for each in heard
        if each.phrases and not {each.start, each.start + each.length - 1} & (empty if each.length > 1 else set())
    ]
    taken: dict[int, Heard] = {}
    for each in sorted(known, key=lambda one: (-one.length, one.start)):
        if not any(place in taken for place in each.places):
            taken |= dict.fromkeys(each.places, each)
    parts = []
    for place, word in enumerate(words):
        if (phrase := taken.get(place)) is not None:
            if place == phrase.start:
                said = " ".join(words[each].typed for each in phrase.places)
                parts.append((Part(said, phrase.phrases, phrase.needs), None))
        elif place not in empty:
            parts.append((Part(word.typed, (word.typed,)), place))
    telling = [each for each in parts if each[1] is None or not _only_asks(words[each[1]].key)]
    return telling or parts


def _only_asks(word: str) -> bool:
    """Whether it tells nothing of a service; a small number is somebody's age."""
    return word in ASKING or (word.isdigit() and len(word) <= 2)


def may_be_corrected(word: Word) -> bool:
    """Whether it is long enough, and a word at all, to be taken for another."""
    return len(word.key) >= SHORTEST_CORRECTED and word.key.isalpha()


def best_correction(typed: str, candidates: Iterable[tuple[str, float, int]]) -> str | None:
    """The word somebody most likely meant, of words with their likeness (0 to 1) and in how many entries they are.

    Fewest slips first, then the most alike, then the commonest; None where all of them are too far away.
    """
    ranked = sorted((slips(typed, word), -likeness, -entries, word) for word, likeness, entries in candidates)
    return ranked[0][-1] if ranked and ranked[0][0] <= 1 + len(typed) // 4 else None


def slips(one: str, other: str) -> int:
    """How many letters were left out, added, changed or swapped with the next between two words."""
    rows = [list(range(len(other) + 1))]
    for i, letter in enumerate(one, start=1):
        row = [i]
        for j, its in enumerate(other, start=1):
            cost = min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (letter != its))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == its:
                cost = min(cost, rows[-2][j - 2] + 1)
            row.append(cost)
        rows.append(row)
    return rows[-1][-1]
