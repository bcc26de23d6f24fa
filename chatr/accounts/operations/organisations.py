"""What staff do with organisations: approve, change, suspend, open again, join two that are one."""

from datetime import datetime

from django.db import IntegrityError, models, transaction
from django.utils import timezone

from chatr.audit.operations import record
from chatr.notifications import operations as notifications

from ..changed import tell_of_change, tell_of_merge
from ..confirmed import tell_followers
from ..models import Membership, Organisation, SharedEmailDomain, User

APPROVED = "accounts/organisation_approved"


class CannotChangeOrganisation(Exception):
    """Why staff can't do this with an organisation, worded for them."""


@transaction.atomic
def save_organisation(*, organisation: Organisation, by: User, now: datetime) -> Organisation:
    """Keep a new or changed organisation, its domains in lower case, each once.

    :raises CannotChangeOrganisation: if a domain is not one, is shared by many, or is another organisation's
    """
    # Two members of staff giving one domain to two organisations queue up here.
    list(SharedEmailDomain.objects.select_for_update().order_by("pk").values_list("pk", flat=True))
    organisation.email_domains = tidy_domains(organisation.email_domains)
    if refusal := domains_refusal(organisation):
        raise CannotChangeOrganisation(refusal)
    new = organisation._state.adding
    organisation.save()
    record(
        "accounts.organisation_added" if new else "accounts.organisation_changed",
        organisation,
        by=by,
    )
    if not new:
        tell_of_change(organisation, by=by, now=now)
    return organisation


def tidy_domains(domains: list[str]) -> list[str]:
    """In lower case, without spaces around them, each once, in the order written."""
    return list(dict.fromkeys(tidy for domain in domains if (tidy := domain.strip().lower())))


def domains_refusal(organisation: Organisation) -> str:
    """Why these can't be the organisation's own e-mail domains, or an empty string."""
    for domain in organisation.email_domains:
        if "@" in domain:
            return f"Write only what follows the @: {domain.rpartition('@')[2]}, not {domain}."
        if "." not in domain.strip(".") or any(letter.isspace() for letter in domain):
            return f"{domain} is not an e-mail domain. One looks like school.example.org."
    shared = SharedEmailDomain.objects.filter(domain__in=organisation.email_domains).first()
    if shared:
        return f"Many organisations use {shared}, so it can't show where a person works."
    others = Organisation.objects.exclude(pk=organisation.pk).filter(email_domains__overlap=organisation.email_domains)
    if organisation.email_domains and (other := others.first()):
        return f"{other} has one of these domains already."
    return ""


def _held(organisation: Organisation) -> Organisation:
    """As it is now, held until the end. Others may still point at it: whoever books meanwhile need not wait for us,
    while we may wait for them to let go of a run.
    """
    return Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)


@transaction.atomic
def approve_organisation(*, organisation: Organisation, by: User, now: datetime) -> None:
    """Let it take part, confirm that whoever asked for it works there, and tell them. Others there stay waiting.

    :raises CannotChangeOrganisation: if it is not waiting
    """
    organisation = _held(organisation)
    if organisation.status != Organisation.Status.PENDING:
        raise CannotChangeOrganisation(f"{organisation} is not waiting for approval.")
    organisation.status = Organisation.Status.ACTIVE
    organisation.save(update_fields=["status"])
    record("accounts.organisation_approved", organisation, by=by)
    tell_of_change(organisation, by=by, now=now)
    theirs = organisation.memberships.live().filter(user=organisation.requested_by, confirmed_at=None)
    for membership in theirs.select_related("user", "organisation"):
        membership.confirmed_at = now
        membership.save(update_fields=["confirmed_at"])
        record("accounts.membership_confirmed", membership, by=by)
    # Whoever was confirmed while it waited (by domain, or by staff) may act for it from now on, too.
    tell_followers(
        organisation.memberships.confirmed().select_related("user", "organisation"),
        by=by,
        now=now,
    )
    if organisation.requested_by:
        notifications.queue(
            APPROVED,
            to=organisation.requested_by,
            about=organisation,
            dedupe_key=f"{APPROVED}:{organisation.pk}",
        )


