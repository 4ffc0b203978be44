"""What a colleague proposes: within their own authority at once, beyond it when another one approves.

A colleague plans with the same planner from the same kind of facts; what differs is the authority
(``bank.authority``). What becomes a standing offer is chosen and signed as any other. Nobody approves
what they asked for themselves.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.agreements.canonical import digest
from api.agreements.models import Agreement, OfferSet, Proposal
from api.agreements.planning import (
    Who,
    compute_offers,
    debt_digest,
    debts_of,
    means_of,
    open_accounts,
    with_facts,
)
from api.agreements.proofs import calculated
from api.agreements.records import (
    agreement_in_force,
    facts_of,
    offer_numbered,
    presented_terms,
    standing_offers,
)
from api.kit.audit import append_event
from api.kit.dates import local_date
from api.kit.errors import Problem
from api.kit.money import money
from api.kit.secrecy import new_id
from api.plans.basis import Role
from api.policy.lookup import PolicyView

__all__ = [
    "Proposer",
    "approve",
    "ask_approval",
    "asked_proposals",
    "needs_review",
    "preview",
    "propose",
    "proposed_offers",
    "refuse",
    "review",
]

OWN: Role = "collector"
"""The authority by which anybody proposes alone; beyond it, a second pair of eyes decides."""
APPROVERS: Role = "supervisor"
LONGEST_WHY = 500


class Proposer(Protocol):
    """Who proposes or decides (a colleague, as conversations know them)."""

    @property
    def id(self) -> str:
        """Their id."""
        ...

    @property
    def name(self) -> str:
        """Their name."""
        ...

    @property
    def roles(self) -> frozenset[str]:
        """Their roles."""
        ...

    @property
    def actor(self) -> str:
        """The actor of their events."""
        ...


def preview(
    session: Session, who: Who, given: Mapping[str, Any], *, role: Role, now: datetime,
    policy: PolicyView,
) -> dict[str, Any]:  # fmt: skip
    """Return what the planner would say if ``given`` were told too; nothing is recorded.

    The result's document, with ``refused``: which of the facts given cannot be one, and why.
    """
    merged = with_facts(facts_of(session, who.person_id), given, now, policy)
    answer, _ = _calculated(session, who, merged.facts, role, now, policy)
    return {**answer, "refused": merged.refused}


def propose(
    session: Session, who: Who, by: Proposer, *, now: datetime, policy: PolicyView
) -> Proposal:
    """Plan with what is known, under a colleague's own authority, and let the offers stand.

    Raises:
        Problem: ``already_in_force`` (409); ``beyond_authority`` (409): an approval has to be asked for;
            ``nothing_to_propose`` (409, ``reason`` is the planner's).
    """
    _still_free(session, who)
    facts = facts_of(session, who.person_id)
    answer, _ = _calculated(session, who, facts, OWN, now, policy)
    if answer["outcome"] != "offered":
        reason = str(answer["reason"])
        if reason == "beyond_authority":
            raise Problem("beyond_authority", 409, "This goes beyond your authority.")
        raise Problem("nothing_to_propose", 409, "No plan comes of these facts.", reason=reason)
    _drop_asked(session, who.person_id)
    return _record(session, who, by, "standing", "", answer, now, policy)


def ask_approval(
    session: Session, who: Who, by: Proposer, why: str, *, now: datetime, policy: PolicyView
) -> Proposal:
    """Ask a supervisor for the plan that their authority allows; asking again for the same gives the same.

    Raises:
        Problem: ``already_in_force``, ``nothing_to_propose`` or ``within_authority`` (409).
    """
    _still_free(session, who)
    facts = facts_of(session, who.person_id)
    answer, _ = _calculated(session, who, facts, APPROVERS, now, policy)
    if answer["outcome"] != "offered":
        raise Problem(
            "nothing_to_propose", 409, "No plan comes of these facts.", reason=str(answer["reason"])
        )
    own, _ = _calculated(session, who, facts, OWN, now, policy)
    if own["outcome"] == "offered" and _plans(own) == _plans(answer):
        raise Problem("within_authority", 409, "You may propose this yourself.")
    known = _asked_of(session, who.person_id)
    if known is not None and known.made_by == by.id and known.rests_on == _rests_on(session, who):
        return known
    _drop_asked(session, who.person_id)
    return _record(session, who, by, "asked", why[:LONGEST_WHY], answer, now, policy)


def approve(
    session: Session, proposal_id: str, by: Proposer, *, now: datetime, policy: PolicyView
) -> Proposal:
    """Let a plan that a colleague asked for stand; approving it again changes nothing.

    Raises:
        Problem: ``proposal_unknown`` (404), ``not_yours`` (403), ``own_proposal`` (403),
            ``proposal_decided`` or ``proposal_stale`` (409): facts, balance or policy are others by now.
    """
    found = _to_decide(session, proposal_id, by)
    if found.state == "approved" and found.decided_by == by.id:
        return found
    if found.state != "asked":
        raise Problem("proposal_decided", 409, "This proposal is decided.", state=found.state)
    who = Who(found.person_id, found.conversation_id)
    _still_free(session, who)
    answer, _ = _calculated(session, who, facts_of(session, who.person_id), APPROVERS, now, policy)
    if found.rests_on != _rests_on(session, who) or _plans(answer) != _plans(found.answer):
        raise Problem("proposal_stale", 409, "Facts, balance or policy have changed since.")
    made = compute_offers(
        session, who, now=now, policy=policy, role=APPROVERS, actor=by.actor, made_by=found.made_by
    )
    found.offer_set_id = made.id
    _decide(session, found, "approved", by, None, now)
    return found


def refuse(
    session: Session, proposal_id: str, by: Proposer, why: str, *, now: datetime
) -> Proposal:
    """Say no to a plan that a colleague asked for, with the reason; it is theirs to go on from.

    Raises:
        Problem: as ``approve``; ``why_missing`` (422) without a reason.
    """
    if not why.strip():
        raise Problem("why_missing", 422, "Say why, so that your colleague can go on from it.")
    found = _to_decide(session, proposal_id, by)
    if found.state == "refused" and found.decided_by == by.id:
        return found
    if found.state != "asked":
        raise Problem("proposal_decided", 409, "This proposal is decided.", state=found.state)
    _decide(session, found, "refused", by, why[:LONGEST_WHY], now)
    return found


def asked_proposals(session: Session) -> list[Proposal]:
    """Return what waits for an approval, the oldest first."""
    return list(
        session.scalars(
            select(Proposal).where(Proposal.state == "asked").order_by(Proposal.at, Proposal.id)
        )
    )


def proposed_offers(session: Session, person_id: str, now: datetime) -> OfferSet | None:
    """Return the offers that a colleague proposed, while they stand and the balance is still that."""
    offers = standing_offers(session, person_id, local_date(now))
    if offers is None or offers.made_by is None:
        return None
    return offers if debt_digest(open_accounts(session, person_id)) == offers.debt_digest else None


def needs_review(session: Session, terms: Agreement, policy: PolicyView) -> bool:
    """Return whether a colleague has to look at a plan before it is signed (``bank.plan.reviewed_from``)."""
    most = policy.value("bank.plan.reviewed_from")
    offers = session.get_one(OfferSet, terms.offer_set_id)
    if most == "never" or offers.made_by is not None or terms.reviewed_by is not None:
        return False
    offer = offer_numbered(session, offers, terms.option)
    return offer is not None and money(offer["total"]) > most


def review(session: Session, who: Who, by: Proposer, *, now: datetime) -> Agreement:
    """Say that a colleague has looked at the terms that the person is reading, so that they may be signed.

    Raises:
        Problem: ``no_terms`` (409) when none are being read.
    """
    terms = presented_terms(session, who.person_id, local_date(now))
    if terms is None:
        raise Problem("no_terms", 409, "No terms have been shown, or they have expired.")
    if terms.reviewed_by is None:
        terms.reviewed_by = by.id
        append_event(
            session, at=now, actor=by.actor, subject=("agreement", terms.id), kind="plan_reviewed",
            person=who.person_id, digest=terms.digest,
        )  # fmt: skip
    return terms


def _calculated(
    session: Session, who: Who, facts: Mapping[str, Any], role: Role, now: datetime,
    policy: PolicyView,
) -> tuple[dict[str, Any], dict[str, Any]]:  # fmt: skip
    debts = debts_of(session, who.person_id, local_date(now))
    return calculated(debts, means_of(facts), policy, role=role)


def _still_free(session: Session, who: Who) -> None:
    if agreement_in_force(session, who.person_id) is not None:
        raise Problem("already_in_force", 409, "An agreement is in force.")


def _rests_on(session: Session, who: Who) -> str:
    facts = {
        name: fact for name, fact in facts_of(session, who.person_id).items() if name != "wishes"
    }
    return digest({"facts": facts, "debts": debt_digest(open_accounts(session, who.person_id))})


def _plans(answer: Mapping[str, Any]) -> list[tuple[str, ...]]:
    """Return what people see of a calculation: kinds, payments, lengths and totals."""
    return [
        tuple(str(offer[part]) for part in ("kind", "monthly", "periods", "total"))
        for offer in answer.get("offers", ())
    ]


def _record(
    session: Session, who: Who, by: Proposer, state: str, why: str, answer: dict[str, Any],
    now: datetime, policy: PolicyView,
) -> Proposal:  # fmt: skip
    offers = None
    if state == "standing":
        offers = compute_offers(
            session, who, now=now, policy=policy, role=OWN, actor=by.actor, made_by=by.id
        )
    made = Proposal(
        id=new_id("y"), person_id=who.person_id, conversation_id=who.conversation_id, state=state,
        made_by=by.id, made_by_name=by.name, why=why, answer=answer,
        rests_on=_rests_on(session, who), at=now, offer_set_id=offers.id if offers else None,
    )  # fmt: skip
    session.add(made)
    session.flush()
    append_event(
        session, at=now, actor=by.actor, subject=("person", who.person_id),
        kind="plan_proposed" if state == "standing" else "approval_asked", proposal=made.id,
    )  # fmt: skip
    return made


def _to_decide(session: Session, proposal_id: str, by: Proposer) -> Proposal:
    found = session.scalars(
        select(Proposal)
        .where(Proposal.id == proposal_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        raise Problem("proposal_unknown", 404, "There is no such proposal.")
    if "supervisor" not in by.roles:
        raise Problem("not_yours", 403, "A supervisor decides this.")
    if found.made_by == by.id:
        raise Problem("own_proposal", 403, "Somebody else has to decide what you asked for.")
    return found


def _decide(
    session: Session, found: Proposal, state: str, by: Proposer, why: str | None, now: datetime
) -> None:
    found.state, found.decided_by, found.decided_by_name = state, by.id, by.name
    found.decided_at, found.decided_why = now, why
    append_event(
        session, at=now, actor=by.actor, subject=("person", found.person_id),
        kind=f"proposal_{state}", proposal=found.id,
    )  # fmt: skip


def _asked_of(session: Session, person_id: str) -> Proposal | None:
    return session.scalar(
        select(Proposal)
        .where(Proposal.person_id == person_id, Proposal.state == "asked")
        .order_by(Proposal.at.desc())
        .limit(1)
    )


def _drop_asked(session: Session, person_id: str) -> None:
    """Set aside what was asked before: only the newest question is decided."""
    for proposal in session.scalars(
        select(Proposal).where(Proposal.person_id == person_id, Proposal.state == "asked")
    ):
        proposal.state = "dropped"
