"""Giving a colleague the editing of the entries."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect

from ...forms.live import HandOverForm
from ...operations.handover import CannotHandOver, hand_over
from ...queries.mine import colleagues
from .base import EditorView


class HandOver(EditorView):
    """Who keeps the entries of one organisation from now on."""

    template_name = "directory/mine/hand_over.html"

    def find(self, **kwargs) -> None:
        super().find(**kwargs)
        asked = self.request.GET.get("organisation") or str(self.organisations[0].pk)
        self.organisation = next((each for each in self.organisations if str(each.pk) == asked), None)
        if self.organisation is None:
            raise Http404

    def page(self, **more):
        return super().page(**more | {"organisation": self.organisation, "organisations": self.organisations})

    def form(self, data=None):
        return HandOverForm(data, colleagues=colleagues(self.organisation.pk, self.request.user))

    def get(self, request):
        return self.page(form=self.form())

    def post(self, request):
        form = self.form(request.POST)
        if not form.is_valid():
            return self.page(form=form)
        given = form.cleaned_data
        try:
            said = hand_over(
                organisation=self.organisation,
                to=form.colleagues.get(given["colleague"]),
                invite=(given["name"], given["email"]) if given["colleague"] == "new" else None,
                stop=given["stop"],
                by=request.user,
                now=self.now,
            )
        except CannotHandOver as refusal:
            form.show_refusal(refusal)
            return self.page(form=form)
        messages.success(request, said)
        return redirect("/" if given["stop"] and len(self.organisations) == 1 else "directory:mine")
