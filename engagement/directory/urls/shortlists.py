"""Addresses of the directory: shortlists."""

urlpatterns = []
