"""The chair's desk, and the overview of one conference."""

from django.urls import path

from ..views import desk

urlpatterns = [
    path("desk/", desk.Desk.as_view(), name="desk"),
    path("<uuid:conference_id>/", desk.Overview.as_view(), name="conference"),
]
