"""What the public reads about an organisation that has services, and the numbers others know it by."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID, uuid4

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
    if _is_above((profile.organisation_id,), profile.parent_id):
        raise CannotChangeProfile(f"{profile.organisation} cannot be part of itself.")
    new = profile._state.adding
    profile.save()
    record("directory.profile_added" if new else "directory.profile_changed", profile, by=by)
    refresh_services_of(organisation=profile.organisation, now=now)
    return profile


@transaction.atomic
def remove_profile(*, profile: Profile, by: User, now: datetime) -> None:
    """Take an organisation out of the directory.

    :raises CannotChangeProfile: while it has services the public reads
    """
    organisation = profile.organisation
    if Service.objects.filter(organisation=organisation, state=Service.State.PUBLISHED).exists():
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
    theirs = Service.objects.filter(Q(organisation=organisation) | Q(organisation__in=parts))
    for service in theirs.filter(state=Service.State.PUBLISHED).order_by("pk"):
        refresh(service=service, now=now)


@transaction.atomic
def join_profiles(*, kept: Organisation, duplicate: Organisation, by: User | None, now: datetime) -> None:
    """Make one of what the public reads of two organisations that become one; called just before they do.

    The kept one's words stay; what it left empty is taken from the duplicate. Neither may be part of the other.
    """
    profiles = {each.pk: each for each in Profile.objects.select_for_update().filter(pk__in=(kept.pk, duplicate.pk))}
    ours, theirs = profiles.get(kept.pk), profiles.get(duplicate.pk)
    if theirs is not None and ours is not None:
        for name in ("website", "email", "parent_id"):
            setattr(ours, name, getattr(ours, name) or getattr(theirs, name))
        record("directory.profiles_joined", ours, by=by, details={"duplicate": str(duplicate.pk)})
        theirs.delete()
    stays = ours or theirs
    if stays is not None and _is_above((kept.pk, duplicate.pk), stays.parent_id):
        stays.parent = None
    if stays is not None:
        stays.save()


def _is_above(organisations: Collection[UUID], parent: UUID | None) -> bool:
    """Whether one of these is the parent, or one of its parents, by however many steps."""
    seen = set()
    while parent is not None and parent not in seen:
        if parent in organisations:
            return True
        seen.add(parent)
        parent = Profile.objects.filter(pk=parent).values_list("parent", flat=True).first()
    return False
