"""Addresses of the directory: understand."""

urlpatterns = []
