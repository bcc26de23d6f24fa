"""Reads for the staff pages of the directory."""

from datetime import date, timedelta

from django.db.models import Count, Exists, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, Lower

from chatr.accounts.models import Membership, RoleGrant, User
from chatr.accounts.permissions import Permission

from ..models import Listing, Location, Revision, Service

# How far ahead “due soon” looks.
SOON = timedelta(days=14)


def who_may_look_after() -> QuerySet[User]:
    """Active staff who may change the directory, by name."""
    grants = RoleGrant.objects.filter(
        user=OuterRef("pk"), ended_at=None, role__permissions__contains=[Permission.MANAGE_DIRECTORY]
    )
    return User.objects.filter(Exists(grants), is_active=True).order_by(Lower("name"), "pk")


def with_editor_count(services: QuerySet[Service]) -> QuerySet[Service]:
    """Services with ``editors``: how many people may edit their organisation's entries today."""
    theirs = (
        Membership.objects.editors()
        .filter(organisation=OuterRef("organisation"))
        .order_by()
        .values("organisation")
        .annotate(found=Count("user", distinct=True))
        .values("found")
    )
    return services.annotate(editors=Coalesce(Subquery(theirs, output_field=IntegerField()), 0))


def unverified(today: date) -> QuerySet[Listing]:
    """What the public sees as unverified, longest first."""
    return Listing.objects.shown(today).filter(unverified_from__lte=today).order_by("unverified_from", "sort_name")


def without_editor() -> QuerySet[Service]:
    """Public services whose organisation has nobody to edit them, by name."""
    return with_editor_count(Service.objects.published()).filter(editors=0).order_by("name", "pk")


def changes_waiting() -> QuerySet[Revision]:
    """Proposed changes staff have to decide, the oldest first."""
    return Revision.objects.waiting().select_related("service__organisation", "submitted_by")


def has_hidden_place(service: Service) -> bool:
    """Whether a service is given at a place whose address is not shown."""
    return Location.objects.filter(at_services__service=service, is_confidential=True).exists()
