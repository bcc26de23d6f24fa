"""The outbox: one row for each message, queued in the transaction of the change it tells about."""

import json
import uuid
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connections, models
from django.db.models import F, Q
from django.utils import timezone

from chatr.encryption.fields import EncryptedTextField

from . import kinds


class MessageQuerySet(models.QuerySet):
    def due(self, now: datetime):
        """Those a sender may take now, the longest due first."""
        return self.filter(state=Message.State.QUEUED, next_attempt_at__lte=now).order_by("next_attempt_at", "id")

    def held(self):
        """Those waiting for something staff must supply."""
        return self.filter(state=Message.State.QUEUED).exclude(held_reason="")

    def needing_staff(self):
        """Those the portal will not send by itself: failed, uncertain or held."""
        return self.filter(Q(state__in=[Message.State.FAILED, Message.State.UNCERTAIN])) | self.held()

    def for_staff(self):
        """Those the staff pages show: all but the private ones."""
        return self.exclude(kinds.are_private())

    def about(self, thing: models.Model):
        """Messages about one record."""
        return self.filter(about_type=thing._meta.label_lower, about_id=str(thing.pk))

    def add_new(self, messages: list["Message"]) -> list["Message"]:
        """Insert those whose dedupe key is new, in one statement, and return just those."""
        if not messages:
            return []
        connection = connections[self.db]
        fields = Message._meta.concrete_fields
        row = "(" + ", ".join(["%s"] * len(fields)) + ")"
        columns = ", ".join(connection.ops.quote_name(field.column) for field in fields)
        values = [
            field.get_db_prep_save(getattr(message, field.attname), connection)
            for message in messages
            for field in fields
        ]
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {Message._meta.db_table} ({columns}) VALUES {', '.join([row] * len(messages))}"
                " ON CONFLICT (dedupe_key) DO NOTHING RETURNING id",
                values,
            )
            written = {uuid.UUID(str(key)) for (key,) in cursor.fetchall()}
        for message in messages:
            message._state.adding, message._state.db = False, self.db
        return [message for message in messages if message.pk in written]


class Message(models.Model):
    """One e-mail to one person: what it is about, when it is due, and how far it has come."""

    class State(models.TextChoices):
        QUEUED = "queued", "Queued"
        SENDING = "sending", "Being sent"
        SENT = "sent", "Sent"
        FAILED = "failed", "Failed"
        UNCERTAIN = "uncertain", "Uncertain: may or may not have been sent"
        SUPPRESSED = "suppressed", "Not sent: stopped or no longer true"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=80)
    dedupe_key = models.CharField(max_length=200, help_text="What it is, about what, to whom: never sent twice.")
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="messages",
    )
    to_email = models.EmailField(
        "to",
        blank=True,
        help_text="Read again from the person's account when it is sent.",
    )
    about_type = models.CharField("about", max_length=80, blank=True)
    about_id = models.CharField("record", max_length=64, blank=True)
    facts = models.JSONField(
        default=dict,
        blank=True,
        encoder=DjangoJSONEncoder,
        help_text="Ids, codes, dates, and words staff typed.",
    )
    secrets = EncryptedTextField(null=True, blank=True, help_text="Live links and codes; cleared once settled.")
    created_at = models.DateTimeField("queued", default=timezone.now)
    due_at = models.DateTimeField("due")

    state = models.CharField(max_length=12, choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField("next try")
    lease_until = models.DateTimeField(null=True, blank=True, help_text="Until when one sender has it to itself.")
    handing_over_at = models.DateTimeField("handed to the mail server", null=True, blank=True)
    sent_at = models.DateTimeField("accepted by the mail server", null=True, blank=True)
    held_reason = models.CharField("waiting for", max_length=300, blank=True)
    stopped_reason = models.CharField("why it is not sent", max_length=300, blank=True)
    last_error = models.CharField("what went wrong", max_length=120, blank=True)
    staff_note = models.CharField("note", max_length=300, blank=True)

    subject = models.CharField(max_length=300, blank=True)
    text_body = models.TextField("text", blank=True)
    html_body = models.TextField("HTML", blank=True)
    calendar_method = models.CharField(max_length=12, blank=True)
    calendar_sequence = models.PositiveIntegerField(null=True, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dedupe_key"], name="message_queued_once"),
            models.CheckConstraint(
                condition=Q(
                    state__in=[
                        "queued",
                        "sending",
                        "sent",
                        "failed",
                        "uncertain",
                        "suppressed",
                    ]
                ),
                name="message_state_known",
            ),
            models.CheckConstraint(
                condition=Q(state="sending", lease_until__isnull=False)
                | (~Q(state="sending") & Q(lease_until__isnull=True)),
                name="message_leased_while_sending",
            ),
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False) | (~Q(state="sent") & Q(sent_at__isnull=True)),
                name="message_sent_has_its_moment",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["sent", "uncertain"], handing_over_at__isnull=False)
                | Q(state__in=["queued", "suppressed"], handing_over_at__isnull=True)
                | Q(state__in=["sending", "failed"]),
                name="message_handed_over_before_sent",
            ),
            models.CheckConstraint(
                condition=Q(secrets__isnull=True) | Q(state__in=["queued", "sending", "uncertain"]),
                name="message_secrets_cleared_when_settled",
            ),
            models.CheckConstraint(
                condition=Q(held_reason="") | Q(state__in=["queued", "sending"]),
                name="message_held_only_in_the_queue",
            ),
            models.CheckConstraint(
                condition=Q(next_attempt_at__gte=F("due_at")),
                name="message_never_tried_before_due",
            ),
        ]
        indexes = [
            # The scan for what is due reads these rows and no others, however many were ever sent.
            models.Index(
                fields=["next_attempt_at", "id"],
                condition=Q(state="queued"),
                name="message_due",
            ),
            models.Index(
                fields=["id"],
                condition=Q(state="sending"),
                name="message_leased",
            ),
            models.Index(
                fields=["state"],
                condition=Q(state__in=["failed", "uncertain"]),
                name="message_needs_staff",
            ),
            models.Index(fields=["about_type", "about_id"], name="message_about"),
            models.Index(fields=["-due_at", "-id"], name="message_by_due"),
        ]

    def __str__(self) -> str:
        return self.subject or kinds.name_of(self.kind)

    @property
    def message_id(self) -> str:
        """The Message-ID header: the same at every attempt, so that mail programs see one message."""
        return f"<{self.pk}@{urlsplit(settings.SITE_URL).hostname}>"

    @property
    def secret_values(self) -> dict[str, str]:
        """The live links and codes kept until it is sent."""
        return json.loads(self.secrets) if self.secrets else {}
