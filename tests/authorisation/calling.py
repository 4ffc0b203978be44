"""Calls a route as somebody and tells how it began to answer, without waiting for a stream to end."""

from __future__ import annotations

import asyncio
import json
from typing import Any
from urllib.parse import urlencode

from fastapi import FastAPI
from starlette.types import Message

PATIENCE = 20.0


async def answer_of(
    app: FastAPI,
    method: str,
    path: str,
    headers: dict[str, str],
    form: dict[str, str] | None = None,
) -> tuple[int, str]:
    """Return an answer's status and the code of its problem document (empty where there is none)."""
    body = urlencode(form or {}).encode() if form is not None else b"{}"
    kind = "application/x-www-form-urlencoded" if form is not None else "application/json"
    sent = {"host": "testserver", "accept": "application/json", **headers}
    if method != "GET":
        sent |= {"content-type": kind, "content-length": str(len(body))}
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method,
        "path": path, "raw_path": path.encode(), "query_string": b"", "root_path": "",
        "scheme": "http", "server": ("testserver", 80), "client": ("198.51.100.9", 4000),
        "headers": [(name.lower().encode(), value.encode()) for name, value in sent.items()],
    }  # fmt: skip
    begun: asyncio.Queue[Message] = asyncio.Queue()
    requests = [
        {"type": "http.request", "body": b"" if method == "GET" else body, "more_body": False}
    ]

    async def receive() -> Message:
        if requests:
            return requests.pop()
        await asyncio.sleep(PATIENCE)
        return {"type": "http.disconnect"}

    task = asyncio.create_task(app(scope, receive, begun.put))
    try:
        return await asyncio.wait_for(_begin(begun, task), PATIENCE)
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _begin(begun: asyncio.Queue[Message], task: asyncio.Task[None]) -> tuple[int, str]:
    start = await begun.get()
    headers = {name.decode().lower(): value.decode() for name, value in start["headers"]}
    status: int = start["status"]
    if not headers.get("content-type", "").startswith("application/problem+json"):
        return status, ""
    content = b""
    while True:
        piece = await begun.get()
        content += piece.get("body", b"")
        if not piece.get("more_body"):
            document: dict[str, Any] = json.loads(content)
            return status, str(document["code"])
