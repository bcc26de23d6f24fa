"""Tests that can't run here say so twice: where they stand, and at the end of the run."""

import pytest

not_run: set[str] = set()


def skip_loudly(reason: str):
    """Skip this test, and repeat the reason in red below the results."""
    not_run.add(reason)
    pytest.skip(reason)
