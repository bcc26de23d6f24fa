"""The way in: for everybody what a conference is, for those with a part in it the desk."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect
from django.utils.decorators import method_decorator

from chatr.pages.views import ShowPage

from ..rules import access as rules


@method_decorator(login_not_required, name="dispatch")
class Front(ShowPage):
    """The public page about conferences; people with a part in them go on to their desk."""

    who_may_see = "Everybody; people with a role in conferences are led to their desk."

    def get(self, request, *args, **kwargs):
        if request.user.is_authenticated and rules.may_enter(request.user):
            return redirect("conferences:desk")
        return super().get(request, slug="conferences")
