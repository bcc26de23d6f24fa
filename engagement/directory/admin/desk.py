"""The directory's part of the desk: changes to decide, and services that need somebody."""

from django.urls import reverse
from django.utils import timezone

from chatr.accounts.permissions import Permission
from chatr.staff.desk import Link, Panel, Row, register
from chatr.web.templatetags.portal import short_day

from ..queries.duplicates import lookalikes
from ..queries.staff import changes_waiting, unverified, without_editor

SHOWN = 8


def _for_directory_staff(panel):
    def only_for_them(request, now):
        return panel(request, now) if request.user.may(Permission.MANAGE_DIRECTORY) else None

    return only_for_them


@_for_directory_staff
def to_decide(request, now) -> Panel:
    """Proposed changes, the oldest first."""
    rows = [
        Row(
            f"{each.service}, {each.service.organisation}",
            reverse("admin:directory_revision_change", args=[each.pk]),
            f"{'A change' if each.base else 'A first entry'}, sent {short_day(each.submitted_at)}",
        )
        for each in changes_waiting()[:SHOWN]
    ]
    everything = Link("All changes", reverse("admin:directory_revision_changelist"))
    return Panel("Changes to services", rows, "No change waits to be approved.", everything if rows else None)


@_for_directory_staff
def to_look_after(request, now) -> Panel:
    """How many services are unverified, have no editor, or look like another."""
    services = reverse("admin:directory_service_changelist")
    counted = (
        ("service", "shown as unverified", unverified(timezone.localdate(now)), f"{services}?verified=unverified"),
        ("service", "without an editor", without_editor(), f"{services}?editors=none&state__exact=published"),
        ("pair", "of services that may be one", lookalikes(), reverse("admin:directory_lookalike_changelist")),
    )
    rows = [
        Row(f"{count} {one if count == 1 else one + 's'} {words}", url)
        for one, words, found, url in counted
        if (count := found.count())
    ]
    return Panel("Services to look after", rows, "Every service is verified, has an editor and is there once.")


for place, panel in enumerate((to_decide, to_look_after), start=30):
    register(panel, place=place)
