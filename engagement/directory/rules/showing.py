"""Whether the public is shown a service on a day, and whether it is closed then."""

from datetime import date

from chatr.accounts.models import Organisation

from ..models import Service


def is_public(service) -> bool:
    """Whether a service is published by an organisation that takes part.

    The public sees no service of a suspended one: nobody may keep it true, and nobody should be sent there.
    """
    return service.state == Service.State.PUBLISHED and service.organisation.status != Organisation.Status.SUSPENDED


def is_shown(service, today: date) -> bool:
    """Whether a public service is shown on a day, as it was told from when and until when."""
    begun = service.visible_from is None or service.visible_from <= today
    return begun and (service.visible_to is None or today <= service.visible_to)


def is_closed(service, today: date) -> bool:
    """Whether it is temporarily closed on a day."""
    if service.closed_from is None or service.closed_from > today:
        return False
    return service.reopens_on is None or today < service.reopens_on
