"""Changing which words mean the same to people who search. It holds from the next search on."""

from collections.abc import Iterable

from django.db import connection, transaction

from chatr.accounts.models import User
from chatr.audit.operations import record

from ..models import CONFIG, Synonym, SynonymGroup
from ..rules.search.words import plain_phrase


class CannotSaveSynonyms(Exception):
    """Why a group cannot be kept like that, worded for the member of staff."""


@transaction.atomic
def save_synonyms(*, group: SynonymGroup, phrases: Iterable[str], by: User | None) -> SynonymGroup:
    """Keep a group with exactly these words and phrases, in lower case, each once.

    :raises CannotSaveSynonyms: when there is none, or one that searching cannot see
    """
    wanted = list(dict.fromkeys(filter(None, map(plain_phrase, phrases))))
    if not wanted:
        raise CannotSaveSynonyms("Write at least one word or phrase.")
    if unseen := _unseen(wanted):
        raise CannotSaveSynonyms(f"Searching leaves out such small words: {', '.join(unseen)}.")
    if too_long := [phrase for phrase in wanted if len(phrase) > Synonym._meta.get_field("phrase").max_length]:
        raise CannotSaveSynonyms(f"This is too long to be searched for: {too_long[0]}.")
    is_new = group.pk is None
    group.save()
    there = {each.phrase: each for each in group.synonyms.select_for_update()}
    gone = [each.pk for phrase, each in there.items() if phrase not in wanted]
    Synonym.objects.filter(pk__in=gone).delete()
    new = [phrase for phrase in wanted if phrase not in there]
    Synonym.objects.bulk_create(Synonym(group=group, phrase=phrase) for phrase in new)
    record(
        "directory.synonyms_added" if is_new else "directory.synonyms_changed",
        group,
        by=by,
        details={"added": len(new), "removed": len(gone)},
    )
    return group


def _unseen(phrases: list[str]) -> list[str]:
    """Phrases made of nothing but words every text has, such as "the"."""
    asked = f"SELECT each FROM unnest(%s::text[]) AS each WHERE numnode(phraseto_tsquery('{CONFIG}', each)) = 0"
    with connection.cursor() as cursor:
        cursor.execute(asked, [phrases])
        return [each for (each,) in cursor.fetchall()]
