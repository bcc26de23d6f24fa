"""Headers every answer carries."""

from django.conf import settings

UNUSED_POWERS = ", ".join(
    f"{power}=()" for power in ("accelerometer", "camera", "geolocation", "gyroscope", "microphone", "payment", "usb")
)


class PrivacyHeaders:
    """Switch off the browser powers no page of ours uses, and keep what a person sees signed in out of every cache."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        response.setdefault("Permissions-Policy", UNUSED_POWERS)
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        # Without the cookie nobody is signed in, and nothing need be looked up to know it. An answer given before
        # sessions are read (a redirect to the address with a slash) knows no user at all.
        user = getattr(request, "user", None) if settings.SESSION_COOKIE_NAME in request.COOKIES else None
        if user is not None and user.is_authenticated:
            response.setdefault("Cache-Control", "no-store")
        return response
