"""The telephone's pages: all phones, and one phone beside the chat."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import httpx2
from fastapi import APIRouter, Form, HTTPException, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.templating import Jinja2Templates

from api.contact.segments import segments
from api.kit.clock import Clock
from sandbox.portfolio import Person, people
from sandbox.telephone.clock import clock_text
from sandbox.telephone.screen import bubbles, sender_name
from sandbox.telephone.settings import TelephoneSettings
from sandbox.telephone.store import Text, TextStore
from sandbox.telephone.webhooks import Deliveries
from sandbox.telephone.words import WORDS, Words

__all__ = ["page_headers", "page_routes"]

_NUMBER = re.compile(r"\+[1-9]\d{6,14}")
_LONGEST_TEXT = 1600
_TEMPLATES = Jinja2Templates(directory=Path(__file__).parent / "templates")


def page_headers(settings: TelephoneSettings) -> dict[str, str]:
    """Return the headers of every answer: only our own files, and the chat in a frame."""
    policy = (
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
        f"img-src 'self'; form-action 'self'; base-uri 'none'; frame-src {_chat_origin(settings)}; "
        "frame-ancestors 'none'"
    )
    return {
        "Content-Security-Policy": policy,
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "X-Robots-Tag": "noindex",
    }


def page_routes(
    settings: TelephoneSettings, store: TextStore, deliveries: Deliveries, clock: Clock
) -> APIRouter:
    """Return the routes of the pages and of ``/api/messages``."""
    routes = APIRouter(tags=["pages"])
    known = {person.telephone: person for person in people()}

    def list_context(words: Words) -> dict[str, object]:
        latest = store.latest_by_phone()
        cards = [_card(number, known.get(number), latest, words) for number in known]
        others = [
            _card(number, None, latest, words) for number in sorted(latest) if number not in known
        ]
        return {"words": words, "cards": cards, "others": others}

    def screen_context(number: str, words: Words, chat_origin: str) -> dict[str, object]:
        texts = store.on_phone(number)
        store.mark_read(number)
        return {
            "words": words,
            "sender": sender_name(texts, words),
            "tail": number[-4:],
            "bubbles": bubbles(texts, words, clock.today()),
            "chat_origin": chat_origin,
        }

    @routes.get("/", response_class=HTMLResponse)
    def all_phones(request: Request, lang: str = "zh") -> Response:
        """Show every phone of the sample, and any other that has received a text."""
        return _TEMPLATES.TemplateResponse(request, "phones.html", list_context(_words(lang)))

    @routes.get("/phones", response_class=HTMLResponse)
    def phones_again(request: Request, lang: str = "zh") -> Response:
        """Show the list alone, for the page to refresh itself."""
        return _TEMPLATES.TemplateResponse(request, "_phones.html", list_context(_words(lang)))

    @routes.get("/phone/{number}", response_class=HTMLResponse)
    async def phone(
        request: Request,
        number: str,
        lang: str = "",
        chat: str = "/chat",
        trouble: Annotated[str, Query(alias="clock")] = "",
    ) -> Response:
        """Show one phone beside the chat; ``chat`` is a path of the product's, as an invite's.

        ``clock`` says why the clock could not be moved just now.
        """
        _require_number(number)
        person = known.get(number)
        words = _words(lang or (person.locale if person else "zh"))
        chat_path = chat if re.fullmatch(r"/[^/\\\s][^\\\s]*", chat) else "/chat"
        context = {
            **screen_context(number, words, _chat_origin(settings)),
            "number": number,
            "person": person,
            "chat_path": chat_path,
            "chat_url": settings.public_url + chat_path,
            "chat_state": await _chat_state(settings),
            "replies_later": store.last_outcome() == "later",
            "clock": clock_text(clock.now(), words.lang),
            "clock_moves": bool(settings.service_token),
            "clock_trouble": words.clock_troubles.get(trouble),
            "longest": _LONGEST_TEXT,
        }
        return _TEMPLATES.TemplateResponse(request, "phone.html", context)

    @routes.get("/phone/{number}/texts", response_class=HTMLResponse)
    def texts_again(request: Request, number: str, lang: str = "zh") -> Response:
        """Show the phone's screen alone, for the page to refresh itself."""
        _require_number(number)
        context = screen_context(number, _words(lang), _chat_origin(settings))
        return _TEMPLATES.TemplateResponse(request, "_screen.html", context)

    @routes.post("/phone/{number}/texts")
    async def write_text(
        request: Request,
        number: str,
        body: Annotated[str, Form(max_length=_LONGEST_TEXT)],
        lang: Annotated[str, Form()] = "zh",
        chat: Annotated[str, Form()] = "/chat",
    ) -> Response:
        """Take a text written on the phone and bring it to the bank as Twilio would."""
        _require_number(number)
        if body.strip():
            text = store.add(
                direction="inbound",
                sender=number,
                recipient=_bank_number(store.on_phone(number), settings),
                body=body.strip(),
                status="received",
                segments=segments(body.strip()),
            )
            await deliveries.hand_in(text)
        back = request.url_for("phone", number=number).include_query_params(lang=lang, chat=chat)
        return RedirectResponse(str(back), status_code=303)

    @routes.get("/api/messages")
    def messages(
        to: Annotated[str | None, Query()] = None, limit: Annotated[int, Query(ge=1, le=500)] = 50
    ) -> dict[str, object]:
        """Return the newest texts to a number, newest first: so tests can read a code."""
        # A "+" that was not escaped in a query arrives as a blank.
        number = f"+{to.strip()}" if to and not to.startswith("+") else to
        return {
            "messages": [
                {
                    "sid": text.sid,
                    "direction": text.direction,
                    "from": text.sender,
                    "to": text.recipient,
                    "body": text.body,
                    "status": text.status,
                    "num_segments": text.segments,
                    "at": text.created_at.isoformat(),
                    "outcome": text.outcome,
                }
                for text in store.newest(to=number, limit=limit)
            ]
        }

    return routes


