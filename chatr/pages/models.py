"""Public pages, edited by staff."""

from django.db import models


class PageQuerySet(models.QuerySet):
    def published(self):
        """Those everybody may read."""
        return self.filter(is_published=True)


class Page(models.Model):
    """A public page: its address, title and words in Markdown."""

    slug = models.SlugField(
        "address",
        max_length=60,
        unique=True,
        help_text="The part of the address between the slashes: “about” for /about/.",
    )
    title = models.CharField(max_length=120)
    summary = models.CharField(
        max_length=300, blank=True, help_text="One sentence under the title; search engines show it too."
    )
    body = models.TextField("words")
    is_published = models.BooleanField(
        "published", default=False, help_text="Until then only staff who edit pages can see it."
    )
    review_on = models.DateField("look at it again on", null=True, blank=True)
    created_at = models.DateTimeField("written", auto_now_add=True)
    updated_at = models.DateTimeField("last changed", auto_now=True)

    objects = PageQuerySet.as_manager()

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return f"/{self.slug}/"
