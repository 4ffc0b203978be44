"""Everything one case's screen needs, in one reading: the conversation, the person's means, plans, contact."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from api.accounts.delinquency import days_past_due
from api.accounts.models import Person
from api.agreements.models import Agreement, Counter, OfferSet, Proposal
from api.agreements.planning import means_of, open_accounts
from api.agreements.records import (
    agreement_in_force,
    consent_given,
    facts_of,
    latest_offers,
    presented_terms,
)
from api.contact.gate import Decision
from api.contact.ledger import Budget, attempts_of, budget_of, heard_lately, may_reach
from api.contact.models import ContactAttempt, Heard, Hold, OutboxMessage
from api.conversations.call_backs import arranged
from api.conversations.case_list import CaseRow, row_of
from api.conversations.case_notes import notes_of
from api.conversations.cases import care_comes_first, handed_back, open_cases
from api.conversations.colleagues import Colleague, may_read
from api.conversations.lockouts import Pause, running_pauses
from api.conversations.matters import FINDINGS
from api.conversations.models import CallBack, Case, CaseNote, Conversation
from api.conversations.transcript import as_record, messages_after
from api.kit.audit import Event, append_event
from api.kit.dates import as_utc, local_date
from api.kit.errors import Problem
from api.plans.affordability import Affordability, assess
from api.plans.terms import planning_terms
from api.policy.lookup import PolicyView
from api.policy.values import Authority

__all__ = ["CaseView", "DebtLine", "case_view", "mark_seen"]

MOST_EVENTS = 80
MOST_VISITS = 3


@dataclass(frozen=True)
class DebtLine:
    """What is owed on one card, in yuan, as of a day."""

    account_ref: str
    card_tail: str
    principal: str
    interest: str
    penalty: str
    fees: str
    total: str
    as_of: str
    status: str
    days_past_due: int


@dataclass(frozen=True)
class CaseView:
    """One case and all around it. Documents (facts, offers, terms) are plain JSON, as on record."""

    row: CaseRow
    case: Case
    conversation: Conversation
    name: str
    """In full: whoever may read the case."""
    identified: bool
    consent: bool
    """The person has agreed to be asked about their means."""
    care: bool
    """Signs of distress are open: nothing about money now."""
    floor_holder: str | None
    """The id of who has the floor; ``None`` while the assistant has it."""
    floor_name: str | None
    last_seq: int
    epoch: int
    records: list[dict[str, Any]]
    earlier: list[dict[str, Any]]
    """Records of the person's other visits in which they proved who they are, oldest first."""
    facts: dict[str, Any]
    affordability: Affordability | None
    debts: list[DebtLine]
    offers: OfferSet | None
    """The newest calculation, whatever came of it (``answer`` is its document; its proof:
    ``api.agreements.proofs.proof_of_offers``)."""
    counters: list[Counter]
    terms: Agreement | None
    """Terms shown and not yet signed."""
    agreement: Agreement | None
    """In force; how it is kept is ``api.followup.progress``."""
    proposals: list[Proposal]
    authority: Authority
    attempts: list[ContactAttempt]
    budget: Budget
    reply: Decision
    """What the gate says of a text to the person now."""
    answering: bool
    heard_at: datetime | None
    texts_waiting: list[OutboxMessage]
    holds: list[Hold]
    pauses: list[Pause]
    """What keeps the person from proving who they are just now."""
    notes: list[CaseNote]
    call_back: CallBack | None
    others: list[CaseRow]
    """The other open cases of the same conversation that the reader may see."""
    findings: tuple[str, ...]
    """How the matter of this case can be decided, if it has one."""
    handed: dict[str, Any] | None
    events: list[Event]
    """The newest of conversation and person, the newest first."""


def mark_seen(session: Session, case_id: int, by: Colleague, now: datetime) -> None:
    """Note that a colleague opened a case."""
    person = session.scalar(select(Case.person_id).where(Case.id == case_id))
    append_event(
        session, at=now, actor=by.actor, subject=("case", str(case_id)), kind="seen", person=person
    )


