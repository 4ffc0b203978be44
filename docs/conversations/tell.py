"""Writes docs/transcripts.md anew: twelve people talk to a running installation of their own.

    python docs/conversations/tell.py

What they say stands in told.yaml; everything that is answered is the product's (real processes, real model). Read
the result aloud before it is kept.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from tests.journeys.casebook import Guest  # noqa: E402 - the repository is put on the path first
from tests.journeys.stack import Stack  # noqa: E402
from tests.journeys.texter import Texter  # noqa: E402

PLAN = Path(__file__).with_name("told.yaml")
TARGET = ROOT / "docs/transcripts.md"
HEAD = Path(__file__).with_name("head.md")
TAIL = Path(__file__).with_name("tail.md")
MASKED = "••••"
NAMES = {"zh": ("助手", "我"), "en": ("Assistant", "Me")}


def main() -> None:
    """Have everybody talk, one after another, and write the document."""
    plan: list[dict[str, Any]] = yaml.safe_load(PLAN.read_text("utf-8"))
    parts = [HEAD.read_text("utf-8").strip()]
    with tempfile.TemporaryDirectory(prefix="anhuan-told-") as folder:
        stack = Stack(Path(folder))
        try:
            for number, talk in enumerate(plan, start=1):
                sys.stderr.write(f"{number}. {talk['title']}\n")
                heading = f"## {number}. {talk['title']}\n\n*{talk['about']} ({talk['like']})*"
                lines = texted(stack, talk) if talk.get("by") == "text" else chatted(stack, talk)
                parts.append("\n\n".join([heading, *lines]))
        finally:
            stack.stop()
    parts.append(TAIL.read_text("utf-8").strip())
    TARGET.write_text("\n\n".join(parts) + "\n", encoding="utf-8")


def chatted(stack: Stack, talk: dict[str, Any]) -> Iterator[str]:
    """Yield a conversation on the page, a block for each thing said."""
    locale = talk.get("locale", "zh")
    guest = Guest(stack, talk["like"], locale)
    yield from _replies(guest, locale)
    for said in talk["says"]:
        if said == "LATER":
            guest = guest.back_again()
            yield "*Some days later, by a new invite.*"
        else:
            secret = said in ("CODE", "DIGITS")
            shown = MASKED if secret else f"`{said}`" if said.startswith("/") else said
            if secret:
                said = guest.code() if said == "CODE" else guest.person.id_last4
            guest.say(said)
            yield f"**{NAMES[locale][1]}：** {shown}" if locale == "zh" else f"**Me:** {shown}"
        yield from _replies(guest, locale)
    cases, holds = (", ".join(f"`{one}`" for one in sorted(found)) or "none"
                    for found in (guest.cases(), guest.holds()))  # fmt: skip
    yield f"*On record: stage `{guest.stage}`, cases: {cases}, holds: {holds}.*"


def _replies(guest: Guest, locale: str) -> Iterator[str]:
    name = f"{NAMES[locale][0]}{'：' if locale == 'zh' else ': '}"
    for reply in guest.answer["replies"]:
        text = _quoted(name + reply["text"])
        below = [f"‹{reply['card']['kind']}›"] if reply["card"] else []
        below += [f"[{choice['title']}]" for choice in reply["quick_replies"] or []]
        yield text + (f"\n> <br>{' '.join(below)}" if below else "")


def texted(stack: Stack, talk: dict[str, Any]) -> Iterator[str]:
    """Yield a conversation by text message, a block for each text."""
    person = Texter(stack, talk["like"])
    for said in talk["says"]:
        secret = {"CODE": person.code, "DIGITS": person.card_tail}.get(said)
        before = len(person.transcript) + 1
        person.text(secret() if secret else said)
        yield f"**我：** {MASKED if secret else said}"
        for text in person.transcript[before:]:
            yield _quoted(_without_code(text))
    yield f"*On record: stage `{person.stage}`.*"


def _without_code(text: str) -> str:
    """A text whose first six digits are the code that it carries."""
    return MASKED + text[6:] if text[:6].isdigit() else text


def _quoted(text: str) -> str:
    return "> " + text.strip().replace("\u00a0", " ").replace("\n", "<br>\n> ")


if __name__ == "__main__":
    main()
