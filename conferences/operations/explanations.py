"""The chair's words on what has to be explained, such as why a conference was late."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from chatr.accounts.models import User
from chatr.audit.operations import record

from ..models import Conference, ConferenceChild, Explanation, Reason
from ..queries.explanations import Asked


class CannotExplain(Exception):
    """Why an explanation can't be kept, worded for the person who wrote it."""

    def __init__(self, message: str, *, field: str = "words"):
        super().__init__(message)
        self.field = field


@transaction.atomic
def explain(
    *,
    conference: Conference,
    kind: str,
    words: str,
    child: ConferenceChild | None = None,
    by: User,
    now: datetime,
) -> Explanation:
    """Write down, or write anew, the one explanation of a kind. Call it acting as ``by``.

    :raises CannotExplain: without words
    """
    if not words.strip():
        raise CannotExplain(f"Write a sentence: {Reason(kind).label.lower()}")
    Conference.objects.select_for_update(of=("self",)).get(pk=conference.pk)  # one at a time, so it is written once
    found = Explanation.objects.filter(conference=conference, kind=kind, child=child).first()
    if found is None:
        found = Explanation(conference=conference, kind=kind, child=child)
    found.words, found.by, found.at = words, by, now
    found.save()
    record("conferences.explained", conference, by=by, details=_details(kind, child))
    return found


@transaction.atomic
def take_back(*, conference: Conference, kind: str, child: ConferenceChild | None = None, by: User, now: datetime):
    """Remove an explanation that is not needed any more, before the record is signed."""
    gone, _ = Explanation.objects.filter(conference=conference, kind=kind, child=child).delete()
    if gone:
        record("conferences.explanation_taken_back", conference, by=by, details=_details(kind, child))


@transaction.atomic
def explain_all(*, conference: Conference, answers: Mapping[Asked, str], by: User, now: datetime) -> None:
    """Keep what is explained in each box, and take back what was emptied. What did not change is left alone."""
    for asked, words in answers.items():
        if words == asked.words:
            continue
        given = {"conference": conference, "kind": asked.kind, "child": asked.child, "by": by, "now": now}
        if words.strip():
            explain(words=words, **given)
        else:
            take_back(**given)


def _details(kind: str, child: ConferenceChild | None) -> dict:
    return {"kind": kind, "child": str(child.pk) if child else ""}
