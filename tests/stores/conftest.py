"""Every test that asks for `place` or `stores` runs on every kind of store."""

from __future__ import annotations

import pytest
from moto import mock_aws

from tests.stores import dynamodb_local
from tests.stores.places import KINDS, dynamodb, in_file, in_memory, in_tables


@pytest.fixture(scope="session")
def dynamodb_local_url():
    if reason := dynamodb_local.why_not():
        pytest.skip(reason)
    with dynamodb_local.running() as url:
        yield url


@pytest.fixture(params=KINDS)
def place(request, tmp_path):
    """Somewhere to open stores, empty."""
    if request.param == "memory":
        yield in_memory()
    elif request.param == "sqlite":
        yield in_file(tmp_path / "findings.db")
    elif request.param == "moto":
        with mock_aws():
            yield in_tables("moto", dynamodb())
    else:
        yield in_tables(request.param, dynamodb(request.getfixturevalue("dynamodb_local_url")))


@pytest.fixture
def stores(place):
    """Stores opened at the place."""
    with place.open() as opened:
        yield opened
