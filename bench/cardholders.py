"""Cardholders who hold a whole conversation over the public HTTP edge, in Chinese, one after another."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from io import StringIO
from itertools import islice
from typing import Any

import httpx2

from api.kit.clock import SystemClock
from bench.loop import Turn
from bench.running import Installation
from bench.synthetic_portfolio import synthetic_rows, write_portfolio

__all__ = ["SCRIPT", "Cardholders", "Script", "able_to_agree"]

CODE = re.compile(r"(?<!\d)\d{6}(?!\d)")

AGAIN = (httpx2.codes.ACCEPTED, httpx2.codes.SERVICE_UNAVAILABLE)
"""The answer takes longer than the edge waits, or the database was busy: the same message is sent
again, as the page does, and joins the first; the turn's time goes on."""

Script = Sequence[tuple[str, str]]
"""What a turn is about, and its words."""

SCRIPT: Script = (
    ("identity", "开始"),
    ("identity", "CODE"),
    ("identity", "DOCUMENT"),
    ("consent", "同意"),
    ("facts", "上个月失业了"),
    ("facts", "七千五左右"),
    ("facts", "三千二"),
    ("questions", "会影响征信吗"),
    ("facts", "没有别的"),
    ("facts", "每月能还两千"),
    ("facts", "15号"),
    ("offers", "都对"),
    ("questions", "年化利率是什么意思"),
    ("offers", "看看别的办法"),
    ("questions", "我一共欠多少"),
    ("offers", "选第一个"),
    ("questions", "先给家里人看看"),
    ("questions", "签了以后会怎样"),
)
"""What each of them writes: identity, consent, facts, an offer, and questions in between."""


class Cardholders:
    """A portfolio of invited people, and one conversation after another with them."""

    def __init__(self, running: Installation, most: int) -> None:
        """Import ``most`` people, as a bank would, and make an invite for each."""
        self._running = running
        self._bank = {"Authorization": f"Bearer {running.settings['ANHUAN_SERVICE_TOKEN']}"}
        self._client = httpx2.AsyncClient(
            base_url=running.address, timeout=60, trust_env=False,
            limits=httpx2.Limits(max_connections=200, max_keepalive_connections=200),
        )  # fmt: skip
        self._people = list(islice(able_to_agree(), most))
        self._next = 0
        self.busy = 0
        """Answers that asked to send the message again shortly (503)."""
        self._account_ids: dict[str, str] = {}

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def load(self) -> None:
        """Take in the portfolio."""
        file = StringIO()
        write_portfolio(self._people, file)
        answer = await self._client.post(
            "/v1/accounts/import", content=file.getvalue().encode(), headers=self._bank
        )
        answer.raise_for_status()
        overdue = "/v1/accounts?overdue=true&limit=1000"
        listed = await self._client.get(overdue, headers=self._bank)
        self._account_ids = {item["account_ref"]: item["id"] for item in listed.json()["items"]}

    async def conversation(
        self, _number: int, script: Script = SCRIPT
    ) -> AsyncIterator[Turn | None]:
        """Hold one whole conversation with the next person; yields after each turn."""
        person = self._people[self._next % len(self._people)]
        self._next += 1
        account = self._account_ids[person["account_ref"]]
        made = await self._client.post(f"/v1/accounts/{account}/invites", headers=self._bank)
        invite = made.raise_for_status().json()["code"]
        seen = {text["sid"] for text in await self._texts(person["telephone"])}
        begun = time.monotonic()
        opened = await self._client.post("/v1/chat/conversations", json={"invite": invite})
        yield Turn("opening", time.monotonic() - begun)
        data = opened.raise_for_status().json()
        headers = {"Authorization": f"Bearer {data['token']}"}
        url = f"/v1/chat/conversations/{data['conversation_id']}/messages"
        for number, (kind, words) in enumerate(script):
            text = words
            if words == "CODE":
                text = await self._code(person["telephone"], seen)
                yield None
            elif words == "DOCUMENT":
                text = person["id_last4"]
            message = {"text": text, "client_message_id": f"b{number}"}
            begun = time.monotonic()
            while True:
                answer = await self._client.post(url, json=message, headers=headers)
                if answer.status_code not in AGAIN or time.monotonic() - begun > 60:
                    break
                if answer.status_code == httpx2.codes.SERVICE_UNAVAILABLE:
                    self.busy += 1
                    await asyncio.sleep(0.25)
            taken = time.monotonic() - begun
            if answer.status_code != httpx2.codes.OK or not answer.json()["replies"]:
                msg = f"{words}: {answer.status_code}"
                raise RuntimeError(msg)
            yield Turn(kind, taken)

    async def _texts(self, telephone: str) -> list[dict[str, Any]]:
        url = f"{self._running.telephone}/api/messages"
        answer = await self._client.get(url, params={"to": telephone})
        texts: list[dict[str, Any]] = answer.json()["messages"]
        return texts

    async def _code(self, telephone: str, seen: set[str]) -> str:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            for text in await self._texts(telephone):
                found = CODE.search(text["body"])
                if text["sid"] not in seen and found:
                    seen.add(text["sid"])
                    return found.group()
            await asyncio.sleep(0.1)
        msg = "no code arrived at the sandbox telephone"
        raise RuntimeError(msg)


def able_to_agree() -> Iterator[dict[str, str]]:
    """Yield people whose debt a plan fits: overdue, open, neither tiny nor beyond authority."""
    people: set[str] = set()
    today = SystemClock().today()
    for row in synthetic_rows(20_000, as_of=today):
        principal = int(row["principal"].split(".")[0])
        overdue = row["due_date"] < today.isoformat()
        fits = 8_000 <= principal <= 25_000 and row["locale"] == "zh" and row["status"] == "open"
        if overdue and fits and row["person_ref"] not in people:
            people.add(row["person_ref"])
            yield row
