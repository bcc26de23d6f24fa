"""The one address of a private file."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.views.generic import View

from . import operations, rules
from .models import PrivateFile


class ReadFile(View):
    """Hands over a file to whoever its kind's rule allows; to everybody else it does not exist."""

    who_may_see = "Anyone signed in whom the rule of the file's kind allows."
    http_method_names = ["get", "head", "options"]

    def get(self, request, pk):
        file = get_object_or_404(PrivateFile, pk=pk)
        if not rules.can_read(request.user, file):
            raise Http404
        return HttpResponse(
            operations.read(file=file, by=request.user),
            content_type=file.content_type,
            headers={
                "Content-Disposition": content_disposition_header(True, file.name),
                "Content-Security-Policy": "sandbox",
                "X-Content-Type-Options": "nosniff",
                "Cache-Control": "private, no-store",
            },
        )
