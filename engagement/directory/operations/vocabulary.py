"""The words of the published entries, which a mistyped word is corrected by."""

import re
import unicodedata

from django.db import connection, transaction

from ..models import Area, Listing, SearchWord, Term

# Letters only: numbers, addresses and codes are nothing anybody mistypes a word for.
WORD = re.compile(r"[a-z]{3,60}")

# Words as they stand, not their stems; accents are taken off, as searching does.
REBUILD = """
WITH counted AS (
    SELECT word, ndoc AS entries FROM ts_stat($$
        SELECT to_tsvector('simple', unaccent(name || ' ' || terms_text || ' ' || body_text)) FROM directory_listing
    $$) WHERE word ~ '^[a-z]{3,60}$'
), said AS (
    SELECT word FROM ts_stat($$
        SELECT to_tsvector('simple', unaccent(body_text)) FROM directory_listing
        UNION ALL SELECT to_tsvector('simple', unaccent(name)) FROM directory_term
        UNION ALL SELECT to_tsvector('simple', unaccent(name)) FROM directory_area
    $$)
)
INSERT INTO directory_searchword (word, entries, is_only_in_names)
SELECT word, entries, said.word IS NULL FROM counted LEFT JOIN said USING (word)
ON CONFLICT DO NOTHING
"""


@transaction.atomic
def rebuild_words() -> None:
    """Count every word anew, and forget those no entry has any more."""
    SearchWord.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute(REBUILD)


def add_words(listing: Listing) -> None:
    """Add the words of one listing that are new, so that they correct at once; the night counts them."""
    said = _words(listing.body_text)
    every = said | _words(f"{listing.name} {listing.terms_text}")
    known = dict(SearchWord.objects.filter(word__in=every).values_list("word", "is_only_in_names"))
    new = sorted(every - known.keys())  # in order, so that two entries saved at once wait for one another
    if set(new) - said:
        said |= _words_of_lists()
    SearchWord.objects.bulk_create(
        (SearchWord(word=word, is_only_in_names=word not in said) for word in new), ignore_conflicts=True
    )
    if heard := [word for word in said if known.get(word)]:
        SearchWord.objects.filter(word__in=heard).update(is_only_in_names=False)


def _words_of_lists() -> set[str]:
    names = [*Term.objects.values_list("name", flat=True), *Area.objects.values_list("name", flat=True)]
    return _words(" ".join(names))


def _words(text: str) -> set[str]:
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(sign))
    return set(WORD.findall(plain))
