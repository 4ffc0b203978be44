"""What is texted in the months of an agreement: no word that tells of a debt, and no sum unasked.

Every text is a sentence of ``conversations/wording`` and leaves through the outbox and its gate, by a
key that lets it leave once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.accounts.invites import invite
from api.accounts.models import CardAccount, Person
from api.agreements.models import Agreement
from api.contact.gate import Decision, Purpose
from api.contact.outbox import enqueue
from api.conversations.sentences import text_of
from api.conversations.writer import Writer
from api.followup.models import SumsWished
from api.kit.dates import local_date
from api.policy.lookup import PolicyView

__all__ = ["Texting"]


@dataclass(frozen=True)
class Texting:
    """Writes to the holder of one agreement, in the language it was signed in."""

    session: Session
    agreement: Agreement
    now: datetime
    policy: PolicyView
    address: str
    """Where links lead."""

    @property
    def writer(self) -> Writer:
        """Writes values for the person."""
        return Writer(self.agreement.locale, local_date(self.now), self.policy)

    def day(self, day: date) -> str:
        """Write a day."""
        return self.writer.day(day)

    def link(self) -> str:
        """Return a link that shows nothing before the person has proven who they are."""
        account_id = self.session.scalars(
            select(CardAccount.id)
            .where(CardAccount.person_id == self.agreement.person_id)
            .order_by(CardAccount.account_ref)
            .limit(1)
        ).one()
        _, code = invite(
            self.session, account_id=account_id, now=self.now,
            valid_hours=self.policy.value("bank.invite.valid_hours"), purpose="link",
        )  # fmt: skip
        return f"{self.address}/i/{code}"

    def wants_sums(self) -> bool:
        """Return whether the person asked for reminders that name the sum."""
        wish = self.session.get(SumsWished, self.agreement.person_id)
        return wish is not None and wish.wished

    def say(self, key: str, sentence: str, purpose: Purpose, **values: str) -> Decision | None:
        """Put a sentence into the outbox; ``None`` where it was there already."""
        return enqueue(
            self.session, key=key, purpose=purpose, answering=purpose == "reply",
            person=self.session.get_one(Person, self.agreement.person_id),
            body=text_of(sentence, self.agreement.locale, self.policy, **values), now=self.now,
            policy=self.policy,
        )  # fmt: skip
