"""What a new directory starts with: boroughs, lists of terms, and the postcodes of the boroughs around us."""

from uuid import NAMESPACE_URL, uuid5

from .models import Area, Taxonomy, Term
from .operations.postcodes import lay_shipped_down
from .words import AREAS, TAXONOMIES, TERMS


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
    lay_shipped_down()


def same_everywhere(kind: str, code: str):
    """An id every portal gives to the same thing, so that feeds of two portals agree."""
    return uuid5(NAMESPACE_URL, f"chatr:directory:{kind}:{code}")
