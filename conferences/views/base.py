"""The frame of every page of the area: who may enter, one transaction that speaks for them, every read written down.

A page is loaded and rendered inside that transaction, because outside it the database shows nothing. What was denied is
written down in a transaction of its own, because the refusal undoes the first.
"""

import time
import uuid
from collections.abc import Callable, Iterable
from uuid import UUID

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records
from django.contrib.auth import logout
from django.core.exceptions import ImproperlyConfigured, ObjectDoesNotExist, PermissionDenied
from django.db import DatabaseError, IntegrityError
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header, urlencode
from django.views.generic import View

from chatr.database.acting import acting_as

from ..operations.access_log import record_access
from ..queries.access import Access, conference_for
from ..rules import access as rules

SEEN_AT = "conferences_seen_at"
SEEN_EVERY = 30  # seconds; how closely the time of the last request is kept
# Somebody else was a moment faster: a row is gone or there already, each waits for the other, or access was ended.
COLLISIONS = {"23503", "23505", "40P01", "42501"}
CLOSED = "This record was closed meanwhile, so nothing more can be written in it. What you typed was not saved."


def sqlstate(problem: Exception) -> str:
    """The code of what the database refused; its words may quote somebody's row, so they are never used."""
    return getattr(problem.__cause__, "pgcode", None) or ""


def rule_of(problem: Exception) -> str:
    """The name of the rule of the database that something broke."""
    return getattr(getattr(problem.__cause__, "diag", None), "constraint_name", None) or ""


def posted_id(text: str | None) -> UUID | None:
    """An id as a form sent it; None for anything that is none, so that nothing is found."""
    try:
        return UUID(text or "")
    except ValueError:
        return None


