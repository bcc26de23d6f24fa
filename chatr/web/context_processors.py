"""What every template knows."""

from django.conf import settings


def site(request) -> dict:
    """The portal's name and address."""
    return {"SITE_NAME": settings.SITE_NAME, "SITE_URL": settings.SITE_URL}
