"""An API that is killed again and again: `python -m tests.channels.served PORT ORDERS`, and who talks to it.

The parent imports once and forks; each child serves until somebody kills it, or until it has made as many
statements as it was given to live for; the next one is there within a moment. The settings come from the
environment, as in production.
"""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit


def serve(port: int, orders: Path) -> None:
    """Fork one server after another on a port; each says its process id on a line, and 0 when it is gone.

    ``orders`` is a JSON file: the environment of the next ones, and after how many statements of the
    database each of them is to kill itself. Without the file nobody serves, and callers wait.
    """
    import uvicorn

    from api.main import create_app

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind(("127.0.0.1", port))
    listening.listen(128)
    told, deaths = "", iter(())  # type: ignore[var-annotated]
    while True:
        if not orders.exists():
            time.sleep(0.02)
            continue
        order = json.loads(orders.read_text(encoding="utf-8"))
        if order["run"] != told:
            told, deaths = order["run"], iter(order["deaths"])
        death = next(deaths, 0)
        child = os.fork()
        if child == 0:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            os.dup2(2, 1)  # what it logs goes where errors go
            os.environ.clear()
            os.environ.update(order["environment"])
            if death:
                die_after(death)
            config = uvicorn.Config(create_app(), log_level="warning", access_log=False)
            uvicorn.Server(config).run(sockets=[listening])
            os._exit(0)
        print(child, flush=True)  # noqa: T201 - read by the test
        try:
            os.waitpid(child, 0)
        except SystemExit:
            os.kill(child, signal.SIGKILL)
            raise
        print(0, flush=True)  # noqa: T201 - read by the test


def die_after(statements: int) -> None:
    """Kill this process, as the kernel would, before so many statements or commits have been made."""
    from sqlalchemy import Engine, event

    left = statements

    def count_down(*_: object) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(Engine, "before_cursor_execute", count_down)
    event.listen(Engine, "commit", count_down)


class Echo(ThreadingHTTPServer):
    """Stands where Rasa stands: answers `echo of <text>`, remembers what it heard, takes its time."""

    daemon_threads = True

    def __init__(self, seed: int) -> None:
        super().__init__(("127.0.0.1", 0), _Echoing)
        self.random = random.Random(seed)
        self.trackers: dict[str, list[dict[str, Any]]] = {}
        self.lock = threading.Lock()
        self.heard = 0

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, request: object, client_address: object) -> None:
        """A caller that was killed is no news."""


class _Echoing(BaseHTTPRequestHandler):
    server: Echo

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
        """Say nothing."""

    def _answer(self, body: object) -> None:
        content = json.dumps(body).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def do_POST(self) -> None:
        message = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        time.sleep(self.server.random.uniform(0, 0.04))
        text = f"echo of {message['message']}"
        with self.server.lock:
            self.server.heard += 1
            self.server.trackers.setdefault(message["sender"], []).extend(
                [
                    {"event": "user", "metadata": message["metadata"]},
                    {"event": "bot", "text": text, "data": {}},
                    {"event": "action", "name": "action_listen"},
                ]
            )
        time.sleep(self.server.random.uniform(0, 0.04))
        self._answer([{"recipient_id": message["sender"], "text": text}])

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        if path == "/status":
            self._answer({"model_file": "echo"})
            return
        with self.server.lock:
            events = list(self.server.trackers.get(path.split("/")[2], []))
        self._answer({"events": events})


if __name__ == "__main__":
    serve(int(sys.argv[1]), Path(sys.argv[2]))
