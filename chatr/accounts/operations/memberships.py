"""Where a person works: joining, asking for a new organisation, choosing between two, leaving."""

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from chatr.audit.operations import record

from .. import queries, rules
from ..confirmed import tell_followers
from ..models import Borough, Membership, Organisation, User


class CannotJoin(Exception):
    """Why a person can't be put down as working somewhere, worded for them."""


class OrganisationExists(CannotJoin):
    """The organisation asked for is in the list already."""

    def __init__(self, organisation: Organisation):
        super().__init__(f"{organisation} is already in the list. Choose it there.")
        self.organisation = organisation


class CannotChoose(Exception):
    """Why a person can't act for an organisation, worded for them."""


ELSEWHERE = (
    "The programme's training is for people who work in Hackney or the City of London. If part of your organisation "
    "works there, ask for that part. If you are not sure, write to us."
)


@dataclass(frozen=True)
class Job:
    """What the person does there, and who their line manager is. All of it optional but the role."""

    job_role: str = ""
    line_manager_name: str = ""
    line_manager_email: str = ""


@transaction.atomic
def join_by_domain(*, user: User, now: datetime) -> Membership | None:
    """Put a person down, confirmed, at the one active organisation that holds their e-mail domain.

    Call it only when the address is verified. It is safe to call again: somebody who left is not put back, and
    somebody waiting for staff there is confirmed. None when no one organisation matches.
    """
    matching = queries.organisations_with_domain_of(user.email)
    if len(matching) != 1 or not rules.can_work_for(user, matching[0]):
        return None
    theirs = user.memberships.filter(organisation=matching[0])
    if not theirs.exists():
        try:
            return _join(user, matching[0], Job(), confirmed=True, action="accounts.joined_by_domain", now=now)
        except CannotJoin:  # done in this very moment by another sign-in
            return theirs.live().first()
    waiting = theirs.live().filter(confirmed_at=None).first()
    if waiting is not None:
        waiting.confirmed_at = now
        waiting.save(update_fields=["confirmed_at"])
        record("accounts.membership_confirmed_by_domain", waiting, by=user)
        tell_followers([waiting], by=user, now=now)
    return waiting


@transaction.atomic
def join_organisation(*, user: User, organisation: Organisation, job: Job, now: datetime) -> Membership:
    """Put a person down at an organisation they name: confirmed if their e-mail domain shows it, else for staff.

    :raises CannotJoin: if it is suspended, works elsewhere, or they work there already
    """
    if organisation.status == Organisation.Status.SUSPENDED:
        raise CannotJoin(f"{organisation} is not taking part at the moment. Write to us if you think it should be.")
    if not rules.can_work_for(user, organisation):
        raise CannotJoin(ELSEWHERE)
    confirmed = rules.is_known_by_domain(user, organisation)
    return _join(user, organisation, job, confirmed=confirmed, action="accounts.membership_asked_for", now=now)


@transaction.atomic
def request_organisation(*, user: User, name: str, sector: str, borough: str, job: Job, now: datetime) -> Membership:
    """Ask for a new organisation and be put down there; both wait for staff.

    Somebody else's waiting request for the same organisation is joined, not repeated.

    :raises OrganisationExists: if it is in the list already
    :raises CannotJoin: if it works elsewhere, is suspended, or they work there already
    """
    name = " ".join(name.split())
    organisation = queries.organisation_named_like(name)
    if organisation is not None:
        if organisation.status == Organisation.Status.ACTIVE:
            raise OrganisationExists(organisation)
        return join_organisation(user=user, organisation=organisation, job=job, now=now)
    if borough == Borough.ELSEWHERE and not queries.may_work_elsewhere(user):
        raise CannotJoin(ELSEWHERE)
    try:
        with transaction.atomic():
            organisation = Organisation.objects.create(name=name, sector=sector, borough=borough, requested_by=user)
    except IntegrityError:  # somebody asked for it in this very moment
        organisation = Organisation.objects.get(name__iexact=name)
        return join_organisation(user=user, organisation=organisation, job=job, now=now)
    record("accounts.organisation_asked_for", organisation, by=user)
    return _join(user, organisation, job, confirmed=False, action="accounts.membership_asked_for", now=now)


def _join(user, organisation, job: Job, *, confirmed: bool, action: str, now: datetime) -> Membership:
    try:
        with transaction.atomic():
            membership = Membership.objects.create(
                user=user,
                organisation=organisation,
                job_role=job.job_role,
                line_manager_name=job.line_manager_name,
                line_manager_email=job.line_manager_email,
                confirmed_at=now if confirmed else None,
                valid_from=timezone.localdate(now),
            )
    except IntegrityError:
        raise CannotJoin(f"You are already down as working for {organisation}.") from None
    record(action, membership, by=user, details={"organisation": str(organisation.pk), "confirmed": confirmed})
    if confirmed:
        tell_followers([membership], by=user, now=now)
    return membership


@transaction.atomic
def change_job(*, membership: Membership, job: Job, by: User) -> None:
    """Change what the person does there and who their line manager is."""
    membership.job_role = job.job_role
    membership.line_manager_name = job.line_manager_name
    membership.line_manager_email = job.line_manager_email
    membership.save(update_fields=["job_role", "line_manager_name", "line_manager_email"])
    record("accounts.job_changed", membership, by=by)


@transaction.atomic
def choose_membership(*, user: User, membership: Membership) -> None:
    """Act for this organisation from now on.

    :raises CannotChoose: if it is somebody else's, has ended, or the organisation is suspended
    """
    if not rules.can_act_for(user, membership):
        raise CannotChoose("You can't act for that organisation.")
    user.chosen_membership = membership
    user.save(update_fields=["chosen_membership"])
    record("accounts.membership_chosen", membership, by=user)


@transaction.atomic
def end_membership(*, membership: Membership, by: User, now: datetime) -> None:
    """The person no longer works there. Their bookings stay as they are. Ending it twice does nothing."""
    membership = Membership.objects.select_for_update().get(pk=membership.pk)
    if membership.valid_to is not None:
        return
    membership.valid_to = max(timezone.localdate(now), membership.valid_from)
    membership.save(update_fields=["valid_to"])
    User.objects.filter(chosen_membership=membership).update(chosen_membership=None)
    record("accounts.membership_ended", membership, by=by)
