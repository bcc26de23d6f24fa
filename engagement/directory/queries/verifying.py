"""Who keeps an entry, when it was verified and what is due."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils import timezone

from chatr.accounts.models import Membership, User
from chatr.accounts.permissions import Permission

from ..models import Keeper, Listing, Service, Verification
from ..rules import verifying as rules
from ..rules.differences import Difference, Names, everything
from ..rules.languages import language_name
from ..rules.opening import opening_hours
from .entries import entry_of, with_everything


def last_verification(service: Service) -> Verification | None:
    """When somebody last said that the entry is still right, and who."""
    return service.verifications.filter(still_right=True).select_related("by").order_by("-at", "-pk").first()


def day_of(verification: Verification | None) -> date | None:
    """The London day somebody verified it."""
    return verification and timezone.localdate(verification.at)


@dataclass(frozen=True)
class Due:
    """A service that has to be verified: since when, and which reminder it calls for today."""

    service: Service
    due_on: date
    stage: int

    @property
    def key(self) -> str:
        """What makes this reminder one and no other, whoever gets it."""
        return f"{self.service.pk}:{self.due_on.isoformat()}:{self.stage}"


def due(today: date, services: QuerySet | None = None) -> list[Due]:
    """Services the public sees that have to be verified by today, by name.

    :param services: only among these
    """
    until = rules.badge_on(today)
    found = Listing.objects.shown(today).filter(unverified_from__lte=until).select_related("service__kept_by")
    if services is not None:
        found = found.filter(service__in=services)
    days = [(each.service, rules.due_before_badge(each.unverified_from)) for each in found.order_by("sort_name", "pk")]
    return [Due(service, day, rules.stage(day, today)) for service, day in days]


def next_due(service: Service) -> date | None:
    """The day a public service has to be verified again; None where it is not public."""
    day = Listing.objects.filter(service=service).values_list("unverified_from", flat=True).first()
    return day and rules.due_before_badge(day)


def to_verify(editor: User, today: date) -> list[Service]:
    """The public entries somebody may answer for, by name, each with ``verified_on`` and ``due_on``."""
    listed = (
        Listing.objects.filter(service__in=Service.objects.editable_by(editor).published())
        .select_related("service__organisation")
        .order_by("sort_name", "pk")
    )
    services = []
    for each in listed:
        each.service.verified_on, each.service.due_on = each.verified_on, rules.due_before_badge(each.unverified_from)
        services.append(each.service)
    return services


def what_it_says(service: Service, today: date) -> list[Difference]:
    """The entry and its hours in words, for somebody to look through; without people who may not be published."""
    service = with_everything(Service.objects.all()).get(pk=service.pk)
    entry = entry_of(service)
    entry = entry.but(contacts=tuple(each for each in entry.contacts if each.is_public))
    access = [fact.term for at in service.at_locations.all() for fact in at.location.accessibility.all()]
    boroughs = [at.location.area for at in service.at_locations.all() if at.location.area_id]
    names = Names(
        terms={term.code: term.name for term in (*(each.term for each in service.service_terms.all()), *access)},
        areas={area.pk: area.name for area in (*(each.area for each in service.areas.all()), *boroughs)},
        levels={str(each.level_id): f"{each.level} ({each.level.framework.area})" for each in service.levels.all()},
        languages={code: language_name(code) for code in entry.languages},
    )
    hours = [f"{each.days}: {'; '.join(each.times)}" for each in opening_hours(service.schedules.all(), today)]
    return [*everything(entry, names), Difference("hours", "Opening hours", (), tuple(hours))]


def editors_by_organisation(organisations: Iterable) -> dict[object, list[User]]:
    """Who may edit the entries of each organisation now, by its id."""
    memberships = (
        Membership.objects.editors()
        .filter(organisation__in=set(organisations))
        .select_related("user")
        .order_by("user__email")
    )
    found: dict[object, list[User]] = {}
    for each in memberships:
        found.setdefault(each.organisation_id, []).append(each.user)
    return found


def keeper() -> User | None:
    """Who of the programme looks after the directory, while they may."""
    row = Keeper.objects.select_related("user").first()
    return row.user if row is not None and row.user.may(Permission.MANAGE_DIRECTORY) else None


def kept_by(service: Service, keeper: User | None) -> User | None:
    """The member of staff who looks after one service: its own, else the keeper; None where neither may any more."""
    own = service.kept_by
    return own if own is not None and own.may(Permission.MANAGE_DIRECTORY) else keeper


def last_verified(services: Iterable[Service]) -> dict[object, date]:
    """When each was last verified, by the service's id, in one query."""
    rows = Verification.objects.filter(service__in=services, still_right=True).order_by("service", "-at")
    return {each.service_id: day_of(each) for each in rows.distinct("service")}
