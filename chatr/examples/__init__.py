"""Example data for local use: every app with an ``examples`` module adds its own. Never in production."""
