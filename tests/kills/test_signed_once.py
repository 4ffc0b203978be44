"""Two tabs, many attempts at once, two processes of the API: one agreement, and everybody hears of that one."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest
from fastapi.testclient import TestClient

from api.conversations.signing import complete_signatures
from api.kit.clock import SetClock
from api.kit.db import Database
from api.main import create_app
from tests.channels.serving import Serving, environment_of
from tests.conftest import BOT
from tests.kills.installation import DATABASES, installation
from tests.kills.signer import Signer, Tab, build, counted
from tests.postgresql import PostgresServer
from tooling.ports import free_ports

AT_ONCE = 20
Post = Callable[..., httpx2.Response]


@dataclass(frozen=True)
class Answered:
    """What an attempt to sign was answered at last."""

    status: int
    code: str
    number: str


@pytest.fixture(scope="module")
def signer(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Signer:
    """Somebody with two tabs: one code given and not recorded yet, one code just arrived."""
    return build(installation(request, tmp_path_factory, "signer"), tabs=2)


def attempt(post: Post, tab: Tab, number: int) -> Answered:
    """Give the code as a page does, have it recorded as the assistant does; again while told to come again."""
    message = {"text": tab.code, "client_message_id": f"attempt-{number}"}
    said = f"/v1/chat/conversations/{tab.conversation_id}/messages"
    record = f"/v1/bot/conversations/{tab.conversation_id}/agreement"
    deadline = time.monotonic() + 120
    while True:
        assert time.monotonic() < deadline
        given = post(said, json=message, headers={"Authorization": f"Bearer {tab.token}"})
        answer = post(record, json={}, headers=BOT) if given.status_code < 300 else given
        if answer.status_code != 503:
            break
        time.sleep(0.1)
    body = answer.json()
    return Answered(
        answer.status_code, body.get("code", ""), body.get("words", {}).get("agreement_no", "")
    )


def once(answers: list[Answered], database: Database) -> None:
    """Hold that one agreement came of all of it, and that whoever was told of one was told of that one."""
    with database.reading() as session:
        found = counted(session)
    assert set(found.values()) == {1}, found
    assert {answer.status for answer in answers} <= {200, 409}, answers
    assert {answer.code for answer in answers} <= {"", "already_in_force", "not_signed"}, answers
    succeeded = [answer.number for answer in answers if answer.status == 200]
    assert succeeded
    assert len(set(succeeded)) == 1
    refused = [a.number for a in answers if a.code == "already_in_force"]
    assert set(refused) <= set(succeeded)


@pytest.fixture(scope="module")
def processes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Serving, ...]]:
    """Two processes of the API that serve one run after another."""
    folder = tmp_path_factory.mktemp("processes")
    ports = free_ports(2)
    started = tuple(Serving(port, None, folder / f"api-{port}.log") for port in ports)
    yield started
    for one in started:
        one.stop()


def over_two_processes(
    signer: Signer, processes: tuple[Serving, ...], folder: Path, attempts: int,
    server: Callable[[], PostgresServer],
) -> None:  # fmt: skip
    settings = signer.copied(folder, server)
    with ExitStack() as ending:
        if settings.database_url:
            ending.callback(server().drop, settings.database_url)
        for one in processes:
            one.begin(environment_of(settings, "http://127.0.0.1:9"))
            ending.callback(one.pause)
        for one in processes:
            one.wait()
        client = ending.enter_context(
            httpx2.Client(timeout=60, limits=httpx2.Limits(max_connections=AT_ONCE))
        )

        def try_it(number: int) -> Answered:
            address = processes[number % 2].address
            return attempt(
                lambda path, **request: client.post(f"{address}{path}", **request),
                signer.tabs[number // 2 % 2], number,
            )  # fmt: skip

        with ThreadPoolExecutor(AT_ONCE) as pool:
            answers = list(pool.map(try_it, range(attempts)))
        database = Database(settings.database)
        ending.callback(database.close)
        once(answers, database)


@pytest.mark.parametrize("signer", DATABASES, indirect=True)
def test_twenty_attempts_over_two_processes_sign_once(
    signer: Signer, processes: tuple[Serving, ...], tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    over_two_processes(
        signer, processes, tmp_path, 20, lambda: request.getfixturevalue("postgresql")
    )


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.parametrize("signer", DATABASES, indirect=True)
def test_two_hundred_attempts_over_two_processes_sign_once(
    signer: Signer, processes: tuple[Serving, ...], tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    over_two_processes(
        signer, processes, tmp_path, 240, lambda: request.getfixturevalue("postgresql")
    )


def in_threads(
    signer: Signer, folder: Path, attempts: int, server: Callable[[], PostgresServer]
) -> None:
    """Let threads of one process try, the tick that completes signatures among them."""
    settings = signer.copied(folder, server)
    app = create_app(settings, SetClock(signer.begins))
    clock: SetClock = app.state.clock
    clock.at = signer.begins.replace(microsecond=1)
    chance = random.Random(attempts)
    with ExitStack() as ending:
        if settings.database_url:
            ending.callback(server().drop, settings.database_url)
        ending.callback(app.state.database.close)
        client = TestClient(app)  # without its loops: the ticks are among the attempts

        def try_it(number: int) -> Answered | None:
            if chance.random() < 0.2:
                clock.at = signer.begins.replace(second=30)
                complete_signatures(app.state.database, clock, app.state.policy)
                return None
            return attempt(client.post, signer.tabs[number % 2], number)

        with ThreadPoolExecutor(AT_ONCE) as pool:
            answers = [one for one in pool.map(try_it, range(attempts)) if one is not None]
        once(answers, app.state.database)


@pytest.mark.parametrize("signer", DATABASES, indirect=True)
def test_twenty_attempts_in_threads_sign_once(
    signer: Signer, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    in_threads(signer, tmp_path, 20, lambda: request.getfixturevalue("postgresql"))


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.parametrize("signer", DATABASES, indirect=True)
def test_two_hundred_attempts_in_threads_sign_once(
    signer: Signer, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    in_threads(signer, tmp_path, 240, lambda: request.getfixturevalue("postgresql"))
