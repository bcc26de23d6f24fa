"""The public addresses of training, for search engines."""

from django.contrib.sitemaps import Sitemap
from django.urls import reverse

from .models import Course


class Courses(Sitemap):
    """The list, and every published course."""

    def items(self):
        return [reverse("training:courses"), *(reverse("training:course", args=[slug]) for slug in self._slugs())]

    def _slugs(self):
        return Course.objects.published().order_by("slug").values_list("slug", flat=True)

    def location(self, item):
        return item
