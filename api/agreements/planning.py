"""From what a person told us to offers, and from a chosen offer to terms: recorded at every step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from api.accounts.delinquency import days_past_due
from api.accounts.models import CardAccount, Person
from api.agreements.canonical import digest
from api.agreements.facts import Merged, merge_facts
from api.agreements.lives import lives_of
from api.agreements.models import Agreement, Consent, OfferSet, Situation
from api.agreements.proofs import calculated
from api.agreements.reason_marks import mark_of
from api.agreements.records import consent_given, facts_of, offer_numbered, standing_offers
from api.agreements.terms import build_terms
from api.agreements.terms_policy import bank_values, policy_values
from api.kit.asked_once import asked_once
from api.kit.audit import append_event
from api.kit.clock import Clock
from api.kit.dates import local_date
from api.kit.db import Database
from api.kit.errors import Problem
from api.kit.secrecy import new_id
from api.plans.basis import Role
from api.plans.debt import Debt
from api.plans.situation import Situation as Means
from api.policy.lookup import PolicyView

__all__ = [
    "DebtsOnRecord",
    "Who",
    "compute_offers",
    "debt_digest",
    "debts_of",
    "means_of",
    "open_accounts",
    "present_terms",
    "record_consent",
    "save_facts",
    "with_facts",
]


@dataclass(frozen=True)
class Who:
    """Whose matter it is, and in which conversation: never taken from a caller's parameter."""

    person_id: str
    conversation_id: str


def record_consent(
    session: Session, who: Who, *, kind: str, granted: bool, now: datetime, policy: PolicyView,
    actor: str = "person",
) -> None:  # fmt: skip
    """Record a person's separate consent, or their refusal (个人信息保护法, art. 29).

    ``actor`` is the colleague to whom they said it, where they said it to one.
    """
    session.add(
        Consent(
            id=new_id("k"),
            person_id=who.person_id,
            conversation_id=who.conversation_id,
            kind=kind,
            notice_version=policy.value("bank.notice.version"),
            granted=granted,
            at=now,
        )
    )
    append_event(
        session, at=now, actor=actor, subject=("person", who.person_id),
        kind="consent_granted" if granted else "consent_refused", consent=kind,
    )  # fmt: skip


def save_facts(
    session: Session, who: Who, given: Mapping[str, Any], *, now: datetime, policy: PolicyView,
    actor: str = "person",
) -> Merged:  # fmt: skip
    """Merge what the person just said into what is known, as a new version.

    ``actor`` is the colleague who wrote it down, where one did.

    Raises:
        Problem: ``no_consent`` (403) before the person agreed to be asked.
    """
    if not consent_given(session, who.person_id):
        raise Problem("no_consent", 403, "The person has not agreed to be asked.")
    known = facts_of(session, who.person_id)
    merged = with_facts(known, given, now, policy)
    if merged.facts != known:
        session.add(
            Situation(
                person_id=who.person_id,
                conversation_id=who.conversation_id,
                facts=merged.facts,
                at=now,
            )
        )
        append_event(
            session, at=now, actor=actor, subject=("person", who.person_id),
            kind="situation_told", fields=sorted(merged.accepted), **_reason(merged.facts),
        )  # fmt: skip
        session.flush()
    return merged


def with_facts(
    known: Mapping[str, Any], given: Mapping[str, Any], now: datetime, policy: PolicyView
) -> Merged:
    """Return ``known`` with what is ``given``, checked, without recording anything."""
    return merge_facts(
        known,
        given,
        largest=policy.value("bank.situation.largest_monthly_amount"),
        today=local_date(now),
    )


def _reason(facts: Mapping[str, Any]) -> dict[str, str]:
    return {"reason": mark_of(str(facts["reason"]))} if facts.get("reason") else {}


def open_accounts(session: Session, person_id: str) -> list[CardAccount]:
    """Return a person's accounts that still owe, in the order of ``account_ref``."""
    return [account for account in _accounts(session, person_id) if account.total > 0]


_ACCOUNTS = (
    select(CardAccount)
    .where(CardAccount.person_id == bindparam("person"))
    .order_by(CardAccount.account_ref)
)


@asked_once
def _accounts(session: Session, person_id: str) -> Sequence[CardAccount]:
    return session.scalars(_ACCOUNTS, {"person": person_id}).all()


def debts_of(session: Session, person_id: str, today: date) -> list[Debt]:
    """Return what a person owes on all their cards, as the planner takes it."""
    return [
        Debt(
            account=account.account_ref,
            principal=account.principal,
            interest=account.interest,
            penalty=account.penalty,
            fees=account.fees,
            status=account.status,  # type: ignore[arg-type]  # held by the table's own check
            currency=account.currency,
            days_past_due=days_past_due(account.due_date, today),
        )
        for account in open_accounts(session, person_id)
    ]


class DebtsOnRecord:
    """Finds all debts of an account's holder for the planning API (``DebtSource`` of the planner)."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def __call__(self, account_ref: str) -> list[Debt] | None:
        """Return the holder's debts; ``None`` for an unknown reference."""
        with self._database.transaction() as session:
            person_id = session.scalar(
                select(CardAccount.person_id).where(CardAccount.account_ref == account_ref)
            )
            if person_id is None:
                return None
            return debts_of(session, person_id, self._clock.today())


