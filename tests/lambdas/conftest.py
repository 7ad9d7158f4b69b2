"""The account every test of a function works on."""

from __future__ import annotations

import io
import logging
from collections.abc import Callable, Iterator

import pytest

from tests.lambdas.deployed import PLAIN, Deployed, deployed


@pytest.fixture
def told(capfd: pytest.CaptureFixture[str]) -> Iterator[Callable[[], str]]:
    """Everything the functions have written so far, wherever their logger was made."""
    written = io.StringIO()
    _log_to(written)

    def so_far() -> str:
        captured = capfd.readouterr()
        written.write(captured.out + captured.err)
        return written.getvalue()

    yield so_far
    _log_to(written)  # a logger that was made in between would go on with a stream that is closed now


def _log_to(stream: io.StringIO) -> None:
    for handler in logging.getLogger(PLAIN["POWERTOOLS_SERVICE_NAME"]).handlers:
        assert isinstance(handler, logging.StreamHandler)
        handler.stream = stream  # setStream flushes the old one, which pytest may have closed


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> Iterator[Deployed]:
    """A fresh account, with the environment of the functions set."""
    with deployed(monkeypatch) as made:
        yield made
