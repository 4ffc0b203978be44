"""One person of the sample who has already agreed: they go the whole way as anybody would, in words.

A portfolio file cannot carry an agreement, and no back door makes one. So the sample's person opens
their invite, reads codes off the sandbox telephone and talks with the assistant until they have
signed. It happens once, on the first day of a data folder.
"""

from __future__ import annotations

import re
import time
from contextlib import closing
from typing import Any

import httpx2

from sandbox.portfolio import Person

__all__ = ["NotAgreed", "agree"]

CODE = "code"
DOCUMENT = "document"

STEPS = (
    "开始", CODE, DOCUMENT, "同意", "收入少了", "每个月到手{monthly_income}", "{essential_spending}",
    "没有别的", "每月能还{proposed_payment}", "{pay_day}号", "都对", "选这个", "继续", "继续", "继续",
    "继续", "我看完了，同意签", CODE,
)  # fmt: skip

_CODE_SECONDS = 15


class NotAgreed(Exception):
    """The person did not come to an agreement; the message says how far they came."""


def agree(person: Person, invite_code: str, *, api_url: str, telephone_url: str) -> str:
    """Lead ``person`` from their invite to a signed agreement; returns its stage at the end.

    Raises:
        NotAgreed: a step was not answered, or the conversation did not reach a signature.
        httpx2.HTTPError: the API or the telephone does not answer.
    """
    with closing(httpx2.Client(base_url=api_url, timeout=60, trust_env=False)) as client:
        opened = client.post("/v1/chat/conversations", json={"invite": invite_code})
        conversation = opened.raise_for_status().json()
        client.headers["Authorization"] = f"Bearer {conversation['token']}"
        client.cookies.clear()
        seen: set[str] = set()
        stage = str(conversation["stage"])
        for number, step in enumerate(STEPS, start=1):
            text = _text(step, person, telephone_url, seen)
            answer = client.post(
                f"/v1/chat/conversations/{conversation['conversation_id']}/messages",
                json={"text": text, "client_message_id": f"sample-{number}"},
            )
            stage = str(answer.raise_for_status().json()["stage"])
    if stage not in ("signed", "followup"):
        msg = f"the sample's conversation ended at {stage}"
        raise NotAgreed(msg)
    return stage


def _text(step: str, person: Person, telephone_url: str, seen: set[str]) -> str:
    if step == CODE:
        return _newest_code(telephone_url, person.telephone, seen)
    if step == DOCUMENT:
        return person.id_last4
    facts: dict[str, Any] = {
        name: value["from"] if isinstance(value, dict) else value
        for name, value in person.facts.items()
    }
    return step.format(**{name: str(value).removesuffix(".00") for name, value in facts.items()})


def _newest_code(telephone_url: str, telephone: str, seen: set[str]) -> str:
    deadline = time.monotonic() + _CODE_SECONDS
    while time.monotonic() < deadline:
        answer = httpx2.get(
            f"{telephone_url}/api/messages", params={"to": telephone}, trust_env=False
        )
        for text in answer.raise_for_status().json()["messages"]:
            found = re.search(r"(?<!\d)\d{6}(?!\d)", text["body"])
            if found and text["sid"] not in seen:
                seen.add(text["sid"])
                return found.group()
        time.sleep(0.1)
    msg = "no code arrived at the sandbox telephone"
    raise NotAgreed(msg)
