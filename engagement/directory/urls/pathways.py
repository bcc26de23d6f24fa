"""Addresses of the directory: pathways and levels of need."""

from django.urls import path

from ..views import pathways as views

urlpatterns = [
    path("pathways/", views.ListPathways.as_view(), name="pathways"),
    path("pathways/<slug:slug>/", views.ShowPathway.as_view(), name="pathway"),
    path("levels/", views.ShowLevels.as_view(), name="levels"),
]
