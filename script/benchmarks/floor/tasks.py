"""What the worker does."""

from celery import shared_task
from django.core.mail import EmailMessage
from django.utils import timezone

from .models import Message


@shared_task
def send(pk: int) -> None:
    """Send one message and mark it sent."""
    message = Message.objects.get(pk=pk)
    EmailMessage(message.subject, message.text, to=[message.to_email]).send()
    Message.objects.filter(pk=pk).update(sent_at=timezone.now())
