"""The whole product, running: API, Rasa and sandbox telephone under their supervisor."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
from sqlalchemy import NullPool, create_engine, text

from tooling.children import child
from tooling.ports import VARIABLES, free_ports

ROOT = Path(__file__).parents[2]
START_SECONDS = 300
STOP_SECONDS = 30
LAST_LINES = 12


@dataclass(frozen=True)
class SamplePerson:
    """One account of the sample portfolio, with what only its holder would know."""

    account_ref: str
    person_ref: str
    telephone: str
    id_last4: str


class Stack:
    """One running installation with its own data folder and ports.

    It ends with us in every case: when a test is broken off while it starts, and (by the signal that
    ``child`` arranges on Linux) when the test run itself is killed.
    """

    def __init__(self, folder: Path, database_url: str = "") -> None:
        """Start it and wait until all of it is ready and warm; raises ``RuntimeError`` if it is not.

        ``database_url`` as the setting: empty is SQLite in the folder.
        """
        self.folder = folder
        ready = folder / "ready.json"
        self.log = folder / "run.log"
        environment = dict(os.environ)
        environment |= dict(zip(VARIABLES, map(str, free_ports(len(VARIABLES))), strict=True))
        for name in ("ANHUAN_PUBLIC_URL", "DATABASE_URL", "ANHUAN_DATA_DIR"):
            environment.pop(name, None)
        if database_url:
            environment["DATABASE_URL"] = database_url
        self.environment = environment
        self._record = create_engine(
            database_url or f"sqlite:///file:{folder / 'anhuan.db'}?mode=ro&uri=true",
            poolclass=NullPool,
        )
        command = [
            sys.executable, "-m", "tooling.run", "--data-dir", str(folder), "--ready-file", str(ready),
        ]  # fmt: skip
        self._clients: list[httpx2.Client] = []
        self._ending = ExitStack()
        with self.log.open("wb") as log:
            self.process = self._ending.enter_context(
                child(
                    command, cwd=str(ROOT), env=environment, output=log.fileno(),
                    patience=STOP_SECONDS,
                )
            )  # fmt: skip
        try:
            self._wait_for(ready)
        except BaseException:  # a test's time may run out here
            self.stop()
            raise
        self.settings: dict[str, Any] = json.loads(ready.read_text(encoding="utf-8"))
        self.address = f"http://127.0.0.1:{self.settings['ANHUAN_PORT']}"
        self.telephone = f"http://127.0.0.1:{self.settings['ANHUAN_TELEPHONE_PORT']}"
        self.bank = self.client(
            Authorization=f"Bearer {self.settings['ANHUAN_SERVICE_TOKEN']}",
        )

    def _wait_for(self, ready: Path) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not ready.exists():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(self.log.read_text(encoding="utf-8")[-3000:])
            time.sleep(0.2)

    def client(self, **headers: str) -> httpx2.Client:
        """Return a client of the API that is closed when the installation stops."""
        made = httpx2.Client(base_url=self.address, headers=headers, timeout=60)
        self._clients.append(made)
        return made

    def stop(self) -> int:
        """Stop it as Ctrl-C does, by force where it does not listen, and return the exit code."""
        for client in self._clients:
            client.close()
        with self._ending:
            if self.process.poll() is None:
                self.process.send_signal(signal.SIGINT)
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(STOP_SECONDS)
        return self.process.wait(STOP_SECONDS)

    def person(self, person_ref: str) -> SamplePerson:
        """Return a person of the sample portfolio by reference (their first account)."""
        with (self.folder / "sample-portfolio.csv").open(encoding="utf-8", newline="") as lines:
            row = next(row for row in csv.DictReader(lines) if row["person_ref"] == person_ref)
        return SamplePerson(row["account_ref"], person_ref, row["telephone"], row["id_last4"])

    def invite(self, person: SamplePerson) -> dict[str, str]:
        """Make an invite for a person, as the bank does."""
        accounts = self.bank.get("/v1/accounts", params={"overdue": "true", "limit": 1000}).json()
        found = next(
            item for item in accounts["items"] if item["account_ref"] == person.account_ref
        )
        invite: dict[str, str] = self.bank.post(f"/v1/accounts/{found['id']}/invites").json()
        return invite

    def asked(self, query: str, **values: str) -> list[Any]:
        """Return the first column of what a query finds in the record, which it only reads."""
        with self._record.connect() as connection:
            return list(connection.execute(text(query), values).scalars())

    def texts(self, person: SamplePerson) -> list[dict[str, Any]]:
        """Return the texts on a person's telephone, newest first."""
        answer = httpx2.get(f"{self.telephone}/api/messages", params={"to": person.telephone})
        texts: list[dict[str, Any]] = answer.json()["messages"]
        return texts

    def last_words(self) -> str:
        """Return the end of what it and each of its processes has logged, and whether it still runs."""
        code = self.process.poll()
        ends = [f"still running: {code is None}, exit code: {code}"]
        for path in (self.log, *sorted((self.folder / "log").glob("*.log"))):
            lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
            ends += [f"---- {path.name}", *lines[-LAST_LINES:]]
        return "\n".join(ends)

    def logs(self) -> str:
        """Return everything every process has logged."""
        return "\n".join(
            path.read_text(encoding="utf-8", errors="replace")
            for path in sorted((self.folder / "log").glob("*.log*"))
        )
