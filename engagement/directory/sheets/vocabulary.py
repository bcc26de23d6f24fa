"""Codes of terms, boroughs and levels as the words people read in a file, and back."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from ..models import Area, Taxonomy, Term, ThresholdLevel
from ..rules.differences import Names
from ..rules.languages import language_name


@dataclass(frozen=True)
class Codes:
    """One list: each code's words. Where two read the same, or would not come back from a file, the code stands."""

    words: dict[str, str]

    @classmethod
    def of(cls, pairs: Iterable[tuple[str, str]]) -> "Codes":
        """From pairs of a code and its words."""
        pairs = list(pairs)
        taken = Counter(words.casefold() for _, words in pairs) + Counter(code.casefold() for code, _ in pairs)
        return cls(
            {
                code: words
                if taken[words.casefold()] == 1 + (words.casefold() == code.casefold()) and _tidy(words)
                else code
                for code, words in pairs
            }
        )

    def name(self, code: str) -> str:
        """The words of a code; the code itself where nobody knows it."""
        return self.words.get(code, code)

    def code(self, text: str) -> str | None:
        """The code somebody means by its words or by itself, in any case; None where nobody knows it."""
        wanted = " ".join(text.casefold().split())
        for code, words in self.words.items():
            if wanted in (words.casefold(), code.casefold()):
                return code
        return None


def _tidy(words: str) -> bool:
    return words == " ".join(words.split()) and not set(words) & set(";\n")


@dataclass(frozen=True)
class Vocabulary:
    """Every list a row may name something of. ``terms`` are the lists of terms by their code."""

    terms: dict[str, Codes]
    areas: Codes
    levels: Codes

    def list_of(self, code: str) -> str:
        """The list a term is on; empty where nobody knows it."""
        return next((name for name, codes in self.terms.items() if code in codes.words), "")

    def names(self, languages: Iterable[str]) -> Names:
        """The same words, for showing differences."""
        return Names(
            terms={code: words for codes in self.terms.values() for code, words in codes.words.items()},
            areas=self.areas.words,
            levels=self.levels.words,
            languages={code: language_name(code) for code in languages},
        )


def vocabulary() -> Vocabulary:
    """The lists as they are now, hidden terms too, in three queries."""
    terms: dict[str, list[tuple[str, str]]] = {code: [] for code in (Taxonomy.NEEDS, Taxonomy.GROUPS, Taxonomy.MODES)}
    found = Term.objects.order_by("place", "name").values_list("taxonomy__code", "code", "name")
    for taxonomy, code, name in found:
        terms.setdefault(taxonomy, []).append((code, name))
    levels = ThresholdLevel.objects.order_by("framework__area__place", "framework__valid_from", "order").values_list(
        "pk", "framework__area__name", "framework__valid_from", "name"
    )
    return Vocabulary(
        terms={name: Codes.of(pairs) for name, pairs in terms.items()},
        areas=Codes.of(Area.objects.order_by("place", "name").values_list("gss", "name")),
        levels=Codes.of((str(pk), f"{area}: {name} (from {day:%d/%m/%Y})") for pk, area, day, name in levels),
    )
