"""What the tests of the directory's staff pages press and post."""

from django.urls import reverse
from django.utils import timezone

from ..models import ConfidentialAddress, Location, Revision
from ..operations.revisions import save_revision, submit_revision
from ..queries.entries import entry_of


def url(thing, act="change") -> str:
    return reverse(f"admin:directory_{thing._meta.model_name}_{act}", args=[thing.pk])


def listed(name: str, act="changelist") -> str:
    return reverse(f"admin:directory_{name}_{act}")


def confirm(client, address, **data):
    return client.post(address, {"confirmed": "yes"} | data, follow=True)


def propose(service, by, **changes) -> Revision:
    """A change of a service, sent to staff."""
    now = timezone.now()
    proposed = entry_of(service).but(**changes)
    revision = save_revision(service=service, entry=proposed, edit=0, version=service.version, by=by, now=now)
    return submit_revision(revision=revision, by=by, now=now)


def hide(service) -> Location:
    location = service.at_locations.get().location
    ConfidentialAddress.objects.create(location=location, address="9 Example Lane", postcode="E5 0XX")
    return location


def typed_on(answer) -> dict:
    """What a browser would post from the page as it stands."""
    typed = {"submit": "Save", "seen": str(answer.context["seen"])}
    for form, _ in answer.context["sections"]:
        typed |= {f"{name}-rows": str(count) for name, count in form.counts.items()}
        for box in form:
            value = box.value()
            if value in (None, False):
                continue
            typed[box.html_name] = "on" if value is True else box.field.prepare_value(value)
    return typed
