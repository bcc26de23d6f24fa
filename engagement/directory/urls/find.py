"""Addresses of the directory: finding a service, and the map of what was found."""

from django.urls import path

from ..views import find

urlpatterns = [
    path("", find.FindServices.as_view(), name="services"),
    path("map/", find.ShowMap.as_view(), name="map"),
]
