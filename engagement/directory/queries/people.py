"""Who is told about an entry: its editors, and whoever of the programme looks after it."""

from uuid import UUID

from chatr.accounts.models import Membership, User

from ..models import Keeper, Service


def editors_of(organisation: UUID) -> list[User]:
    """Who may edit the entries of an organisation today, by name."""
    theirs = Membership.objects.confirmed().filter(organisation=organisation, can_edit_directory=True)
    return list(User.objects.filter(is_active=True, pk__in=theirs.values("user")).order_by("name", "email"))


def keeper_of(service: Service) -> User | None:
    """The member of staff who looks after a service: its own, else whoever looks after the directory."""
    if service.kept_by_id and service.kept_by.is_active:
        return service.kept_by
    keeper = Keeper.objects.select_related("user").filter(user__is_active=True).first()
    return keeper.user if keeper else None