@transaction.atomic
def suspend_organisation(*, organisation: Organisation, reason: str, by: User, now: datetime) -> None:
    """Stop it taking part: nobody acts for it until it is opened again. What was booked stays.

    :raises CannotChangeOrganisation: if it is suspended already
    """
    organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
    if organisation.status == Organisation.Status.SUSPENDED:
        raise CannotChangeOrganisation(f"{organisation} is suspended already.")
    organisation.status, organisation.suspended_because = (
        Organisation.Status.SUSPENDED,
        reason,
    )
    organisation.save(update_fields=["status", "suspended_because"])
    record("accounts.organisation_suspended", organisation, by=by)
    tell_of_change(organisation, by=by, now=now)


@transaction.atomic
def open_organisation_again(*, organisation: Organisation, by: User, now: datetime) -> None:
    """Let a suspended organisation take part again.

    :raises CannotChangeOrganisation: if it is not suspended
    """
    organisation = _held(organisation)
    if organisation.status != Organisation.Status.SUSPENDED:
        raise CannotChangeOrganisation(f"{organisation} is not suspended.")
    organisation.status, organisation.suspended_because = Organisation.Status.ACTIVE, ""
    organisation.save(update_fields=["status", "suspended_because"])
    record("accounts.organisation_opened_again", organisation, by=by)
    tell_of_change(organisation, by=by, now=now)
    tell_followers(
        organisation.memberships.confirmed().select_related("user", "organisation"),
        by=by,
        now=now,
    )


@transaction.atomic
def merge_organisations(*, kept: Organisation, duplicate: Organisation, by: User, now: datetime) -> None:
    """Make one of two: everything of the duplicate becomes the kept one's, and the duplicate is gone.

    Somebody who works for both keeps the membership that was confirmed first, and what was booked under the other.

    :raises CannotChangeOrganisation: if they are the same, the kept one is not active, or both hold a record of which
        there can be only one
    """
    pair = {each.pk: each for each in Organisation.objects.select_for_update().filter(pk__in=[kept.pk, duplicate.pk])}
    if len(pair) < 2:
        raise CannotChangeOrganisation("Choose two different organisations.")
    kept, duplicate = pair[kept.pk], pair[duplicate.pk]
    if kept.status != Organisation.Status.ACTIVE:
        raise CannotChangeOrganisation(f"{kept} is not active. Keep the one that is, or approve it first.")
    _end_double_memberships(kept, duplicate, now)
    newly_active = [] if duplicate.status == Organisation.Status.ACTIVE else list(duplicate.memberships.all())
    moved = {}
    try:
        with transaction.atomic():
            tell_of_merge(kept=kept, duplicate=duplicate, by=by, now=now)
            for relation in _what_points_at_organisations():
                name = relation.field.name
                count = relation.related_model._base_manager.filter(**{name: duplicate}).update(**{name: kept})
                if count:
                    moved[relation.related_model._meta.label_lower] = count
    except IntegrityError:
        raise CannotChangeOrganisation(
            "Both have a record of which there can be only one. Remove it from one of them first."
        ) from None
    kept.email_domains = tidy_domains(kept.email_domains + duplicate.email_domains)
    record(
        "accounts.organisations_merged",
        kept,
        by=by,
        details={"duplicate": str(duplicate.pk), "moved": moved},
    )
    duplicate.delete()
    kept.save(update_fields=["email_domains"])
    tell_of_change(kept, by=by, now=now)
    now_active = Membership.objects.confirmed().filter(pk__in=[each.pk for each in newly_active])
    tell_followers(now_active.select_related("user", "organisation"), by=by, now=now)


def _end_double_memberships(kept: Organisation, duplicate: Organisation, now: datetime) -> None:
    in_kept = {each.user_id: each for each in kept.memberships.live()}
    for double in duplicate.memberships.live().filter(user__in=in_kept):
        stays = in_kept[double.user_id]
        if double.confirmed_at and not stays.confirmed_at:
            stays, double = double, stays
        double.valid_to = max(timezone.localdate(now), double.valid_from)
        double.save(update_fields=["valid_to"])
        User.objects.filter(chosen_membership=double).update(chosen_membership=stays)


def _what_points_at_organisations() -> list[models.ForeignObjectRel]:
    fields = Organisation._meta.get_fields(include_hidden=True)
    return [
        field
        for field in fields
        if field.auto_created and not field.concrete and (field.one_to_many or field.one_to_one)
    ]
