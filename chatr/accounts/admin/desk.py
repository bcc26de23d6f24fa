"""What waits for staff about people and organisations."""

from django.urls import reverse

from chatr.staff.desk import Link, Panel, Row, register
from chatr.web.templatetags.portal import day

from ..models import DeviceReset, Membership, Organisation
from ..permissions import Permission
from ..queries import open_erasure_requests

SHOWN = 6


def _url(model: str, page: str, *args) -> str:
    return reverse(f"admin:accounts_{model}_{page}", args=args)


def organisations_waiting(request, now) -> Panel | None:
    if not request.user.may(Permission.MANAGE_ORGANISATIONS):
        return None
    waiting = Organisation.objects.filter(status=Organisation.Status.PENDING).select_related("requested_by")
    rows = [
        Row(
            each.name,
            _url("organisation", "change", each.pk),
            f"{each.get_sector_display()}, asked {day(each.created_at)}",
        )
        for each in waiting.order_by("created_at")[:SHOWN]
    ]
    everything = Link("All waiting organisations", _url("organisation", "changelist") + "?status__exact=pending")
    return Panel("Organisations to approve", rows, "None is waiting.", everything if rows else None)


def memberships_waiting(request, now) -> Panel | None:
    if not request.user.may(Permission.MANAGE_ORGANISATIONS):
        return None
    waiting = Membership.objects.live().filter(confirmed_at=None, organisation__status=Organisation.Status.ACTIVE)
    rows = [
        Row(str(each.user), _url("membership", "change", each.pk), f"{each.organisation}, since {day(each.valid_from)}")
        for each in waiting.select_related("user", "organisation").order_by("valid_from", "pk")[:SHOWN]
    ]
    everything = Link("Everybody who waits", _url("membership", "changelist") + "?state=waiting")
    return Panel("Where people work, to confirm", rows, "Nobody is waiting.", everything if rows else None)


def device_resets_waiting(request, now) -> Panel | None:
    if not request.user.may(Permission.MANAGE_ACCOUNTS):
        return None
    waiting = DeviceReset.objects.waiting().select_related("user", "asked_by").order_by("asked_at")
    rows = [
        Row(
            str(each.user),
            _url("devicereset", "change", each.pk),
            f"Asked by {each.asked_by}, {day(each.asked_at)}",
            "You asked" if each.asked_by_id == request.user.pk else "Needs a second person",
        )
        for each in waiting[:SHOWN]
    ]
    return Panel("Lost devices", rows, "No reset is waiting for a second person.")


def erasures_waiting(request, now) -> Panel | None:
    if not request.user.may(Permission.MANAGE_ACCOUNTS):
        return None
    rows = [
        Row(str(each.user), _url("erasurerequest", "change", each.pk), f"Asked {day(each.asked_at)}")
        for each in open_erasure_requests()[:SHOWN]
    ]
    return Panel("Accounts to erase", rows, "Nobody has asked.")


register(organisations_waiting, place=60)
register(memberships_waiting, place=61)
register(device_resets_waiting, place=62)
register(erasures_waiting, place=63)
