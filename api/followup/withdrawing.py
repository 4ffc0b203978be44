"""A signed agreement taken back within its days: asked for once, confirmed once, as if it had not been signed.

The day on which somebody first asked is the day that counts; what they confirm a little later is still in
time. Payments made stay payments, and what the bank was not going to charge is owed again, as was signed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.accounts.models import Person
from api.agreements.canonical import digest
from api.agreements.ledger.chain import append_entry, lock_ledger
from api.agreements.models import Agreement
from api.agreements.records import latest_agreement
from api.agreements.seal.installed import the_seal
from api.agreements.terms import cooling_off_until
from api.contact.outbox import enqueue
from api.conversations.colleagues import Colleague, may_read
from api.conversations.holding import locked_case, touch
from api.conversations.models import Conversation
from api.conversations.sentences import text_of
from api.conversations.stages import resume_stage, set_stage
from api.conversations.transcript import append_message
from api.conversations.writer import Words, Writer
from api.followup.confirmation import SCHEMA, render_confirmation
from api.followup.ending import end_agreement
from api.followup.instalments import Standing
from api.followup.standing import end_of, locked_agreement, stands
from api.followup.texts import Texting
from api.kit.audit import Event, append_event
from api.kit.dates import as_utc, local_date
from api.kit.errors import Problem
from api.kit.money import ZERO, money
from api.policy.lookup import PolicyView

__all__ = [
    "ASKED", "Withdrawal", "ask_to_withdraw", "withdraw_agreement", "withdraw_for",
    "withdrawal_words",
]  # fmt: skip

ASKED = "withdrawal_asked"
REASON = "cooling_off"


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A wish to withdraw: the last day for it, the day on which it was received, and whether it is done."""

    agreement: Agreement
    until: date
    received_on: date
    done: bool


def ask_to_withdraw(
    session: Session, agreement: Agreement, *, now: datetime, policy: PolicyView,
    actor: str = "person", received_on: date | None = None,
) -> Withdrawal:  # fmt: skip
    """Note that a person wants to withdraw; again: the first time stays. Nothing ends by asking.

    ``received_on``: the day on which a colleague was told, where that is not today.

    Raises:
        Problem: ``agreement_ended`` (409), in another way than this; ``withdrawal_late`` (409), after its days;
            ``day_invalid`` (422), a day before the signature or ahead.
    """
    agreement = locked_agreement(session, agreement.id)
    if agreement.signed_at is None:
        raise Problem("agreement_ended", 409, "No agreement is in force.")
    until = cooling_off_until(agreement.terms, agreement.signed_at)
    end = end_of(session, agreement.id)
    if end is not None and end.kind != "withdrawn":
        raise Problem("agreement_ended", 409, "This agreement has ended already.")
    wished_on = _wished_on(session, agreement, now, policy, ended=end is not None)
    if wished_on is not None:
        return Withdrawal(agreement, until, wished_on, done=end is not None)
    received = received_on or local_date(now)
    if not local_date(as_utc(agreement.signed_at)) <= received <= local_date(now):
        raise Problem("day_invalid", 422, "It was received between the signature and today.")
    if received > until:
        raise Problem("withdrawal_late", 409, "Its days are over.", until=until.isoformat())
    append_event(
        session, at=now, actor=actor, subject=("agreement", agreement.id), kind=ASKED,
        person=agreement.person_id, received_on=received.isoformat(),
    )  # fmt: skip
    session.flush()
    return Withdrawal(agreement, until, received, done=False)


def withdraw_agreement(
    session: Session, agreement: Agreement, conversation: Conversation, *, now: datetime,
    policy: PolicyView, actor: str = "person",
) -> Withdrawal:  # fmt: skip
    """End an agreement as its holder asked; again: the first answer. They are told by text as well.

    Raises:
        Problem: as ``ask_to_withdraw``; ``withdrawal_not_asked`` (409), nobody has asked for it before.
    """
    agreement = locked_agreement(session, agreement.id)
    end = end_of(session, agreement.id)
    if end is None and _wished_on(session, agreement, now, policy) is None:
        raise Problem("withdrawal_not_asked", 409, "Say first what withdrawing means.")
    wish = ask_to_withdraw(session, agreement, now=now, policy=policy)
    if wish.done:
        return wish
    texting = Texting(session, agreement, now, policy, address="")  # nothing here has a link
    standing = stands(session, agreement, local_date(now))
    _record(texting, wish, standing)
    end_agreement(texting, "withdrawn", REASON, "returns", standing, actor=actor)
    if conversation.channel != "sms":  # there the words of the conversation arrive as a text
        enqueue(
            session, key=f"withdrawn:{agreement.id}", purpose="service_notice", now=now,
            policy=policy, answering=True, person=session.get_one(Person, agreement.person_id),
            body=text_of(
                "withdrawn_notice", agreement.locale, policy, number=agreement.number or "",
                day=texting.day(wish.received_on),
            ),
        )  # fmt: skip
    set_stage(session, conversation, resume_stage(session, conversation, now), now)
    return replace(wish, done=True)


