"""Asking people to show who they are before something that matters."""

from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from django.shortcuts import redirect
from django.urls import reverse
from django.views.generic import TemplateView

from .. import rules


class RecentlyConfirmed:
    """A view only for somebody who showed who they are within the last minutes; others do so first and come back.

    A view that takes long texts may say in ``hand_back(address)`` how they are given back when that lapsed meanwhile.
    """

    def dispatch(self, request, *args, **kwargs):
        if rules.recently_confirmed(request):
            return super().dispatch(request, *args, **kwargs)
        methods = get_adapter().get_reauthentication_methods(request.user)
        ask = methods[0]["url"] if methods else reverse("accounts:confirm-it-is-you")
        address = f"{ask}?{urlencode({'next': request.path})}"
        hand_back = getattr(self, "hand_back", redirect) if request.method == "POST" else redirect
        return hand_back(address)


class ConfirmItIsYou(TemplateView):
    """For those who sign in with an e-mailed code: sign in again with a new one, and come back."""

    who_may_see = "Anybody signed in; others sign in first."
    template_name = "accounts/confirm_it_is_you.html"

    def get_context_data(self, **kwargs):
        path = rules.safe_path(self.request.GET.get("next")) or reverse("accounts:my-account")
        code = f"{reverse('account_request_login_code')}?{urlencode({'next': path})}"
        return super().get_context_data(**kwargs) | {"sign_in_again": code}
