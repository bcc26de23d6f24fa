"""Public pages, health and error pages."""

from django.contrib.auth.decorators import login_not_required
from django.utils.decorators import method_decorator
from django.views.csrf import csrf_failure  # noqa: F401
from django.views.generic import TemplateView


@method_decorator(login_not_required, name="dispatch")
class Home(TemplateView):
    template_name = "pages/home.html"
