"""Addresses of the directory: suggestions."""

urlpatterns = []
