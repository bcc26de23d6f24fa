"""Making an entry public, taking it away, and starting a new one."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from chatr.accounts.models import Organisation, User
from chatr.audit.operations import record

from ..models import Profile, Service
from ..rules.entries import Entry
from .entries import write_entry
from .listings import refresh

# Addresses below /services/ that are pages of ours, so no service may have them.
RESERVED = frozenset(
    ("pathways", "levels", "shortlist", "shared", "mine", "map", "still-correct", "near", "help", "search", "print")
)


class CannotPublish(Exception):
    """Why an entry cannot be made public or taken away, worded for the person who tried."""


@transaction.atomic
def start_service(*, organisation: Organisation, name: str, by: User | None, now: datetime) -> Service:
    """A new service nobody but its editors and staff can see."""
    service = Service.objects.create(
        organisation=organisation, name=name, slug=free_slug(name, organisation), created_at=now
    )
    record("directory.service_started", service, by=by, details={"organisation": str(organisation.pk)})
    return service


@transaction.atomic
def publish_entry(*, service: Service, entry: Entry, by: User | None, now: datetime) -> Service:
    """Write an entry and make it public. Its organisation gets a line of its own in the directory with it."""
    first = service.state == Service.State.DRAFT
    if service.state != Service.State.PUBLISHED:
        service.state, service.withdrawn_at = Service.State.PUBLISHED, None
        service.published_at = service.published_at or now
        service.save(update_fields=["state", "withdrawn_at", "published_at"])
    Profile.objects.get_or_create(organisation=service.organisation, defaults={"description": Profile.NOT_DESCRIBED})
    service = write_entry(service=service, entry=entry, now=now)
    record(
        "directory.service_published" if first else "directory.entry_changed",
        service,
        by=by,
        details={"version": service.version},
    )
    return service


@transaction.atomic
def withdraw_service(*, service: Service, by: User | None, now: datetime) -> None:
    """Take a service from the public. The feed says ``inactive`` for 90 days, then nothing.

    :raises CannotPublish: when it is not public
    """
    service = Service.objects.select_for_update().get(pk=service.pk)
    if service.state != Service.State.PUBLISHED:
        raise CannotPublish(f"{service} is not public.")
    service.state, service.withdrawn_at = Service.State.ARCHIVED, now
    service.save(update_fields=["state", "withdrawn_at"])
    record("directory.service_withdrawn", service, by=by, details={"day": timezone.localdate(now).isoformat()})
    refresh(service=service, now=now)


def free_slug(name: str, organisation: Organisation) -> str:
    """An address nobody has: the name, else with the organisation, else with a number."""
    base = slugify(name)[:100].strip("-") or "service"
    tries = [base, f"{base}-{slugify(organisation.name)[:30].strip('-')}", *(f"{base}-{n}" for n in range(2, 200))]
    taken = set(Service.objects.filter(slug__in=tries).values_list("slug", flat=True)) | RESERVED
    return next(slug for slug in tries if slug not in taken)
