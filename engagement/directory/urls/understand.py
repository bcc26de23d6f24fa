"""Addresses of the directory: one service. Any word may be a service, so these come last."""

from django.urls import path

from chatr.pages.sitemaps import SITEMAPS

from ..sitemap import PublicServices
from ..views import understand

SITEMAPS["directory"] = PublicServices

urlpatterns = [
    path("<slug:slug>/did-it-help/", understand.DidItHelp.as_view(), name="did-it-help"),
    path("<slug:slug>/", understand.ShowService.as_view(), name="service"),
]
