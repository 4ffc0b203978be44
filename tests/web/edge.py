"""A stand-in for the edge: the page's four addresses and nothing behind them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response, StreamingResponse
from fastapi.staticfiles import StaticFiles

from api.web.assets import STATIC_FOLDER
from tests.web.sample import CARDS, pages, presentation, record, view

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


class Edge:
    """Stores each message once, answers it, and streams records; can be told to fail."""

    def __init__(self) -> None:
        self.records: list[dict[str, Any]] = []
        self.heard: list[str] = []
        self.failures = 0
        self.delay = 0.0
        self.floor = "assistant"
        self.open = True
        self.app = FastAPI()
        self.app.mount("/static", StaticFiles(directory=STATIC_FOLDER))
        self.app.get("/chat")(self.page)
        self.app.get("/show/{name}")(self.show)
        self.app.get("/chat/stream")(self.stream)
        self.app.post("/v1/chat/conversations/c_1/messages")(self.take)
        self.app.post("/chat/messages")(self.form)
        self.say("现在每个月到手大概多少？", replies=["没有收入", "跳过"])

    def say(
        self, text: str, card: str | None = None, replies: list[str] | None = None, **more: Any
    ) -> None:
        quick = [{"title": reply, "text": reply} for reply in replies or []]
        self.records.append(
            record(
                len(self.records) + 1,
                text=text,
                card=CARDS[card] if card else None,
                quick_replies=quick,
                **more,
            )
        )

    def said(self, text: str) -> int:
        return sum(r["text"] == text for r in self.records if r["speaker"] == "person")

    async def page(self) -> HTMLResponse:
        html = presentation().render_chat(view(stage="situation", records=self.records))
        return HTMLResponse(html, headers={"Content-Security-Policy": POLICY})

    async def show(self, name: str, locale: str = "zh") -> HTMLResponse:
        """Any card on a page, or any page, without the stream."""
        if name in CARDS:
            chat = view(locale, records=[record(1, card=CARDS[name], lang=locale)])
            return HTMLResponse(presentation().render_chat(chat))
        return HTMLResponse(pages(locale)[name])

    async def take(self, request: Request) -> JSONResponse:
        sent = await request.json()
        self.heard.append(sent["text"])
        if len(sent["text"]) > 5000:
            return JSONResponse({"code": "message_too_long"}, 413)
        if self.failures:
            self.failures -= 1
            return JSONResponse({"code": "unavailable"}, 503)
        if sent["client_message_id"] not in [r["client_message_id"] for r in self.records]:
            secret = sent["text"].isdigit()
            shown = "••••" if secret else sent["text"]
            self.records.append(
                record(
                    len(self.records) + 1,
                    "person",
                    shown,
                    client_message_id=sent["client_message_id"],
                )
            )
            if self.floor == "assistant":
                await asyncio.sleep(self.delay)
                card = sent["text"] if sent["text"] in CARDS else None
                self.say("知道了" if secret else f"听到：{sent['text']}", card)
        return JSONResponse({"replies": []})

    async def form(self, request: Request) -> Response:
        form = await request.form()
        self.heard += [str(value) for value in form.getlist("text")]
        return Response("ok", media_type="text/plain")

    async def stream(self, request: Request, after: int = 0) -> StreamingResponse:
        seen = int(request.headers.get("last-event-id") or after)

        async def events() -> AsyncIterator[str]:
            nonlocal seen
            yield "retry: 200\n\n"
            while self.open:
                for one in self.records[seen:]:
                    seen = one["seq"]
                    html = presentation().render_record(one, "zh", True)
                    data = {
                        "seq": seen,
                        "client_message_id": one["client_message_id"],
                        "speaker": one["speaker"],
                        "html": html,
                    }
                    yield f"id: {seen}\nevent: record\ndata: {json.dumps(data)}\n\n"
                await asyncio.sleep(0.03)

        return StreamingResponse(events(), media_type="text/event-stream")
