"""The shortlist of whoever looks: in their account, or in the visit of somebody who is not signed in.

What a visitor put aside is in the session alone, whose cookie ends when the browser is closed. It becomes part of the
account's shortlist on the first page that asks for it after signing in.
"""

from uuid import UUID

from django.utils import timezone

from ..operations import shortlists as operations
from ..queries import shortlists as queries

KEY = "directory_shortlist"
SHARED = "directory_shared"  # links a visitor made, so that the same visit can take them back


def services_of(request) -> list[UUID]:
    """The services on the shortlist, in the order they were put there."""
    if not request.user.is_authenticated:
        return _of_the_visit(request)
    if brought := _of_the_visit(request):
        operations.take_over(user=request.user, services=brought, now=timezone.now())
        del request.session[KEY]
    return queries.services_of(request.user)


def add(request, service: UUID) -> None:
    """Put a service on the shortlist.

    :raises CannotAdd: when it is full
    """
    there = services_of(request)
    if request.user.is_authenticated:
        operations.add(user=request.user, service=service, now=timezone.now())
    elif service not in there:
        operations.refuse_when_full(len(there))
        _keep(request, [*there, service])


def remove(request, service: UUID) -> None:
    """Take a service off the shortlist."""
    if request.user.is_authenticated:
        operations.remove(user=request.user, service=service)
    _keep(request, [each for each in _of_the_visit(request) if each != service])


def clear(request) -> None:
    """Take everything off the shortlist."""
    if request.user.is_authenticated:
        operations.clear(user=request.user)
    _keep(request, [])


def links_of(request):
    """The links that lead to a shortlist of theirs and work still."""
    now = timezone.now()
    if request.user.is_authenticated:
        return queries.live_links(now).filter(made_by=request.user)
    return queries.live_links(now).filter(made_by=None, pk__in=request.session.get(SHARED, []))


def remember_link(request, link) -> None:
    """Let the visit of somebody not signed in take back a link it made."""
    if not request.user.is_authenticated:
        request.session[SHARED] = [*request.session.get(SHARED, []), str(link.pk)]
        end_with_the_browser(request)


def end_with_the_browser(request) -> None:
    """Give the session's cookie no date, so that closing the browser ends it."""
    request.session.set_expiry(0)


def _of_the_visit(request) -> list[UUID]:
    return [UUID(each) for each in request.session.get(KEY, [])]


def _keep(request, services: list[UUID]) -> None:
    if services:
        request.session[KEY] = [str(each) for each in services]
        end_with_the_browser(request)
    elif KEY in request.session:
        del request.session[KEY]
