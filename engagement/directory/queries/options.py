"""What people may choose from when they look for a service."""

from datetime import date
from itertools import groupby

from ..models import Taxonomy, Term, ThresholdFramework, ThresholdLevel
from .thresholds import current_frameworks


def terms_to_choose() -> dict[str, list[tuple[str, str]]]:
    """Needs and access terms, by the code of their list: code and plain name, in the order staff chose. One query."""
    found = {Taxonomy.NEEDS: [], Taxonomy.ACCESS: []}
    terms = Term.objects.shown().filter(taxonomy__code__in=found).order_by("place", "name")
    for taxonomy, code, name in terms.values_list("taxonomy__code", "code", "name"):
        found[taxonomy].append((code, name))
    return found


def levels_to_choose(day: date) -> list[tuple[ThresholdFramework, list[ThresholdLevel]]]:
    """The document in force in each area with its levels, the lightest first. One query."""
    levels = (
        ThresholdLevel.objects.filter(framework__in=current_frameworks(day).values("pk"))
        .select_related("framework__area")
        .order_by("framework__area__place", "framework", "order")
    )
    return [(framework, list(each)) for framework, each in groupby(levels, key=lambda level: level.framework)]
