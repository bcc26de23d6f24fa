"""A person's own account."""

from allauth.account.views import EmailView, PasswordSetView
from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.generic import FormView, RedirectView, TemplateView

from chatr.privacy.queries import export_for

from .. import queries
from ..forms import NameForm
from ..operations import erasure, people
from .steps import RecentlyConfirmed

OWN = "Anybody signed in, about themselves."


class Index(RedirectView):
    who_may_see = OWN
    pattern_name = "accounts:my-account"


class MyAccount(TemplateView):
    who_may_see = OWN
    template_name = "accounts/my_account.html"

    def get_context_data(self, **kwargs):
        user = self.request.user
        kinds = list(Authenticator.objects.filter(user=user).values_list("type", flat=True))
        return super().get_context_data(**kwargs) | {
            "memberships": queries.live_memberships(user),
            "acting_for": queries.membership_for_booking(user),
            "has_app": Authenticator.Type.TOTP in kinds,
            "passkeys": kinds.count(Authenticator.Type.WEBAUTHN),
            "has_recovery_codes": Authenticator.Type.RECOVERY_CODES in kinds,
            "erasure_request": queries.open_erasure_request(user),
        }


class ChangeName(FormView):
    who_may_see = OWN
    form_class = NameForm
    template_name = "accounts/change_name.html"

    def get_initial(self):
        return {"name": self.request.user.name}

    def form_valid(self, form):
        people.change_name(user=self.request.user, name=form.cleaned_data["name"])
        messages.success(self.request, "Your name is saved.")
        return redirect("accounts:my-account")


class ChangeEmail(RecentlyConfirmed, EmailView):
    who_may_see = "Anybody signed in who has just shown who they are, about themselves."


class SetPassword(RecentlyConfirmed, PasswordSetView):
    who_may_see = "Anybody signed in who has just shown who they are, about themselves."


class DownloadMyData(RecentlyConfirmed, TemplateView):
    """What we hold about the person, as one file. Pressing the button makes it; nothing of it is kept."""

    who_may_see = "Anybody signed in who has just shown who they are, about themselves."
    template_name = "accounts/download_my_data.html"

    def post(self, request) -> HttpResponse:
        people.record_data_downloaded(user=request.user)
        answer = JsonResponse(export_for(request.user), json_dumps_params={"indent": 2, "ensure_ascii": False})
        day = timezone.localdate()
        answer["Content-Disposition"] = f'attachment; filename="my-chatr-data-{day:%Y-%m-%d}.json"'
        return answer


class AskForErasure(TemplateView):
    """Ask for the account to be erased; see that it was asked; take it back."""

    who_may_see = OWN
    template_name = "accounts/erasure.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"erasure_request": queries.open_erasure_request(self.request.user)}

    def post(self, request):
        if "withdraw" in request.POST:
            erasure.withdraw_erasure(user=request.user, now=timezone.now())
            messages.success(request, "You have taken your request back. Nothing is erased.")
        else:
            erasure.ask_for_erasure(user=request.user, now=timezone.now())
            messages.success(request, "We have your request.")
        return redirect("accounts:erasure")
