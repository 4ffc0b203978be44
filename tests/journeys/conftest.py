"""One running installation for all journeys of a test run."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.journeys.stack import Stack


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The whole product on ports and a data folder of its own."""
    started = Stack(tmp_path_factory.mktemp("installation"))
    yield started
    started.stop()
