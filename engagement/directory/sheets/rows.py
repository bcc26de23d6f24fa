"""Writing one service as a row, and reading a row as an entry or as the sentences that say what is wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass

from ..models import Service
from ..rules.entries import Entry
from . import cells
from .cells import BadCell
from .columns import COLUMNS, HEADINGS
from .vocabulary import Vocabulary

AGES_TURNED = "the oldest age is below the youngest."
AGES_OF_PEOPLE = "ages are between 0 and 120 years."
EVERY_AGE_OR_SOME = "it says every age, and gives ages too. Keep one of the two."


@dataclass(frozen=True)
class Refusal:
    """What is wrong in one cell; ``column`` is empty where it is the whole row."""

    number: int
    column: str
    problem: str

    def __str__(self) -> str:
        where = f"Row {self.number}, “{self.column}”" if self.column else f"Row {self.number}"
        return f"{where}: {self.problem}"


def write_row(service: Service, entry: Entry, words: Vocabulary) -> list[str]:
    """The cells of a service, in the order of ``HEADINGS``. Of a place that is not shown: its borough."""
    known = [str(service.pk), service.organisation.name, service.get_state_display()]
    return [cells.as_written(text) for text in (*known, *(column.write(entry, words) for column in COLUMNS))]


def read_row(
    number: int, typed: Mapping[str, str], current: Entry | None, words: Vocabulary
) -> tuple[Entry, list[Refusal]]:
    """The entry a row describes, with what is wrong in it.

    Of a service that is there, a cell that says what an export would say leaves the entry as it is, to the letter, and
    a column that is not in the file changes nothing.

    :param current: the entry as it is; None for a new service
    """
    entry = current or Entry(name="")
    refused = []
    for column in COLUMNS:
        if current is not None and column.key not in typed:
            continue
        text = cells.as_written(typed.get(column.key, ""))
        if current is not None and text == cells.as_read(column.write(current, words)):
            continue
        if current is None and not text and column.heading not in NEEDED:
            continue
        try:
            entry = column.read(entry, text, words)
        except BadCell as bad:
            refused.append(Refusal(number, column.heading, str(bad)))
    return entry, refused or [Refusal(number, column, said) for column, said in _wrong_together(entry)]


def _wrong_together(entry: Entry):
    youngest, oldest = entry.minimum_age, entry.maximum_age
    if entry.any_age and (youngest is not None or oldest is not None):
        yield "every age", EVERY_AGE_OR_SOME
    if youngest is not None and oldest is not None and oldest < youngest:
        yield "oldest age", AGES_TURNED
    for column, age in (("youngest age", youngest), ("oldest age", oldest)):
        if age is not None and not 0 <= age <= 120:
            yield column, AGES_OF_PEOPLE


NEEDED = ("name", "what it does")
__all__ = ["HEADINGS", "NEEDED", "Refusal", "read_row", "write_row"]
