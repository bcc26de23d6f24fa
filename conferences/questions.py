"""What is asked after a conference, and what a code for answering looks like.

The first two questions are the pilot's; they are asked of everybody, so that what was better then can be seen again.
Answers are codes: nobody is asked for words that could say who they are.
"""

import hashlib
import secrets
from dataclasses import dataclass

from .models import Cohort

# Without vowels, so that no code is a word, and without what looks alike on paper.
LETTERS = "bcdfghjkmnpqrstvwxyz23456789"
LENGTH = 12

SKIPPED = "skipped"
ANSWERS = {"yes": "Yes", "partly": "Partly", "no": "No", "not_sure": "I am not sure"}
CHILD_ANSWERS = {"yes": "Yes", "partly": "A bit", "no": "No", "not_sure": "I don’t know"}


@dataclass(frozen=True)
class Question:
    """One closed question: its code, the same for everybody who is asked it, and its words for one cohort."""

    code: str
    words: str


QUESTIONS = {
    Cohort.CHILD_UNDER_12: (
        Question("time_to_speak", "Did the grown-ups in your family get time to talk?"),
        Question("childs_voice", "Did people talk about what you said or what you want?"),
        Question("felt_safe", "Did you feel safe?"),
        Question("words_understood", "Did you understand the words people used?"),
        Question("knows_next", "Do you know what happens next?"),
    ),
    Cohort.CHILD_12_PLUS: (
        Question("time_to_speak", "Did your parents or carers get time to say what they think?"),
        Question("childs_voice", "Was what you think and want part of the meeting?"),
        Question("felt_safe", "Did you feel safe?"),
        Question("words_understood", "Did people use words you understand?"),
        Question("could_choose", "Could you choose how to take part?"),
        Question("knows_next", "Do you know what happens next?"),
    ),
    Cohort.PARENT: (
        Question("time_to_speak", "Were you given time to say what you think?"),
        Question("childs_voice", "Was your child’s voice brought in?"),
        Question("felt_safe", "Did you feel safe?"),
        Question("words_understood", "Did people use words you understand?"),
        Question("saw_reports", "Had you seen the reports before the meeting?"),
        Question("knows_next", "Do you know what happens next?"),
    ),
    Cohort.PROFESSIONAL: (
        Question("time_to_speak", "Were parents given time to voice their opinions?"),
        Question("childs_voice", "Was the child’s voice brought in?"),
        Question("spoke_to_them", "Did people speak to the family, not about them?"),
        Question("strengths", "Were strengths talked about as well as worries?"),
        Question("knows_next", "Was it clear who does what by when?"),
    ),
}


def answers_for(cohort: str) -> dict[str, str]:
    """The answers somebody can choose from, in words for their age."""
    return CHILD_ANSWERS if is_child(cohort) else ANSWERS


def is_child(cohort: str) -> bool:
    """Whether these are children or young people."""
    return cohort in (Cohort.CHILD_UNDER_12, Cohort.CHILD_12_PLUS)


def new_code() -> str:
    """A code nobody can guess (57 bits), to type or to follow: ``bcdf-2345-wxyz``."""
    return in_groups("".join(secrets.choice(LETTERS) for _ in range(LENGTH)))


def in_groups(code: str) -> str:
    """In groups of four, as it is printed."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def digest(code: str) -> str:
    """What is kept of a code, however somebody typed it."""
    letters = "".join(letter for letter in code.lower() if letter.isalnum())
    return hashlib.sha256(letters.encode()).hexdigest()
