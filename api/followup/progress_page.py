"""How it goes: one calm picture of what is done and what comes next, and the move that is allowed."""

from __future__ import annotations

from typing import cast
from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.agreements.document import file_name
from api.agreements.models import Agreement
from api.agreements.records import certificate_entry, latest_agreement, withdrawal_entry
from api.agreements.wording.figures import PERSONALISED
from api.conversations.collection_stop import collection_stop
from api.conversations.credential import Cardholder, CardholderCredential
from api.conversations.models import Conversation
from api.followup.certificate import render_certificate
from api.followup.models import Certificate
from api.followup.moving import move_instalment
from api.followup.progress import progress_of
from api.kit.dates import local_date
from api.kit.errors import Problem
from api.kit.wiring import TheClock, TheDatabase
from api.web.presentation import Presentation
from api.web.views import KeepingView

__all__ = ["router"]

router = APIRouter(include_in_schema=False)


@router.get("/progress")
def progress(
    request: Request, caller: Cardholder, database: TheDatabase, clock: TheClock
) -> HTMLResponse:
    """Show what is paid, what comes next, and the certificate once there is one."""
    now = clock.now()
    policy = request.app.state.policy.on(local_date(now))
    presentation: Presentation = request.app.state.presentation
    with database.reading() as session:
        conversation, agreement = _theirs(session, caller)
        view = {
            **progress_of(session, agreement, now=now, policy=policy),
            "how_to_pay": getattr(policy.value("bank.how_to_pay"), conversation.locale),
            "credit_years": policy.value("cn.credit_record.bad_entry_years"),
            "promise": agreement.terms["kind"] in PERSONALISED,
            "collection_stop": collection_stop(session, agreement.person_id),
        }
        page = presentation.render_keeping(conversation.locale, cast("KeepingView", view))
    return HTMLResponse(page, headers={"Cache-Control": "no-store"})


@router.get("/progress/certificate.pdf")
def certificate(
    request: Request, caller: Cardholder, database: TheDatabase, clock: TheClock
) -> Response:
    """Give the settlement certificate to keep, byte for byte as it was sealed; its name tells of nothing."""
    policy = request.app.state.policy.on(clock.today())
    with database.reading() as session:
        conversation, agreement = _theirs(session, caller)
        found = session.scalar(select(Certificate).where(Certificate.agreement_id == agreement.id))
        if found is None:
            raise Problem("not_found", 404, "There is nothing to show here.")
        locale, body, digest = conversation.locale, found.body, found.digest
        promise = agreement.terms["kind"] in PERSONALISED
        entry = certificate_entry(session, agreement.id)
        sealed = entry.document if entry is not None else None
    content = sealed or render_certificate(
        body, digest, locale, promise=promise,
        credit_years=policy.value("cn.credit_record.bad_entry_years"),
    )  # fmt: skip
    name = quote(file_name(body["number"], locale))
    return Response(
        content,
        media_type="application/pdf",
        headers={
            "Content-Disposition": f"attachment; filename*=UTF-8''{name}",
            "Cache-Control": "no-store",
        },
    )


@router.get("/progress/withdrawal.pdf")
def withdrawal(caller: Cardholder, database: TheDatabase) -> Response:
    """Give the confirmation of a withdrawal, byte for byte as it was sealed; its name tells of nothing."""
    with database.reading() as session:
        conversation, agreement = _theirs(session, caller)
        entry = withdrawal_entry(session, agreement.id)
        if entry is None:
            raise Problem("not_found", 404, "There is nothing to show here.")
        content, name = entry.document, quote(file_name(entry.number, conversation.locale))
    return Response(
        content,
        media_type="application/pdf",
        headers={
            "Content-Disposition": f"attachment; filename*=UTF-8''{name}",
            "Cache-Control": "no-store",
        },
    )


@router.post("/progress/move")
def move(
    request: Request, caller: Cardholder, database: TheDatabase, clock: TheClock, number: int
) -> RedirectResponse:
    """Move the instalment that the page showed; again: nothing more."""
    now = clock.now()
    policy = request.app.state.policy.on(local_date(now))
    with database.transaction() as session:
        _, agreement = _theirs(session, caller)
        move_instalment(session, agreement, asked_by="page", number=number, now=now, policy=policy)
    return RedirectResponse("/progress", 303)


def _theirs(session: Session, caller: CardholderCredential) -> tuple[Conversation, Agreement]:
    conversation = session.get_one(Conversation, caller.conversation_id)
    if conversation.identified_at is None:
        raise Problem("not_identified", 403, "Please confirm who you are in the chat first.")
    agreement = latest_agreement(session, conversation.person_id)
    if agreement is None:
        raise Problem("not_found", 404, "There is nothing to show here.")
    return conversation, agreement
