"""What a new directory starts with: boroughs, lists of terms, and the postcodes of the boroughs around us."""

from uuid import NAMESPACE_URL, uuid5

from .models import Area, Synonym, SynonymGroup, Taxonomy, Term
from .operations.postcodes import lay_shipped_down
from .words import AREAS, SYNONYMS, TAXONOMIES, TERMS


def lay_down() -> None:
    """Add what is missing. What staff changed or added stays."""
    Area.objects.bulk_create(
        (Area(gss=gss, name=name, slug=name.lower().replace(" ", "-"), place=place) for gss, name, place in AREAS),
        ignore_conflicts=True,
    )
    Taxonomy.objects.bulk_create(
        (
            Taxonomy(id=same_everywhere("taxonomy", code), code=code, name=name, description=description)
            for code, (name, description) in TAXONOMIES.items()
        ),
        ignore_conflicts=True,
    )
    Term.objects.bulk_create(
        (
            Term(
                id=same_everywhere("term", code),
                taxonomy_id=same_everywhere("taxonomy", taxonomy),
                code=code,
                name=name,
                description=description,
                place=place,
            )
            for taxonomy, terms in TERMS.items()
            for place, (code, name, description) in enumerate(terms, start=1)
        ),
        ignore_conflicts=True,
    )
    _lay_synonyms_down()
    lay_shipped_down()


def _lay_synonyms_down() -> None:
    """Groups whose name is not taken yet, with their words. A group staff changed stays as it is."""
    needs = dict(Term.objects.of(Taxonomy.NEEDS).values_list("code", "pk"))
    there = set(SynonymGroup.objects.values_list("name", flat=True))
    new = {name: (needs.get(need), phrases) for name, need, phrases in SYNONYMS if name not in there}
    groups = SynonymGroup.objects.bulk_create(SynonymGroup(name=name, need_id=need) for name, (need, _) in new.items())
    Synonym.objects.bulk_create(
        Synonym(group=group, phrase=" ".join(phrase.split()))
        for group in groups
        for phrase in new[group.name][1].split("|")
    )


def same_everywhere(kind: str, code: str):
    """An id every portal gives to the same thing, so that feeds of two portals agree."""
    return uuid5(NAMESPACE_URL, f"chatr:directory:{kind}:{code}")
