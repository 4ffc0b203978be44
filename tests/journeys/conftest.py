"""One running installation for all journeys of a test run, and one for those in which months pass."""

from __future__ import annotations

from collections.abc import Generator, Iterator

import pytest

from tests.journeys.passing import Passing
from tests.journeys.stack import Stack
from tests.postgresql import PostgresServer


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A story that fails shows what the installation last had to say: nobody can look there afterwards."""
    report = yield
    if report.failed:
        for value in getattr(item, "funcargs", {}).values():
            running = value.stack if isinstance(value, Passing) else value
            if isinstance(running, Stack):
                report.sections.append(("the installation", running.last_words()))
    return report


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The whole product on ports and a data folder of its own."""
    started = Stack(tmp_path_factory.mktemp("installation"))
    yield started
    started.stop()


@pytest.fixture(
    scope="session",
    params=[
        pytest.param("postgresql", marks=pytest.mark.postgresql),
        pytest.param("sqlite", marks=pytest.mark.long),
    ],
)
def passing(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Passing]:
    """The whole product again, on each database, with a clock that these stories set forward."""
    url = ""
    if request.param == "postgresql":
        server: PostgresServer = request.getfixturevalue("postgresql")
        url = server.database()
    started = Stack(tmp_path_factory.mktemp("months"), url)
    yield Passing(started)
    started.stop()