def _words(lang: str) -> Words:
    return WORDS.get(lang, WORDS["zh"])


def _require_number(number: str) -> None:
    if not _NUMBER.fullmatch(number):
        raise HTTPException(404, "not a telephone number in the form +86…")


def _card(
    number: str, person: Person | None, latest: dict[str, tuple[Text, int]], words: Words
) -> dict[str, object]:
    """Return what the list shows of one phone."""
    unread = latest[number][1] if number in latest else 0
    if unread:
        state = words.unread.format(unread)
    else:
        state = words.all_read if number in latest else words.no_texts
    return {"number": number, "person": person, "unread": bool(unread), "state": state}


def _bank_number(texts: list[Text], settings: TelephoneSettings) -> str:
    """Return whom a reply goes to: the sender of the newest text, else the bank's own number."""
    received = [text.sender for text in texts if not text.inbound]
    return received[-1] if received else settings.bank_number


def _chat_origin(settings: TelephoneSettings) -> str:
    parts = urlsplit(settings.public_url)
    return f"{parts.scheme}://{parts.netloc}"


async def _chat_state(settings: TelephoneSettings) -> str:
    """Return whether the chat can be shown in a frame: ``framed``, ``closed`` or ``down``."""
    try:
        async with httpx2.AsyncClient(timeout=2, trust_env=False) as client:
            answer = await client.get(f"{settings.public_url}/chat")
    except httpx2.HTTPError:
        return "down"
    policy = answer.headers.get("content-security-policy", "")
    ancestors = re.search(r"frame-ancestors([^;]*)", policy)
    if "x-frame-options" in answer.headers and not ancestors:
        return "closed"
    if ancestors and not {settings.address, "*"} & set(ancestors[1].split()):
        return "closed"
    return "framed"
