"""What every template knows."""

from django.conf import settings


def site(request) -> dict:
    """The portal's name and address, and the areas that are switched off."""
    return {"SITE_NAME": settings.SITE_NAME, "SITE_URL": settings.SITE_URL, "CLOSED_AREAS": settings.CLOSED_AREAS}
