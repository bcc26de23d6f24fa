"""What a service says now of the facts that are public at once."""

from ..models import Availability, Service
from ..rules.live import Closing, Session, Space, in_order

OF_SESSION = ("day", "opens_at", "closes_at", "valid_from", "valid_to", "term_time_only", "notes")


def hours_said(service: Service) -> list[Session]:
    """Its stretches of opening, as a week goes."""
    return in_order(
        Session(**{name: getattr(each, name) for name in OF_SESSION}, at=each.at_location_id)
        for each in service.schedules.all()
    )


def space_said(service: Service) -> Space:
    """Whether it takes people, as it was last said."""
    said = Availability.objects.filter(service=service).first()
    return Space(said.state, said.waiting_time, said.expires_on) if said else Space()


def closing_said(service: Service) -> Closing:
    """Whether it is closed for a while; from its own row, without a query."""
    return Closing(service.closed_from, service.reopens_on, service.closed_note)
