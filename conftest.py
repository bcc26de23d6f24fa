"""Hands every test the shared fixtures. Here, and not in an app, because pytest reads it after Django is set up."""

pytest_plugins = ["chatr.testing.fixtures"]
