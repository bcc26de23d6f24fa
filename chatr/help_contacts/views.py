"""The page of numbers that help."""

from django.contrib.auth.decorators import login_not_required
from django.utils.decorators import method_decorator
from django.views.generic import ListView

from .models import HelpContact


@method_decorator(login_not_required, name="dispatch")
class ShowHelp(ListView):
    who_may_see = "Everybody, signed in or not."
    template_name = "pages/help.html"
    context_object_name = "contacts"

    def get_queryset(self):
        return HelpContact.objects.shown()
