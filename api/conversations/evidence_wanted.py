"""What evidence stands between a person and a signature now, and the words that tell of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from api.agreements.evidence.records import Standing, standing_for_offer, standing_for_terms
from api.agreements.records import agreement_in_force, presented_terms, standing_offers
from api.conversations.writer import Words, Writer
from api.kit.asked_once import asked_once
from api.kit.dates import local_date
from api.policy.lookup import PolicyView

__all__ = ["evidence_state", "evidence_words", "named", "standing_now"]


@asked_once
def standing_now(
    session: Session, person_id: str, *, now: datetime, policy: PolicyView
) -> Standing | None:
    """Return what is wanted for the terms that were shown, else for the first offer; ``None`` without any."""
    today = local_date(now)
    if agreement_in_force(session, person_id) is not None:
        return None
    terms = presented_terms(session, person_id, today)
    if terms is not None:
        return standing_for_terms(session, terms, now=now, policy=policy)
    offers = standing_offers(session, person_id, today)
    if offers is None:
        return None
    return standing_for_offer(
        session, person_id, offers.answer["offers"][0], now=now, policy=policy
    )


def evidence_state(standing: Standing | None) -> str | None:
    """Return how far it has come: ``missing``, ``in_review`` or ``complete``; ``None`` where none is wanted."""
    if standing is None or not standing.wanted:
        return None
    if standing.missing:
        return "missing"
    return "in_review" if standing.in_review else "complete"


def evidence_words(standing: Standing | None, writer: Writer) -> Words:
    """Return the words that tell of evidence, for the assistant's sentences."""
    words = {"evidence_days": str(writer.policy.value("bank.evidence.keep_days"))}
    if standing is None:
        return words
    if standing.missing:
        words["evidence_missing"] = named(standing.missing, writer)
    if standing.in_review:
        words["evidence_in_review"] = named(standing.in_review, writer)
    if standing.wanted:
        words["evidence_wanted"] = named((each.kind for each in standing.wanted), writer)
    return words


def named(kinds: Iterable[str], writer: Writer) -> str:
    """Name kinds of evidence in a sentence."""
    names = [writer.sentence(f"evidence_kind_{kind}") for kind in kinds]
    return writer.sentence("evidence_and").join(names)
