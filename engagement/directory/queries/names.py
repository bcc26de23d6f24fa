"""What the codes of entries mean, for whoever reads a difference."""

from ..models import Area, Term, ThresholdLevel
from ..rules.differences import Names
from ..rules.entries import Entry
from ..rules.languages import language_name


def names_of(*entries: Entry | None) -> Names:
    """The words behind the codes in these entries, in three queries."""
    known = [entry for entry in entries if entry is not None]
    levels = {int(level) for entry in known for level in entry.levels if level.isdigit()}
    found = ThresholdLevel.objects.filter(pk__in=levels).select_related("framework__area")
    return Names(
        terms=dict(Term.objects.values_list("code", "name")),
        areas=dict(Area.objects.values_list("gss", "name")),
        levels={str(level.pk): f"{level.name} ({level.framework.area})" for level in found},
        languages={code: language_name(code) for entry in known for code in entry.languages},
    )
