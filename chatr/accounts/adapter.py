"""How allauth behaves here."""

from urllib.parse import urlencode, urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.utils import get_request_param
from django.conf import settings
from django.contrib import messages
from django.urls import reverse
from django.utils import timezone

from chatr.encryption.keys import every_key
from chatr.notifications.account_mail import queue_account_mail

from . import queries, rules
from .models import User
from .operations import memberships, people

LINKS = ("activate_url", "password_reset_url", "signup_url")


class AccountAdapter(DefaultAccountAdapter):
    """Signing up, in and out; mail through the outbox; back to the page the person came from."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": "This account is closed.",
        "duplicate_email": "This is the e-mail address you have now. Enter a different one.",
        "email_password_mismatch": (
            "This e-mail address and password do not go together. Check both, or have a code e-mailed to you."
        ),
        "email_taken": "This e-mail address cannot be used. Write to us if it is yours.",
        "enter_current_password": "This is not the password you have now.",
        "incorrect_code": "This code is not right. Check it, or ask for a new one.",
        "incorrect_password": "This password is not right.",
        "invalid_password_reset": "This link has been used or is too old. Ask for a new one.",
        "too_many_login_attempts": "There were too many tries. Wait five minutes, then try again.",
        "rate_limited": "There were too many tries. Wait a few minutes, then try again.",
    }

    # Signing up

    def save_user(self, request, user, form, commit=True):
        """Keep the name as written and where the person was going, so that any browser can bring them there."""
        user.name = form.cleaned_data["name"]
        user.landing_path = rules.safe_path(get_request_param(request, "next"))
        user = super().save_user(request, user, form, commit)
        if commit:
            people.record_sign_up(user=user)
        return user

    def confirm_email(self, request, email_address) -> bool:
        """Verify an address by its mailed link, and find where the person works by it."""
        taken = User.objects.filter(email=email_address.email).exclude(pk=email_address.user_id).exists()
        if taken:  # they changed to an address under which somebody, perhaps staff, made another account meanwhile
            self.add_message(
                request,
                messages.ERROR,
                "account/messages/email_confirmation_failed.txt",
                {"email": email_address.email},
            )
            return False
        if not super().confirm_email(request, email_address):
            return False
        user = User.objects.get(pk=email_address.user_id)
        people.record_email_verified(user=user)
        memberships.join_by_domain(user=user, now=timezone.now())
        return True

    def get_email_verification_redirect_url(self, email_address) -> str:
        """In a browser that is not signed in: sign in, then on to where the person was going when they signed up."""
        if self.request.user.is_authenticated:
            return reverse("accounts:my-account")
        login = reverse("account_login")
        path = rules.safe_path(email_address.user.landing_path)
        return f"{login}?{urlencode({'next': path})}" if path else login

    # Signing in

    def post_login(self, request, user, **kwargs):
        """Find where the person works, if nobody has; and forget where they were going, now that they go there."""
        if not get_authentication_records(request, user):  # by the link that proved the mailbox, moments ago
            record_authentication(request, user, method="link")
        memberships.join_by_domain(user=user, now=timezone.now())
        response = super().post_login(request, user, **kwargs)
        if user.landing_path:
            people.forget_landing_path(user=user)
        return response

    def get_login_redirect_url(self, request) -> str:
        """Where they were going when they signed up; else the question where they work, if open; else home."""
        user = request.user
        if path := rules.safe_path(user.landing_path):
            return path
        if not (user.is_staff or queries.may_work_elsewhere(user) or queries.live_memberships(user)):
            return reverse("accounts:where-you-work")
        return super().get_login_redirect_url(request)

    get_signup_redirect_url = get_login_redirect_url

    def get_password_change_redirect_url(self, request) -> str:
        return reverse("accounts:my-account")

    def is_reauthentication_required(self, *, app: str, **kwargs) -> bool:
        """Signing in within the last minutes counts as having shown who you are."""
        return super().is_reauthentication_required(app=app, **kwargs) and not rules.recently_confirmed(self.request)

    # Mail

    def send_mail(self, template_prefix: str, email: str, context: dict) -> None:
        """Queue one of allauth's mails in the outbox, with links that start with our own address."""
        around = {
            "email": email,
            "sign_in_url": settings.SITE_URL + reverse("account_login"),
            "account_url": settings.SITE_URL + reverse("accounts:my-account"),
            "programme_email": settings.PROGRAMME_EMAIL,
        }
        ours = {name: self._on_our_site(context[name]) for name in LINKS if name in context}
        queue_account_mail(template_prefix, email, around | context | ours, user=context.get("user"))

    @staticmethod
    def _on_our_site(url: str) -> str:
        """The same page, under SITE_URL: never under a Host header that somebody sent."""
        parts = urlsplit(url)
        return settings.SITE_URL + parts.path + (f"?{parts.query}" if parts.query else "")


class SecondFactorAdapter(DefaultMFAAdapter):
    """Authenticator secrets are encrypted; those who must have a second factor keep at least one."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": "Your role needs a second step. Add another one before you remove this.",
        "incorrect_code": "This code is not right. Check it, or wait for the next one.",
        "unverified_email": "Confirm your new e-mail address before you add a second step.",
    }

    def encrypt(self, text: str) -> str:
        return every_key().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return every_key().decrypt(encrypted_text.encode()).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Not the last one of somebody whose role needs it."""
        if not authenticator.user.needs_second_factor:
            return True
        others = Authenticator.objects.filter(user=authenticator.user).exclude(pk=authenticator.pk)
        return others.exclude(type=Authenticator.Type.RECOVERY_CODES).exists()
