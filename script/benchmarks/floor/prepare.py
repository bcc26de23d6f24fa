"""Make the floor's database and what the benchmarks need in it; say where everything is as JSON (see ``portal_data``).

``python -m benchmarks.floor.prepare PEOPLE COURSES LAST_PLACES``
"""

import json
import os
import sys
from datetime import timedelta

import django


def main(people: int, courses: int, last_places: int) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.floor.settings")
    django.setup()
    make_database()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("migrate", run_syncdb=True, verbosity=0)  # this app has no migrations, and needs the tables above
    books = [make_course(number, runs=3, places=30) for number in range(1, courses + 1)]
    last = [make_course(f"last-{number}", runs=1, places=5) for number in range(1, last_places + 1)]
    make_record()
    print(json.dumps({"sessions": make_sessions(people), "courses": books, "last_places": last}))


def make_database() -> None:
    """An empty database named floor."""
    import psycopg2
    from django.conf import settings

    place = settings.DATABASES["default"]
    connection = psycopg2.connect(
        host=place["HOST"], port=place["PORT"], user=place["USER"], password=place["PASSWORD"], dbname="portal"
    )
    connection.autocommit = True
    connection.cursor().execute("CREATE DATABASE floor")
    connection.close()


def make_course(name: int | str, *, runs: int, places: int) -> dict:
    """One course and its runs: the addresses to read and to book it."""
    from django.utils import timezone

    from .models import Course, Run

    summary = "What trauma can look like in everyday work, and what helps in the first minutes, days and weeks."
    course = Course.objects.create(slug=f"course-{name}", title=f"Course {name}", summary=summary)
    made = [
        Run.objects.create(
            course=course, starts_at=timezone.now() + timedelta(weeks=8 + week), venue="Training room", places=places
        )
        for week in range(runs)
    ]
    return {
        "page": f"/courses/{course.slug}/",
        "runs": [{"page": f"/runs/{run.pk}/book/", "key": str(run.pk)} for run in made],
    }


def make_record() -> None:
    """A record of eighteen sections, the first with two people's words."""
    from .models import Section, Words

    sections = [Section.objects.create(title=f"Section {number}") for number in range(1, 19)]
    for _ in range(2):
        Words.objects.create(section=sections[0], text="We like our evenings best. " * 10)


def make_sessions(people: int) -> list[str]:
    """Session keys of so many people who are signed in."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.auth.models import User
    from django.contrib.sessions.backends.db import SessionStore

    keys = []
    for number in range(1, people + 1):
        user = User(username=f"person{number}", email=f"person{number}@example.org")
        user.set_unusable_password()
        user.save()
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.save()
        keys.append(session.session_key)
    return keys


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
