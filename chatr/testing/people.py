"""The people of most tests: one who acts, one beside them, one from the next organisation, and those who run things."""

import time
from dataclasses import dataclass

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from allauth.mfa.utils import decrypt
from django.test import Client
from django.utils import timezone

from chatr.accounts.models import Membership, Organisation, Role, RoleGrant, User

PASSWORD = "correct horse battery"


@dataclass(frozen=True)
class People:
    """Two organisations in Hackney, and people with confirmed memberships. Nobody else exists."""

    organisation: Organisation
    next_organisation: Organisation
    person: User
    colleague: User
    neighbour: User
    trainer: User
    staff: User
    admin: User


def make_people() -> People:
    """Make them all."""
    organisation = make_organisation("Mill Lane School", "mill-lane.example.org")
    next_organisation = make_organisation("Canal Youth Club", "canal.example.org")
    return People(
        organisation=organisation,
        next_organisation=next_organisation,
        person=make_person("Ada Okafor", "ada@mill-lane.example.org", organisation),
        colleague=make_person("Ben Carter", "ben@mill-lane.example.org", organisation),
        neighbour=make_person("Chidi Nwosu", "chidi@canal.example.org", next_organisation),
        trainer=make_person("Dina Aziz", "dina@trainers.example.org", None, "trainer"),
        staff=make_person("Eve Marsh", "eve@programme.example.org", None, "programme_staff"),
        admin=make_person("Femi Bello", "femi@programme.example.org", None, "programme_administrator"),
    )


def make_organisation(name: str, domain: str = "", **fields) -> Organisation:
    """An active organisation in Hackney, unless the fields say otherwise."""
    fields = {"status": Organisation.Status.ACTIVE, "email_domains": [domain] if domain else []} | fields
    return Organisation.objects.create(name=name, **fields)


def make_person(name: str, email: str, organisation: Organisation | None = None, *roles: str, **membership) -> User:
    """A person with a verified e-mail address and PASSWORD, with a confirmed membership and roles where given."""
    user = User.objects.create_user(email, name, PASSWORD)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    if organisation is not None:
        now = timezone.now()
        fields = {"confirmed_at": now, "valid_from": now.date(), "job_role": "Practitioner"} | membership
        user.chosen_membership = Membership.objects.create(user=user, organisation=organisation, **fields)
        user.save(update_fields=["chosen_membership"])
    for role in roles:
        RoleGrant.objects.create(user=user, role=Role.objects.get(code=role))
    return user


def give_second_factor(user: User) -> Authenticator:
    """An authenticator app for the person, made if there is none."""
    found = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()
    return found or TOTP.activate(user, generate_totp_secret()).instance


def totp_code(user: User) -> str:
    """What the person's authenticator app shows now."""
    secret = decrypt(give_second_factor(user).data["secret"])
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


def sign_in(client: Client, user: User) -> Client:
    """Sign the client in as a person who just gave password and, where they need one, second factor."""
    from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY

    client.force_login(user, backend="chatr.accounts.backends.PersonBackend")
    done = [{"method": "password", "at": time.time(), "email": user.email}]
    if user.needs_second_factor:
        authenticator = give_second_factor(user)
        done.append({"method": "mfa", "at": time.time(), "id": authenticator.pk, "type": authenticator.type})
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = done
    session[f"{AUTHENTICATION_METHODS_SESSION_KEY}_user"] = str(user.pk)
    session.save()
    return client
