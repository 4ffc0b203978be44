"""A served API (``tests.channels.served``) as a test holds it: its address, and how to kill it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import httpx2

from api.settings import Settings
from tests.journeys.stack import ROOT


class Serving:
    """The forking API, and the process id of whoever serves now."""

    def __init__(self, port: int, environment: dict[str, str] | None, log: Path) -> None:
        """Start it; without an environment nobody serves before ``begin``."""
        self.address = f"http://127.0.0.1:{port}"
        self.log = log
        self._log = log.open("wb")
        self._orders = log.with_suffix(".orders.json")
        self._run = 0
        self.pid = 0
        self.lives = 0
        if environment is not None:
            self.begin(environment)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.channels.served", str(port), str(self._orders)],
            cwd=ROOT, stdout=subprocess.PIPE, stderr=self._log, text=True,
        )  # fmt: skip
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def begin(self, environment: dict[str, str], deaths: Sequence[int] = ()) -> None:
        """Serve with these settings; each of ``deaths`` is after how many statements one server dies."""
        self._run += 1
        order = {"run": self._run, "environment": environment, "deaths": list(deaths)}
        draft = self._orders.with_suffix(".draft")
        draft.write_text(json.dumps(order), encoding="utf-8")
        self.lives = 0
        draft.replace(self._orders)

    def pause(self) -> None:
        """Let nobody serve until the next ``begin``."""
        self._orders.unlink()
        quiet_since = time.monotonic()
        while time.monotonic() < quiet_since + 0.2:  # one may just have been begun
            if self.pid:
                self.kill()
                quiet_since = time.monotonic()
            time.sleep(0.02)

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.pid = int(line)
            self.lives += self.pid > 0

    def wait(self) -> None:
        """Wait until somebody serves."""
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                if httpx2.get(f"{self.address}/healthz", timeout=2).status_code == 200:
                    return
            except httpx2.HTTPError:
                time.sleep(0.05)
        raise AssertionError(self._log.name)

    def kill(self) -> None:
        """Kill whoever serves now."""
        pid, self.pid = self.pid, 0
        if pid:
            os.kill(pid, signal.SIGKILL)

    def stop(self) -> None:
        """Stop for good."""
        self.process.terminate()
        self.process.wait(10)
        self._reader.join(5)
        assert self.process.stdout is not None
        self.process.stdout.close()
        self._log.close()


def environment_of(settings: Settings, rasa_url: str) -> dict[str, str]:
    """Return the environment in which a served API has these settings."""
    named = {
        "ANHUAN_ENVIRONMENT": "sandbox",
        "ANHUAN_DATA_DIR": str(settings.data_dir),
        "DATABASE_URL": settings.database_url,
        "ANHUAN_PUBLIC_URL": "http://testserver",
        "ANHUAN_RASA_URL": rasa_url,
        "ANHUAN_RASA_TOKEN": "rasa-token",
        "ANHUAN_BOT_TOKEN": "bot-token",
        "ANHUAN_SERVICE_TOKEN": "bank-token",
        "ANHUAN_DATA_KEYS": settings.data_keys.get_secret_value(),
        "ANHUAN_HASH_KEY": settings.hash_key.get_secret_value(),
    }
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return kept | named
