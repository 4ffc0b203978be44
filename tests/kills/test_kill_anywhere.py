"""``kill -9`` of the API at any step of any workflow, while a small town goes about its days.

Texts come in, the page is written on, the outbox sends, codes sign, payments are told, reminders fall due,
outreach and an agency want to write: and the process dies, before whichever statement its seed says, and
again. On SQLite and on PostgreSQL; the provider is the sandbox telephone, with Twilio's own client.
"""

from __future__ import annotations

import random
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from api.kit.clock import SystemClock
from api.kit.secrecy import Keyring, use_keyring
from sandbox.telephone import TelephoneSettings, create_app
from sandbox.telephone.store import TextStore
from tests.channels.served import Echo
from tests.channels.serving import Serving, environment_of
from tests.kills.days import Days
from tests.kills.installation import DATABASES, installation
from tests.kills.reckoning import reckon
from tests.kills.town import BANK_NUMBER, PROVIDER_SID, PROVIDER_TOKEN, Town, build
from tests.postgresql import PostgresServer
from tests.sandbox.running import serving as running
from tooling.ports import free_ports

MOST_DEATHS = 6
FEWER_DEATHS = 3
"""Of the half dozen runs that every change has to pass."""
LONGEST_LIFE = 1500
"""Statements of the database; a whole run needs some thousands."""


def deaths_of(seed: int) -> list[int]:
    """Return after how many statements each server of a run dies: most die young, as chance has it."""
    chance = random.Random(seed)
    return [
        int(LONGEST_LIFE ** chance.uniform(0.3, 1)) for _ in range(chance.randint(2, MOST_DEATHS))
    ]


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """The API that serves one run after another."""
    folder = tmp_path_factory.mktemp("served")
    started = Serving(free_ports(1)[0], None, folder / "api.log")
    yield started
    started.stop()


@pytest.fixture(scope="module")
def town(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Town:
    """The town on one kind of database."""
    return build(installation(request, tmp_path_factory, "town"))


def live_through(
    town: Town,
    api: Serving,
    folder: Path,
    seed: int,
    server: Callable[[], PostgresServer],
    most: int = MOST_DEATHS,
) -> int:
    """Live through the town's days with the first ``most`` deaths of a seed; returns how many servers died."""
    keys = town.settings
    use_keyring(
        Keyring(keys.data_keys.get_secret_value().split(","), keys.hash_key.get_secret_value())
    )
    settings = town.copied(folder, server)
    provider = TelephoneSettings.read(
        {
            "ANHUAN_ENVIRONMENT": "sandbox", "TWILIO_ACCOUNT_SID": PROVIDER_SID,
            "TWILIO_AUTH_TOKEN": PROVIDER_TOKEN, "TWILIO_FROM": BANK_NUMBER,
            "ANHUAN_PUBLIC_URL": api.address, "ANHUAN_DATA_DIR": str(folder / "telephone"),
        }
    )  # fmt: skip
    with (
        Echo(seed) as echo,
        running(create_app(provider, step_seconds=0.05)) as telephone,
        ExitStack() as ending,
    ):
        if settings.database_url:
            ending.callback(server().drop, settings.database_url)
        thread = threading.Thread(target=echo.serve_forever, daemon=True)
        thread.start()
        environment = environment_of(settings, echo.url) | {
            "ANHUAN_PUBLIC_URL": api.address, "ANHUAN_TWILIO_API_URL": telephone,
            "TWILIO_ACCOUNT_SID": PROVIDER_SID, "TWILIO_AUTH_TOKEN": PROVIDER_TOKEN,
            "TWILIO_FROM": BANK_NUMBER,
        }  # fmt: skip
        days = Days(town, settings, api.address, seed)
        ending.callback(days.database.close)
        api.begin(environment, deaths_of(seed)[:most])
        try:
            days.pass_by()
        finally:
            died = api.lives - 1
            api.pause()
            echo.shutdown()
            thread.join(5)
        texts = TextStore(folder / "telephone/telephone.sqlite3", SystemClock()).newest(limit=500)
        reckon(days, texts[::-1])
    return died


@pytest.mark.parametrize("town", DATABASES, indirect=True)
def test_a_run_of_days_with_kills(
    town: Town, api: Serving, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    died = live_through(
        town, api, tmp_path, 0, lambda: request.getfixturevalue("postgresql"), FEWER_DEATHS
    )
    assert died > 0
    assert_a_quiet_log(api)


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.parametrize("town", DATABASES, indirect=True)
@pytest.mark.parametrize("seed", range(100, 200))
def test_two_hundred_runs_of_days_with_kills(
    town: Town, api: Serving, tmp_path: Path, seed: int, request: pytest.FixtureRequest
) -> None:
    died = live_through(town, api, tmp_path, seed, lambda: request.getfixturevalue("postgresql"))
    assert died > 0
    assert_a_quiet_log(api)
    shutil.rmtree(tmp_path, ignore_errors=True)


def assert_a_quiet_log(api: Serving) -> None:
    """No stack trace, and nothing that anybody wrote or is."""
    log = api.log.read_text(encoding="utf-8")
    assert "Traceback" not in log, log[-3000:]
    for secret in ("line 1 of", "1990000000", "沈禾"):
        assert secret not in log
