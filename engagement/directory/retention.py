"""What the directory keeps for how long."""

from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from chatr.notifications.models import Message
from chatr.retention.rules import RetentionRule, register

from .messages.keeping import ANSWERED
from .models import FeedPlace, FeedService, Revision, SearchGap, ServiceDay, SharedShortlist, Suggestion

YEAR = timedelta(days=365)


def forget_gaps(before: datetime) -> int:
    """Searches that found nothing."""
    return SearchGap.objects.filter(day__lt=timezone.localdate(before)).delete()[0]


def forget_service_days(before: datetime) -> int:
    """How often a page was looked at, and whether it helped."""
    return ServiceDay.objects.filter(day__lt=timezone.localdate(before)).delete()[0]


def forget_suggestions(before: datetime) -> int:
    """Those answered, a year later; one nobody ever answered goes a year after that."""
    answered = Q(answered_at__lt=before)
    never = Q(answered_at=None, made_at__lt=before - YEAR)
    return Suggestion.objects.filter(answered | never).delete()[0]


def forget_reply_addresses(before: datetime) -> int:
    """The addresses answers went to, in the suggestion and in the outbox."""
    gone = Suggestion.objects.filter(answered_at__lt=before).exclude(reply_to="")
    keys = [str(pk) for pk in gone.values_list("pk", flat=True)]
    Message.objects.filter(kind=ANSWERED, about_id__in=keys).update(to_email="")
    return gone.update(reply_to="")


def forget_shared_shortlists(before: datetime) -> int:
    """Links that ended or were taken back."""
    return SharedShortlist.objects.filter(Q(ends_at__lt=before) | Q(revoked_at__lt=before)).delete()[0]


def forget_revisions(before: datetime) -> int:
    """What was proposed and decided. The audit keeps that it was, when and by whom."""
    settled = Revision.objects.exclude(state__in=(Revision.State.DRAFT, Revision.State.SUBMITTED))
    return settled.filter(Q(decided_at__lt=before) | Q(decided_at=None, edited_at__lt=before)).delete()[0]


def forget_feed_rows(before: datetime) -> int:
    """Withdrawn services, from the day they are no longer in the feed."""
    gone = FeedService.objects.filter(gone_on__lte=timezone.localdate(before))
    FeedPlace.objects.filter(service__in=gone.values("service")).delete()
    return gone.delete()[0]


for rule in (
    RetentionRule("directory-gaps", "Searches that found nothing", YEAR, forget_gaps),
    RetentionRule("directory-days", "How often services were looked at", 2 * YEAR, forget_service_days),
    RetentionRule("directory-suggestions", "Suggestions and their answers", YEAR, forget_suggestions),
    RetentionRule("directory-addresses", "Where answers were sent", timedelta(days=90), forget_reply_addresses),
    RetentionRule("directory-shared", "Ended links to shortlists", timedelta(days=30), forget_shared_shortlists),
    RetentionRule("directory-revisions", "Changes proposed and decided", 2 * YEAR, forget_revisions),
    RetentionRule("directory-feed", "Withdrawn services in the feed", timedelta(0), forget_feed_rows),
):
    register(rule)
