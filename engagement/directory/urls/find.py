"""Addresses of the directory: find."""

urlpatterns = []
