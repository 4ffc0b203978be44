"""The practice clock in the telephone's bar: shown here, moved by the product, which lets the days pass."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

import httpx2
from babel.dates import format_date
from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import PlainTextResponse, RedirectResponse

from api.kit.clock import Clock
from api.kit.dates import LOCAL_ZONE, time_text
from sandbox.telephone.settings import TelephoneSettings
from sandbox.telephone.words import WORDS

__all__ = ["clock_routes", "clock_text"]

_STEPS: dict[str, dict[str, str | int]] = {"hour": {"hours": 1}, "day": {"days": 1}}
_TIMEOUT_SECONDS = 120.0
"""Months of an agreement pass in some seconds; a slow machine may take longer."""


def clock_text(now: datetime, lang: str) -> str:
    """Write an instant as the bar shows it: ``2026年11月23日 周一 21:14`` or ``Mon 23 Nov 2026, 21:14``."""
    day = now.astimezone(LOCAL_ZONE).date()
    if lang == "zh":
        return f"{format_date(day, 'y年M月d日 EEE', locale='zh_CN')} {time_text(now)}"
    return f"{format_date(day, 'EEE d MMM y', locale='en_GB')}, {time_text(now)}"


def clock_routes(settings: TelephoneSettings, clock: Clock) -> APIRouter:
    """Return the routes that show the clock and have it moved."""
    routes = APIRouter(tags=["clock"])

    @routes.get("/clock", response_class=PlainTextResponse)
    def shown(lang: str = "zh") -> str:
        """Show the time, for the page to refresh itself."""
        return clock_text(clock.now(), lang if lang in WORDS else "zh")

    @routes.post("/phone/{number}/clock")
    async def move(
        request: Request,
        number: str,
        step: Annotated[Literal["hour", "day", "payment_day"], Form()],
        lang: Annotated[str, Form()] = "zh",
        chat: Annotated[str, Form()] = "/chat",
    ) -> Response:
        """Have the product let time pass, and go back to the phone."""
        wanted = _STEPS.get(step, {"payment_day_of": number})
        back = request.url_for("phone", number=number).include_query_params(lang=lang, chat=chat)
        if trouble := await _ask(settings, wanted):
            back = back.include_query_params(clock=trouble)
        return RedirectResponse(str(back), status_code=303)

    return routes


async def _ask(settings: TelephoneSettings, wanted: dict[str, str | int]) -> str:
    """Ask the product for it; returns what kept it from that: ``no_payment_day``, ``down``, or nothing."""
    headers = {"Authorization": f"Bearer {settings.service_token}"}
    try:
        async with httpx2.AsyncClient(timeout=_TIMEOUT_SECONDS, trust_env=False) as client:
            answer = await client.post(
                f"{settings.api_url}/v1/sandbox/clock", json=wanted, headers=headers
            )
    except httpx2.HTTPError:
        return "down"
    if answer.is_success:
        return ""
    return "no_payment_day" if answer.status_code == httpx2.codes.CONFLICT else "down"