def debt_digest(accounts: list[CardAccount]) -> str:
    """Return the digest of what is owed: it changes when, and only when, the bank's figures do."""
    return digest(
        {
            "accounts": [
                {
                    "account": account.account_ref,
                    "as_of": account.as_of.isoformat(),
                    "status": account.status,
                    **{
                        part: str(getattr(account, part))
                        for part in ("principal", "interest", "penalty", "fees")
                    },
                }
                for account in accounts
            ]
        }
    )


def compute_offers(
    session: Session, who: Who, *, now: datetime, policy: PolicyView, role: Role = "assistant",
    actor: str = "assistant", made_by: str | None = None,
) -> OfferSet:  # fmt: skip
    """Plan for the person with what is known now, and record the answer as it will be shown.

    ``role`` is whose authority it is planned under, ``made_by`` the colleague who proposes it, if one does.
    """
    today = local_date(now)
    answer, basis = calculated(
        debts_of(session, who.person_id, today),
        means_of(facts_of(session, who.person_id)),
        policy,
        role=role,
    )
    expires = answer.get("expires")
    recorded = OfferSet(
        person_id=who.person_id,
        conversation_id=who.conversation_id,
        outcome=answer["outcome"],
        answer=answer,
        basis=basis,
        debt_digest=debt_digest(open_accounts(session, who.person_id)),
        expires_on=None if expires is None else date.fromisoformat(expires),
        made_by=made_by,
        at=now,
    )
    session.add(recorded)
    session.flush()
    append_event(
        session, at=now, actor=actor, subject=("person", who.person_id),
        kind=f"plan_{recorded.outcome}", offer_set=recorded.id,
        reason=recorded.answer.get("reason", ""),
    )  # fmt: skip
    return recorded


def means_of(facts: Mapping[str, Any]) -> Means:
    """Return the facts as the planner takes them; wishes have no place there and change no figure."""
    return Means.from_facts({name: value for name, value in facts.items() if name != "wishes"})


def present_terms(
    session: Session, who: Who, *, option: int, locale: str, now: datetime, policy: PolicyView
) -> Agreement:
    """Write the terms of a chosen offer; choosing the same offer again gives the same terms.

    Raises:
        Problem: ``no_offers``/``offers_expired`` (409) or ``option_unknown`` (422).
    """
    today = local_date(now)
    offers = standing_offers(session, who.person_id, today)
    if offers is None or not open_accounts(session, who.person_id):  # all was paid meanwhile
        raise Problem("offers_expired", 409, "There are no offers that still stand.")
    chosen = offer_numbered(session, offers, option)
    if chosen is None:
        raise Problem(
            "option_unknown", 422, "There is no such option.", options=len(offers.answer["offers"])
        )
    known = session.scalar(
        select(Agreement).where(
            Agreement.person_id == who.person_id,
            Agreement.conversation_id == who.conversation_id,
            Agreement.offer_set_id == offers.id,
            Agreement.option == option,
            Agreement.locale == locale,
            Agreement.signed_at.is_(None),
        )
    )
    _set_aside_others(session, who.person_id, known, now)
    if known is not None:
        known.presented_at = now
        _presented(session, known, now)
        return known
    person = session.get_one(Person, who.person_id)
    agreement_id = new_id("g")
    terms = build_terms(
        agreement_id=agreement_id,
        locale=locale,
        bank=bank_values(policy),
        holder_name=person.name,
        card_accounts=[
            {
                "card_tail": account.card_tail,
                "currency": account.currency,
                "principal": account.principal,
                "interest": account.interest,
                "penalty": account.penalty,
                "fees": account.fees,
            }
            for account in open_accounts(session, who.person_id)
        ],
        offer=chosen,
        policy_values=policy_values(policy),
        presented_on=today,
    )
    agreement = Agreement(
        id=agreement_id,
        person_id=who.person_id,
        conversation_id=who.conversation_id,
        offer_set_id=offers.id,
        option=option,
        locale=locale,
        terms=terms,
        digest=digest(terms),
        debt_digest=offers.debt_digest,
        presented_at=now,
    )
    session.add(agreement)
    session.flush()
    _presented(session, agreement, now)
    return agreement


def _presented(session: Session, agreement: Agreement, now: datetime) -> None:
    append_event(
        session, at=now, actor="assistant", subject=("agreement", agreement.id), kind="presented",
        person=agreement.person_id, digest=agreement.digest, option=agreement.option,
    )  # fmt: skip


def _set_aside_others(
    session: Session, person_id: str, chosen: Agreement | None, now: datetime
) -> None:
    """Say of other unsigned terms of a person that the chosen ones take their place: one digest is read and signed."""
    unsigned = session.scalars(
        select(Agreement).where(Agreement.person_id == person_id, Agreement.signed_at.is_(None))
    ).all()
    for agreement_id, state in lives_of(session, unsigned).items():
        if state in ("draft", "presented") and (chosen is None or agreement_id != chosen.id):
            append_event(
                session, at=now, actor="system", subject=("agreement", agreement_id),
                kind="superseded", person=person_id,
            )  # fmt: skip
