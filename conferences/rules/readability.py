"""How hard a sentence is to read: a hint for whoever writes to a child or a family, and never more than that.

The automated readability index (Smith and Senter, 1967) needs no dictionary: it counts letters in words and words in
sentences. It knows nothing of meaning, and says nothing of other scripts than the Latin one.
"""

import re

EASY_AT = 11  # what most adults read without effort, as GOV.UK advises: about 9 to 11
FEWEST_WORDS = 5

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_SENTENCE = re.compile(r"[.!?…]+(?:\s|$)")


def reading_age(words: str) -> int | None:
    """The age at which most people read these words easily, from 5 to 18; None for a few words, or other scripts."""
    found = _WORD.findall(words)
    letters = [letter for word in found for letter in word if letter.isalnum()]
    latin = sum(letter < "ɐ" for letter in letters)  # up to the end of Latin Extended-B
    if len(found) < FEWEST_WORDS or latin < len(letters):
        return None
    sentences = max(1, len(_SENTENCE.findall(words)))
    grade = 4.71 * len(letters) / len(found) + 0.5 * len(found) / sentences - 21.43
    return min(18, max(5, round(grade) + 5))


def hint(words: str) -> str:
    """A hint in one sentence; empty when there is nothing to say."""
    age = reading_age(words)
    if age is None:
        return ""
    if age <= EASY_AT:
        return f"Easy to read: about age {age}."
    return f"About age {age}. Shorter sentences and everyday words make it easier."
