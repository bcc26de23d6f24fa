"""Addresses of the directory: mine."""

urlpatterns = []
