"""The account every test of a function works on."""

from __future__ import annotations

import io
import logging
from collections.abc import Callable, Iterator

import pytest

from tests.lambdas.deployed import PLAIN, Deployed, deployed


@pytest.fixture
def told(capfd: pytest.CaptureFixture[str]) -> Callable[[], str]:
    """Everything the functions have written so far, wherever their logger was made."""
    written = io.StringIO()
    for handler in logging.getLogger(PLAIN["POWERTOOLS_SERVICE_NAME"]).handlers:
        assert isinstance(handler, logging.StreamHandler)
        handler.setStream(written)

    def so_far() -> str:
        captured = capfd.readouterr()
        written.write(captured.out + captured.err)
        return written.getvalue()

    return so_far


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> Iterator[Deployed]:
    """A fresh account, with the environment of the functions set."""
    with deployed(monkeypatch) as made:
        yield made
