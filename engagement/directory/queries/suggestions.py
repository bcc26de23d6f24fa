"""What people suggested, and who reads it."""

from datetime import date

from django.db.models import F, QuerySet

from chatr.accounts.models import User

from ..models import Listing, Service, Suggestion
from .verifying import keeper, kept_by


def open_to_suggestions(today: date) -> QuerySet:
    """The services anybody can read about today."""
    return Service.objects.filter(pk__in=Listing.objects.shown(today).values("service")).select_related(
        "organisation", "kept_by"
    )


def reader_of(service: Service) -> str:
    """The name of the member of staff who reads what people suggest; empty where nobody is named."""
    person = kept_by(service, keeper())
    return person.name if person else ""


def for_editor(editor: User) -> QuerySet:
    """Suggestions about the services somebody may edit: those without an answer first, the newest on top."""
    theirs = Suggestion.objects.filter(service__in=Service.objects.editable_by(editor))
    return theirs.select_related("service__organisation", "answered_by").order_by(
        F("answered_at").desc(nulls_first=True), "-made_at", "pk"
    )
