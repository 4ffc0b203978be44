"""A browser that asked for a page is answered with a page, in its reader's language, even in trouble."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from sqlalchemy.exc import SQLAlchemyError

from api.conversations.care import crisis_card
from api.conversations.credential import find_credential
from api.conversations.models import Conversation
from api.kit.clock import Clock
from api.kit.dates import iso_utc
from api.kit.db import Database
from api.kit.errors import Problem
from api.policy.lookup import PolicyView
from api.web.presentation import Presentation

__all__ = ["error_page", "help_lines", "page_locale", "preferred_locale"]

SAME_PAGE = {
    "busy": "unavailable",
    "storage_full": "unavailable",
    "internal_error": "server_error",
    "invalid_request": "server_error",
}
"""Problem codes whose page says the same; the rest have words of their own or read as our fault."""


SHEET = '<div class="sheet">'


def help_lines(now: datetime, locale: str, policy: PolicyView) -> dict[str, Any]:
    """Return the crisis card for a message that could not be stored.

    It does not say that a colleague was told: nobody could be.
    """
    card = crisis_card(now, locale, policy)
    card["after"] = ""
    return card


def preferred_locale(accept_language: str | None) -> str:
    """Return the language of a page before we know whose it is: the browser's, Chinese by default."""
    first = (accept_language or "zh").split(",")[0].strip().lower()
    return "en" if first.startswith("en") else "zh"


def page_locale(request: Request) -> str:
    """Return the conversation's language, or the browser's when there is none or it cannot be read."""
    database: Database = request.app.state.database
    try:
        caller = find_credential(request)
        if caller is not None:
            with database.reading() as session:
                return session.get_one(Conversation, caller.conversation_id).locale
    except SQLAlchemyError:
        pass  # the page is about just this trouble
    return preferred_locale(request.headers.get("accept-language"))


def error_page(request: Request, problem: Problem) -> HTMLResponse | None:
    """Return the page of a problem; ``None`` where a program is calling."""
    wants_page = "text/html" in request.headers.get("accept", "")
    if not wants_page or request.url.path.startswith(("/v1/", "/docs")):
        return None
    presentation: Presentation = request.app.state.presentation
    code = SAME_PAGE.get(problem.code, problem.code)
    locale = page_locale(request)
    html = presentation.render_error(code, locale)
    if "crisis" in problem.extra:
        clock: Clock = request.app.state.clock
        record = {
            "id": "m_unsaved", "seq": 0, "speaker": "assistant", "text": "", "lang": locale,
            "quick_replies": [], "card": problem.extra["crisis"], "at": iso_utc(clock.now()),
            "client_message_id": None,
        }  # fmt: skip
        shown = presentation.render_record(record, locale)
        html = html.replace(SHEET, shown + SHEET, 1)
    return HTMLResponse(html, problem.status, headers={"Cache-Control": "no-store"})