def case_view(
    session: Session, case_id: int, by: Colleague, *, now: datetime, policy: PolicyView
) -> CaseView:
    """Return everything about a case that somebody may read.

    Raises:
        Problem: ``case_unknown`` (404), ``not_yours`` (403): of a case of care, only that it exists.
    """
    case = session.get(Case, case_id)
    if case is None:
        raise Problem("case_unknown", 404, "There is no such case.")
    conversation = session.get_one(Conversation, case.conversation_id)
    care = care_comes_first(session, conversation.id)
    read_by = policy.value("bank.care.read_by")
    if not may_read("care" if care else case.role, by.roles, read_by):
        raise Problem("not_yours", 403, "This case is for colleagues of another role.")
    row = row_of(session, case_id, now)
    if row is None:
        raise Problem("case_unknown", 404, "There is no such case.")
    person = session.get_one(Person, case.person_id)
    today = local_date(now)
    facts = facts_of(session, person.id)
    opened = open_cases(session, conversation.id)
    taken = next((found for found in opened if found.state == "taken"), None)
    offers = latest_offers(session, person.id)
    answering = heard_lately(session, person.id, now, policy)
    heard = session.get(Heard, person.id)
    return CaseView(
        row=row,
        case=case,
        conversation=conversation,
        name=person.name,
        identified=conversation.identified_at is not None,
        consent=consent_given(session, person.id),
        care=care,
        floor_holder=taken.holder_id if taken else None,
        floor_name=taken.holder_name if taken else None,
        last_seq=conversation.last_seq,
        epoch=conversation.epoch,
        records=[as_record(record) for record in messages_after(session, conversation.id, 0)],
        earlier=_earlier(session, conversation),
        facts=facts,
        affordability=assess(means_of(facts), planning_terms(policy)) if facts else None,
        debts=_debts(session, person.id, now),
        offers=offers,
        counters=_counters(session, offers),
        terms=presented_terms(session, person.id, today),
        agreement=agreement_in_force(session, person.id),
        proposals=_proposals(session, person.id),
        authority=policy.value("bank.authority")["collector"],
        attempts=attempts_of(session, person.id),
        budget=budget_of(session, person, now=now, policy=policy),
        reply=may_reach(
            session, person, "reply", now=now, policy=policy, answering=answering
        ),
        answering=answering,
        heard_at=as_utc(heard.at) if heard else None,
        texts_waiting=_texts_waiting(session, person.id),
        holds=_holds(session, person.id),
        pauses=running_pauses(session, person.id, now=now, policy=policy),
        notes=notes_of(session, person.id, by.roles, policy),
        call_back=arranged(session, conversation.id),
        others=_others(session, opened, case, by, now, read_by),
        findings=tuple(FINDINGS.get(case.reason, ())),
        handed=handed_back(session, conversation),
        events=_events(session, conversation.id, person.id),
    )  # fmt: skip


def _earlier(session: Session, conversation: Conversation) -> list[dict[str, Any]]:
    """Return what was said before, elsewhere; nothing before identity is proven here."""
    if conversation.identified_at is None:
        return []
    visits = session.scalars(
        select(Conversation.id)
        .where(
            Conversation.person_id == conversation.person_id,
            Conversation.id != conversation.id,
            Conversation.identified_at.is_not(None),
        )
        .order_by(Conversation.created_at.desc())
        .limit(MOST_VISITS)
    ).all()
    return [
        as_record(record)
        for visit in reversed(visits)
        for record in messages_after(session, visit, 0)
    ]


def _debts(session: Session, person_id: str, now: datetime) -> list[DebtLine]:
    return [
        DebtLine(
            account_ref=account.account_ref,
            card_tail=account.card_tail,
            principal=str(account.principal),
            interest=str(account.interest),
            penalty=str(account.penalty),
            fees=str(account.fees),
            total=str(account.total),
            as_of=account.as_of.isoformat(),
            status=account.status,
            days_past_due=max(0, days_past_due(account.due_date, local_date(now))),
        )
        for account in open_accounts(session, person_id)
    ]


def _counters(session: Session, offers: OfferSet | None) -> list[Counter]:
    if offers is None:
        return []
    found = select(Counter).where(Counter.offer_set_id == offers.id).order_by(Counter.id)
    return list(session.scalars(found))


def _proposals(session: Session, person_id: str) -> list[Proposal]:
    return list(
        session.scalars(
            select(Proposal).where(Proposal.person_id == person_id).order_by(Proposal.at.desc())
        )
    )


def _texts_waiting(session: Session, person_id: str) -> list[OutboxMessage]:
    return list(
        session.scalars(
            select(OutboxMessage)
            .where(OutboxMessage.person_id == person_id, OutboxMessage.state == "queued")
            .order_by(OutboxMessage.due_at)
        )
    )


def _holds(session: Session, person_id: str) -> list[Hold]:
    return list(
        session.scalars(
            select(Hold)
            .where(Hold.person_id == person_id, Hold.ended_at.is_(None))
            .order_by(Hold.since, Hold.id)
        )
    )


def _others(
    session: Session, opened: list[Case], case: Case, by: Colleague, now: datetime,
    read_by: list[str],
) -> list[CaseRow]:  # fmt: skip
    rows = [
        row_of(session, other.id, now)
        for other in opened
        if other.id != case.id and may_read(other.role, by.roles, read_by)
    ]
    return [row for row in rows if row is not None]


def _events(session: Session, conversation_id: str, person_id: str) -> list[Event]:
    return list(
        session.scalars(
            select(Event)
            .where(
                or_(
                    (Event.subject_kind == "conversation") & (Event.subject_id == conversation_id),
                    (Event.subject_kind == "person") & (Event.subject_id == person_id),
                )
            )
            .order_by(Event.id.desc())
            .limit(MOST_EVENTS)
        )
    )
