"""The public pages a new portal starts with. Their words are in ``texts/``; from then on staff own them."""

from datetime import timedelta
from pathlib import Path

from django.utils import timezone

from .models import Page

TEXTS = Path(__file__).parent / "texts"
LOOK_AGAIN_AFTER = timedelta(days=365)

PAGES = {
    "about": (
        "About the programme",
        "We want children who have lived through hard things to get the right help, early.",
    ),
    "contact": ("Contact us", "How to reach the people who run the programme and this portal."),
    "privacy": ("Privacy", "What we know about you, why, for how long, and what you can ask of us."),
    "accessibility": ("Accessibility statement", "How easy this portal is to use, and what to do when it is not."),
    "cookies": ("Cookies", "We use only the cookies the portal cannot work without."),
    "conferences": (
        "Child protection conferences",
        "How conferences here put the child and the family at the centre.",
    ),
    "have-your-say": ("Have your say", "For young people, parents and anybody who lives here. You need no account."),
}


def lay_down() -> None:
    """Add the pages that are missing, published. What staff changed stays as they left it."""
    known = set(Page.objects.values_list("slug", flat=True))
    again = timezone.localdate() + LOOK_AGAIN_AFTER
    Page.objects.bulk_create(
        Page(
            slug=slug,
            title=title,
            summary=summary,
            body=(TEXTS / f"{slug}.md").read_text(encoding="utf-8"),
            is_published=True,
            review_on=again,
        )
        for slug, (title, summary) in PAGES.items()
        if slug not in known
    )
