"""Settings that hold for every test."""

from __future__ import annotations

import signal

import pytest
from hypothesis import settings

# A machine that is busy with something else makes no property false.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")


@pytest.fixture
def heeding_interrupts():
    """Tests and their programs inherit that SIGINT is ignored, as where a shell has put them into the background."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)
