"""The example portal with something in every state, and who walks which of its pages."""

from collections.abc import Iterator
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.apps import apps
from django.contrib.admin import site as staff_site
from django.urls import reverse
from django.utils import timezone

from chatr.accounts.models import DeviceReset, ErasureRequest, User
from chatr.accounts.operations import invitations
from chatr.database.acting import acting_as
from chatr.examples.operations import load_examples
from chatr.files.operations import store
from chatr.links import operations as links
from chatr.notifications.models import Message
from chatr.pages.models import Page
from chatr.testing.people import give_second_factor, make_person

# What an area says of its own pages: EXPLAINED, ROLES, and Walking(now=…).walks(role); where its staff import files,
# Walking.files holds one of them by app label.
AREAS = [
    import_module(f"{app.name}.tests.walking")
    for app in apps.get_app_configs()
    if (Path(app.path) / "tests" / "walking.py").exists()
]
EXPLAINED = {
    "asked by machines": {
        *("pages:alive", "pages:ready", "pages:robots", "pages:sitemap", "pages:favicon", "pages:security-text"),
        *("admin:autocomplete", "admin:jsi18n", "mfa_login_webauthn"),
    },
    "a file, not a page": {"files:read-file", "training:booking-calendar", "mfa_download_recovery_codes"},
    "takes what a form sends, and nothing else": {"accounts:continue", "accounts:choose-membership"},
    "only leads to another page": {
        *("accounts:index", "admin:login", "admin:logout", "admin:password_change", "admin:password_change_done"),
        *("admin:view_on_site", "admin:"),
    },
    "a moment of signing in, walked where signing in is tested": {
        *("account_confirm_login_code", "mfa_authenticate", "mfa_reauthenticate", "mfa_reauthenticate_webauthn"),
    },
    "said by an area": {name for area in AREAS for names in area.EXPLAINED.values() for name in names},
}
PROGRAMME = """\
course_code,course_title,level,run_ref,date,start_time,end_time,mode,capacity,booking_opens,booking_closes
NEW,New,introductory,NEW-1,01/06/2027,09:30,13:00,online,9,01/01/2027,31/05/2027
NEW,New,introductory,NEW-2,08/06/2027,09:30,08:00,online,9,01/01/2027,31/05/2027
"""

# Written once for every kind of record, so walked for one.
SAME_EVERYWHERE = {
    f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}"
    for model in staff_site._registry
    for page, walked in (("history", "courserun"), ("delete", "bankholiday"))
    if model._meta.model_name != walked
}

ROLES = (
    "signed out",
    "practitioner",
    "organisation lead",
    "trainer",
    "programme staff",
    "programme administrator",
)
OF_AREAS = {role: area for area in AREAS for role in area.ROLES}
FOR_ALL = ["/", "/training/", "/training/bookings/", "/accounts/me/"]
TEACHING = ["/training/teaching/", "/training/teaching/ex-open/", "/training/teaching/ex-web-1/"]

Walk = tuple[User | None, list[str]]


