"""Where a conversation stands, as the assistant is told it: the record's state and ready words."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from api.accounts.challenges import ChallengeRules, latest_challenge, paused_until
from api.accounts.delinquency import days_past_due
from api.agreements.facts import next_question
from api.agreements.models import Agreement, OfferSet
from api.agreements.planning import open_accounts
from api.agreements.proposals import needs_review
from api.agreements.records import (
    agreement_in_force,
    facts_of,
    latest_offers,
    presented_terms,
    standing_offers,
)
from api.contact.holds import holds_of
from api.conversations.cases import bereaved, care_comes_first, handed_back
from api.conversations.evidence_wanted import evidence_state, standing_now
from api.conversations.guessing import answers_paused
from api.conversations.models import Conversation
from api.conversations.words import words_for
from api.kit.dates import local_date
from api.policy.lookup import PolicyView

__all__ = ["CALM", "context_of", "heard_stage"]

CALM = ("distress", "deceased", "fraud")
"""Holds under which plans and signing stop."""


def context_of(
    session: Session, conversation: Conversation, *, now: datetime, policy: PolicyView
) -> dict[str, Any]:
    """Return the state and the words; before identity is proven, nothing of facts, plans or debt."""
    identified = conversation.identified_at is not None
    context: dict[str, Any] = {
        "conversation_id": conversation.id,
        "locale": conversation.locale,
        "stage": conversation.stage,
        "case": conversation.case_state,
        "floor": conversation.floor,
        "identified": identified,
        "open_challenge": _open_challenge(session, conversation, now, policy),
        "asked_next": None,
        "situation": {},
        "has_offers": False,
        "offer_count": 0,
        "offers": [],
        "choice": None,
        "has_terms": False,
        "kind": None,
        "evidence": None,
        "signed": False,
        "returning": False,
        "care": care_comes_first(session, conversation.id),
        "bereaved": bereaved(session, conversation.id),
        "on_hold": None,
        "refused": None,
        "barred": None,
        "handed": handed_back(session, conversation),
        "review": False,
        "words": words_for(session, conversation, now=now, policy=policy),
    }
    if identified:
        context |= _of_person(session, conversation.person_id, now, policy)
    return context


def heard_stage(session: Session, conversation: Conversation) -> str:
    """Return the stage the assistant hears a message in: ``care`` while signs of distress are open.

    No rule about plans or signing speaks in that stage, and a bare yes answers "are you safe?".
    """
    if conversation.case_state == "none":  # none is open, so none of distress is
        return conversation.stage
    return "care" if care_comes_first(session, conversation.id) else conversation.stage


def _of_person(
    session: Session, person_id: str, now: datetime, policy: PolicyView
) -> dict[str, Any]:
    today = local_date(now)
    facts = facts_of(session, person_id)
    offers = standing_offers(session, person_id, today)
    terms = presented_terms(session, person_id, today)
    signed = agreement_in_force(session, person_id)
    newest = latest_offers(session, person_id)
    holds = holds_of(session, person_id)
    return {
        "on_hold": next((hold for hold in CALM if hold in holds), None),
        "refused": (
            str(newest.answer["reason"]) if newest and newest.outcome == "refused" else None
        ),
        "barred": None if signed else _barred(session, person_id, today),
        "asked_next": next_question(facts),
        "situation": facts,
        "has_offers": offers is not None,
        "offer_count": len(offers.answer["offers"]) if offers else 0,
        "offers": [
            {name: offer[name] for name in ("number", "tag", "kind", "monthly", "periods", "total")}
            for offer in (offers.answer["offers"] if offers else ())
        ],
        "choice": terms.option if terms else None,
        "has_terms": terms is not None,
        "kind": _kind(signed or terms, offers),
        "evidence": evidence_state(standing_now(session, person_id, now=now, policy=policy)),
        "review": terms is not None and signed is None and needs_review(session, terms, policy),
        "signed": signed is not None,
        "returning": bool(facts or signed or newest),
    }


def _kind(terms: Agreement | None, offers: OfferSet | None) -> str | None:
    """Return the kind of the plan that is spoken of: signed, being read, or the best there is."""
    if terms is not None:
        return str(terms.terms["kind"])
    return str(offers.answer["offers"][0]["kind"]) if offers is not None else None


def _barred(session: Session, person_id: str, today: date) -> str | None:
    """Return why no plan can come of this whatever the person's means, so that nobody is asked in vain."""
    accounts = open_accounts(session, person_id)
    statuses = {account.status for account in accounts}
    if "litigated" in statuses:
        return "in_court"
    if statuses - {"open"}:
        return "account_with_human"
    if all(days_past_due(account.due_date, today) <= 0 for account in accounts):
        return "nothing_due"
    return None


def _open_challenge(
    session: Session, conversation: Conversation, now: datetime, policy: PolicyView
) -> dict[str, Any] | None:
    challenge = latest_challenge(session, conversation.id)
    if challenge is None:
        return None
    rules = ChallengeRules.of(policy)
    paused = paused_until(
        session, conversation.person_id, challenge.purpose, now, rules
    ) or answers_paused(session, conversation, now, policy)
    if challenge.state == "wrong" or paused is not None:
        state = "paused"
    else:
        state = "expired" if challenge.expires_at <= now else "open"
    return {"purpose": challenge.purpose, "state": state, "tries_left": challenge.tries_left}
