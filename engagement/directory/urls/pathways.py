"""Addresses of the directory: pathways."""

urlpatterns = []
