"""What an editor sees and chooses from: their organisations, services and what waits."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils import timezone

from chatr.accounts.models import Membership, Organisation, User

from ..models import Area, Listing, Location, Revision, Service, Suggestion, Taxonomy, Term, ThresholdFramework
from ..rules import verifying as rules
from ..rules.entries import Entry
from ..rules.showing import is_closed
from .entries import entry_of, with_everything
from .verifying import last_verified


def organisations_of(user: User) -> QuerySet[Organisation]:
    """Whose entries the person may edit today, by name."""
    theirs = Membership.objects.editors().filter(user=user)
    return Organisation.objects.filter(pk__in=theirs.values("organisation")).order_by("name")


@dataclass(frozen=True)
class Row:
    """One service in the list of an editor."""

    service: Service
    revision: Revision | None
    refused: Revision | None
    verified_on: date | None
    due_on: date | None
    suggestions: int
    is_closed: bool
    is_unverified: bool

    @property
    def waits(self) -> bool:
        return self.revision is not None and self.revision.state == Revision.State.SUBMITTED


@dataclass(frozen=True)
class Group:
    organisation: Organisation
    rows: list[Row]


def my_services(user: User, today: date) -> list[Group]:
    """Every service the person may edit, by organisation and name."""
    organisations = list(organisations_of(user))
    services = (
        Service.objects.filter(organisation__in=organisations)
        .annotate(open_suggestions=Count("suggestions", filter=Q(suggestions__answered_at=None)))
        .prefetch_related(Prefetch("revisions", Revision.objects.order_by("-edited_at", "-pk")))
        .order_by("name", "pk")
    )
    services = [each for each in services if each.merged_into_id is None]
    verified = last_verified(services)
    due = dict(Listing.objects.filter(service__in=services).values_list("service", "unverified_from"))
    rows = [_row(each, verified.get(each.pk), due.get(each.pk), today) for each in services]
    return [
        Group(organisation, [row for row in rows if row.service.organisation_id == organisation.pk])
        for organisation in organisations
    ]


def _row(service: Service, verified_on: date | None, unverified_from: date | None, today: date) -> Row:
    newest = next(iter(service.revisions.all()), None)
    is_open = newest is not None and newest.state in (Revision.State.DRAFT, Revision.State.SUBMITTED)
    return Row(
        service=service,
        revision=newest if is_open else None,
        refused=newest if newest is not None and newest.state == Revision.State.REJECTED else None,
        verified_on=verified_on,
        due_on=unverified_from and rules.due_before_badge(unverified_from),
        suggestions=service.open_suggestions,
        is_closed=is_closed(service, today),
        is_unverified=unverified_from is not None and unverified_from <= today,
    )


def my_row(service: Service, today: date) -> Row:
    """The same of one service."""
    service.open_suggestions = Suggestion.objects.open().filter(service=service).count()
    service._prefetched_objects_cache = {"revisions": list(service.revisions.order_by("-edited_at", "-pk")[:1])}
    unverified_from = Listing.objects.filter(service=service).values_list("unverified_from", flat=True).first()
    return _row(service, last_verified([service]).get(service.pk), unverified_from, today)


@dataclass(frozen=True)
class Working:
    """What an editor goes on from: the open proposal, or the approved entry, or nothing but a name."""

    service: Service
    entry: Entry
    approved: Entry | None
    revision: Revision | None

    @property
    def edit(self) -> int:
        return self.revision.edit if self.revision else 0


def working(service: Service) -> Working:
    """The entry an editor goes on from."""
    revision = Revision.objects.open().filter(service=service).select_related("edited_by", "submitted_by").first()
    whole = with_everything(Service.objects.filter(pk=service.pk))
    approved = entry_of(whole.get()) if service.version else None
    entry = Entry.from_json(revision.entry) if revision else approved or Entry(name=service.name)
    return Working(service, entry, approved, revision)


@dataclass(frozen=True)
class Choices:
    """What the boxes of an entry offer. Each list holds pairs of code and words."""

    needs: list = field(default_factory=list)
    groups: list = field(default_factory=list)
    modes: list = field(default_factory=list)
    access: list = field(default_factory=list)
    areas: list = field(default_factory=list)
    levels: list = field(default_factory=list)  # pairs of a document's name and its levels
    locations: dict[str, Location] = field(default_factory=dict)


def choices_for(service: Service, entry: Entry) -> Choices:
    """What an entry of this service may name. What it names already is offered too, though hidden from new ones."""
    terms: dict[str, list] = {}
    shown = Term.objects.filter(Q(is_hidden=False) | Q(code__in=entry.terms)).select_related("taxonomy")
    for term in shown.order_by("place", "name"):
        terms.setdefault(term.taxonomy.code, []).append((term.code, term.name))
    known = {int(level) for level in entry.levels if level.isdigit()}
    current = ThresholdFramework.objects.current(timezone.localdate()).values("pk")
    frameworks = (
        ThresholdFramework.objects.filter(Q(pk__in=current) | Q(levels__in=known))
        .distinct()
        .select_related("area")
        .prefetch_related("levels")
        .order_by("area__place", "pk")
    )
    return Choices(
        needs=terms.get(Taxonomy.NEEDS, []),
        groups=terms.get(Taxonomy.GROUPS, []),
        modes=terms.get(Taxonomy.MODES, []),
        access=terms.get(Taxonomy.ACCESS, []),
        areas=area_choices(),
        levels=[
            (
                f"{each.title} ({each.area})",
                [(str(level.pk), level.name) for level in sorted(each.levels.all(), key=lambda level: level.order)],
            )
            for each in frameworks
        ],
        locations={
            str(each.pk): each
            for each in Location.objects.filter(organisation=service.organisation_id)
            .select_related("area")
            .prefetch_related("accessibility__term")
            .order_by("name", "address_1", "pk")
        },
    )


def colleagues(organisation: UUID, but: User) -> QuerySet[Membership]:
    """Confirmed colleagues who do not edit the organisation's entries yet, by name."""
    return (
        Membership.objects.confirmed()
        .filter(organisation=organisation, can_edit_directory=False, user__is_active=True)
        .exclude(user=but)
        .select_related("user", "organisation")
        .order_by("user__name", "user__email")
    )


def shown_places(service: Service) -> list[Location]:
    """The places of a service whose address the public sees now."""
    shown = Location.objects.filter(at_services__service=service, is_confidential=False).select_related("area")
    return list(shown.exclude(kind=Location.Kind.VIRTUAL).order_by("at_services__place", "pk"))


def area_choices() -> list[tuple[str, str]]:
    """Boroughs by code and name, in the order staff chose."""
    return list(Area.objects.order_by("place", "name").values_list("gss", "name"))
