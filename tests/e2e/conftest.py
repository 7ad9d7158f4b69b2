"""One emulator for the session, and the stack with its defaults deployed to it; every test here is end to end."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.assembly import deploy
from tests.e2e.emulator import BARE, HOME, Emulator, running
from tests.e2e.pipeline import Pipeline

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder, and keep them in one process."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.e2e)
            item.add_marker(pytest.mark.xdist_group("e2e"))


@pytest.fixture(scope="session")
def emulator() -> Iterator[Emulator]:
    """AWS on this machine."""
    if not (HOME.exists() and BARE.exists()):
        pytest.fail("the emulator is not installed; run `make e2e`")
    with running() as made:
        yield made


@pytest.fixture(scope="session")
def pipeline(emulator: Emulator, tmp_path_factory: pytest.TempPathFactory) -> Pipeline:
    """The stack as it is when nothing is set."""
    return Pipeline(deploy(emulator, tmp_path_factory.mktemp("assembly")))
