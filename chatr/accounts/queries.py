"""Reads across people, organisations and memberships."""

import re

from django.db.models import Exists, OuterRef
from django.db.models.functions import Lower

from .models import ErasureRequest, Membership, Organisation, SharedEmailDomain, User
from .permissions import Permission


def domain_of(email: str) -> str:
    """What follows the @, in lower case."""
    return email.rpartition("@")[2].strip().lower()


def organisations_with_domain_of(email: str) -> list[Organisation]:
    """Active organisations that hold the address's very domain as their own, by name. A shared domain finds none."""
    domain = domain_of(email)
    shared = Exists(SharedEmailDomain.objects.filter(domain=domain))
    return list(Organisation.objects.active().with_domain(domain).exclude(shared).order_by(Lower("name")))


def may_work_elsewhere(user: User) -> bool:
    """Whether the person is an invited trainer or contributor, who need not work in Hackney or the City."""
    return user.may(Permission.TRAIN) or user.may(Permission.CONTRIBUTE_REPORTS)


def organisations_to_choose_from(user: User):
    """Active organisations the person could work for and does not yet, by name."""
    theirs = Membership.objects.live().filter(user=user, organisation=OuterRef("pk"))
    found = Organisation.objects.active().exclude(Exists(theirs)).order_by(Lower("name"))
    return found if may_work_elsewhere(user) else found.local()


def _plain(name: str) -> str:
    """A name without case, spaces, punctuation or a leading "the", so that St. Mary's and st marys are one."""
    words = re.findall(r"\w+", name.casefold().replace("&", " and "))
    return "".join(words[1:] if words[:1] == ["the"] else words)


def organisation_named_like(name: str) -> Organisation | None:
    """One whose name differs at most in case, spaces, punctuation or a leading "the"; whatever its status."""
    wanted = _plain(name)
    for pk, known in Organisation.objects.values_list("pk", "name"):
        if _plain(known) == wanted:
            return Organisation.objects.get(pk=pk)
    return None


def live_memberships(user: User) -> list[Membership]:
    """Where the person works now, the oldest first, with each organisation loaded."""
    return list(user.memberships.live().select_related("organisation").order_by("valid_from", "pk"))


def membership_for_booking(user: User) -> Membership | None:
    """The membership a booking is made under, in one query; None when the person has said nothing yet.

    The one they chose; else the first confirmed; else the first still waiting for staff. Never one of a
    suspended organisation.
    """
    usable = [each for each in live_memberships(user) if each.organisation.status != Organisation.Status.SUSPENDED]
    chosen = [each for each in usable if each.pk == user.chosen_membership_id]
    confirmed = [each for each in usable if each.is_confirmed]
    return next(iter(chosen + confirmed + usable), None)


def open_erasure_request(user: User) -> ErasureRequest | None:
    """The person's request that is neither taken back nor done."""
    return user.erasure_requests.filter(withdrawn_at=None, done_at=None).first()


def open_erasure_requests():
    """Every request staff have still to carry out, the oldest first, with each person loaded."""
    return (
        ErasureRequest.objects.filter(withdrawn_at=None, done_at=None).select_related("user").order_by("asked_at", "pk")
    )
