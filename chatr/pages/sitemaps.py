"""The public addresses, for search engines."""

from django.conf import settings
from django.contrib.sitemaps import Sitemap

from .models import Page


class PublicPages(Sitemap):
    def items(self):
        pages = Page.objects.published().exclude(slug__in=settings.CLOSED_AREAS)
        return ["/", "/help/", *pages.order_by("slug")]

    def location(self, item):
        return item if isinstance(item, str) else item.get_absolute_url()

    def lastmod(self, item):
        return None if isinstance(item, str) else item.updated_at


# An area adds its own from its urls.py: SITEMAPS["training"] = Courses
SITEMAPS = {"pages": PublicPages}
