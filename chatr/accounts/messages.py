"""The messages about accounts: what goes into each, read from the record as it is when the message is sent."""

from django.conf import settings
from django.urls import reverse

from chatr.notifications.kinds import Composed, Kind, Suppress, register

from .models import DeviceReset, ErasureRequest, Membership, Organisation, RoleGrant
from .operations import confirmations, devices, erasure, invitations, organisations, roles


def page(name: str) -> str:
    """The whole address of one of the portal's pages."""
    return settings.SITE_URL + reverse(name)


def organisation_approved(message, now) -> Composed:
    organisation = Organisation.objects.filter(pk=message.about_id).first()
    if organisation is None or organisation.status != Organisation.Status.ACTIVE:
        raise Suppress("The organisation is no longer active.")
    return Composed({"organisation": organisation, "account_url": page("accounts:my-account")})


def membership_confirmed(message, now) -> Composed:
    membership = Membership.objects.select_related("user", "organisation").filter(pk=message.about_id).first()
    if membership is None or not membership.is_confirmed:
        raise Suppress("The membership is no longer confirmed.")
    return Composed({"membership": membership, "account_url": page("accounts:my-account")})


def membership_declined(message, now) -> Composed:
    membership = Membership.objects.select_related("user", "organisation").filter(pk=message.about_id).first()
    if membership is None or membership.confirmed_at:
        raise Suppress("The membership was confirmed after all.")
    return Composed(
        {
            "membership": membership,
            "reason": message.facts["reason"],
            "account_url": page("accounts:my-account"),
        }
    )


def role_granted(message, now) -> Composed:
    grant = RoleGrant.objects.select_related("user", "role").filter(pk=message.about_id).first()
    if grant is None or grant.ended_at:
        raise Suppress("The role ended before this was sent.")
    return Composed(
        {
            "grant": grant,
            "needs_second_factor": grant.user.needs_second_factor,
            "sign_in_url": page("account_login"),
        }
    )


def device_reset(message, now) -> Composed:
    reset = DeviceReset.objects.select_related("user").filter(pk=message.about_id).first()
    if reset is None or reset.done_at is None:
        raise Suppress("The device was not reset.")
    return Composed(
        {
            "reset": reset,
            "needs_second_factor": reset.user.needs_second_factor,
            "sign_in_url": page("account_login"),
        }
    )


def invitation(message, now) -> Composed:
    person = message.recipient
    if person is None or not person.is_active or invitations.has_accepted(person):
        raise Suppress("The person has an account already, or it was closed.")
    token = invitations.make_link(person, now=now)
    accept = settings.SITE_URL + reverse("accounts:accept-invitation", args=[token])
    return Composed(
        {"reason": message.facts["reason"], "code_url": page("account_request_login_code")},
        secret_links={"accept": accept},
    )


def erasure_asked(message, now) -> Composed:
    """To programme staff. It names nobody: staff find the request on the desk."""
    return Composed({"request": _open_request(message), "desk_url": page("admin:index")})


def erasure_received(message, now) -> Composed:
    return Composed({"request": _open_request(message), "erasure_url": page("accounts:erasure")})


def _open_request(message) -> ErasureRequest:
    request = ErasureRequest.objects.filter(pk=message.about_id).first()
    if request is None or request.withdrawn_at or request.done_at:
        raise Suppress("The request was taken back, or has been carried out.")
    return request


register(Kind(organisations.APPROVED, "Organisation approved", organisation_approved))
register(Kind(confirmations.CONFIRMED, "Where you work is confirmed", membership_confirmed))
register(
    Kind(
        confirmations.DECLINED,
        "Where you work could not be confirmed",
        membership_declined,
    )
)
register(Kind(roles.GRANTED, "New role", role_granted))
register(Kind(devices.RESET, "Sign-in device reset", device_reset))
register(Kind(invitations.KIND, "Invitation", invitation))
register(Kind(erasure.ASKED, "Somebody asks to be erased (to staff)", erasure_asked))
register(Kind(erasure.RECEIVED, "Request to be erased received", erasure_received))
