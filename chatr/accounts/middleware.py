"""Requires a second factor of those who must have one."""

from urllib.parse import urlencode

from django.shortcuts import redirect
from django.urls import reverse

from . import rules

# What somebody still without a second factor can reach: setting it up, the steps that needs, and leaving.
OPEN = frozenset(
    {
        "accounts:second-factor",
        "accounts:confirm-it-is-you",
        "account_logout",
        "account_reauthenticate",
        "account_set_password",
        "account_change_password",
        "account_confirm_email",
        "account_email_verification_sent",
        "account_inactive",
        "pages:alive",
        "pages:ready",
    }
)


class SecondFactorRequired:
    """Staff, and others whose roles need it, see nothing until this very session was opened with a second factor.

    It costs no query when it was; otherwise the one that reads the person's permissions, which the page's own
    navigation needs anyway (docs/decisions/0007-second-factor.md).
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        name = request.resolver_match.view_name or ""
        if not request.user.is_authenticated or name in OPEN or name.startswith("mfa_"):
            return None
        if rules.signed_in_with_second_factor(request) or not request.user.needs_second_factor:
            return None
        wanted = request.get_full_path() if request.method == "GET" else ""
        query = f"?{urlencode({'next': wanted})}" if rules.safe_path(wanted) else ""
        return redirect(reverse("accounts:second-factor") + query)
