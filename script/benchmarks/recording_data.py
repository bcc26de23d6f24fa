"""One conference that is being recorded, for a chair who is signed in with a second factor. Says where as JSON:
``{"session": key, "page": …, "save": …, "block": id, "chair": id, "team": id}``.

``python -m benchmarks.recording_data``
"""

import json
import os
import time
import uuid
from datetime import date, timedelta
from importlib import import_module

import django

WORDS = "We like our evenings best, when everybody is at home and somebody cooks. " * 4
WRITTEN = 12  # sections with words in them, two blocks each


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chatr.settings")
    django.setup()
    from django.utils import timezone

    from chatr.database.acting import acting_as
    from chatr.workdays.clock import local
    from conferences.models import ConferenceKind, Team, TeamMember, TeamRole
    from conferences.operations.scheduling import ChildToBe, schedule_conference

    now = timezone.now()
    chair = make_person("chair@bench.example.org", "conference_chair")
    staff = make_person("staff@bench.example.org", "programme_administrator")
    with acting_as(staff.pk):
        team = Team.objects.create(name="Bench team")
        TeamMember.objects.create(team=team, user=chair, role=TeamRole.CHAIR, since=now, given_by=staff)
    day = next(day for day in (now.date() + timedelta(days=n) for n in range(30, 40)) if day.weekday() == 1)
    with acting_as(chair.pk):
        conference = schedule_conference(
            team=team,
            kind=ConferenceKind.INITIAL,
            scheduled_at=local(day, local(day, now.time().replace(hour=10, tzinfo=None)).time()),
            minutes=120,
            chair=chair,
            children=[ChildToBe(f"BENCH{n}", name=f"Child {n}", born_on=date(2016, n, 1)) for n in (1, 2)],
            by=chair,
            now=now,
        )
        section, block = write(conference, chair, now)
    address = f"/conferences/{conference.pk}/record/{section.pk}/"
    found = {"session": signed_in(chair), "page": address, "save": f"{address}save/", "block": str(block)}
    print(json.dumps(found | {"chair": str(chair.pk), "team": str(team.pk)}))


def make_person(email: str, role: str):
    """A person with a role and an authenticator app."""
    from allauth.account.models import EmailAddress
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    from chatr.accounts.models import Role, RoleGrant, User

    user = User.objects.create_user(email, "Bench Example")
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    RoleGrant.objects.create(user=user, role=Role.objects.get(code=role))
    TOTP.activate(user, generate_totp_secret())
    return user


def write(conference, chair, now):
    """Words in most sections, and relatives who said them; the section with the first, and the block to save again."""
    from conferences.models import AuthorKind, Person, PersonKind, SectionKind
    from conferences.operations.words import save_section
    from conferences.rules.words import Words

    for name in ("Rosa Example", "Dan Example", "Ama Example"):
        Person.objects.create(conference=conference, kind=PersonKind.FAMILY, name=name)
    sections = list(conference.sections.exclude(kind=SectionKind.DECISION).order_by("position")[:WRITTEN])
    opened = next(one for one in sections if one.kind == SectionKind.FAMILY_KNOW)
    ids = {one.pk: [uuid.uuid4(), uuid.uuid4()] for one in sections}
    for one in sections:
        words = [Words(key, WORDS, author_kind=AuthorKind.FAMILY, child_id=one.child_id) for key in ids[one.pk]]
        save_section(section=one, version=one.version, blocks=words, by=chair, now=now)
    return opened, ids[opened.pk][0]


def signed_in(user) -> str:
    """The key of a session that was opened a moment ago with password and second factor."""
    from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
    from allauth.mfa.models import Authenticator
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    device = Authenticator.objects.get(user=user)
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [
        {"method": "mfa", "at": time.time(), "id": device.pk, "type": device.type}
    ]
    session[f"{AUTHENTICATION_METHODS_SESSION_KEY}_user"] = str(user.pk)
    session.save()
    return session.session_key


if __name__ == "__main__":
    main()
