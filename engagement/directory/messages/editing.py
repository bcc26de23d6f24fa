"""What editors and staff are told about proposed changes and who may edit. Read from the record when it is sent."""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.urls import reverse

from chatr.accounts.models import Membership, Organisation, User
from chatr.notifications.kinds import Composed, Kind, Suppress, register
from chatr.notifications.operations import Draft

from ..models import Revision, Service

State = Revision.State


def change_sent(revision: Revision, by: User | None, editors: Iterable[User], keeper: User | None) -> list[Draft]:
    """An editor sent a change to staff: the other editors know, and whoever looks after the entry has to decide."""
    moment = revision.submitted_at.isoformat()
    drafts = [_draft("change_sent", revision, each, moment) for each in editors if each != by]
    return drafts + ([_draft("change_waits", revision, keeper, moment)] if keeper else [])


def change_thrown_away(revision: Revision, by: User | None, editors: Iterable[User]) -> list[Draft]:
    """An editor threw a change away that others may have been writing."""
    return [_draft("change_thrown_away", revision, each, "once") for each in editors if each != by]


def first_entry_thrown_away(service: Service, by: User | None, editors: Iterable[User]) -> list[Draft]:
    """An editor threw the first entry of a service away, and the service with it. Its name is all that is left."""
    code = "directory/first_entry_thrown_away"
    return [
        Draft(
            kind=code,
            to=each,
            about=service.organisation,
            dedupe_key=f"{code}:{service.pk}:{each.pk}",
            facts={"service": service.name},
        )
        for each in editors
        if each != by
    ]


def services_merged(kept: Service, gone: Service, editors: Iterable[User]) -> list[Draft]:
    """Staff made two entries one: the editors of the one that went know where it leads now."""
    code = "directory/services_merged"
    return [Draft(kind=code, to=each, about=gone, dedupe_key=f"{code}:{gone.pk}:{each.pk}") for each in editors]


def change_approved(revision: Revision, editors: Iterable[User]) -> list[Draft]:
    """Staff made a change public."""
    return [_draft("change_approved", revision, each, "once") for each in editors]


def change_rejected(revision: Revision, editors: Iterable[User]) -> list[Draft]:
    """Staff did not approve a change, and said why."""
    return [_draft("change_rejected", revision, each, "once") for each in editors]


def editing_given(membership: Membership, by: User, keeper: User | None, now: datetime) -> list[Draft]:
    """Somebody may edit an organisation's entries from now on: they and staff know."""
    return _about_editing("editing_given", membership, by, membership.user, now) + _about_editing(
        "editing_given_to", membership, by, keeper, now
    )


def editing_given_up(membership: Membership, by: User, keeper: User | None, now: datetime) -> list[Draft]:
    """Somebody stopped editing an organisation's entries: staff know."""
    return _about_editing("editing_given_up", membership, by, keeper, now)


def _about_editing(kind: str, membership: Membership, by: User, to: User | None, now: datetime) -> list[Draft]:
    code, facts = f"directory/{kind}", {"by": str(by.pk)}
    key = f"{code}:{membership.pk}:{now.isoformat()}"
    return [Draft(kind=code, to=to, about=membership, dedupe_key=key, facts=facts)] if to else []


def _draft(kind: str, revision: Revision, to: User, key: str) -> Draft:
    code = f"directory/{kind}"
    return Draft(kind=code, to=to, about=revision, dedupe_key=f"{code}:{revision.pk}:{key}:{to.pk}")


def _story(states: tuple[State, ...], to_staff: bool):
    """Composes a message about a proposal, as long as it is in one of these states."""

    def compose(message, now) -> Composed:
        revision = (
            Revision.objects.select_related("service__organisation", "submitted_by").filter(pk=message.about_id).first()
        )
        if revision is None or revision.state not in states:
            raise Suppress("What it tells of is no longer so.")
        service = revision.service
        page = ("admin:directory_revision_change", revision.pk) if to_staff else ("directory:my-service", service.pk)
        return Composed(
            {
                "service": service.name,
                "organisation": service.organisation.name,
                "sent_by": str(revision.submitted_by or "Somebody who has left"),
                "reason": revision.reason,
                "changed_by_staff": revision.changed_by_staff,
                "page_url": f"{settings.SITE_URL}{reverse(page[0], args=page[1:])}",
            }
        )

    return compose


def _who_edits(may_edit: bool):
    """Composes a message about a membership, as long as it may, or may not, edit."""

    def compose(message, now) -> Composed:
        membership = Membership.objects.select_related("user", "organisation").filter(pk=message.about_id).first()
        if membership is None or (membership.can_edit_directory and membership.valid_to is None) != may_edit:
            raise Suppress("What it tells of is no longer so.")
        others = Membership.objects.editors().filter(organisation=membership.organisation)
        return Composed(
            {
                "person": str(membership.user),
                "organisation": membership.organisation.name,
                "given_by": str(User.objects.filter(pk=message.facts["by"]).first() or "Somebody who has left"),
                "is_confirmed": membership.is_confirmed,
                "editors": others.count(),
                "page_url": f"{settings.SITE_URL}{reverse('directory:mine')}",
            }
        )

    return compose


def _first_entry_thrown_away(message, now) -> Composed:
    organisation = Organisation.objects.filter(pk=message.about_id).first()
    if organisation is None:
        raise Suppress("The organisation is gone.")
    page = f"{settings.SITE_URL}{reverse('directory:mine')}"
    return Composed({"service": message.facts["service"], "organisation": organisation.name, "page_url": page})


def _services_merged(message, now) -> Composed:
    gone = Service.objects.select_related("organisation", "merged_into__organisation").filter(pk=message.about_id)
    service = gone.first()
    if service is None or service.merged_into is None:
        raise Suppress("What it tells of is no longer so.")
    kept = service.merged_into
    return Composed(
        {
            "service": service.name,
            "organisation": service.organisation.name,
            "kept": kept.name,
            "kept_organisation": kept.organisation.name,
            "page_url": f"{settings.SITE_URL}{reverse('directory:service', args=[kept.slug])}",
        }
    )


def register_editing() -> None:
    """Make these messages known to the outbox."""
    for code, name, states in (
        ("change_sent", "Directory: a colleague sent a change", (State.SUBMITTED, State.APPROVED, State.REJECTED)),
        ("change_waits", "Directory: a change waits for staff", (State.SUBMITTED,)),
        ("change_thrown_away", "Directory: a change was thrown away", (State.WITHDRAWN,)),
        ("change_approved", "Directory: a change was approved", (State.APPROVED,)),
        ("change_rejected", "Directory: a change was not approved", (State.REJECTED,)),
    ):
        register(Kind(f"directory/{code}", name, _story(states, to_staff=code == "change_waits")))
    for code, name, may_edit in (
        ("editing_given", "Directory: you may edit entries now", True),
        ("editing_given_to", "Directory: a colleague was given editing", True),
        ("editing_given_up", "Directory: an editor stopped", False),
    ):
        register(Kind(f"directory/{code}", name, _who_edits(may_edit)))
    for code, name, compose in (
        ("first_entry_thrown_away", "Directory: a first entry was thrown away", _first_entry_thrown_away),
        ("services_merged", "Directory: a service was made one with another", _services_merged),
    ):
        register(Kind(f"directory/{code}", name, compose))
