"""How an agreement stands: its signed schedule, its moves and its payments, read from the records."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.accounts.locking import lock_persons
from api.accounts.models import CardAccount
from api.agreements.models import Agreement
from api.followup.instalments import Line, Received, Standing, standing_of
from api.followup.models import AgreementEnd, InstalmentMove, Payment
from api.followup.steps import Rules
from api.kit.dates import as_utc
from api.kit.money import money
from api.policy.lookup import PolicyView

__all__ = [
    "end_of",
    "lines_of",
    "locked_agreement",
    "moves_of",
    "payments_of",
    "rules_of",
    "stands",
]


def rules_of(agreement: Agreement, policy: PolicyView) -> Rules:
    """Return the figures that hold for an agreement: what was signed, and today's habits of the bank."""
    signed = agreement.terms["conditions"]
    settles = agreement.terms["kind"] == "settlement"  # one payment: its terms speak of no move
    return Rules(
        grace_days=int(signed["grace_days"]),
        talk_days=int(signed["breach_talk_days"]),
        moves_per_year=0 if settles else int(signed["moves_per_year"]),
        days_before=tuple(policy.value("bank.followup.days_before")),
        ask_days_after=policy.value("bank.followup.ask_days_after"),
        notice_days=policy.value("bank.followup.notice_days"),
        greeting_days=policy.value("bank.followup.greeting_days"),
    )


def locked_agreement(session: Session, agreement_id: str) -> Agreement:
    """Return an agreement as it stands at its person's turn: one payment, move or step at a time."""
    found = select(Agreement.person_id).where(Agreement.id == agreement_id)
    lock_persons(session, [session.scalars(found).one()])
    return session.scalars(
        select(Agreement)
        .where(Agreement.id == agreement_id)
        .execution_options(populate_existing=True)
    ).one()


def end_of(session: Session, agreement_id: str) -> AgreementEnd | None:
    """Return how an agreement ended, or ``None`` while it is in force."""
    return session.get(AgreementEnd, agreement_id)


def moves_of(session: Session, agreement_id: str) -> list[InstalmentMove]:
    """Return the moves of an agreement, the oldest first."""
    return list(
        session.scalars(
            select(InstalmentMove)
            .where(InstalmentMove.agreement_id == agreement_id)
            .order_by(InstalmentMove.id)
        )
    )


def lines_of(session: Session, agreement: Agreement) -> list[Line]:
    """Return the schedule as it holds now: amounts as signed, days after the last move."""
    signed = [
        Line(int(line["number"]), date.fromisoformat(line["due_date"]), money(line["payment"]))
        for line in agreement.terms["repayment"]["schedule"]
    ]
    moves = moves_of(session, agreement.id)
    if not moves:
        return signed
    days = [date.fromisoformat(day) for day in moves[-1].days]
    return [
        line if line.due == day else replace(line, due=day, moved_from=line.due)
        for line, day in zip(signed, days, strict=True)
    ]


def payments_of(session: Session, agreement: Agreement) -> list[Received]:
    """Return the payments that count for an agreement.

    They are those on its cards, made since the day whose balance the terms rest on (what came before
    is in that balance), and told to us before the agreement ended.
    """
    debt = agreement.terms["debt"]
    tails = [account["card_tail"] for account in debt["accounts"]]
    end = end_of(session, agreement.id)
    found = session.scalars(
        select(Payment)
        .join(CardAccount, CardAccount.id == Payment.account_id)
        .where(
            Payment.person_id == agreement.person_id,
            CardAccount.card_tail.in_(tails),
            Payment.paid_on >= date.fromisoformat(debt["as_of"]),
        )
    )
    return [
        Received(payment.reference, payment.paid_on, payment.amount)
        for payment in found
        if end is None or as_utc(payment.recorded_at) <= as_utc(end.at)
    ]


def stands(session: Session, agreement: Agreement, today: date) -> Standing:
    """Return how an agreement stands on a day."""
    return standing_of(
        lines_of(session, agreement), payments_of(session, agreement), today=today,
        grace_days=int(agreement.terms["conditions"]["grace_days"]),
    )  # fmt: skip
