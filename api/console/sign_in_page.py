"""The sign-in's pages: login and password, a password of one's own, the second factor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Form, Header, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from markupsafe import Markup
from starlette.concurrency import run_in_threadpool

from api.channels.error_page import preferred_locale
from api.channels.limits import origin_of
from api.console.admission import COOKIE, admitted, not_signed_in, require_csrf
from api.console.error_page import safe_next, sign_in_address
from api.console.frame import Frame
from api.console.models import StaffMember, StaffSession
from api.console.second_factor import enrolment_address, qr_svg
from api.console.sessions import SessionRules, find_session
from api.console.signing_in import Doorway, Outcome, Step, next_step
from api.kit.dates import time_text

__all__ = [
    "HalfIn",
    "HalfSignedIn",
    "TheDoorway",
    "enrolment",
    "half_signed_in",
    "router",
    "why_not",
]

router = APIRouter(prefix="/console/sign-in", include_in_schema=False)

Next = Annotated[str, Query(alias="next")]
NextField = Annotated[str, Form(alias="next")]
Locale = Literal["zh", "en"]


@dataclass(frozen=True)
class HalfSignedIn:
    """Somebody whose password was right, and who is admitted to nothing yet."""

    member: StaffMember
    session: StaffSession

    @property
    def step(self) -> Step:
        """What is still missing."""
        return next_step(self.member)

    @property
    def locale(self) -> Locale:
        """The language they read."""
        return "en" if self.member.locale == "en" else "zh"


async def half_signed_in(request: Request) -> HalfSignedIn:
    """Admit a session whose password was right; raises ``Problem`` (401, or 403 without the token)."""
    found = await run_in_threadpool(_find, request)
    if found is None:
        raise not_signed_in()
    await require_csrf(request, found.session.csrf)
    return found


def _find(request: Request) -> HalfSignedIn | None:
    state = request.app.state
    token = request.cookies.get(COOKIE, "")
    if not token:
        return None
    rules = SessionRules.of(state.policy.on(state.clock.today()))
    with state.database.reading() as session:
        row = find_session(session, token, state.clock.now(), rules)
    if row is None or row[0].admitted_at is not None:
        return None
    return HalfSignedIn(member=row[1], session=row[0])


HalfIn = Annotated[HalfSignedIn, Depends(half_signed_in)]


def _doorway(request: Request) -> Doorway:
    state = request.app.state
    return Doorway(state.database, state.clock.now(), state.policy.on(state.clock.today()))


TheDoorway = Annotated[Doorway, Depends(_doorway)]


@router.get("")
def sign_in(
    request: Request,
    then: Next = "",
    lang: Locale | None = None,
    accept_language: Annotated[str | None, Header()] = None,
) -> Response:
    """Ask for login and password; who is signed in already goes on."""
    if admitted(request, touch=False) is not None:
        return RedirectResponse(safe_next(then), 303)
    return _page(request, "login.html", lang or preferred_locale(accept_language), then)


@router.post("")
def with_password(
    request: Request,
    doorway: TheDoorway,
    login: Annotated[str, Form(max_length=200)] = "",
    password: Annotated[str, Form(max_length=2000)] = "",
    then: NextField = "",
    lang: Annotated[Locale, Form()] = "zh",
) -> Response:
    """Look at login and password; what is still missing comes next."""
    outcome = doorway.with_password(login, password, origin_of(request))
    if not outcome.passed:
        return _refused(request, "login.html", lang, then, outcome, login=login)
    return _cookie(request, RedirectResponse(_step_address(then), 303), outcome.token or "")


@router.get("/next")
def next_page(request: Request, half: HalfIn, then: Next = "") -> Response:
    """Ask for what is still missing."""
    return _step_page(request, half, then)


@router.post("/password")
def own_password(
    request: Request,
    half: HalfIn,
    doorway: TheDoorway,
    password: Annotated[str, Form(max_length=2000)] = "",
    again: Annotated[str, Form(max_length=2000)] = "",
    then: NextField = "",
) -> Response:
    """Take a password of the colleague's own in the place of the one-time one."""
    if half.step != "password":
        return RedirectResponse(_step_address(then), 303)
    why = "differs" if password != again else doorway.with_new_password(half.session, password)
    if why is not None:
        return _step_page(request, half, then, why=why, status=422)
    return RedirectResponse(_step_address(then), 303)