def _record(texting: Texting, wish: Withdrawal, standing: Standing) -> None:
    """Seal the confirmation and append it to the ledger, in the transaction that ends the agreement."""
    agreement, terms, seal = texting.agreement, texting.agreement.terms, the_seal()
    number = f"W{agreement.number}"
    body = {
        "schema": SCHEMA,
        "number": number,
        "agreement_number": agreement.number,
        "agreement_digest": agreement.digest,
        "bank": terms["bank"]["name"],
        "holder": terms["holder"]["name"],
        "cards": [account["card_tail"] for account in terms["debt"]["accounts"]],
        "currency": terms["currency"],
        "received_on": wish.received_on.isoformat(),
        "until": wish.until.isoformat(),
        "recorded_on": local_date(texting.now).isoformat(),
        "paid_total": str(standing.paid_total),
        "relief_total": terms["relief"]["total"],
    }
    content = digest(body)
    document = render_confirmation(
        body, content, agreement.locale, evidence=seal.seal.evidence,
        check_address=seal.check_address(number, content),
    )  # fmt: skip
    lock_ledger(texting.session)
    append_entry(
        texting.session, kind="withdrawal", agreement_id=agreement.id, number=number,
        content_digest=content, now=texting.now,
        document=seal.seal.seal_pdf(document, number=number, at=texting.now),
    )  # fmt: skip


def _wished_on(
    session: Session,
    agreement: Agreement,
    now: datetime,
    policy: PolicyView,
    *,
    ended: bool = False,
) -> date | None:
    """Return the day of the first wish that can still be confirmed, or of that by which it ``ended``."""
    days = timedelta(days=policy.value("bank.agreement.withdrawal_confirm_days"))
    found = session.execute(
        select(Event.at, Event.data)
        .where(
            Event.subject_id == agreement.id, Event.subject_kind == "agreement",
            Event.kind == ASKED,
        )
        .order_by(Event.id)
    ).all()  # fmt: skip
    wishes = [data["received_on"] for at, data in found if ended or as_utc(at) > now - days]
    return date.fromisoformat(wishes[0]) if wishes else None


def withdrawal_words(session: Session, wish: Withdrawal, writer: Writer) -> Words:
    """Return the placeholders that a sentence about it may use; one without a value is absent."""
    agreement = wish.agreement
    words = {
        "agreement_no": agreement.number or "",
        "withdraw_until": writer.day(wish.until),
        "withdrawn_on": writer.day(wish.received_on),
    }
    relief = money(agreement.terms["relief"]["total"])
    if relief > ZERO:
        words["relief_back"] = writer.money(relief)
    paid = stands(session, agreement, writer.today).paid_total
    if paid > ZERO:
        words["paid_total"] = writer.money(paid)
    return words


def withdraw_for(
    session: Session, case_id: int, by: Colleague, received_on: date, *, now: datetime,
    policy: PolicyView,
) -> Withdrawal:  # fmt: skip
    """Withdraw an agreement as its holder told a colleague, on the day on which they did; they are told.

    Raises:
        Problem: as ``ask_to_withdraw``; ``not_yours`` (403), ``not_identified`` (409).
    """
    case, conversation = locked_case(session, case_id)
    if not may_read(case.role, by.roles, policy.value("bank.care.read_by")):
        raise Problem("not_yours", 403, "This case is for colleagues of another role.")
    if conversation.identified_at is None:
        raise Problem("not_identified", 409, "Identity is not proven in this conversation.")
    agreement = latest_agreement(session, case.person_id)
    if agreement is None:
        raise Problem("agreement_ended", 409, "No agreement is in force.")
    ask_to_withdraw(
        session, agreement, now=now, policy=policy, actor=by.actor, received_on=received_on
    )
    before = end_of(session, agreement.id)
    wish = withdraw_agreement(
        session, agreement, conversation, now=now, policy=policy, actor=by.actor
    )
    if before is None:
        writer = Writer(conversation.locale, local_date(now), policy)
        append_message(
            session, conversation, speaker="system", now=now,
            text=writer.sentence("withdrawn", number=agreement.number or "", day=writer.day(received_on)),
        )  # fmt: skip
        touch(session, case, now, policy)
    return wish
