"""The public addresses of the directory, for search engines."""

from django.contrib.sitemaps import Sitemap
from django.urls import reverse
from django.utils import timezone

from .models import Listing, Pathway


class PublicServices(Sitemap):
    """The ways in, every pathway, and every service the public may see."""

    def items(self):
        shown = Listing.objects.shown(timezone.localdate())
        pathways = Pathway.objects.filter(is_published=True, framework__is_published=True)
        return [
            *(reverse(f"directory:{name}") for name in ("services", "pathways", "levels")),
            *self._addresses("pathway", pathways),
            *self._addresses("service", shown),
        ]

    def _addresses(self, name, rows):
        return [
            reverse(f"directory:{name}", args=[slug]) for slug in rows.order_by("slug").values_list("slug", flat=True)
        ]

    def location(self, item):
        return item