class Portal:
    """Example data, and what it lacks of the states a page can be in."""

    def __init__(self):
        self.now = timezone.now()
        load_examples(now=self.now)
        self.administrator = user("administrator@example.org")
        self.newcomer = User.objects.create_user("visitor@example.org", "Vic Example")
        self.mailbox = EmailAddress.objects.create(user=self.newcomer, email=self.newcomer.email, primary=True)
        self.guest = invitations.invite_person(
            name="", email="guest@example.org", by=self.administrator, reason="a trainer", now=self.now
        )
        self.careful = make_person("Wren Example", "careful@example.org")
        give_second_factor(self.careful)
        RecoveryCodes.activate(self.careful)
        self.passkey = Authenticator.objects.create(
            user=self.careful, type=Authenticator.Type.WEBAUTHN, data={"name": "My telephone", "credential": {}}
        )
        self._give_staff_work()
        self.areas = {area: area.Walking(now=self.now) for area in AREAS}
        for walking in self.areas.values():
            self.files |= getattr(walking, "files", {})

    def _give_staff_work(self) -> None:
        ErasureRequest.objects.create(user=self.careful, asked_at=self.now)
        DeviceReset.objects.create(
            user=user("chair@example.org"), reason="Lost", asked_by=user("staff@example.org"), needs_second_person=True
        )
        User.objects.filter(pk=make_person("Xan Example", "gone@example.org").pk).update(is_active=False)
        failed = Message.objects.filter(kind="training/booking_confirmed").first()
        Message.objects.filter(pk=failed.pk).update(state=Message.State.FAILED, last_error="550 no such mailbox")
        programme = store(
            kind="programme_import",
            name="programme.csv",
            data=PROGRAMME.encode(),
            by=self.administrator,
            now=self.now,
            keep_until=self.now.date() + timedelta(days=7),
        )
        self.files = {"training": programme}

    # Pages of ours

    def walks(self, role: str) -> list[Walk]:
        """Who of this role walks which pages: those that role sees differently."""
        if role in OF_AREAS:
            return self.areas[OF_AREAS[role]].walks(role)
        return {
            "signed out": [(None, self._public())],
            "practitioner": self._of_practitioners(),
            "organisation lead": [(user("lead@lane-primary.example.org"), FOR_ALL)],
            "trainer": [(user("trainer@example.org"), [*FOR_ALL, *TEACHING])],
            "programme staff": [(user("staff@example.org"), [*FOR_ALL, *TEACHING, "/admin/"])],
            "programme administrator": [(self.administrator, FOR_ALL)],
        }[role]

    def _public(self) -> list[str]:
        end = self.now + timedelta(days=1)
        cant_come = links.make(
            "training.cannot-come", str(booking("practitioner@example.org", "EX-OPEN").uuid), valid_until=end
        )
        password = f"{user_pk_to_url_str(self.careful)}-{default_token_generator.make_token(self.careful)}"
        return [
            *("/", "/help/", "/training/", "/training/?level=in_depth&places=yes", "/training/?month=2001-01"),
            *(reverse("pages:page", args=[page.slug]) for page in Page.objects.order_by("slug")),
            *courses(),
            *(f"/training/runs/{ref}/book/" for ref in ("ex-open", "ex-full", "ex-closed", "ex-off", "ex-later")),
            *(f"/training/cant-come/{token}/" for token in (cant_come, "unknown")),
            *(
                f"/accounts/invitation/{token}/"
                for token in (invitations.make_link(self.guest, now=self.now), "unknown")
            ),
            *(f"/accounts/{page}/" for page in ("login", "signup", "login/code", "inactive", "confirm-email")),
            *(f"/accounts/confirm-email/{key}/" for key in (EmailConfirmationHMAC(self.mailbox).key, "unknown")),
            *(
                f"/accounts/password/reset/{page}"
                for page in ("", "done/", "key/done/", f"key/{password}/", "key/1-unknown/")
            ),
            "/unknown/page/",
        ]

    def _of_practitioners(self) -> list[Walk]:
        amina, cerys = user("practitioner@example.org"), user("teacher@lane-primary.example.org")
        job = amina.memberships.get().pk
        return [
            (
                amina,
                [
                    *FOR_ALL,
                    *courses()[:1],
                    *(f"/training/runs/{ref}/book/" for ref in ("ex-web-1", "ex-full", "ex-lead-1", "ex-later")),
                    *about(booking(amina.email, "EX-OPEN"), "", "done/", "needs/", "cancel/", "move/"),
                    *(
                        path
                        for ref in ("EX-PAST", "EX-WEB-1", "EX-DEPTH-1")
                        for path in about(booking(amina.email, ref))
                    ),
                    *(f"/accounts/me/{page}/" for page in ("name", "data", "erasure")),
                    *(f"/accounts/memberships/{job}/", f"/accounts/memberships/{job}/leave/"),
                    *("/accounts/organisation/", "/accounts/organisation/new/", "/accounts/second-step/"),
                    *("/accounts/confirm-it-is-you/", "/accounts/reauthenticate/", "/accounts/logout/"),
                    *("/accounts/email/", "/accounts/password/change/", "/accounts/sessions/", "/accounts/2fa/"),
                    *(f"/accounts/2fa/{page}/" for page in ("totp/activate", "webauthn", "webauthn/add")),
                ],
            ),
            (
                cerys,
                [
                    *about(booking(cerys.email, "EX-FULL"), "", "done/", "cancel/"),
                    *about(booking(cerys.email, "EX-LEAD-1")),
                    "/training/bookings/",
                ],
            ),
            *self._of_others(),
        ]

    def _of_others(self) -> Iterator[Walk]:
        asker, told, moved = map(
            user, ("newcomer@example-mail.example.org", "colleague@example.org", "person.18@example.org")
        )
        yield asker, [*about(booking(asker.email, "EX-OPEN"), "", "done/", "cancel/"), "/training/bookings/"]
        yield told, about(booking(told.email, "EX-OFF"))
        yield moved, about(booking(moved.email, "EX-WEB-2"))
        yield self.newcomer, ["/accounts/password/set/", *FOR_ALL]
        yield (
            self.careful,
            [
                *("/accounts/me/", "/accounts/me/erasure/", "/accounts/2fa/", "/accounts/2fa/webauthn/"),
                *(
                    f"/accounts/2fa/{page}/"
                    for page in ("totp/deactivate", "recovery-codes/generate", "recovery-codes")
                ),
                *(f"/accounts/2fa/webauthn/keys/{self.passkey.pk}/{act}/" for act in ("edit", "remove")),
            ],
        )

    # Pages of staff

    def staff_pages(self) -> dict[str, str]:
        """For each named address of the staff site one that an administrator may open; empty when no record is in the
        right state for it. What nobody may add or delete there, and what an area explains, is left out.
        """
        found = {"admin:index": "/admin/", "admin:app_list": "/admin/training/"}
        for page in staff_site._registry.values():
            acts = {button.slug: button for button in page.staff_buttons()}
            for url in filter(lambda url: url.name, page.get_urls()):
                name, act = f"admin:{url.name}", url.name.rpartition("_")[2]
                if "file_id" in str(url.pattern):
                    found[name] = reverse(name, args=[self.files[page.opts.app_label].pk])
                elif "object_id" in str(url.pattern):
                    found[name] = self._about_a_record(page, name, acts.get(act))
                else:
                    found[name] = reverse(name)
        left_out = self.closed_to_all() | SAME_EVERYWHERE | EXPLAINED["said by an area"]
        return {name: path for name, path in found.items() if name not in left_out}

    def _about_a_record(self, page, name: str, button) -> str:
        """The page, or the act when a button is given, of the first record it is offered on."""
        request = SimpleNamespace(user=self.administrator)
        with acting_as(self.administrator.pk):
            records = page.get_queryset(request).order_by("pk")
            offered = (one.pk for one in records if button is None or page._may_press(request, button, one))
            return next((reverse(name, args=[pk]) for pk in offered), "")

    def closed_to_all(self) -> set[str]:
        """Addresses of the staff site that add or delete what nobody may add or delete there."""
        request = SimpleNamespace(user=self.administrator)
        return {
            f"admin:{page.opts.app_label}_{page.opts.model_name}_{act}"
            for page in staff_site._registry.values()
            for act, may in (("add", page.has_add_permission), ("delete", page.has_delete_permission))
            if not may(request)
        }


def user(email: str) -> User:
    return User.objects.get(email=email)


def booking(email: str, ref: str):
    return apps.get_model("training.Booking").objects.get(attendee__email=email, run__ref=ref)


def about(booking, *pages: str) -> list[str]:
    """The pages of one booking; its first when none is named."""
    return [f"/training/bookings/{booking.uuid}/{page}" for page in pages or ("",)]


def courses() -> list[str]:
    found = apps.get_model("training.Course").objects.filter(is_published=True).order_by("code")
    return [reverse("training:course", args=[course.slug]) for course in found]
