"""Fixtures every test of the portal shares."""
