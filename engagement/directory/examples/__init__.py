"""An example directory around today: services in every state, thresholds, pathways, proposals, suggestions.

Each is made by the operations that make it for real, at the time they would have been used. No organisation, person
or number in it exists.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

from django.utils import timezone

from chatr.accounts.models import Organisation, User

from ..models import Location, OrganisationIdentifier, Profile, Service, Verification
from ..operations import live
from ..operations.days import refresh_due
from ..operations.listings import refreshing_once
from ..operations.services import publish_entry, start_service
from ..operations.verifying import verify
from ..operations.vocabulary import rebuild_words
from . import keeping, services, thresholds
from .plans import CANAL, TOGETHER, Plan

PROFILES = {
    TOGETHER: "A charity for families in Hackney and the City who live through hard things.",
    CANAL: "A youth project by the canal: counselling, mentors, boxing and breakfast.",
    "Example Health Visiting Service": "Nurses and therapists for children from before birth to 18.",
}


def load(*, now: datetime) -> bool:
    """Add the example directory. Nothing happens when it is there already."""
    if Service.objects.filter(name=services.PLANS[0].entry.name).exists():
        return False
    staff, fatima, rosa, amina = (
        User.objects.get(email=email)
        for email in (
            "staff@example.org",
            "editor@together.example.org",
            "editor@canal-youth.example.org",
            "practitioner@example.org",
        )
    )
    keeping.load_keeper(staff)
    thresholds.load_front_doors(now)
    thresholds.load_frameworks(by=staff, now=now)
    _load_profiles()
    editors = {TOGETHER: fatima, CANAL: rosa}
    levels = thresholds.level_ids(now)
    made = {}
    with refreshing_once():
        for plan in (*services.PLANS, services.WITHDRAWN, services.MERGED):
            made[plan.entry.name] = _load_service(plan, levels, editors.get(plan.organisation), staff, now)
    thresholds.load_pathways(made, by=staff, now=now)
    keeping.load_suggestions(made, fatima=fatima, now=now)
    with refreshing_once():
        keeping.load_changes(made, fatima=fatima, rosa=rosa, staff=staff, now=now)
    keeping.load_endings(made, staff=staff, now=now)
    keeping.load_shortlist(made, user=amina, now=now)
    keeping.load_counts(made, now)
    refresh_due(now=now)  # what the days since then have changed by themselves
    rebuild_words()
    return True


def _load_profiles() -> None:
    for name, description in PROFILES.items():
        organisation = Organisation.objects.get(name=name)
        website = f"https://{organisation.email_domains[0]}/"
        Profile.objects.get_or_create(
            organisation=organisation, defaults={"description": description, "website": website}
        )
    OrganisationIdentifier.objects.create(
        id=uuid5(NAMESPACE_URL, "chatr:directory:example:identifier"),
        organisation=Organisation.objects.get(name=TOGETHER),
        scheme="GB-CHC",
        identifier_type="Charity number (example)",
        identifier="EXAMPLE-0001",
    )


def _load_service(
    plan: Plan, levels: dict[tuple[str, int], int], editor: User | None, staff: User, now: datetime
) -> Service:
    """One service: published, verified now and then, with its hours, space and closing."""

    def ago(days: int) -> datetime:
        return now - timedelta(days=days)

    organisation, by = Organisation.objects.get(name=plan.organisation), editor or staff
    oldest = max((plan.made, *(days + 1 for days in plan.verified)))
    service = start_service(organisation=organisation, name=plan.entry.name, by=by, now=ago(oldest))
    entry = plan.entry.but(
        levels=tuple(str(levels[each]) for each in plan.levels),
        places=tuple(_known(place, organisation) for place in plan.entry.places),
    )
    service = publish_entry(service=service, entry=entry, by=staff, now=ago(oldest))
    method = Verification.Method.PAGE if editor else Verification.Method.STAFF
    for days in sorted(plan.verified, reverse=True):
        verify(service=service, method=method, by=by, now=ago(days))
    if plan.hours:
        live.set_hours(service=service, sessions=plan.hours, by=by, now=ago(min((oldest, 5))))
    if space := plan.space:
        said = timezone.localdate(ago(space.said))
        live.set_space(
            service=service,
            state=space.state,
            waiting_time=space.waiting,
            expires_on=said + timedelta(days=space.holds),
            by=by,
            now=ago(space.said),
        )
    if plan.closed:
        begins, ends = (timezone.localdate(now) + timedelta(days=days) for days in plan.closed)
        live.close_service(
            service=service, closed_from=begins, reopens_on=ends, note="Everybody is away.", by=by, now=now
        )
    return Service.objects.select_related("organisation").get(pk=service.pk)


def _known(place, organisation: Organisation):
    """A place several of an organisation's services share is one place."""
    if place.is_confidential or not place.postal_code:
        return place
    there = Location.objects.filter(organisation=organisation, name=place.name, postal_code=place.postal_code).first()
    return replace(place, id=str(there.pk)) if there else place
