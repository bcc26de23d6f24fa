"""What every page about one service of an editor does first: find it among theirs, or say there is none."""

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache

from ...models import Service
from ...queries.mine import organisations_of


@method_decorator(never_cache, name="dispatch")
class EditorView(View):
    """A page for somebody who may edit entries of some organisation."""

    who_may_see = "Somebody who may edit the directory entries of an organisation."
    template_name = ""

    def dispatch(self, request, *args, **kwargs):
        self.now = timezone.now()
        self.today = timezone.localdate(self.now)
        self.find(**kwargs)
        return super().dispatch(request, *args, **kwargs)

    def find(self, **kwargs) -> None:
        """:raises Http404: for anybody who edits nothing"""
        self.organisations = list(organisations_of(self.request.user))
        if not self.organisations:
            raise Http404

    def page(self, **more):
        return render(self.request, self.template_name, more | {"today": self.today}, status=more.pop("status", 200))


class ServiceView(EditorView):
    """A page about one service of theirs. That of another organisation does not exist for them."""

    who_may_see = "Editors of the service's own organisation."

    def find(self, pk, **kwargs) -> None:
        mine = Service.objects.editable_by(self.request.user).filter(merged_into=None)
        self.service = get_object_or_404(mine.select_related("organisation"), pk=pk)

    def page(self, **more):
        return super().page(**more | {"service": self.service})

    def home(self):
        return redirect("directory:my-service", pk=self.service.pk)
