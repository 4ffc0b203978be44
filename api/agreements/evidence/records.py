"""What is on record about a person's evidence: reading only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from api.agreements.evidence.models import Evidence, EvidenceFile
from api.agreements.evidence.wanted import Wanted, wanted
from api.agreements.models import Agreement
from api.agreements.records import facts_of
from api.kit.asked_once import asked_once
from api.kit.dates import as_utc
from api.kit.money import money
from api.policy.lookup import PolicyView

__all__ = [
    "Standing", "content_of", "evidence_of", "standing_for_offer", "standing_for_terms",
]  # fmt: skip


@dataclass(frozen=True)
class Standing:
    """What is wanted before a signature, and how far it has come. Kinds, in the order of ``KINDS``."""

    wanted: tuple[Wanted, ...]
    accepted: frozenset[str]
    waiting: frozenset[str]

    @property
    def missing(self) -> tuple[str, ...]:
        """What has still to be handed in."""
        done = self.accepted | self.waiting
        return tuple(each.kind for each in self.wanted if each.kind not in done)

    @property
    def in_review(self) -> tuple[str, ...]:
        """What was handed in and is being looked at."""
        return tuple(
            each.kind for each in self.wanted
            if each.kind in self.waiting and each.kind not in self.accepted
        )  # fmt: skip

    @property
    def complete(self) -> bool:
        """Whether nothing stands in the way of signing."""
        return not self.missing and not self.in_review


def standing_for_offer(
    session: Session, person_id: str, offer: Mapping[str, Any], *, now: datetime, policy: PolicyView
) -> Standing:
    """Return what an offer (as the plan calculation gives it) wants and has."""
    return _standing(
        session, person_id, debt_total=money(offer["debt_total"]),
        waived=money(offer["waived"]["total"]), now=now, policy=policy,
    )  # fmt: skip


def standing_for_terms(
    session: Session, agreement: Agreement, *, now: datetime, policy: PolicyView
) -> Standing:
    """Return what terms that were shown want and have."""
    terms = agreement.terms
    return _standing(
        session, agreement.person_id, debt_total=money(terms["debt"]["total"]),
        waived=money(terms["relief"]["total"]), now=now, policy=policy,
    )  # fmt: skip


def _standing(
    session: Session, person_id: str, *, debt_total: Decimal, waived: Decimal, now: datetime,
    policy: PolicyView,
) -> Standing:  # fmt: skip
    asked = wanted(
        debt_total=debt_total, waived=waived, facts=facts_of(session, person_id), policy=policy
    )
    if not asked:
        return Standing((), frozenset(), frozenset())
    good_since = now - timedelta(days=policy.value("bank.evidence.good_for_days"))
    found = evidence_of(session, person_id)
    return Standing(
        asked,
        accepted=frozenset(
            each.kind for each in found
            if each.state == "accepted" and each.decided_at and as_utc(each.decided_at) >= good_since
        ),
        waiting=frozenset(each.kind for each in found if each.state == "waiting"),
    )  # fmt: skip


_OF_PERSON = (
    select(Evidence)
    .where(Evidence.person_id == bindparam("person"))
    .order_by(Evidence.received_at.desc(), Evidence.id)
)


@asked_once
def evidence_of(session: Session, person_id: str) -> list[Evidence]:
    """Return a person's evidence, the newest first."""
    return list(session.scalars(_OF_PERSON, {"person": person_id}))


def content_of(session: Session, evidence_id: str) -> bytes | None:
    """Return the file of a piece of evidence; ``None`` where it was deleted, or never was."""
    found = session.get(EvidenceFile, evidence_id)
    return None if found is None else found.content
