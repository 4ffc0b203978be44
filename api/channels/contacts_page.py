"""Who has contacted me: the person's own contact ledger, as a page and as a file, and texts stopped there."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy.orm import Session

from api.accounts.models import Person
from api.contact.holds import holds_of
from api.contact.ledger import attempts_of, budget_of
from api.contact.models import ContactAttempt
from api.conversations.credential import Cardholder, CardholderCredential
from api.conversations.models import Conversation
from api.conversations.text_wishes import set_texts
from api.kit.dates import iso_utc, local_date
from api.kit.errors import Problem
from api.kit.wiring import TheClock, TheDatabase
from api.policy.lookup import PolicyView
from api.web.presentation import Presentation
from api.web.views import ContactsView

__all__ = ["router"]

router = APIRouter(include_in_schema=False)


@router.get("/contacts")
def contacts(
    request: Request, caller: Cardholder, database: TheDatabase, clock: TheClock
) -> HTMLResponse:
    """Show every attempt to reach the person, by whom, what for and on what ground."""
    locale, view = _view(request, caller, database, clock)
    presentation: Presentation = request.app.state.presentation
    return HTMLResponse(
        presentation.render_contacts(locale, view), headers={"Cache-Control": "no-store"}
    )


@router.get("/contacts.csv")
def contacts_file(
    request: Request, caller: Cardholder, database: TheDatabase, clock: TheClock
) -> Response:
    """Give the same list as a file; the mark at its beginning lets spreadsheets read Chinese."""
    locale, view = _view(request, caller, database, clock)
    presentation: Presentation = request.app.state.presentation
    return Response(
        "\ufeff" + presentation.contacts_csv(locale, view),
        media_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": 'attachment; filename="contacts.csv"',
            "Cache-Control": "no-store",
        },
    )


@router.post("/contacts/texts")
def texts(
    caller: Cardholder, database: TheDatabase, clock: TheClock,
    wanted: Annotated[Literal["yes", "no"], Form()],
) -> RedirectResponse:  # fmt: skip
    """Stop texts, or let them come again; a second press changes nothing."""
    with database.transaction() as session:
        conversation = _known(session, caller)
        set_texts(
            session, conversation.person_id, wanted=wanted == "yes", source="page", now=clock.now()
        )
    return RedirectResponse("/contacts#texts", 303)


def _known(session: Session, caller: CardholderCredential) -> Conversation:
    conversation = session.get_one(Conversation, caller.conversation_id)
    if conversation.identified_at is None:
        raise Problem("not_identified", 403, "Please confirm who you are in the chat first.")
    return conversation


def _view(
    request: Request, caller: CardholderCredential, database: TheDatabase, clock: TheClock
) -> tuple[str, ContactsView]:
    now = clock.now()
    policy: PolicyView = request.app.state.policy.on(local_date(now))
    quiet = policy.parameter("cn.contact.quiet_hours")
    with database.reading() as session:
        conversation = _known(session, caller)
        locale = conversation.locale
        person = session.get_one(Person, conversation.person_id)
        budget = budget_of(session, person, now=now, policy=policy)
        holds = holds_of(session, person.id)
        dead = "undeliverable" in holds
        return locale, {
            "attempts": [_attempt(item) for item in attempts_of(session, person.id)],
            "stopped": "opt_out" in holds,
            "texts": "off" if "opt_out" in holds else "dead" if dead else "on",
            "left": budget.left_today,
            "most_a_day": budget.most_a_day,
            "most_a_week": budget.most_a_week,
            "quiet": {
                "start": quiet.value.start,
                "end": quiet.value.end,
                "citation": quiet.citation.text,
            },
            "route": getattr(policy.value("bank.complaint.route"), locale),
        }


def _attempt(attempt: ContactAttempt) -> dict[str, Any]:
    return {
        "at": iso_utc(attempt.at),
        "by": attempt.by,
        "channel": attempt.channel,
        "purpose": attempt.purpose,
        "outcome": attempt.outcome,
        "why": attempt.why,
    }