@router.post("/setup")
def first_code(
    request: Request,
    half: HalfIn,
    doorway: TheDoorway,
    code: Annotated[str, Form(max_length=40)] = "",
    then: NextField = "",
) -> Response:
    """Take the first code of a second factor; the recovery codes are shown, once."""
    if half.step != "setup":
        return RedirectResponse(_step_address(then), 303)
    outcome = doorway.with_first_code(half.session, code, origin_of(request))
    if not outcome.passed:
        return _step_page(request, half, then, outcome=outcome, status=_status(outcome))
    shown = _page(
        request, "recovery_codes.html", half.locale, then, codes=outcome.recovery_codes,
        onward=safe_next(then),
    )  # fmt: skip
    return _cookie(request, shown, outcome.token or "")


@router.post("/code")
def code(
    request: Request,
    half: HalfIn,
    doorway: TheDoorway,
    code: Annotated[str, Form(max_length=40)] = "",
    then: NextField = "",
) -> Response:
    """Take a code of the second factor, or a recovery code; then the session is admitted."""
    if half.step != "code":
        return RedirectResponse(_step_address(then), 303)
    outcome = doorway.with_code(half.session, code, origin_of(request))
    if not outcome.passed:
        return _step_page(request, half, then, outcome=outcome, status=_status(outcome))
    return _cookie(request, RedirectResponse(safe_next(then), 303), outcome.token or "")


def _step_address(then: str) -> str:
    return sign_in_address(then).replace("/console/sign-in", "/console/sign-in/next", 1)


def _step_page(
    request: Request, half: HalfSignedIn, then: str, *, why: str | None = None,
    outcome: Outcome | None = None, status: int = 200,
) -> HTMLResponse:  # fmt: skip
    state = request.app.state
    context: dict[str, Any] = {
        "csrf": half.session.csrf,
        "why": why,
        "name": half.member.name,
        "login": half.member.login,
    }
    if half.step == "password":
        context["shortest"] = state.policy.on(state.clock.today()).value(
            "bank.staff.password_length"
        )
    elif half.step == "setup":
        context |= enrolment(request, half.member)
    if outcome is not None:
        context |= why_not(outcome)
    template = {"password": "new_password.html", "setup": "setup.html", "code": "code.html"}
    return _page(request, template[half.step], half.locale, then, status=status, **context)


def enrolment(request: Request, member: StaffMember) -> dict[str, Any]:
    """Return what a page shows of a second factor that is being set up."""
    secret, frame = member.totp_next or "", request.app.state.console
    address = enrolment_address(secret, member.login, frame.bank["en"])
    return {
        "qr": Markup(qr_svg(address)),  # noqa: S704 - drawn by segno, from figures alone
        "secret": " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        "login": member.login,
        "sandbox": request.app.state.settings.sandbox,
    }


def _refused(
    request: Request, template: str, locale: Locale, then: str, outcome: Outcome, **context: Any
) -> HTMLResponse:
    return _page(
        request, template, locale, then, status=_status(outcome), **why_not(outcome), **context
    )


def _status(outcome: Outcome) -> int:
    return 429 if outcome.paused_until else 401


def why_not(outcome: Outcome) -> dict[str, Any]:
    """Return what a page says of a step that was not passed: ``why``, and until when a pause runs."""
    if outcome.paused_until is not None:
        return {"why": "paused", "until": time_text(outcome.paused_until)}
    return {"why": "wrong"}


def _page(
    request: Request, template: str, locale: str, then: str, *, status: int = 200, **context: Any
) -> HTMLResponse:
    frame: Frame = request.app.state.console
    title = str(frame.words[locale]("sign_in.title"))
    return frame.bare(
        f"sign_in/{template}", locale, title=title, status=status,
        **{"then": then, "why": None, "login": "", **context},
    )  # fmt: skip


def _cookie(request: Request, answer: Response, token: str) -> Response:
    """Give the browser its session. Scripts cannot read it, and no other site's page can make it ride."""
    answer.set_cookie(
        COOKIE, token, httponly=True, samesite="strict", path="/console",
        secure=request.app.state.settings.address.startswith("https"),
    )  # fmt: skip
    return answer
