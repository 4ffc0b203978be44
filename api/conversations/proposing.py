"""A colleague's plans within a conversation: facts written down, plans proposed, shown and approved.

The planning itself is ``api.agreements.proposals``; here is what the conversation makes of it: who may
do it now, the stage, and that the person sees the plan at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.agreements import proposals
from api.agreements.facts import Merged
from api.agreements.models import Agreement, Proposal
from api.agreements.planning import Who, record_consent, save_facts
from api.agreements.records import consent_given, facts_of
from api.contact.holds import holds_of
from api.conversations.cards import build_card
from api.conversations.colleagues import Colleague
from api.conversations.context import CALM
from api.conversations.holding import (
    assistant_goes_on,
    floor_of,
    happened,
    held_case,
    touch,
)
from api.conversations.models import Case, Conversation, Message
from api.conversations.revising import plan_rests_on, withdraw_offers
from api.conversations.sentences import sentence
from api.conversations.stages import set_stage
from api.conversations.transcript import append_message, locked_conversation
from api.kit.errors import Problem
from api.plans.basis import Role
from api.policy.lookup import PolicyView

__all__ = [
    "approve_plan",
    "ask_for_approval",
    "propose_plan",
    "refuse_plan",
    "review_plan",
    "try_facts",
    "write_down",
]


def try_facts(
    session: Session, case_id: int, given: Mapping[str, Any], *, role: Role, now: datetime,
    policy: PolicyView,
) -> dict[str, Any]:  # fmt: skip
    """Return what the planner would say if these facts were told too; nothing changes, nobody is told."""
    case = session.get(Case, case_id)
    if case is None:
        raise Problem("case_unknown", 404, "There is no such case.")
    return proposals.preview(session, _who(case), given, role=role, now=now, policy=policy)


def write_down(
    session: Session, case_id: int, by: Colleague, given: Mapping[str, Any], *, now: datetime,
    policy: PolicyView, agreed_to_be_asked: bool = False,
) -> Merged:  # fmt: skip
    """Write down facts that the person told a colleague; plans that rested on others stand no longer.

    ``agreed_to_be_asked``: the person has just agreed, in this conversation, to be asked about their means.

    Raises:
        Problem: ``floor_lost`` (409), ``not_identified`` (403), ``on_hold`` (409), ``no_consent`` (403).
    """
    case, conversation = _may_plan(session, case_id, by)
    who = _who(case)
    if agreed_to_be_asked and not consent_given(session, who.person_id):
        record_consent(
            session, who, kind="financial", granted=True, now=now, policy=policy, actor=by.actor
        )
        session.flush()
    before = facts_of(session, who.person_id)
    merged = save_facts(session, who, given, now=now, policy=policy, actor=by.actor)
    if plan_rests_on(before) != plan_rests_on(merged.facts):
        withdraw_offers(session, conversation, now)
    touch(session, case, now, policy)
    return merged


def propose_plan(
    session: Session, case_id: int, by: Colleague, *, now: datetime, policy: PolicyView
) -> Proposal:
    """Propose the plan that the facts and a colleague's own authority allow, and show it to the person.

    Raises:
        Problem: as ``write_down``; ``beyond_authority``, ``nothing_to_propose``, ``already_in_force`` (409).
    """
    case, conversation = _may_plan(session, case_id, by)
    made = proposals.propose(session, _who(case), by, now=now, policy=policy)
    _show(session, conversation, by.name, "colleague_plan", now, policy)
    touch(session, case, now, policy)
    return made


def ask_for_approval(
    session: Session, case_id: int, by: Colleague, why: str, *, now: datetime, policy: PolicyView
) -> Proposal:
    """Ask a supervisor for a plan beyond one's own authority; the floor stays where it is.

    Raises:
        Problem: as ``write_down``; ``within_authority``, ``nothing_to_propose``, ``already_in_force`` (409).
    """
    case, _ = _may_plan(session, case_id, by)
    made = proposals.ask_approval(session, _who(case), by, why, now=now, policy=policy)
    touch(session, case, now, policy)
    happened(session, case, by.actor, "approval_wanted", now, proposal=made.id)
    return made


def approve_plan(
    session: Session, proposal_id: str, by: Colleague, *, now: datetime, policy: PolicyView
) -> Proposal:
    """Approve what another colleague asked for; the person sees the plan, whoever has the floor.

    Raises:
        Problem: as ``proposals.approve``; ``on_hold`` (409).
    """
    found, conversation = _locked_proposal(session, proposal_id)
    _require_calm(session, found.person_id)
    was = found.state
    approved = proposals.approve(session, proposal_id, by, now=now, policy=policy)
    if was == "approved":
        return approved
    holding = floor_of(session, conversation.id)
    if holding:
        _show(
            session,
            conversation,
            holding[0].holder_name or "",
            "colleague_plan_approved",
            now,
            policy,
        )
    else:
        _tell_by_assistant(session, conversation, approved, now)
    return approved


def refuse_plan(
    session: Session, proposal_id: str, by: Colleague, why: str, *, now: datetime
) -> Proposal:
    """Say no to what another colleague asked for; it is theirs to tell the person and go on.

    Raises:
        Problem: as ``proposals.refuse``.
    """
    _locked_proposal(session, proposal_id)
    return proposals.refuse(session, proposal_id, by, why, now=now)


def review_plan(
    session: Session, case_id: int, by: Colleague, *, now: datetime, policy: PolicyView
) -> Agreement:
    """Say that one has looked at the terms that the person is reading (``bank.plan.reviewed_from``).

    Raises:
        Problem: as ``write_down``; ``no_terms`` (409).
    """
    case, _ = _may_plan(session, case_id, by)
    terms = proposals.review(session, _who(case), by, now=now)
    touch(session, case, now, policy)
    return terms


def _may_plan(session: Session, case_id: int, by: Colleague) -> tuple[Case, Conversation]:
    case, conversation = held_case(session, case_id, by)
    if conversation.identified_at is None:
        raise Problem("not_identified", 403, "Identity is not proven in this conversation.")
    _require_calm(session, case.person_id)
    return case, conversation


def _locked_proposal(session: Session, proposal_id: str) -> tuple[Proposal, Conversation]:
    of = select(Proposal.conversation_id).where(Proposal.id == proposal_id)
    conversation_id = session.scalar(of)
    if conversation_id is None:
        raise Problem("proposal_unknown", 404, "There is no such proposal.")
    conversation = locked_conversation(session, conversation_id)
    return session.get_one(Proposal, proposal_id, populate_existing=True), conversation


def _require_calm(session: Session, person_id: str) -> None:
    held = holds_of(session, person_id)
    for hold in CALM:
        if hold in held:
            raise Problem("on_hold", 409, "Plans and signing are on hold.", hold=hold)


def _who(case: Case) -> Who:
    return Who(case.person_id, case.conversation_id)


def _show(
    session: Session, conversation: Conversation, name: str, key: str, now: datetime,
    policy: PolicyView,
) -> Message:  # fmt: skip
    """Show the plan that stands now, as a colleague's word with its card."""
    set_stage(session, conversation, "offers", now)
    session.flush()
    return append_message(
        session, conversation, speaker="collector", name=name, now=now,
        text=sentence(key, conversation.locale, policy),
        card=build_card(session, conversation, "offer", now, policy),
    )  # fmt: skip


def _tell_by_assistant(
    session: Session, conversation: Conversation, approved: Proposal, now: datetime
) -> None:
    set_stage(session, conversation, "offers", now)
    case = session.scalars(
        select(Case)
        .where(Case.conversation_id == conversation.id)
        .order_by(Case.id.desc())
        .limit(1)
    ).one()  # a proposal is only ever made from a case
    happened(session, case, "system", "plan_told", now, proposal=approved.id)
    assistant_goes_on(
        session, conversation, case, now, "handed_back", by=approved.made_by_name, agreed="",
        plan=True, facts=[],
    )  # fmt: skip
