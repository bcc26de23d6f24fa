"""What the directory writes to those who keep it true: is this still right, and somebody says it is not.

A reminder names what is due by keys, ``service:due day:stage``, and is written from the tables when it is sent: what
was verified meanwhile is left out of it. No message holds what somebody suggested: that is read after signing in.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from chatr.accounts.models import User
from chatr.links import operations as links
from chatr.notifications.kinds import Composed, Kind, Suppress, register
from chatr.notifications.operations import Draft

from ..models import Service, Suggestion, Verification
from ..queries import verifying as queries
from ..queries.verifying import Due
from ..rules import verifying as rules

REMINDER = "directory/verify_entries"
FOR_STAFF = "directory/entries_unverified"
WAITS = "directory/suggestion_waits"
ANSWERED = "directory/suggestion_answered"

PURPOSE = "directory.still-correct"
LINK_DAYS = 60
VERIFIED = "Everything it asks about was answered, or is no longer theirs to answer."


def _address(name: str, *args) -> str:
    return settings.SITE_URL + reverse(name, args=args)


# Is this still right?


def reminder(editor: User, due: Iterable[Due], *, today: date, now: datetime) -> Draft:
    """To one editor: all that is due today, in one message a day however often it is asked for."""
    facts = {"due": [each.key for each in due]}
    return Draft(REMINDER, editor, None, f"{REMINDER}:{editor.pk}:{today.isoformat()}", due_at=now, facts=facts)


def for_staff(person: User | None, due: Iterable[Due], *, today: date, now: datetime) -> Draft:
    """To a member of staff, or to the programme's mailbox where nobody is named: the same."""
    facts = {"due": [each.key for each in due]}
    to = person or settings.PROGRAMME_EMAIL
    key = f"{FOR_STAFF}:{person.pk if person else 'mailbox'}:{today.isoformat()}"
    return Draft(FOR_STAFF, to, None, key, due_at=now, facts=facts)


def still_due(message, services, today: date) -> list[Due]:
    """What a reminder asks about and nobody has answered since.

    :raises Suppress: when nothing is left
    """
    asked = [key.split(":") for key in message.facts["due"]]
    then = {(service, day) for service, day, _ in asked}
    among = services.filter(pk__in=[service for service, _, _ in asked])
    found = [each for each in queries.due(today, among) if (str(each.service.pk), each.due_on.isoformat()) in then]
    if not found:
        raise Suppress(VERIFIED)
    return found


def verify_entries(message, now: datetime) -> Composed:
    """Each entry with a link of its own that needs no signing in."""
    today = timezone.localdate(now)
    editor = message.recipient
    if editor is None or not editor.is_active:
        raise Suppress(VERIFIED)
    found = still_due(message, Service.objects.editable_by(editor), today)
    until = now + timedelta(days=LINK_DAYS)
    last = queries.last_verified(each.service for each in found)
    secret_links = {
        f"entry_{number}": _address(
            "directory:still-correct", links.make(PURPOSE, subject(editor, each), valid_until=until)
        )
        for number, each in enumerate(found)
    }
    entries = [
        {
            "name": each.service.name,
            "verified_on": last.get(each.service.pk),
            "badge_on": rules.badge_on(each.due_on) if each.stage == len(rules.REMINDERS) - 1 else None,
            "link": f"[[entry_{number}]]",
        }
        for number, each in enumerate(found)
    ]
    return Composed(
        context={
            "entries": entries,
            "is_last": all(each["badge_on"] for each in entries),
            "until": until,
            "all_url": _address("directory:verify-all"),
        },
        secret_links=secret_links,
    )


def subject(editor: User, due: Due) -> str:
    """What a link is about: one editor, one service, and since when it was due."""
    return f"{editor.pk}:{due.service.pk}:{due.due_on.isoformat()}"


def entries_unverified(message, now: datetime) -> Composed:
    """What nobody has verified: where there is no editor to ask, and where the editors did not answer."""
    today = timezone.localdate(now)
    if message.recipient is not None and not message.recipient.is_active:
        raise Suppress(VERIFIED)
    found = still_due(message, Service.objects.published(), today)
    editors = queries.editors_by_organisation(each.service.organisation_id for each in found)
    last = queries.last_verified(each.service for each in found)
    changed = _said_changed(found)
    entries = [
        {
            "name": each.service.name,
            "organisation": each.service.organisation.name,
            "editors": ", ".join(str(one) for one in editors.get(each.service.organisation_id, ())),
            "verified_on": last.get(each.service.pk),
            "said_changed": changed.get(each.service.pk),
            "due_on": each.due_on,
            "url": _address("admin:directory_service_change", each.service.pk),
        }
        for each in found
    ]
    return Composed(
        context={
            "count": len(entries),
            "without": [each for each in entries if not each["editors"]],
            "unanswered": [each for each in entries if each["editors"]],
        }
    )


def _said_changed(due: Iterable[Due]) -> dict[object, Verification]:
    """Where the last that was said is that something has changed: who said so, and when."""
    services = [each.service for each in due]
    rows = Verification.objects.filter(service__in=services).select_related("by").order_by("service", "-at")
    return {each.service_id: each for each in rows.distinct("service") if not each.still_right}


# Somebody says it is not right


def waits(suggestion: Suggestion, to: User | str, *, now: datetime) -> Draft:
    """To one editor or keeper: a suggestion waits for an answer."""
    who = to.pk if isinstance(to, User) else "mailbox"
    return Draft(WAITS, to, suggestion, f"{WAITS}:{suggestion.pk}:{who}", due_at=now)


def suggestion_waits(message, now: datetime) -> Composed:
    """About which entry and what kind of thing, never the words."""
    suggestion = Suggestion.objects.open().select_related("service").filter(pk=message.about_id).first()
    if suggestion is None:
        raise Suppress("It was answered meanwhile.")
    is_editor = (
        message.recipient is not None
        and Service.objects.editable_by(message.recipient).filter(pk=suggestion.service_id).exists()
    )
    name = "directory:answer-suggestion" if is_editor else "admin:directory_suggestion_change"
    context = {
        "service": suggestion.service.name,
        "topic": suggestion.get_topic_display(),
        "made_at": suggestion.made_at,
        "url": _address(name, suggestion.pk),
    }
    return Composed(context=context)


def answered(suggestion: Suggestion, *, now: datetime) -> Draft:
    """To whoever made the suggestion and left an address."""
    return Draft(ANSWERED, suggestion.reply_to, suggestion, f"{ANSWERED}:{suggestion.pk}", due_at=now)


def suggestion_answered(message, now: datetime) -> Composed:
    """Our answer. What they wrote is not sent back: anybody can type anybody's address."""
    suggestion = Suggestion.objects.select_related("service").filter(pk=message.about_id).first()
    if suggestion is None or not suggestion.answer or not suggestion.reply_to:
        raise Suppress("The suggestion, or the address, is no longer kept.")
    context = {
        "service": suggestion.service.name,
        "made_at": suggestion.made_at,
        "answer": suggestion.answer,
        "url": _address("directory:service", suggestion.service.slug)
        if suggestion.service.state == Service.State.PUBLISHED
        else "",
    }
    return Composed(context=context)


def register_kinds() -> None:
    """Make them known to the outbox."""
    register(Kind(REMINDER, "Is this entry still right?", verify_entries))
    register(Kind(FOR_STAFF, "Entries nobody has verified", entries_unverified))
    register(Kind(WAITS, "A suggestion waits for an answer", suggestion_waits))
    register(Kind(ANSWERED, "The answer to a suggestion", suggestion_answered))
