"""Finishing a sign-up, or an invitation."""

from urllib.parse import urlencode

from allauth.account.internal.flows.email_verification import send_verification_email_at_login
from allauth.account.internal.flows.login import perform_login
from allauth.account.models import Login
from allauth.account.stages import EmailVerificationStage, LoginStageController
from allauth.account.utils import has_verified_email
from allauth.account.views import ConfirmLoginCodeView
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.generic import FormView, View

from ..forms import InvitationForm
from ..operations import invitations, people


@method_decorator([login_not_required, never_cache], name="dispatch")
class Continue(View):
    """The first browser goes on once the mailed link was opened in another; or has the link sent again."""

    who_may_see = "Anybody who has just signed up in this browser. Others are asked to sign in."
    http_method_names = ["post"]

    def post(self, request):
        if request.user.is_authenticated:
            return redirect("pages:home")
        stage = LoginStageController.enter(request, EmailVerificationStage.key)
        if stage is None:
            messages.info(request, "Please sign in to carry on.")
            return redirect("account_login")
        if "again" in request.POST:
            send_verification_email_at_login(request, stage.login)
            messages.info(request, "If the last one is more than three minutes old, we have sent another e-mail.")
        elif has_verified_email(stage.login.user, stage.login.email):
            return self._go_on(request, stage)
        else:
            messages.warning(
                request,
                "The link in the e-mail has not been opened yet. Open it on any device, press the button there, "
                "then come back and press “I have opened the link”.",
            )
        return redirect("account_email_verification_sent")

    def _go_on(self, request, stage):
        """Into the account; but once somebody has signed in elsewhere, this browser signs in like any other."""
        if stage.login.user.last_login is None:
            return stage.exit()
        where = stage.login.redirect_url
        stage.abort()
        messages.info(request, "Your e-mail address is confirmed. Please sign in to carry on.")
        query = f"?{urlencode({'next': where})}" if where else ""
        return redirect(reverse("account_login") + query)


class ConfirmLoginCode(ConfirmLoginCodeView):
    """Signing in by an e-mailed code, which also proves a mailbox that was not proved before."""

    who_may_see = "Anybody who has just asked for a code."

    def _verify_form_valid(self, form):
        user = self._process.user
        if user.has_usable_password() and not has_verified_email(user):
            people.forget_password_nobody_proved(user=user)
        return super()._verify_form_valid(form)


@method_decorator([login_not_required, never_cache], name="dispatch")
class AcceptInvitation(FormView):
    """An invited person says who they are. Opening the page changes nothing."""

    who_may_see = "Anybody with the link from an invitation, once, for thirty days."
    form_class = InvitationForm
    template_name = "accounts/accept_invitation.html"

    def dispatch(self, request, *args, **kwargs):
        try:
            self.person = invitations.invited_person(kwargs["token"], now=timezone.now())
        except invitations.InvitationRefused as refusal:
            return self._refused(refusal)
        return super().dispatch(request, *args, **kwargs)

    def _refused(self, refusal):
        return render(self.request, "accounts/invitation_refused.html", {"refusal": refusal}, status=410)

    def get_initial(self):
        return {"name": self.person.name}

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"user": self.person}

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"person": self.person}

    def form_valid(self, form):
        try:
            user = invitations.accept_invitation(
                token=self.kwargs["token"],
                name=form.cleaned_data["name"],
                password=form.cleaned_data["password"],
                now=timezone.now(),
            )
        except invitations.InvitationRefused as refusal:
            return self._refused(refusal)
        return perform_login(self.request, Login(user=user, email=user.email))