class AreaView(View):
    """A page for people with a part in conferences."""

    http_method_names = ["get", "head", "post"]  # Django would answer OPTIONS, which nothing here asks
    who_may_see = "People with a role in conferences, signed in with a second factor."
    may_enter = staticmethod(rules.may_enter)
    counts_as_presence = True  # false for what a page asks by itself, so that it never keeps somebody signed in

    def dispatch(self, request, *args, **kwargs):
        self.now = timezone.now()
        self.request_id = str(uuid.uuid4())
        if self._is_over():
            return self._sign_out()
        try:
            response = self._answer_after_others(*args, **kwargs)
        except (Http404, PermissionDenied):
            self._record_denial()
            raise Http404 from None
        response["Cache-Control"] = "no-store"
        return response

    def _answer_after_others(self, *args, **kwargs) -> HttpResponse:
        """The answer. Who wrote the same thing at the same moment as somebody else goes again, after them."""
        try:
            try:
                return self._answer(*args, **kwargs)
            except ObjectDoesNotExist:
                pass  # there when it was looked up, and gone or out of sight when it was to be changed
            except DatabaseError as problem:
                if sqlstate(problem) not in COLLISIONS:
                    raise
            return self._answer(*args, **kwargs)  # the whole first try was undone
        except IntegrityError as problem:
            if rule_of(problem) != "frozen_once_signed":
                raise
            return self._closed_meanwhile()

    def _answer(self, *args, **kwargs) -> HttpResponse:
        self.recorded = False
        with acting_as(self.request.user.pk):
            if not self.may_enter(self.request.user):
                raise Http404
            response = self.enter(*args, **kwargs) or super().dispatch(self.request, *args, **kwargs)
            self._insist_on_record(response)
        return response

    def enter(self, *args, **kwargs) -> HttpResponse | None:
        """Load what the page is about; raise Http404 for what the person may not see. An answer ends the request."""

    # Answers

    def page(self, template: str, context: dict | None = None, *, status: int = 200, **access) -> HttpResponse:
        """Write down that the person sees this, then show it. ``access`` goes to :meth:`saw`."""
        self.saw(**access)
        return render(self.request, template, {"now": self.now, "view": self, **(context or {})}, status=status)

    def answer(self, data: dict, *, status: int = 200, **access) -> JsonResponse:
        """A small answer for a script of ours; written down like a page when ``access`` says what was seen."""
        if access:
            self.saw(**access)
        else:
            self.recorded = True  # nothing of the record is in it
        return JsonResponse(data, status=status)

    def pdf(self, content: bytes, filename: str, *, to_keep: bool = True, **access) -> HttpResponse:
        """A PDF file, written down like a page; ``to_keep`` offers to save it instead of showing it."""
        self.saw(**access)
        headers = {
            "Content-Disposition": content_disposition_header(to_keep, filename),
            "X-Content-Type-Options": "nosniff",
        }
        return HttpResponse(content, content_type="application/pdf", headers=headers)

    def saw(
        self, action: str = "view", *, thing=None, sections: Iterable[UUID] = (), conference_id: UUID | None = None
    ) -> None:
        """Write one row in the access log: what is about to be shown. Never content."""
        about = conference_id or getattr(getattr(self, "conference", None), "pk", None)
        record_access(
            action,
            conference_id=about,
            object_type=thing._meta.model_name if thing is not None else self.request.resolver_match.url_name or "",
            object_id=str(thing.pk) if thing is not None else "",
            section_ids=sections,
            request_id=self.request_id,
            address=get_adapter().get_client_ip(self.request) or "",
        )
        self.recorded = True

    # Guarding

    def _insist_on_record(self, response) -> None:
        if not getattr(response, "is_rendered", True):
            raise ImproperlyConfigured("Pages of conferences are rendered inside their transaction: use self.page().")
        if response.status_code == 200 and not self.recorded:
            raise ImproperlyConfigured("Nothing of a conference is shown before it is written down: use self.page().")

    def _record_denial(self) -> None:
        asked = {name: value for name, value in self.kwargs.items() if isinstance(value, UUID)}
        with acting_as(self.request.user.pk):
            record_access(
                "denied",
                conference_id=asked.pop("conference_id", None),
                object_type=self.request.resolver_match.url_name or "",
                object_id=str(next(iter(asked.values()), "")),
                request_id=self.request_id,
                address=get_adapter().get_client_ip(self.request) or "",
            )

    def _is_over(self) -> bool:
        """Whether the person was away too long, or signed in too long ago."""
        session, now = self.request.session, time.time()
        seen = session.get(SEEN_AT, now)
        first = min((one["at"] for one in get_authentication_records(self.request, self.request.user)), default=now)
        if now - seen > rules.IDLE.total_seconds() or now - first > rules.LONGEST.total_seconds():
            return True
        if self.counts_as_presence and (SEEN_AT not in session or now - seen > SEEN_EVERY):
            session[SEEN_AT] = now
        return False

    @property
    def _typed(self) -> dict[str, str]:
        """What was typed in a form that can't be taken, to hand it back."""
        return {
            name: value
            for name in self.request.POST
            if name not in ("csrfmiddlewaretoken", "submit")
            for value in self.request.POST.getlist(name)
            if value.strip()
        }

    def _closed_meanwhile(self) -> HttpResponse:
        """Somebody closed the record while this was on its way. Nothing of it is kept, and nothing typed is lost."""
        if self.request.headers.get("Accept") == "application/json":
            return JsonResponse({"why": CLOSED, "errors": {"": [CLOSED]}}, status=400)
        context = {"typed": self._typed, "conference_id": self.kwargs.get("conference_id")}
        return render(self.request, "conferences/closed_meanwhile.html", context, status=409)

    def hand_back(self, address: str) -> HttpResponse:
        """The person must show again who they are. What was typed meanwhile is shown to them: it is not kept."""
        if not self._typed:
            return redirect(address)
        context = {"typed": self._typed, "address": address}
        return render(self.request, "conferences/confirm_first.html", context, status=401)

    def _sign_out(self) -> HttpResponse:
        """Sign out. What was typed in a form is handed back on the page, because it can't be taken."""
        typed = self._typed
        back = self.request.get_full_path() if self.request.method == "GET" else self.request.path
        logout(self.request)
        sign_in = f"{reverse('account_login')}?{urlencode({'next': back})}"
        if self.request.headers.get("Accept") == "application/json":
            return JsonResponse({"signed_out": True, "sign_in": sign_in}, status=401)
        if typed:
            return render(self.request, "conferences/signed_out.html", {"typed": typed, "sign_in": sign_in}, status=401)
        return redirect(sign_in)


class ConferenceView(AreaView):
    """A page about one conference, for those whom ``may`` lets in; for anyone else it does not exist."""

    may: Callable[[Access], bool] = staticmethod(rules.can_read_record)

    def enter(self, conference_id, *args, **kwargs):
        found = conference_for(self.request.user, conference_id)
        if found is None:
            raise Http404
        self.conference, self.access = found
        if not self.may(self.access):
            raise Http404

    def page(self, template: str, context: dict | None = None, **more) -> HttpResponse:
        context = {"conference": self.conference, "access": self.access, **(context or {})}
        return super().page(template, context, **more)


class OpenConferenceView(ConferenceView):
    """A page that changes a conference; once it is signed or cancelled, it leads back to its overview."""

    may = staticmethod(rules.can_prepare)

    def enter(self, conference_id, *args, **kwargs):
        super().enter(conference_id, *args, **kwargs)
        if not rules.is_open(self.conference):
            return redirect("conferences:conference", conference_id)
        return None
