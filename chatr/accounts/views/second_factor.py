"""The second step of signing in: asked of those whose roles need it, offered to everybody."""

from urllib.parse import urlencode

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import ViewRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView, RemoveWebAuthnView
from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.views.generic import TemplateView

from .. import rules
from ..adapter import SecondFactorAdapter
from .steps import RecentlyConfirmed

CARRY_ON = "second_factor_carry_on"


class SecondFactor(TemplateView):
    """Says plainly why a second step is needed, and leads to setting one up or to using the one there is."""

    who_may_see = "Anybody signed in, about themselves."
    template_name = "accounts/second_factor.html"
    extra_context = {"PROGRAMME_EMAIL": settings.PROGRAMME_EMAIL}

    def get(self, request, *args, **kwargs):
        wanted = rules.safe_path(request.GET.get("next"))
        kinds = set(Authenticator.objects.filter(user=request.user).values_list("type", flat=True))
        if kinds and not rules.signed_in_with_second_factor(request):
            only_key = kinds == {Authenticator.Type.WEBAUTHN}
            ask = reverse("mfa_reauthenticate_webauthn" if only_key else "mfa_reauthenticate")
            return redirect(f"{ask}?{urlencode({'next': wanted or reverse('accounts:my-account')})}")
        if wanted:
            request.session[CARRY_ON] = wanted
        return super().get(request, *args, **kwargs)


class SetUp(RecentlyConfirmed):
    """Setting up a second step is using it: nobody is asked for another code a moment later."""

    who_may_see = "Anybody signed in who has just shown who they are."

    def form_valid(self, form):
        response = super().form_valid(form)
        record_authentication(self.request, self.request.user, method="mfa", type=self.kind, reauthenticated=True)
        return response


class SetUpApp(SetUp, ActivateTOTPView):
    kind = Authenticator.Type.TOTP.value


class AddPasskey(SetUp, AddWebAuthnView):
    kind = Authenticator.Type.WEBAUTHN.value


class RemovePasskey(RemoveWebAuthnView):
    who_may_see = "The person whose passkey it is."

    def form_valid(self, form):
        adapter = SecondFactorAdapter()
        if adapter.can_delete_authenticator(self.get_object()):
            return super().form_valid(form)
        messages.error(self.request, adapter.error_messages["cannot_delete_authenticator"])
        return redirect(self.success_url)


class RecoveryCodes(ViewRecoveryCodesView):
    """The codes, and the way on to the page that a second step was needed for."""

    who_may_see = "The person whose codes they are, who has just shown who they are."

    def get_context_data(self, **kwargs):
        carry_on = rules.safe_path(self.request.session.get(CARRY_ON))
        return super().get_context_data(**kwargs) | {"carry_on": carry_on}
