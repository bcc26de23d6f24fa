"""Every address of the portal."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("accounts/", include("chatr.accounts.urls")),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("files/", include("chatr.files.urls")),
    path("help/", include("chatr.help_contacts.urls")),
    path("training/", include("training.urls")),
    path("services/", include("engagement.directory.urls")),
    path("oruk/v3/", include("engagement.directory.urls.oruk")),
    *([path("conferences/", include("conferences.urls"))] if settings.CONFERENCES_ENABLED else []),
    path("", include("chatr.pages.urls")),
]
