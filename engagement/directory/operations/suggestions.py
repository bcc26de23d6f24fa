"""Taking what anybody says is wrong with an entry, and answering it."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction

from chatr.accounts.models import User
from chatr.audit.operations import record
from chatr.notifications.operations import queue_many, suppress

from ..messages import keeping as messages
from ..models import Listing, Service, Suggestion
from ..queries.verifying import editors_by_organisation, keeper, kept_by


class CannotSuggest(Exception):
    """Why a suggestion is not taken, worded for whoever made it."""


class CannotAnswer(Exception):
    """Why a suggestion cannot be answered, worded for the person who tried."""


@transaction.atomic
def suggest(*, service: Service, key: UUID, topic: str, words: str, reply_to: str, now: datetime) -> Suggestion:
    """Keep a suggestion and tell the service's editors and whoever looks after the entry that it waits.

    :param key: of the form it was written in, so that pressing twice sends it once
    :raises CannotSuggest: when the service is not public any more
    """
    if not Listing.objects.filter(service=service).exists():
        raise CannotSuggest("This service is no longer in the directory.")
    said = {"service": service, "topic": topic, "words": words, "reply_to": reply_to}
    try:
        with transaction.atomic():
            suggestion = Suggestion.objects.create(pk=key, made_at=now, **said)
    except IntegrityError:
        before = Suggestion.objects.filter(pk=key, **said).first()
        if before is not None:
            return before
        suggestion = Suggestion.objects.create(made_at=now, **said)  # the same form, sent again with other words
    record("directory.suggestion_made", suggestion, by=None, details={"service": str(service.pk), "topic": topic})
    _tell(suggestion, now)
    return suggestion


def _tell(suggestion: Suggestion, now: datetime) -> None:
    service = suggestion.service
    readers = editors_by_organisation([service.organisation_id]).get(service.organisation_id, [])
    staff = kept_by(service, keeper()) or settings.PROGRAMME_EMAIL
    everybody = readers if staff in readers else [*readers, staff]
    queue_many(messages.waits(suggestion, each, now=now) for each in everybody)


@transaction.atomic
def answer(*, suggestion: Suggestion, words: str, by: User, now: datetime) -> Suggestion:
    """Answer a suggestion; whoever made it gets the answer by e-mail if they left an address.

    :raises CannotAnswer: when somebody answered it before
    """
    suggestion = Suggestion.objects.select_for_update(of=("self",)).select_related("answered_by").get(pk=suggestion.pk)
    if suggestion.answered_at is not None:
        raise CannotAnswer(f"{suggestion.answered_by or 'Somebody'} has answered this already.")
    suggestion.answer, suggestion.answered_by, suggestion.answered_at = words, by, now
    suggestion.save(update_fields=["answer", "answered_by", "answered_at"])
    record(
        "directory.suggestion_answered",
        suggestion,
        by=by,
        details={"service": str(suggestion.service_id), "sent": bool(suggestion.reply_to)},
    )
    suppress(about=suggestion, kinds=[messages.WAITS], reason="It was answered.")
    if suggestion.reply_to:
        queue_many([messages.answered(suggestion, now=now)])
    return suggestion
