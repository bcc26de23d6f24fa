"""What the benchmarks need in the portal's database: people who are signed in, and courses to book. Says where as JSON:
``{"sessions": [key, …], "courses": [{"page": …, "runs": [{"page": …, "key": …}]}, …], "last_places": [the same]}``.

``python -m benchmarks.portal_data PEOPLE COURSES LAST_PLACES``
"""

import json
import os
import sys
from datetime import time, timedelta

import django


def main(people: int, courses: int, last_places: int) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chatr.settings")
    django.setup()
    venue = make_venue()
    books = [make_course(f"BENCH-{number}", venue, runs=3, places=30) for number in range(1, courses + 1)]
    last = [make_course(f"LAST-{number}", venue, runs=1, places=5) for number in range(1, last_places + 1)]
    print(json.dumps({"sessions": make_sessions(people), "courses": books, "last_places": last}))


def make_venue():
    """Where every run is."""
    from training.models import Venue

    return Venue.objects.create(
        name="Training room",
        address="1 Hillman Street",
        postcode="E8 1DY",
        arrival_instructions="Ask for the training room at the front desk.",
        access="Step-free from the street, lift, hearing loop.",
    )


def make_course(code: str, venue, *, runs: int, places: int) -> dict:
    """One course with runs on the same weekday of following weeks: the addresses to read and to book it."""
    from django.utils import timezone

    from chatr.workdays.clock import local
    from training.models import Course, CourseRun, Place, RunDate

    course = Course.objects.create(
        code=code,
        slug=code.lower(),
        title=f"Noticing trauma and responding well ({code})",
        level=Course.Level.INTRODUCTORY,
        summary="What trauma can look like in everyday work, and what helps in the first minutes, days and weeks.",
        aims="Say what trauma is and how it can show itself\nRespond in ways that help people feel safe",
        audience="Anyone working with children, young people or families",
        content_note="We talk about harm to children in general terms. You can step out at any time.",
        cpd_minutes=210,
        is_published=True,
    )
    today, made = timezone.localdate(), []
    for number in range(1, runs + 1):
        day = today + timedelta(weeks=7 + number)
        run = CourseRun.objects.create(
            ref=f"{code}-{number}",
            course=course,
            status=CourseRun.Status.PUBLISHED,
            opens_date=today,
            closes_date=day - timedelta(days=1),
            waiting_list_cap=10,
        )
        RunDate.objects.create(
            run=run, number=1, starts_at=local(day, time(9, 30)), ends_at=local(day, time(13)), venue=venue
        )
        Place.objects.bulk_create(Place(run=run, number=place) for place in range(1, places + 1))
        made.append({"page": f"/training/runs/{run.ref.lower()}/book/", "key": str(run.pk)})
    return {"page": f"/training/courses/{course.slug}/", "runs": made}


def make_sessions(people: int) -> list[str]:
    """Session keys of so many practitioners of one organisation who are signed in."""
    from importlib import import_module

    from allauth.account.models import EmailAddress
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.utils import timezone

    from chatr.accounts.models import Membership, Organisation, User

    SessionStore = import_module(settings.SESSION_ENGINE).SessionStore
    now = timezone.now()
    organisation = Organisation.objects.create(name="Mill Lane School", status=Organisation.Status.ACTIVE)
    keys = []
    for number in range(1, people + 1):
        user = User.objects.create_user(f"person{number}@mill-lane.example.org", f"Person {number}")
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        user.chosen_membership = Membership.objects.create(
            user=user, organisation=organisation, job_role="Teacher", confirmed_at=now, valid_from=now.date()
        )
        user.save(update_fields=["chosen_membership"])
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.save()
        keys.append(session.session_key)
    return keys


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
