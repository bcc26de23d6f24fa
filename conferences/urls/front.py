"""The way in."""

from django.urls import path

from ..views import front

urlpatterns = [
    path("", front.Front.as_view(), name="front"),
]
