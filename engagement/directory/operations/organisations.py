"""What the public reads about an organisation that has services, and the numbers others know it by."""

from datetime import datetime
from uuid import uuid4

from django.db import IntegrityError, transaction
from django.db.models import Q

from chatr.accounts.models import Organisation, User
from chatr.audit.operations import record

from ..models import OrganisationIdentifier, Profile, Service
from .listings import refresh


class CannotChangeProfile(Exception):
    """Why what is said of an organisation cannot be changed, worded for staff."""


@transaction.atomic
def save_profile(*, profile: Profile, by: User, now: datetime) -> Profile:
    """Keep what the public reads about an organisation, in each of its services too.

    :raises CannotChangeProfile: when it would be part of itself, by however many steps
    """
    above, seen = profile.parent_id, {profile.organisation_id}
    while above is not None:
        if above in seen:
            raise CannotChangeProfile(f"{profile.organisation} cannot be part of itself.")
        seen.add(above)
        above = Profile.objects.filter(pk=above).values_list("parent", flat=True).first()
    new = profile._state.adding
    profile.save()
    record("directory.profile_added" if new else "directory.profile_changed", profile, by=by)
    refresh_services_of(organisation=profile.organisation, now=now)
    return profile


@transaction.atomic
def remove_profile(*, profile: Profile, by: User, now: datetime) -> None:
    """Take an organisation out of the directory, so that it can be made one with another.

    :raises CannotChangeProfile: while it has services the public reads
    """
    organisation = profile.organisation
    if Service.objects.published().filter(organisation=organisation).exists():
        raise CannotChangeProfile(f"{organisation} has services the public reads. Withdraw or merge them first.")
    record("directory.profile_removed", profile, by=by)
    profile.delete()


@transaction.atomic
def save_identifier(*, identifier: OrganisationIdentifier, by: User, now: datetime) -> OrganisationIdentifier:
    """Keep a number of an organisation, in capitals and without spaces.

    :raises CannotChangeProfile: when another organisation has it
    """
    identifier.scheme = "".join(identifier.scheme.upper().split())
    identifier.identifier = "".join(identifier.identifier.upper().split())
    identifier.id = identifier.id or uuid4()
    try:
        with transaction.atomic():
            identifier.save()
    except IntegrityError:
        same = OrganisationIdentifier.objects.filter(scheme=identifier.scheme, identifier=identifier.identifier)
        holder = same.exclude(pk=identifier.pk).select_related("organisation").first()
        raise CannotChangeProfile(
            f"{holder.organisation if holder else 'Another organisation'} has this number already."
        ) from None
    record("directory.identifier_kept", identifier, by=by, details={"organisation": str(identifier.organisation_id)})
    refresh_services_of(organisation=identifier.organisation, now=now)
    return identifier


@transaction.atomic
def remove_identifier(*, identifier: OrganisationIdentifier, by: User, now: datetime) -> None:
    """Take a number away that is not the organisation's."""
    organisation = identifier.organisation
    record("directory.identifier_removed", identifier, by=by, details={"organisation": str(organisation.pk)})
    identifier.delete()
    refresh_services_of(organisation=organisation, now=now)


@transaction.atomic
def refresh_services_of(*, organisation: Organisation, now: datetime) -> None:
    """Write anew the listings and the feed of an organisation's services, and of those of its parts."""
    parts = Profile.objects.filter(parent=organisation).values("organisation")
    theirs = Service.objects.published().filter(Q(organisation=organisation) | Q(organisation__in=parts))
    for service in theirs.order_by("pk"):
        refresh(service=service, now=now)
