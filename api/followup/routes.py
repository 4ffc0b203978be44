"""Payments from the bank's systems; how it goes, and a moved instalment, for the assistant."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from api.agreements.models import Agreement
from api.agreements.records import agreement_in_force, latest_agreement
from api.conversations.turns import Turn, Turns
from api.conversations.writer import Writer
from api.followup.models import SumsWished
from api.followup.moving import move_instalment
from api.followup.payments import Told, record_payment
from api.followup.progress import progress_of, progress_words
from api.followup.withdrawing import ask_to_withdraw, withdraw_agreement, withdrawal_words
from api.kit.audit import append_event
from api.kit.auth import bank_caller, bot_caller
from api.kit.dates import local_date
from api.kit.errors import Problem
from api.kit.money import MoneyField
from api.kit.wiring import TheClock, TheDatabase

__all__ = ["assistant_router", "payments_router"]

payments_router = APIRouter(
    prefix="/v1/payments", tags=["payments"], dependencies=[Depends(bank_caller)]
)
assistant_router = APIRouter(
    prefix="/v1/bot/conversations/{conversation_id}",
    tags=["assistant"],
    dependencies=[Depends(bot_caller)],
)

Reference = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64)]


class PaymentTold(BaseModel):
    """A payment that reached the bank. ``reference`` is the bank's own and makes it count once."""

    model_config = ConfigDict(extra="forbid")

    reference: Reference
    account_ref: Reference
    amount: Annotated[MoneyField, Field(gt=0)]
    paid_on: date
    currency: Annotated[str, StringConstraints(pattern=r"^([A-Z]{3})?$")] = ""


class SumsAsked(BaseModel):
    """Whether reminders are to name the sum."""

    model_config = ConfigDict(extra="forbid")

    sums: Annotated[bool, Field(strict=True)]


class WithdrawalTold(BaseModel):
    """A wish to withdraw, and whether it was confirmed after hearing what that means."""

    model_config = ConfigDict(extra="forbid")

    confirmed: Annotated[bool, Field(strict=True)]


@payments_router.post("", status_code=201)
def payments(
    request: Request, response: Response, body: PaymentTold, database: TheDatabase, clock: TheClock
) -> dict[str, Any]:
    """Record a payment: 201 when it is new, 200 when its reference is known with the same facts."""
    state = request.app.state
    told = Told(body.reference, body.account_ref, body.amount, body.paid_on, body.currency)
    with database.transaction() as session:
        recorded = record_payment(
            session, told, now=clock.now(), policy=state.policy.on(clock.today()),
            address=state.settings.address,
        )  # fmt: skip
        response.status_code = 201 if recorded.new else 200
        return {
            "id": recorded.payment.id,
            "reference": recorded.payment.reference,
            "new": recorded.new,
            "agreement": recorded.agreement.number if recorded.agreement else None,
            "paid_total": str(recorded.standing.paid_total) if recorded.standing else None,
            "left_total": str(recorded.standing.left_total) if recorded.standing else None,
        }


@assistant_router.get("/progress")
def progress(turns: Turns) -> dict[str, Any]:
    """Tell how the person's newest agreement goes, with ready words; ``progress`` is null without one."""
    with turns.reading() as turn:
        turn.require_identity()
        return _with_progress(turn, latest_agreement(turn.session, turn.who.person_id))


@assistant_router.post("/move")
def move(turns: Turns) -> dict[str, Any]:
    """Move the oldest open instalment back by a month, as the agreement allows."""
    with turns.writing() as turn:
        turn.require_identity()
        turn.require_calm()
        agreement = agreement_in_force(turn.session, turn.who.person_id)
        if agreement is None:
            raise Problem("agreement_ended", 409, "No agreement is in force.")
        made = move_instalment(
            turn.session, agreement, asked_by="assistant", now=turn.now, policy=turn.policy
        )
    return {
        **progress(turns),
        "moved": {"number": made.number, "to": made.after.isoformat()},
    }


@assistant_router.post("/reminders")
def reminders(turns: Turns, body: SumsAsked) -> dict[str, Any]:
    """Record whether the person wants the sum named in their reminders; unasked it never is."""
    with turns.writing() as turn:
        turn.require_identity()
        person_id = turn.who.person_id
        turn.session.merge(SumsWished(person_id=person_id, wished=body.sums, at=turn.now))
        append_event(
            turn.session, at=turn.now, actor="person", subject=("person", person_id),
            kind="sums_wished", wished=body.sums,
        )  # fmt: skip
    return turns.context(sums=body.sums)


@assistant_router.post("/withdrawal")
def withdrawal(turns: Turns, body: WithdrawalTold) -> dict[str, Any]:
    """Note a wish to withdraw, with the words that say what it means; once confirmed, end the agreement.

    409 ``withdrawal_late`` after its days, ``withdrawal_not_asked`` for a confirmation of nothing. Again: the
    first answer.
    """
    with turns.writing() as turn:
        turn.require_identity()
        agreement = latest_agreement(turn.session, turn.who.person_id)
        if agreement is None:
            raise Problem("agreement_ended", 409, "No agreement is in force.")
        writer = Writer(turn.conversation.locale, local_date(turn.now), turn.policy)
        if body.confirmed:
            turn.require_calm()
            wish = withdraw_agreement(
                turn.session, agreement, turn.conversation, now=turn.now, policy=turn.policy
            )
        else:
            wish = ask_to_withdraw(turn.session, agreement, now=turn.now, policy=turn.policy)
        words = withdrawal_words(turn.session, wish, writer)
    told = turns.context(withdrawn=wish.done)
    return {**told, "words": {**told["words"], **words}}


def _with_progress(turn: Turn, agreement: Agreement | None) -> dict[str, Any]:
    told = turn.context()
    if agreement is None:
        return {**told, "progress": None}
    found = progress_of(turn.session, agreement, now=turn.now, policy=turn.policy)
    writer = Writer(turn.conversation.locale, local_date(turn.now), turn.policy)
    return {
        **told, "progress": found, "words": {**told["words"], **progress_words(found, writer)},
    }  # fmt: skip
