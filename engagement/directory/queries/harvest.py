"""What another feed's words may mean here."""

from ..harvest.mapping import Known
from ..models import Area, Taxonomy, Term, ThresholdLevel
from ..oruk.taxonomies import level_id


def known() -> Known:
    """Our codes by every name another feed may call them."""
    terms = {True: {}, False: {}}
    for term in Term.objects.select_related("taxonomy").order_by("pk"):
        both = terms[term.taxonomy.code == Taxonomy.ACCESS]
        both |= {str(term.pk): term.code, term.name.casefold(): term.code}
    areas = {key: area.gss for area in Area.objects.all() for key in (area.gss, area.name.casefold())}
    levels = {str(level_id(pk)): str(pk) for pk in ThresholdLevel.objects.values_list("pk", flat=True)}
    return Known(terms=terms[False], access=terms[True], levels=levels, areas=areas)
