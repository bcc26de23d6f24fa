"""Giving a colleague the editing of an organisation's entries, and giving up one's own."""

from datetime import datetime

from django.db import transaction

from chatr.accounts.models import Membership, Organisation, User
from chatr.accounts.operations.invitations import CannotInvite, invite_person
from chatr.accounts.operations.memberships import CannotJoin, Job, join_organisation
from chatr.audit.operations import record
from chatr.notifications import operations as notifications

from ..messages import editing as messages
from ..queries.verifying import keeper


class CannotHandOver(Exception):
    """Why editing cannot be given to somebody, worded for who gives it. ``field`` is the box it belongs beside."""

    def __init__(self, words: str, field: str | None = None):
        super().__init__(words)
        self.field = field


@transaction.atomic
def give_editing(*, organisation: Organisation, membership: Membership, by: User, now: datetime) -> Membership:
    """Let a confirmed colleague edit the organisation's entries too. The colleague and staff are told.

    :raises CannotHandOver: when they do not work there any more, or may edit already
    """
    membership = Membership.objects.select_for_update(of=("self",)).filter(pk=membership.pk).first()
    if membership is None or membership.organisation_id != organisation.pk or not membership.is_confirmed:
        raise CannotHandOver("Choose a colleague who works here now.", "colleague")
    if membership.can_edit_directory:
        raise CannotHandOver(f"{membership.user} may edit already.", "colleague")
    return _give(membership, by, now)


@transaction.atomic
def invite_editor(*, organisation: Organisation, name: str, email: str, by: User, now: datetime) -> Membership:
    """Invite a colleague without an account to edit the organisation's entries.

    Where their e-mail address does not show that they work here, staff confirm it first.

    :raises CannotHandOver: when their account was closed, or the organisation cannot take them
    """
    try:
        user = invite_person(name=name, email=email, by=by, reason=f"keeping the entries of {organisation}", now=now)
        membership = Membership.objects.live().filter(user=user, organisation=organisation).first()
        membership = membership or join_organisation(user=user, organisation=organisation, job=Job(), now=now)
    except (CannotInvite, CannotJoin) as refusal:
        raise CannotHandOver(str(refusal), "email") from None
    return membership if membership.can_edit_directory else _give(membership, by, now)


@transaction.atomic
def give_up_editing(*, organisation: Organisation, by: User, now: datetime) -> bool:
    """Stop editing the organisation's entries oneself; whether an editor is left. Staff are told.

    Without one, staff are reminded of what has to be verified instead.

    :raises CannotHandOver: when the person does not edit them
    """
    editors = Membership.objects.live().filter(organisation=organisation, can_edit_directory=True)
    mine = editors.select_for_update(of=("self",)).filter(user=by).first()
    if mine is None:
        raise CannotHandOver("You do not edit these entries.")
    mine.can_edit_directory = False
    mine.save(update_fields=["can_edit_directory"])
    record("directory.editing_given_up", mine, by=by, details={"organisation": str(organisation.pk)})
    notifications.queue_many(messages.editing_given_up(mine, by, keeper(), now))
    return editors.filter(confirmed_at__isnull=False).exclude(user=by).exists()


def _give(membership: Membership, by: User, now: datetime) -> Membership:
    membership.can_edit_directory = True
    membership.save(update_fields=["can_edit_directory"])
    record("directory.editing_given", membership, by=by, details={"organisation": str(membership.organisation_id)})
    notifications.queue_many(messages.editing_given(membership, by, keeper(), now))
    return membership


@transaction.atomic
def hand_over(
    *,
    organisation: Organisation,
    to: Membership | None,
    invite: tuple[str, str] | None,
    stop: bool,
    by: User,
    now: datetime,
) -> str:
    """Give editing to a colleague, or to somebody new by name and e-mail address, and stop oneself where asked.

    Gives a sentence that says what happened.

    :raises CannotHandOver: as the parts of it do; then nothing happened
    """
    said = []
    if invite is not None:
        given = invite_editor(organisation=organisation, name=invite[0], email=invite[1], by=by, now=now)
        said.append(
            "They may edit as soon as they accept the invitation."
            if given.is_confirmed
            else "They are invited. Programme staff check that they work with you, then they may edit."
        )
    elif to is not None:
        give_editing(organisation=organisation, membership=to, by=by, now=now)
        said.append(f"{to.user} may edit these entries now. We told them by e-mail.")
    if stop:
        left = give_up_editing(organisation=organisation, by=by, now=now)
        said.append(
            "You no longer edit them."
            if left
            else "You no longer edit them. Nobody else can yet, so programme staff get the reminders."
        )
    return " ".join(said)
