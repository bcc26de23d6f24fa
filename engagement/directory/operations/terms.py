"""Changing the words services are sorted under."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from chatr.accounts.models import User
from chatr.audit.operations import record

from ..models import Service, Term
from ..reference import same_everywhere
from .listings import refresh


class CannotSaveTerm(Exception):
    """Why a term cannot be kept like that, worded for the member of staff."""


@transaction.atomic
def save_term(*, term: Term, by: User | None, now: datetime) -> Term:
    """Add a term, or change it together with what is searched and published of every service that has it.

    :raises CannotSaveTerm: when it would stand under a term of another list, or more than one deep
    """
    if term.parent_id:
        if term.parent.taxonomy_id != term.taxonomy_id:
            raise CannotSaveTerm("Choose a term of the same list to stand under.")
        if term.parent.parent_id or (term.pk and term.children.exists()):
            raise CannotSaveTerm("Terms stand at most one below another.")
    is_new = term.pk is None
    if is_new:
        term.pk = same_everywhere("term", term.code)
    term.save(force_insert=is_new)
    having = Q(service_terms__term__in=[term]) | Q(service_terms__term__parent=term)
    having |= Q(at_locations__location__accessibility__term=term)
    services = [] if is_new else list(Service.objects.filter(having).distinct())
    for service in services:
        refresh(service=service, now=now)
    record(
        "directory.term_added" if is_new else "directory.term_changed",
        term,
        by=by,
        details={"code": term.code, "services": len(services)},
    )
    return term
