"""Trouble on a staff page, in words: as a page, as a part of one, or as the way to the sign-in."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy.exc import SQLAlchemyError

from api.channels.error_page import error_page as cardholders_page
from api.channels.error_page import preferred_locale
from api.console.admission import admitted
from api.console.frame import Frame
from api.kit.errors import Problem

__all__ = ["error_page", "safe_next", "sign_in_address"]

SIGN_IN = "/console/sign-in"
FRAGMENT = "hx-request"


def error_page(request: Request, problem: Problem) -> Response | None:
    """Return the answer to a problem; ``None`` where a program is calling. Cardholders get theirs."""
    if not request.url.path.startswith("/console"):
        return cardholders_page(request, problem)
    fragment = FRAGMENT in request.headers
    if not fragment and "text/html" not in request.headers.get("accept", ""):
        return None
    if problem.code == "not_signed_in":
        return _to_sign_in(request, fragment=fragment)
    frame: Frame = request.app.state.console
    locale = _locale(request)
    said = frame.problem_words(problem, locale)
    if fragment:
        html = frame.env.get_template("problem_part.html").render(said=said)
        headers = {"HX-Retarget": "#problem", "HX-Reswap": "innerHTML", "Cache-Control": "no-store"}
        return HTMLResponse(html, problem.status, headers=headers)
    return frame.bare(
        "problem.html", locale, title=str(frame.words[locale]("frame.trouble")),
        status=problem.status, said=said,
    )  # fmt: skip


def _to_sign_in(request: Request, *, fragment: bool) -> Response:
    if fragment:
        shown = urlsplit(request.headers.get("hx-current-url", ""))
        address = sign_in_address(shown.path + (f"?{shown.query}" if shown.query else ""))
        return Response(status_code=401, headers={"HX-Redirect": address})
    asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    if request.method == "GET" and request.headers.get("sec-fetch-site") == "cross-site":
        # Somebody followed a link from elsewhere, and the cookie is strict: our own page asks again.
        again = {"Refresh": f"0; url={quote(asked, safe='/?&=%')}", "Cache-Control": "no-store"}
        return HTMLResponse("<!doctype html><title></title>", headers=again)
    return RedirectResponse(sign_in_address(asked if request.method == "GET" else ""), 303)


def sign_in_address(then: str) -> str:
    """Return the sign-in's address that leads on to ``then``, where that is a staff page."""
    kept = safe_next(then)
    return f"{SIGN_IN}?next={quote(kept, safe='/')}" if kept != "/console" else SIGN_IN


def safe_next(then: str) -> str:
    """Return a path within the console; anything else (another host, a sign-in page) becomes its front."""
    path = urlsplit(then).path
    within = path == "/console" or path.startswith("/console/")
    strange = "\\" in then or "//" in path or ".." in path or not then.isprintable()
    plain = then.startswith("/console") and not strange
    if not within or not plain or path.startswith(SIGN_IN) or path == "/console/sign-out":
        return "/console"
    return then


def _locale(request: Request) -> str:
    try:
        staff = admitted(request, touch=False)
    except SQLAlchemyError:
        staff = None  # the page is about just this trouble
    return staff.locale if staff else preferred_locale(request.headers.get("accept-language"))
