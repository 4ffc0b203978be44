"""The bank's end of a webhook: a real HTTP server that answers as it is told to."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


@dataclass(frozen=True)
class Came:
    """One request as it came."""

    headers: dict[str, str]
    body: bytes

    @property
    def document(self) -> dict[str, Any]:
        """What it says."""
        found: dict[str, Any] = json.loads(self.body)
        return found


class Bank(ThreadingHTTPServer):
    """Keeps what it is sent."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Receiving)
        self.came: list[Came] = []
        self.answers = 204

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.server_address[1]}/notices"

    def types(self) -> list[str]:
        """What it was told of, in the order of arrival."""
        return [one.document["type"] for one in self.came]


class _Receiving(BaseHTTPRequestHandler):
    server: Bank

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
        """Say nothing."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.came.append(Came(headers, body))
        self.send_response(self.server.answers)
        if 300 <= self.server.answers < 400:
            self.send_header("location", self.server.url)
        self.send_header("content-length", "0")
        self.end_headers()


@pytest.fixture
def bank_server() -> Iterator[Bank]:
    """A bank that listens."""
    server = Bank()
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join(5)
