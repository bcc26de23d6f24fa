"""A kind of message to test with, its template, and an SMTP server to send it to."""

import itertools

import pytest

from chatr.accounts.models import User
from chatr.notifications import kinds, operations

from . import smtp

TEMPLATE = """Subject: A place for {{ name|default:"you" }}

Hello {{ name }},

you are booked.
- bring water
- be on time

Your booking: {{ SITE_URL }}/training/bookings/1/
{% if secret_links.cancel %}I can't come: {{ secret_links.cancel }}{% endif %}
"""


class Recorder:
    """Stands for an area's ``compose``: answers what the test says for each recipient."""

    def __init__(self):
        self.answers = {}
        self.composed = []

    def __call__(self, message, now):
        self.composed.append(message.to_email)
        answer = self.answers.get(message.to_email, kinds.Composed())
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.fixture
def kind(monkeypatch, settings, tmp_path):
    """A registered kind ``testing/note``; ``kind.answers[email]`` is composed or raised for that recipient."""
    recorder = Recorder()
    monkeypatch.setattr(kinds, "_kinds", dict(kinds._kinds))
    kinds.register(kinds.Kind("testing/note", "A note", recorder))
    (tmp_path / "emails/testing").mkdir(parents=True)
    (tmp_path / "emails/testing/note.txt").write_text(TEMPLATE)
    engine = settings.TEMPLATES[0]
    settings.TEMPLATES = [{**engine, "DIRS": [tmp_path, *engine["DIRS"]]}]
    recorder.templates = tmp_path / "emails"
    return recorder


@pytest.fixture
def new_person(db):
    """``new_person(name)``: another person with an account."""
    numbers = itertools.count(1)

    def new_person(name="Ada Okafor", **fields):
        return User.objects.create_user(f"person{next(numbers)}@school.example.org", name, **fields)

    return new_person


@pytest.fixture
def queue(kind, new_person):
    """``queue(to=…)``: one ``testing/note``, about its recipient, with a key of its own unless given."""
    numbers = itertools.count(1)

    def queue(to=None, **fields):
        to = to or new_person()
        about = fields.pop("about", to if isinstance(to, User) else None)
        key = fields.pop("dedupe_key", f"note:{next(numbers)}")
        return operations.queue("testing/note", to=to, about=about, dedupe_key=key, **fields)

    return queue


@pytest.fixture
def sink():
    """A running SMTP server that everything is sent through."""
    with smtp.running_sink() as (sink, port), smtp.through(port):
        sink.port = port
        yield sink
