"""Every mail about an account: in our words, through the outbox, with no live token kept in readable form."""

from pathlib import Path

import allauth
import pytest
from django.template import Context, loader
from django.urls import reverse
from django.utils import timezone

from chatr.notifications import kinds, rendering
from chatr.notifications.models import Message
from chatr.testing.people import PASSWORD, make_person

from .mailbox import mails_to

PREFIXES = sorted(
    str(path.relative_to(root)).removesuffix("_message.txt")
    for root in [Path(allauth.__file__).parent / "templates"]
    for folder in ("account", "mfa")
    for path in (root / folder / "email").glob("*_message.txt")
    if path.name != "base_message.txt"
)
CONTEXT = {
    "user": "",
    "email": "a@x.example.org",
    "timestamp": timezone.now(),
    "ip": "203.0.113.9",
    "user_agent": "Secret browser 1.0",
    "code": "CODE",
    "activate_url": "LINK",
    "password_reset_url": "LINK",
    "signup_url": "LINK",
    "sign_in_url": "LINK",
    "account_url": "LINK",
    "programme_email": "chatr@example.org",
}


@pytest.mark.parametrize("prefix", PREFIXES)
def test_every_mail_is_in_our_words(prefix):
    subject = loader.get_template(f"{prefix}_subject.txt")
    body = loader.get_template(f"{prefix}_message.txt")
    for each in (subject, body):
        assert "site-packages" not in each.origin.name, f"{each.origin.name} is not ours"
    words = body.template.render(Context(CONTEXT, autoescape=False))
    assert "{{" not in words and "ChATR portal" in words
    assert "203.0.113.9" not in words and "Secret browser" not in words  # where somebody is stays out of mailboxes
    assert len(subject.template.render(Context({})).strip().splitlines()) == 1


@pytest.mark.django_db
def test_a_code_is_mailed_and_not_kept_readable(client):
    person = make_person("Ada", "ada@x.example.org")
    client.post(reverse("account_request_login_code"), {"email": person.email})
    message = mails_to(person.email)[0]
    code = message.secret_values["code"]
    rendered = rendering.render(message, kinds.get(message.kind).compose(message, timezone.now()))
    sent = rendering.build(message, rendered)
    assert code in sent.body
    assert code not in message.text_body + message.subject + rendered.text + rendered.html


@pytest.mark.django_db
def test_links_start_with_our_address_whatever_the_host_header_says(client, settings):
    settings.ALLOWED_HOSTS = ["other.example.org"]
    client.post(
        reverse("account_signup"),
        {"name": "G", "email": "g@x.example.org", "password1": PASSWORD},
        headers={"host": "other.example.org"},
    )
    values = mails_to("g@x.example.org")[0].secret_values
    assert values["activate_url"].startswith("http://localhost:8000/accounts/confirm-email/")


@pytest.mark.django_db
def test_changing_a_password_tells_the_person(client, sign_in, people):
    sign_in(client, people.person)
    new = "three odd words"
    client.post(reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": new, "password2": new})
    message = Message.objects.get(to_email=people.person.email)
    assert message.subject == "Your password was changed"
    assert "http://localhost:8000/accounts/me/" in message.text_body
