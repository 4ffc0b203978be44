"""Erasing what is held of a person, as far as law lets it go: all of it, or nothing, in one transaction.

What must stay stays whole: an agreement in force, and for its time one that has ended, with the offers it
was chosen from, the code that signed it, and its ledger entry. Of an agreement whose time is over the words
and the document go, and the ledger's entry keeps their hashes: the chain still proves that nothing was
put in or left out. Rows that only say that something happened once (texts sent, events) keep their place
and lose what was written in them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any

from sqlalchemy import CursorResult, Table, and_, delete, select, update
from sqlalchemy.orm import Session

from api.accounts.locking import lock_persons
from api.accounts.models import Person
from api.agreements.models import Agreement
from api.conversations.models import Case, Conversation
from api.custody.holdings import belonging_to
from api.custody.retention import Kept, kept_of
from api.custody.tables import TABLES
from api.kit.audit import append_event
from api.kit.dates import LOCAL_ZONE
from api.kit.errors import Problem
from api.policy.lookup import PolicyView

__all__ = ["ERASED", "Erasure", "erase"]

ERASED = "erased:"
"""How the bank's reference of an erased person begins; our own id follows."""

T = TABLES.tables


@dataclass
class Erasure:
    """What was done: rows erased (or emptied) by table, what stays and why, and the conversations that went."""

    kept: Kept
    erased: dict[str, int] = field(default_factory=dict)
    conversations: list[str] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """How many rows were erased or emptied."""
        return sum(self.erased.values())


def erase(
    session: Session, person: Person, *, now: datetime, policy: PolicyView, actor: str
) -> Erasure:
    """Erase what of a person may go, in the caller's transaction; doing it again finds nothing more.

    Raises:
        Problem: ``case_open`` (409), a colleague has still to see to something of theirs.
    """
    lock_persons(session, [person.id])
    session.refresh(person)
    _refuse_while_cases_are_open(session, person.id)
    done = Erasure(kept_of(session, person, now=now, policy=policy))
    work = _Work(session, person.id, done)
    work.talks()
    work.told()
    work.agreements()
    work.contact(now)
    if not done.kept.person:
        work.person(person)
    session.flush()
    session.expire_all()
    if done.rows:
        append_event(
            session, at=now, actor=actor, subject=("person", person.id), kind="erased",
            rows=done.rows, person_kept=done.kept.person, agreements_kept=len(done.kept.agreements),
        )  # fmt: skip
    return done


def _refuse_while_cases_are_open(session: Session, person_id: str) -> None:
    found = session.scalars(
        select(Case).where(
            Case.person_id == person_id, Case.state != "closed", Case.reason != "data_request"
        )
    ).all()
    if found:
        raise Problem(
            "case_open", 409, "A colleague has still to see to something of theirs; close it first.",
            cases=[case.number for case in found],
        )  # fmt: skip


class _Work:
    """The statements, in the order that the tables' references to each other ask for."""

    def __init__(self, session: Session, person_id: str, done: Erasure) -> None:
        self.session, self.person_id, self.done = session, person_id, done
        self.kept = tuple(done.kept.agreements)
        self.signed = (*self.kept, *done.kept.over)

    def talks(self) -> None:
        """Conversations with all that was said, cases and calls. The code that signed stays with its terms."""
        self.done.conversations = list(
            self.session.scalars(
                select(Conversation.id).where(Conversation.person_id == self.person_id)
            )
        )
        for name in ("call_backs", "case_notes", "cases", "messages", "inbox"):
            self._delete(T[name])
        challenges, agreements = T["challenges"], T["agreements"]
        signing = select(agreements.c.digest).where(agreements.c.id.in_(self.signed))
        self._delete(
            challenges,
            ~and_(challenges.c.purpose == "signature", challenges.c.state == "consumed",
                  challenges.c.digest.in_(signing)),
        )  # fmt: skip
        self._delete(T["invites"])
        self._delete(T["conversations"])

    def told(self) -> None:
        """What they told, what was planned from it, what they showed; not what a kept agreement rests on."""
        self._delete(T["situations"])
        self._delete(T["proposals"])
        sets, counters, agreements = T["offer_sets"], T["counters"], T["agreements"]
        resting = select(agreements.c.offer_set_id).where(agreements.c.id.in_(self.kept))
        chosen = select(agreements.c.id).where(
            agreements.c.offer_set_id == counters.c.offer_set_id,
            agreements.c.option == counters.c.number, agreements.c.id.in_(self.kept),
        )  # fmt: skip
        self._delete(counters, ~chosen.exists())
        self._delete(agreements, agreements.c.id.not_in(self.signed))
        self._blank(
            sets, sets.c.id.in_(select(agreements.c.offer_set_id)), sets.c.id.not_in(resting),
            sets.c.outcome != "erased", outcome="erased", answer={}, basis=None,
        )  # fmt: skip
        self._delete(sets, sets.c.id.not_in(select(agreements.c.offer_set_id)))
        self._delete(T["evidence_files"])
        if not self.kept:
            self._delete(T["evidence"])
            self._delete(T["consents"])

    def agreements(self) -> None:
        """The words of agreements whose time is over; the ledger keeps their hashes."""
        over = self.done.kept.over
        agreements, ledger = T["agreements"], T["ledger"]
        certificates = T["settlement_certificates"]
        held = self.session.scalars(
            select(Agreement).where(Agreement.id.in_(over)).order_by(Agreement.id)
        ).all()
        full = [agreement.id for agreement in held if agreement.terms]
        self._blank(agreements, agreements.c.id.in_(full), terms={})
        self._blank(ledger, ledger.c.agreement_id.in_(full), document=b"")
        self._blank(certificates, certificates.c.agreement_id.in_(full), body={})

    def contact(self, now: datetime) -> None:
        """What was written in texts, and attempts that are kept no longer; texts still to go out stay."""
        outbox, attempts, notices = T["outbox"], T["contact_attempts"], T["bank_notices"]
        if not self.done.kept.person:
            self._blank(outbox, outbox.c.state == "queued", state="dropped")
        self._blank(
            outbox, outbox.c.state != "queued", outbox.c.reason != "erased", recipient="", body=None,
            wording=None, reason="erased",
        )  # fmt: skip
        since = datetime.combine(self.done.kept.contacts_since, time.min, LOCAL_ZONE)
        self._delete(attempts, attempts.c.at < since)
        if not self.done.kept.person:
            self._delete(T["sums_wished"])
            self._delete(notices, notices.c.state == "acknowledged")

    def person(self, person: Person) -> None:
        """Who they are. What is kept of agreements names them in its own words."""
        if not self.kept:
            self._delete(T["payments"])
            self._delete(T["card_accounts"])
        if person.person_ref.startswith(ERASED):
            return
        self._blank(
            T["persons"], person_ref=f"{ERASED}{person.id}", name="", name_hash="", telephone="",
            telephone_hash="", id_last4_hash="",
        )  # fmt: skip

    def _delete(self, table: Table, *only: Any) -> None:
        mine = belonging_to(self.person_id, table)
        self._count(table, self.session.execute(delete(table).where(mine, *only)))

    def _blank(self, table: Table, *only: Any, **values: Any) -> None:
        mine = belonging_to(self.person_id, table)
        self._count(table, self.session.execute(update(table).where(mine, *only).values(values)))

    def _count(self, table: Table, result: Any) -> None:
        rows = result.rowcount if isinstance(result, CursorResult) else 0
        if rows:
            self.done.erased[table.name] = self.done.erased.get(table.name, 0) + rows
