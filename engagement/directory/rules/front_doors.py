"""Which boroughs' front doors a page shows to somebody who is worried about a child."""

from collections.abc import Iterable

OURS = ("E09000012", "E09000001")  # Hackney and the City of London, whose programme this is


def boroughs_to_show(known: Iterable[str], *, searched: str, served: Iterable[str]) -> list[str]:
    """ONS codes, the nearest to the person first: where they searched, else where the service is for, else all.

    :param known: every borough we know, in the order of lists; the answer has no other
    """
    known = list(known)
    if searched in known:
        return [searched]
    served = set(served)
    return [gss for gss in known if gss in served] or sorted(known, key=lambda gss: gss not in OURS)
