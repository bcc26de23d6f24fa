"""Addresses of the directory: verifying."""

urlpatterns = []
