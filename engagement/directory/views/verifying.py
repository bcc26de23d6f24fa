"""Saying that an entry is still right: on its page, for all at once, or by the link in a reminder."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache

from chatr.links.operations import LinkUsed
from chatr.links.queries import LinkEnded, LinkRefused
from chatr.web.forms import options
from chatr.web.templatetags.portal import plural

from ..forms.verifying import VerifyAllForm
from ..models import Service, Verification
from ..operations import verifying as operations
from ..queries import verifying as queries

EDITORS = "People who may edit the directory entries of the service's organisation."


class Verify(View):
    """What one entry says, and one button."""

    who_may_see = EDITORS

    def dispatch(self, request, *args, **kwargs):
        self.now = timezone.now()
        mine = Service.objects.editable_by(request.user).published().select_related("organisation")
        self.service = get_object_or_404(mine, pk=kwargs["service_id"])
        return super().dispatch(request, *args, **kwargs)

    def get(self, request, service_id, refusal: str = ""):
        page = {
            "service": self.service,
            "facts": queries.what_it_says(self.service, timezone.localdate(self.now)),
            "last": queries.last_verification(self.service),
            "due_on": queries.next_due(self.service),
            "today": timezone.localdate(self.now),
            "refusal": refusal,
        }
        page["verified_today"] = queries.day_of(page["last"]) == page["today"]
        return render(request, "directory/verifying/verify.html", page, status=409 if refusal else 200)

    def post(self, request, service_id):
        has_changed = "changed" in request.POST
        try:
            operations.verify(
                service=self.service,
                method=Verification.Method.PAGE,
                by=request.user,
                now=self.now,
                still_right=not has_changed,
            )
        except operations.CannotVerify as refusal:
            return self.get(request, service_id, refusal=str(refusal))
        if has_changed:
            return redirect("directory:edit-service", service_id)
        return redirect("directory:verify", service_id)


class VerifyAll(View):
    """Every entry of mine with a box, ticked; one press."""

    who_may_see = EDITORS + " Others find nothing to tick."

    def dispatch(self, request, *args, **kwargs):
        self.now = timezone.now()
        self.services = queries.to_verify(request.user, timezone.localdate(self.now))
        return super().dispatch(request, *args, **kwargs)

    def get(self, request):
        return self._show(VerifyAllForm(services=self.services))

    def post(self, request):
        form = VerifyAllForm(request.POST, services=self.services)
        if not form.is_valid():
            return self._show(form)
        try:
            done = operations.verify_all(services=form.chosen, by=request.user, now=self.now)
        except operations.CannotVerify as refusal:
            form.show_refusal(refusal, "services")
            return self._show(form)
        messages.success(request, f"{plural(len(done), 'entry is,entries are')} verified today.")
        return redirect("directory:verify-all")

    def _show(self, form):
        boxes = list(zip(options(form["services"]), self.services, strict=True))
        page = {"form": form, "options": boxes, "today": timezone.localdate(self.now)}
        return render(self.request, "directory/verifying/verify_all.html", page)


@method_decorator([login_not_required, never_cache], name="dispatch")
class StillCorrect(View):
    """The page behind the link in a reminder: no account needed, one button, and looking changes nothing."""

    who_may_see = "Anyone with the link from the reminder, while it was sent to an editor of the entry."

    def dispatch(self, request, *args, **kwargs):
        self.now = timezone.now()
        try:
            response = super().dispatch(request, *args, **kwargs)
        except LinkRefused as refusal:
            response = self._refuse(has_ended=isinstance(refusal, LinkEnded))
        except operations.CannotVerify as refusal:
            response = self._refuse(refusal=str(refusal), status=403)
        response["X-Robots-Tag"] = "noindex"
        return response

    def get(self, request, token):
        editor, asked = operations.read_link(token=token, now=self.now)
        last = queries.last_verification(asked.service)
        is_done = last is not None and queries.day_of(last) >= asked.due_on
        page = {
            "service": asked.service,
            "editor": editor,
            "last": last,
            "by_them": is_done and last.by_id == editor.pk,
            "due_on": queries.next_due(asked.service),
        }
        if is_done:
            return render(request, "directory/verifying/still_correct_done.html", page)
        page["facts"] = queries.what_it_says(asked.service, timezone.localdate(self.now))
        return render(request, "directory/verifying/still_correct.html", page)

    def post(self, request, token):
        if "changed" in request.POST:
            service = operations.say_changed_by_link(token=token, now=self.now)
            return redirect("directory:edit-service", service.pk)
        try:
            operations.verify_by_link(token=token, now=self.now)
        except LinkUsed:
            pass  # the page says when
        return redirect(request.path)

    def _refuse(self, *, has_ended: bool = False, refusal: str = "", status: int = 404):
        page = {"has_ended": has_ended, "refusal": refusal, "programme_email": settings.PROGRAMME_EMAIL}
        status = 410 if has_ended else status
        return render(self.request, "directory/verifying/still_correct_refused.html", page, status=status)
