"""The queue of cases, as those who work on it see it: masked names, the most pressing first."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, defer, load_only

from api.accounts.models import CardAccount, Person
from api.accounts.names import masked_name
from api.conversations.colleagues import may_read
from api.conversations.models import CallBack, Case, Conversation
from api.kit.dates import as_utc
from api.policy.lookup import PolicyView

__all__ = ["CaseRow", "hidden_cases", "queue", "queue_mark", "row_of"]

SOON = timedelta(minutes=30)
"""A promise that ends within this is due soon; so is a call that begins within it."""


@dataclass(frozen=True)
class CaseRow:
    """One case in a list. Instants are UTC; ``stage``, ``channel``, ``reason`` are codes."""

    id: int
    number: str
    conversation_id: str
    person_id: str
    reason: str
    priority: int
    role: str
    state: str
    name: str
    """Masked."""
    card_tail: str
    channel: str
    language: str
    stage: str
    opened_at: datetime
    promised_by: datetime
    late: bool
    """The promised time is over, or it was broken before."""
    due_soon: bool
    holder_id: str | None
    holder_name: str | None
    call_at: datetime | None
    """When a call is arranged."""
    others: int
    """How many other open cases the same conversation has."""
    outcome: str | None


def queue(
    session: Session,
    *,
    roles: Collection[str],
    now: datetime,
    policy: PolicyView,
    state: str | None = None,
    reason: str | None = None,
    channel: str | None = None,
    language: str | None = None,
    mine: str | None = None,
    due_soon: bool = False,
    text: str = "",
) -> list[CaseRow]:
    """Return the open cases that somebody with ``roles`` may read, by priority, then by promised time.

    ``state``: waiting, taken or working; ``mine``: a colleague's id, only what they have; ``text`` is
    looked for in names, case numbers and card tails.
    """
    wanted = _joined().where(Case.state != "closed")
    for column, value in (
        (Case.state, state), (Case.reason, reason), (Case.holder_id, mine),
        (Conversation.channel, channel), (Conversation.locale, language),
    ):  # fmt: skip
        if value is not None:
            wanted = wanted.where(column == value)
    care = policy.value("bank.care.read_by")
    found = [
        (case, conversation, person)
        for case, conversation, person in session.execute(
            wanted.order_by(Case.priority, Case.promised_by, Case.id)
        )
        if may_read(case.role, roles, care)
    ]
    rows = _rows(session, found, now)
    full = {case.id: person.name for case, _, person in found}
    looked = text.strip().casefold()
    return [
        row for row in rows
        if (not due_soon or row.due_soon)
        and (not looked or _matches(looked, row, full[row.id]))
    ]  # fmt: skip


def hidden_cases(session: Session, *, roles: Collection[str], policy: PolicyView) -> int:
    """Return how many open cases there are of which somebody with ``roles`` may only know that they are."""
    care = policy.value("bank.care.read_by")
    counted = session.execute(
        select(Case.role, func.count()).where(Case.state != "closed").group_by(Case.role)
    )
    return sum(count for role, count in counted if not may_read(role, roles, care))


def queue_mark(session: Session) -> str:
    """Return a mark that is another one whenever the queue is: cheap enough to look at each second."""
    count, newest, changes = session.execute(
        select(func.count(), func.max(Case.id), func.sum(Case.revision)).where(
            Case.state != "closed"
        )
    ).one()
    closed = session.scalar(select(func.count()).where(Case.state == "closed"))
    return f"{count}.{closed}.{newest or 0}.{changes or 0}"


def row_of(session: Session, case_id: int, now: datetime) -> CaseRow | None:
    """Return one case as the list shows it, open or closed."""
    found = session.execute(_joined().where(Case.id == case_id)).one_or_none()
    return None if found is None else _rows(session, [(found[0], found[1], found[2])], now)[0]


def _joined() -> Select[Case, Conversation, Person]:
    """Everything a list shows, and of what is encrypted only the name."""
    return (
        select(Case, Conversation, Person)
        .join(Conversation, Conversation.id == Case.conversation_id)
        .join(Person, Person.id == Case.person_id)
        .options(defer(Case.context), defer(Case.handed), load_only(Person.name))
    )


def _rows(
    session: Session, found: Sequence[tuple[Case, Conversation, Person]], now: datetime
) -> list[CaseRow]:
    conversations = {conversation.id for _, conversation, _ in found}
    tails = _tails(session, {person.id for _, _, person in found})
    calls = {
        call: as_utc(at)
        for call, at in session.execute(
            select(CallBack.case_id, CallBack.starts_at).where(
                CallBack.state == "planned", CallBack.conversation_id.in_(conversations)
            )
        )
        if at is not None
    }
    counted = session.execute(
        select(Case.conversation_id, func.count())
        .where(Case.state != "closed", Case.conversation_id.in_(conversations))
        .group_by(Case.conversation_id)
    )
    counts = {row[0]: row[1] for row in counted}
    return [
        CaseRow(
            id=case.id,
            number=case.number,
            conversation_id=conversation.id,
            person_id=person.id,
            reason=case.reason,
            priority=case.priority,
            role=case.role,
            state=case.state,
            name=masked_name(person.name),
            card_tail=tails.get(person.id, ""),
            channel=conversation.channel,
            language=conversation.locale,
            stage=conversation.stage,
            opened_at=as_utc(case.opened_at),
            promised_by=as_utc(case.promised_by),
            late=as_utc(case.promised_by) <= now or case.broken > 0,
            due_soon=_soon(case, calls.get(case.id), now),
            holder_id=case.holder_id,
            holder_name=case.holder_name,
            call_at=calls.get(case.id),
            others=counts.get(conversation.id, 0) - (case.state != "closed"),
            outcome=case.outcome,
        )
        for case, conversation, person in found
    ]


def _tails(session: Session, people: Collection[str]) -> dict[str, str]:
    tails: dict[str, str] = {}
    for person_id, tail in session.execute(
        select(CardAccount.person_id, CardAccount.card_tail)
        .where(CardAccount.person_id.in_(people))
        .order_by(CardAccount.account_ref)
    ):
        tails.setdefault(person_id, tail)
    return tails


def _soon(case: Case, call_at: datetime | None, now: datetime) -> bool:
    waits = case.state == "waiting" and as_utc(case.promised_by) <= now + SOON
    return waits or (call_at is not None and call_at <= now + SOON)


def _matches(looked: str, row: CaseRow, name: str) -> bool:
    return looked in name.casefold() or looked == row.card_tail or looked in row.number.casefold()
