"""Accounts: search, one person's page, holds and invites by hand."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Any, Literal, cast

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy.orm import Session

from api.accounts.invites import invite, revoke_invite
from api.accounts.models import CardAccount, Person
from api.console.account_view import account_rows, account_view, holds_to_place, may_lift
from api.console.admission import Collector, Staff
from api.console.frame import Frame
from api.console.seen import note_seen
from api.contact.holds import HoldKind, lift_hold, place_hold
from api.conversations.lockouts import end_pauses
from api.kit.errors import Problem
from api.kit.secrecy import new_token
from api.kit.wiring import TheClock, TheDatabase
from api.policy.lookup import PolicyView

__all__ = ["router"]

router = APIRouter(prefix="/console/accounts", include_in_schema=False)

How = Literal["call", "letter", "counter", "case", "other"]
"""From where a colleague knows what a hold stands on; a reference of the bank's own may be added."""
Reference = Annotated[str, Form(max_length=40, pattern=r"^[A-Za-z0-9._/-]*$")]


def _policy(request: Request) -> PolicyView:
    view: PolicyView = request.app.state.policy.on(request.app.state.clock.today())
    return view


@router.get("")
def search(
    request: Request, staff: Collector, database: TheDatabase, clock: TheClock,
    text: Annotated[str, Query(alias="q", max_length=120)] = "",
) -> HTMLResponse:  # fmt: skip
    """Find persons by name, reference, card or number; names are masked."""
    with database.reading() as session:
        rows = account_rows(session, text, clock.today())
    return _page(request, staff, "search.html", text=text.strip(), rows=rows)


@router.get("/{person_id}")
def person(
    request: Request, person_id: str, staff: Collector, database: TheDatabase, clock: TheClock
) -> HTMLResponse:
    """Show a person's accounts, holds, invites and payments; that they were opened is of record."""
    with database.transaction() as session:
        found = _person(session, person_id)
        note_seen(session, staff, ("person", found.id), person=found.id, now=clock.now())
    return _shown(request, staff, person_id)


def _shown(
    request: Request, staff: Staff, person_id: str, *, link: str = "", reference: str = ""
) -> HTMLResponse:
    state = request.app.state
    with state.database.reading() as session:
        view = account_view(
            session, _person(session, person_id), staff, now=state.clock.now(),
            policy=_policy(request),
        )  # fmt: skip
        return _page(
            request, staff, "person.html", view=view, link=link, reference=reference,
            once=new_token(), now_at=state.clock.now(),
        )  # fmt: skip


@router.post("/{person_id}/holds")
def hold(
    request: Request, person_id: str, staff: Collector, database: TheDatabase, clock: TheClock,
    kind: Annotated[str, Form(alias="hold")], how: Annotated[How, Form()], reference: Reference = "",
) -> RedirectResponse:  # fmt: skip
    """Place a hold; where one of its kind is in force already, nothing changes."""
    policy, now = _policy(request), clock.now()
    with database.transaction() as session:
        found = _person(session, person_id)
        if kind not in policy.value("bank.staff.holds_by_hand"):
            raise Problem("hold_not_by_hand", 422, "This hold is not placed by hand.")
        if kind in holds_to_place(session, found.id, policy):
            place_hold(
                session, person_id=found.id, kind=cast(HoldKind, kind), now=now, actor=staff.actor,
                source=_source(how, reference),
                until=pause_until(now, policy) if kind == "breathing_space" else None,
            )  # fmt: skip
    return _back(person_id)


@router.post("/{person_id}/holds/lift")
def lift(
    request: Request, person_id: str, staff: Collector, database: TheDatabase, clock: TheClock,
    kind: Annotated[str, Form(alias="hold")], how: Annotated[How, Form()], reference: Reference = "",
) -> RedirectResponse:  # fmt: skip
    """Lift a hold whose reason is gone; where there is none, nothing changes."""
    if not may_lift(kind, staff, _policy(request)):
        raise Problem(
            "hold_not_yours_to_lift", 403, "A supervisor, a case or care lifts this hold."
        )
    with database.transaction() as session:
        found = _person(session, person_id)
        lift_hold(
            session, person_id=found.id, kind=cast(HoldKind, kind), now=clock.now(),
            actor=staff.actor, source=_source(how, reference),
        )  # fmt: skip
    return _back(person_id)


@router.post("/{person_id}/pauses/end")
def end_pause(
    request: Request, person_id: str, staff: Collector, database: TheDatabase, clock: TheClock,
    how: Annotated[How, Form()], reference: Reference = "",
) -> RedirectResponse:  # fmt: skip
    """End the pauses of a person who has told a colleague who they are; where none runs, nothing changes."""
    with database.transaction() as session:
        found = _person(session, person_id)
        end_pauses(
            session, found.id, now=clock.now(), policy=_policy(request), actor=staff.actor,
            source=_source(how, reference),
        )  # fmt: skip
    return _back(person_id)


@router.post("/{person_id}/invites")
def make_invite(
    request: Request, person_id: str, staff: Collector, database: TheDatabase, clock: TheClock,
    once: Annotated[str, Form(min_length=16, max_length=80)],
) -> HTMLResponse:  # fmt: skip
    """Make an invite and show its link, once; the same form sent again shows the same link."""
    state = request.app.state
    with database.transaction() as session:
        found = _person(session, person_id)
        account = min(found.accounts, key=_oldest_owing)
        made, code = invite(
            session, account_id=account.id, now=clock.now(), actor=staff.actor,
            once=f"{staff.session_id} {once}",
            valid_hours=_policy(request).value("bank.invite.valid_hours"),
        )  # fmt: skip
        reference = made.reference
    return _shown(
        request, staff, person_id, link=f"{state.settings.address}/i/{code}", reference=reference
    )


@router.post("/{person_id}/invites/{invite_id}/revoke")
def revoke(
    person_id: str, invite_id: str, staff: Collector, database: TheDatabase, clock: TheClock
) -> RedirectResponse:
    """Revoke an invite: its link opens nothing more, and conversations opened with it end."""
    with database.transaction() as session:
        revoke_invite(session, invite_id, now=clock.now(), actor=staff.actor, of=person_id)
    return _back(person_id)


def pause_until(now: datetime, policy: PolicyView) -> datetime:
    """Return when a breathing space that begins now ends by itself."""
    return now + timedelta(days=policy.value("bank.pause.days"))


def _oldest_owing(account: CardAccount) -> tuple[bool, str, str]:
    return account.total <= 0, account.due_date.isoformat(), account.account_ref


def _source(how: str, reference: str) -> str:
    return f"staff:{how}:{reference}" if reference else f"staff:{how}"


def _person(session: Session, person_id: str) -> Person:
    found = session.get(Person, person_id)
    if found is None:
        raise Problem("person_unknown", 404, "There is no such person.")
    return found


def _back(person_id: str) -> RedirectResponse:
    return RedirectResponse(f"/console/accounts/{person_id}", 303)


def _page(request: Request, staff: Staff, template: str, **context: Any) -> HTMLResponse:
    frame: Frame = request.app.state.console
    title = str(frame.words[staff.locale]("accounts.title"))
    return frame.page(
        request, f"accounts/{template}", staff, here="accounts", title=title, **context
    )
