"""Outreach: who is invited to talk today, or gets a friendly word ahead of a due day, chosen by policy.

Nothing is decided about a person but the days to or since their due day, whether they were here lately,
and the gate's table. Neither text tells of a debt. Running it twice a day writes to nobody twice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import exists, false, func, or_, select
from sqlalchemy.orm import Session

from api.accounts.invites import invite
from api.accounts.locking import lock_persons
from api.accounts.models import CardAccount, Person
from api.contact.gate import Decision, Purpose
from api.contact.holds import holds_of
from api.contact.models import OutboxMessage
from api.contact.outbox import enqueue, may_send
from api.conversations.models import Conversation
from api.conversations.sentences import text_of
from api.followup.models import AgreementEnd
from api.kit.clock import Clock
from api.kit.dates import as_utc, local_date
from api.kit.db import Database
from api.policy.lookup import Policy, PolicyView
from api.policy.values import OutreachStep

__all__ = ["Considered", "Tally", "outreach"]

AT_ONCE = 200
"""Persons looked at in one transaction: short ones let others write, and memory stays flat."""


@dataclass(frozen=True, slots=True)
class Considered:
    """One person who was looked at, by the reference of their oldest account; no personal data.

    ``days_past_due`` is negative while the due day is still to come.
    """

    account_ref: str
    days_past_due: int
    step: str
    verdict: str
    """``send``, ``wait`` or ``drop`` as the gate says; ``done`` (invited in this step), ``here``
    (visited lately) or ``paid`` (an agreement was fulfilled, and the bank's figures are older)."""
    rule: str = ""
    until: datetime | None = None


@dataclass
class Tally:
    """How many were looked at, by what became of them."""

    verdicts: Counter[str] = field(default_factory=Counter)
    rules: Counter[str] = field(default_factory=Counter)

    def add(self, found: Considered) -> None:
        """Count one person."""
        self.verdicts[found.verdict] += 1
        if found.rule:
            self.rules[found.rule] += 1


@dataclass(frozen=True, slots=True)
class _Span:
    """A step of policy as a span of due days, and what is said in it."""

    step: OutreachStep
    first: date
    last: date
    purpose: Purpose
    sentence: str


def _spans(today: date, view: PolicyView) -> list[_Span]:
    def days(count: int) -> date:
        return today + timedelta(days=count)

    return [
        *(
            _Span(step, days(-step.until_days), days(-step.from_days), "outreach", "invitation")
            for step in view.value("bank.outreach.steps")
        ),
        *(
            _Span(step, days(step.from_days), days(step.until_days), "reminder", "ahead_of_time")
            for step in view.value("bank.outreach.before")
        ),
    ]


def outreach(
    database: Database, clock: Clock, policy: Policy, *, address: str, dry_run: bool = False
) -> Iterator[Considered]:
    """Write to whom policy chooses today; yields each person looked at, in the order of their accounts.

    With ``dry_run`` nothing is written. ``address`` is where links lead.
    """
    after = ""
    while True:
        now = clock.now()
        view = policy.on(local_date(now))
        opened = database.reading if dry_run else database.transaction
        with opened() as session:
            due = _due(session, local_date(now), view, after)
            lock_persons(session, {account.person_id for account in due})
            found = [
                _consider(session, account, now, view, address, dry_run=dry_run) for account in due
            ]
            after = due[-1].account_ref if due else ""
        yield from found
        if len(due) < AT_ONCE:
            return


def _due(session: Session, today: date, view: PolicyView, after: str) -> list[CardAccount]:
    """Return each person's account with the oldest due day, where that lies in a span; page by page."""
    spans = _spans(today, view)
    last = max((span.last for span in spans), default=today)
    owed = CardAccount.principal + CardAccount.interest + CardAccount.penalty + CardAccount.fees
    ranked = (
        select(
            CardAccount.id,
            func.row_number()
            .over(
                partition_by=CardAccount.person_id,
                order_by=(CardAccount.due_date, CardAccount.account_ref),
            )
            .label("place"),
        )
        .where(CardAccount.status == "open", owed > 0, CardAccount.due_date <= last)
        .subquery()
    )
    within = or_(
        false(),
        *(CardAccount.due_date.between(span.first, span.last) for span in spans),
    )
    found = session.scalars(
        select(CardAccount)
        .join(ranked, ranked.c.id == CardAccount.id)
        .where(ranked.c.place == 1, within, CardAccount.account_ref > after)
        .order_by(CardAccount.account_ref)
        .limit(AT_ONCE)
    )
    return list(found)


def _consider(
    session: Session, account: CardAccount, now: datetime, view: PolicyView, address: str,
    *, dry_run: bool,
) -> Considered:  # fmt: skip
    today = local_date(now)
    days = (today - account.due_date).days
    span = next(one for one in _spans(today, view) if one.first <= account.due_date <= one.last)
    key = f"outreach:{account.person_id}:{account.due_date.isoformat()}:{span.step.id}"
    verdict = ""
    if session.scalar(select(OutboxMessage.id).where(OutboxMessage.key == key)):
        verdict = "done"
    elif _here_lately(session, account.person_id, now, view):
        verdict = "here"
    elif _paid_since(session, account):
        verdict = "paid"
    if verdict:
        return Considered(account.account_ref, days, span.step.id, verdict)
    person = session.get_one(Person, account.person_id)
    decision = _may_go(session, person, span, now, view, address)
    if not dry_run and decision.verdict != "drop":  # dropped today, it may be right on a later day
        _write(session, account, person, span, key, now, view, address)
    return Considered(
        account.account_ref, days, span.step.id, decision.verdict, decision.rule, decision.until
    )


def _may_go(
    session: Session, person: Person, span: _Span, now: datetime, view: PolicyView, address: str
) -> Decision:
    if "agreement_in_force" in holds_of(session, person.id):
        return Decision("drop", "gate.agreement_in_force")  # it has reminders of its own
    words = text_of(span.sentence, person.locale, view, link=f"{address}/i/")
    return may_send(session, person, span.purpose, words, now=now, policy=view)


def _here_lately(session: Session, person_id: str, now: datetime, view: PolicyView) -> bool:
    since = now - timedelta(days=view.value("bank.outreach.leave_alone_days"))
    return bool(
        session.scalar(
            select(
                exists().where(Conversation.person_id == person_id, Conversation.created_at > since)
            )
        )
    )


def _paid_since(session: Session, account: CardAccount) -> bool:
    """Return whether an agreement was fulfilled after the day of the account's balance, or on it."""
    ended = session.scalars(
        select(AgreementEnd.at).where(
            AgreementEnd.person_id == account.person_id, AgreementEnd.kind == "fulfilled"
        )
    )
    return any(local_date(as_utc(at)) >= account.as_of for at in ended)


def _write(
    session: Session, account: CardAccount, person: Person, span: _Span, key: str, now: datetime,
    view: PolicyView, address: str,
) -> None:  # fmt: skip
    _, code = invite(
        session, account_id=account.id, now=now, valid_hours=view.value("bank.invite.valid_hours")
    )
    enqueue(
        session, key=key, purpose=span.purpose, person=person, now=now, policy=view,
        body=text_of(span.sentence, person.locale, view, link=f"{address}/i/{code}"),
    )  # fmt: skip
