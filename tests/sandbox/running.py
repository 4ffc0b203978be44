"""Real servers on real ports, in threads, for the sandbox's tests."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator

import uvicorn
from fastapi import FastAPI, Request, Response


@contextlib.contextmanager
def serving(app: FastAPI) -> Iterator[str]:
    """Serve an application on a free port of this machine and give its address."""
    config = uvicorn.Config(app, host="127.0.0.1", port=0, log_level="warning", lifespan="on")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 20
    while not (server.started and server.servers):
        assert time.monotonic() < deadline, "the server did not start"
        assert thread.is_alive(), "the server ended before it began"
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(timeout=20)
        assert not thread.is_alive(), "the server did not stop"


class Recorder:
    """An application that keeps every form posted to it, and answers with one status."""

    def __init__(self, status: int = 200) -> None:
        self.status, self.body = status, ""
        self.posted: list[tuple[str, dict[str, str], str]] = []
        self.app = FastAPI()
        self.app.post("/{path:path}")(self._take)

    async def _take(self, request: Request, path: str) -> Response:
        form = {name: str(value) for name, value in (await request.form()).items()}
        self.posted.append(("/" + path, form, request.headers.get("X-Twilio-Signature", "")))
        return Response(self.body, status_code=self.status)

    def wait_for(self, count: int) -> list[tuple[str, dict[str, str], str]]:
        """Return what was posted once there are ``count`` posts; fails after ten seconds."""
        deadline = time.monotonic() + 10
        while len(self.posted) < count:
            assert time.monotonic() < deadline, f"only {len(self.posted)} of {count} posts came"
            time.sleep(0.02)
        return self.posted
