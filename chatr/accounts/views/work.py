"""Where a person works."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.generic import FormView, TemplateView, View

from .. import queries, rules
from ..forms import ChooseOrganisationForm, JobForm, RequestOrganisationForm
from ..models import Organisation
from ..operations import memberships


class AboutWork(FormView):
    """A question about where the person works, which leads back to the page that sent them here."""

    who_may_see = "Anybody signed in, about themselves."

    @property
    def back(self) -> str:
        """Where they came from, or an empty string."""
        return rules.safe_path(self.request.POST.get("next") or self.request.GET.get("next"))

    def passing_on(self, name: str, **query) -> str:
        """The address of another of these pages, which then leads back to the same place."""
        query = {key: value for key, value in (query | {"next": self.back}).items() if value}
        return reverse(name) + (f"?{urlencode(query)}" if query else "")

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"next": self.back}

    def join(self, form, act, **what):
        """Call one operation; show its refusal in the form, or go on."""
        try:
            membership = act(user=self.request.user, job=form.job, now=timezone.now(), **what)
        except memberships.CannotJoin as refusal:
            self.existing = getattr(refusal, "organisation", None)  # offered instead of a duplicate
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        if membership.is_confirmed:
            messages.success(self.request, f"You are down as working for {membership.organisation}.")
        else:
            messages.info(
                self.request,
                f"Programme staff will check that you work for {membership.organisation} and e-mail you, usually "
                "within 2 working days. You can go on: your place in any queue counts from now.",
            )
        return redirect(self.back or "accounts:my-account")


class WhereYouWork(AboutWork):
    form_class = ChooseOrganisationForm
    template_name = "accounts/where_you_work.html"

    @cached_property
    def by_domain(self) -> list[Organisation]:
        """Those that hold the person's e-mail domain, where nobody need confirm them."""
        live = {each.organisation_id for each in queries.live_memberships(self.request.user)}
        found = queries.organisations_with_domain_of(self.request.user.email)
        return [each for each in found if each.pk not in live and rules.can_work_for(self.request.user, each)]

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"organisations": queries.organisations_to_choose_from(self.request.user)}

    def get_initial(self):
        first = self.by_domain[0].pk if len(self.by_domain) == 1 else None
        return {"organisation": self.request.GET.get("organisation") or first}

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {
            "by_domain": self.by_domain,
            "request_url": self.passing_on("accounts:request-organisation"),
        }

    def form_valid(self, form):
        return self.join(form, memberships.join_organisation, organisation=form.cleaned_data["organisation"])


class RequestOrganisation(AboutWork):
    form_class = RequestOrganisationForm
    template_name = "accounts/request_organisation.html"
    existing: Organisation | None = None

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {
            "choose_url": self.passing_on("accounts:where-you-work"),
            "existing": self.existing,
            "existing_url": self.existing and self.passing_on("accounts:where-you-work", organisation=self.existing.pk),
        }

    def form_valid(self, form):
        asked = {name: form.cleaned_data[name] for name in ("name", "sector", "borough")}
        return self.join(form, memberships.request_organisation, **asked)


class OwnMembership:
    """A view about one of the person's own live memberships; anybody else's does not exist here."""

    who_may_see = "The person whose membership it is."

    @cached_property
    def membership(self):
        for each in queries.live_memberships(self.request.user):
            if each.pk == self.kwargs["pk"]:
                return each
        raise Http404

    def dispatch(self, request, *args, **kwargs):
        self.membership  # noqa: B018 - somebody else's is 404 before anything happens
        return super().dispatch(request, *args, **kwargs)


class ChooseMembership(OwnMembership, View):
    http_method_names = ["post"]

    def post(self, request, pk):
        try:
            memberships.choose_membership(user=request.user, membership=self.membership)
        except memberships.CannotChoose as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, f"You are acting for {self.membership.organisation} now.")
        return redirect("accounts:my-account")


class ChangeJob(OwnMembership, FormView):
    form_class = JobForm
    template_name = "accounts/change_job.html"

    def get_initial(self):
        return JobForm.holding(self.membership)

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"membership": self.membership}

    def form_valid(self, form):
        memberships.change_job(membership=self.membership, job=form.job, by=self.request.user)
        messages.success(self.request, "Saved.")
        return redirect("accounts:my-account")


class LeaveOrganisation(OwnMembership, TemplateView):
    template_name = "accounts/leave_organisation.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"membership": self.membership}

    def post(self, request, pk):
        memberships.end_membership(membership=self.membership, by=request.user, now=timezone.now())
        messages.success(request, f"You no longer work for {self.membership.organisation}. Your bookings are kept.")
        return redirect("accounts:my-account" if queries.live_memberships(request.user) else "accounts:where-you-work")
