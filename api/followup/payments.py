"""Recording a payment: once by its reference, counted towards the agreement in force, answered by a receipt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.accounts.locking import lock_persons
from api.accounts.models import CardAccount
from api.agreements.models import Agreement
from api.agreements.records import agreement_in_force
from api.followup.ending import fulfil
from api.followup.instalments import Standing
from api.followup.models import Payment
from api.followup.plan import plan
from api.followup.standing import payments_of, stands
from api.followup.texts import Texting
from api.kit.audit import append_event
from api.kit.dates import local_date
from api.kit.db import one_at_a_time
from api.kit.errors import Problem
from api.kit.money import ZERO
from api.kit.secrecy import new_id
from api.policy.lookup import PolicyView
from api.webhooks.notices import tell_bank

__all__ = ["Recorded", "Told", "record_payment"]


@dataclass(frozen=True, slots=True)
class Told:
    """A payment as the bank tells of it; ``amount`` in yuan, in the account's own currency."""

    reference: str
    account_ref: str
    amount: Decimal
    paid_on: date
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of it: whether it is new, and the agreement it was counted towards, if any."""

    payment: Payment
    new: bool
    agreement: Agreement | None
    standing: Standing | None


def record_payment(
    session: Session, told: Told, *, now: datetime, policy: PolicyView, address: str
) -> Recorded:
    """Record a payment in the caller's transaction; the same reference again changes nothing.

    Raises:
        Problem: ``account_unknown`` (404); ``payment_differs`` (409), the reference is known with other
            facts; ``amount_invalid``, ``currency_differs``, ``date_ahead`` (422).
    """
    account = session.scalar(select(CardAccount).where(CardAccount.account_ref == told.account_ref))
    if account is None:
        raise Problem("account_unknown", 404, "There is no account with this reference.")
    lock_persons(session, [account.person_id])
    one_at_a_time(session, f"payment {told.reference}")
    known = session.scalar(select(Payment).where(Payment.reference == told.reference))
    if known is not None:
        if (known.account_id, known.amount, known.paid_on) != (
            account.id, told.amount, told.paid_on,
        ):  # fmt: skip
            raise Problem("payment_differs", 409, "This reference is known with other facts.")
        return Recorded(known, new=False, agreement=None, standing=None)
    _check(told, account, now)
    payment = Payment(
        id=new_id("p"), reference=told.reference, account_id=account.id,
        person_id=account.person_id, amount=told.amount, paid_on=told.paid_on, recorded_at=now,
    )  # fmt: skip
    session.add(payment)
    append_event(
        session, at=now, actor="bank", subject=("payment", payment.id), kind="payment_recorded",
        person=payment.person_id, reference=payment.reference,
    )  # fmt: skip
    session.flush()
    agreement = agreement_in_force(session, account.person_id)
    if agreement is None or payment.reference not in {
        counted.reference for counted in payments_of(session, agreement)
    }:
        return Recorded(payment, new=True, agreement=None, standing=None)
    return _counted(session, payment, agreement, now, policy, address)


def _check(told: Told, account: CardAccount, now: datetime) -> None:
    if told.amount <= ZERO:
        raise Problem("amount_invalid", 422, "A payment is more than nothing.")
    if told.currency and told.currency != account.currency:
        raise Problem("currency_differs", 422, "The account is in another currency.")
    if told.paid_on > local_date(now):
        raise Problem("date_ahead", 422, "A payment is recorded once it was made.")


def _counted(
    session: Session, payment: Payment, agreement: Agreement, now: datetime, policy: PolicyView,
    address: str,
) -> Recorded:  # fmt: skip
    """Count a payment towards the agreement in force, say so, and see whether it is the last."""
    today = local_date(now)
    standing = stands(session, agreement, today)
    paid_before = _paid_without(standing, payment.amount)
    _note_paid(session, agreement, standing, paid_before, now)
    before = sum(paid_before)
    plan(session, agreement, standing, now, policy)
    tell_bank(
        session, "payment.counted", person_id=agreement.person_id, subject=payment.id, now=now,
        reference=payment.reference, agreement_number=agreement.number,
        instalments_paid=standing.paid_count, instalments=len(standing.instalments),
        paid_total=str(standing.paid_total), left_total=str(standing.left_total),
    )  # fmt: skip
    texting = Texting(session, agreement, now, policy, address)
    if not standing.open:
        fulfil(texting, standing)
    _receipt(texting, payment, standing, before)
    return Recorded(payment, new=True, agreement=agreement, standing=standing)


def _paid_without(standing: Standing, amount: Decimal) -> list[bool]:
    """Tell of each instalment whether it was complete before ``amount`` came."""
    before = standing.paid_total + standing.over - amount
    complete = []
    for each in standing.instalments:
        before -= each.line.amount
        complete.append(before >= ZERO)
    return complete


def _note_paid(
    session: Session,
    agreement: Agreement,
    standing: Standing,
    paid_before: list[bool],
    now: datetime,
) -> None:
    """Append which instalments this payment has completed, and whether within their days of grace."""
    for each, already in zip(standing.instalments, paid_before, strict=True):
        if each.paid_on is not None and not already:
            append_event(
                session, at=now, actor="system", subject=("agreement", agreement.id),
                kind="instalment_paid", person=agreement.person_id, number=each.number,
                in_time=each.paid_on <= each.grace_until,
            )  # fmt: skip


def _receipt(texting: Texting, payment: Payment, standing: Standing, before: int) -> None:
    """Say that it came and what it did: the last one's receipt is the letter that it is all done."""
    key = f"receipt:{payment.id}"
    link = texting.link()
    if not standing.open:
        texting.say(key, "followup_fulfilled", "receipt", link=link)
        return
    following = standing.open[0]
    count, half = standing.paid_count, len(standing.instalments) / 2
    next_day = texting.day(following.due)
    if count == before:
        until = max(following.grace_until, local_date(texting.now))
        texting.say(key, "followup_part", "receipt", grace_date=texting.day(until), link=link)
    elif before < half <= count:
        texting.say(key, "followup_half", "receipt", next_day=next_day, link=link)
    else:
        texting.say(key, "followup_received", "receipt", next_day=next_day, link=link)
