"""The assistant's only door: the person comes from the conversation, never from a parameter."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field, model_validator

from api.agreements.counters import answer_counter
from api.agreements.lives import life_of
from api.agreements.models import OfferSet
from api.agreements.planning import (
    compute_offers,
    present_terms,
    record_consent,
    save_facts,
)
from api.agreements.proposals import needs_review, proposed_offers
from api.agreements.records import (
    agreement_in_force,
    consent_given,
    facts_of,
    presented_terms,
)
from api.agreements.signing import balance_changed, refuse_unproven
from api.conversations.cases import drop_signing_codes, open_case
from api.conversations.plan_words import counter_words, since_words
from api.conversations.proving import send_code
from api.conversations.revising import plan_rests_on, withdraw_offers
from api.conversations.signing import record_signature, void_signature
from api.conversations.stages import set_stage
from api.conversations.turns import Turn, Turns
from api.conversations.writer import Writer
from api.kit.auth import bot_caller
from api.kit.dates import local_date
from api.kit.errors import Problem
from api.kit.threads import ThreadedRoute

__all__ = ["router"]

router = APIRouter(
    prefix="/v1/bot/conversations/{conversation_id}",
    tags=["assistant"],
    dependencies=[Depends(bot_caller)],
    route_class=ThreadedRoute,
)

VOIDS = frozenset({"balance_changed", "already_in_force", "evidence_missing", "evidence_in_review"})
"""Refusals to record a signature that was given: it is set aside, and never recorded later either."""

HUMAN_NEXT = {
    "nothing_affordable": "nothing_affordable",
    "beyond_authority": "beyond_authority",
    "account_with_human": "account_with_human",
}
"""Refusals after which a human acts, and the reason of their case."""


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ConsentGiven(_Body):
    """A person's answer to a consent question."""

    kind: Literal["financial", "health"] = "financial"
    granted: bool


class SituationTold(_Body):
    """What one turn told us (see ``api.agreements.facts``)."""

    facts: dict[str, Any]


class OptionChosen(_Body):
    """The number of the offer that was chosen."""

    option: Annotated[int, Field(ge=1, le=999)]


Yuan = Annotated[Decimal, Field(gt=0, max_digits=12, decimal_places=2)]


class CounterAsked(_Body):
    """Another payment a month, another number of months, or a lump sum first: exactly one of them."""

    monthly: Yuan | None = None
    periods: Annotated[int | None, Field(ge=1, le=999)] = None
    lump_sum: Yuan | None = None

    @model_validator(mode="after")
    def _one_question(self) -> CounterAsked:
        if sum(value is not None for value in (self.monthly, self.periods, self.lump_sum)) != 1:
            msg = "ask for a monthly payment, a number of months, or a lump sum"
            raise ValueError(msg)
        return self


class ChallengeAsked(_Body):
    """What a fresh code is for."""

    purpose: Literal["identity", "signature"]


@router.get("/context")
def context(turns: Turns) -> dict[str, Any]:
    """Tell where the conversation stands."""
    with turns.reading() as turn:
        return turn.context()


@router.post("/consent")
def consent(turns: Turns, body: ConsentGiven) -> dict[str, Any]:
    """Record consent or refusal; a refusal leads to a human, without disadvantage."""
    with turns.writing() as turn:
        turn.require_identity()
        turn.require_calm()
        record_consent(
            turn.session,
            turn.who,
            kind=body.kind,
            granted=body.granted,
            now=turn.now,
            policy=turn.policy,
        )
        turn.session.flush()
        if body.kind == "financial" and body.granted:
            if turn.conversation.stage == "consent":
                set_stage(turn.session, turn.conversation, "situation", turn.now)
        elif body.kind == "financial":
            if turn.conversation.stage in ("situation", "offers", "agree"):  # taken back later on
                withdraw_offers(turn.session, turn.conversation, turn.now)
                set_stage(turn.session, turn.conversation, "consent", turn.now)
            open_case(
                turn.session,
                turn.conversation,
                reason="no_consent",
                now=turn.now,
                policy=turn.policy,
            )
        given = consent_given(turn.session, turn.who.person_id, body.kind)
    return turns.context(consent=given)


@router.post("/situation")
def situation(turns: Turns, body: SituationTold) -> dict[str, Any]:
    """Save what the person said; each value is accepted, or refused with a code, by itself."""
    with turns.writing() as turn:
        turn.require_identity()
        turn.require_calm()
        before = facts_of(turn.session, turn.who.person_id)
        merged = save_facts(turn.session, turn.who, body.facts, now=turn.now, policy=turn.policy)
        if plan_rests_on(before) != plan_rests_on(merged.facts):
            withdraw_offers(turn.session, turn.conversation, turn.now)
    return turns.context(accepted=merged.accepted, refused=merged.refused)


@router.post("/offers")
def offers(turns: Turns) -> dict[str, Any]:
    """Compute and record offers, or a refusal whose next step is taken at once.

    What a colleague proposed stands as it is, until it expires or what it rests on changes.
    """
    with turns.writing() as turn:
        turn.require_identity()
        turn.require_calm()
        _require_none_in_force(turn)
        recorded = proposed_offers(turn.session, turn.who.person_id, turn.now) or compute_offers(
            turn.session, turn.who, now=turn.now, policy=turn.policy
        )
        if recorded.outcome == "offered":
            _note_offered(turn, recorded)
        else:
            _note_refused(turn, recorded)
    if recorded.outcome == "offered":
        return _offered(turns, recorded)
    return turns.context(
        outcome="refused",
        reason=recorded.answer["reason"],
        question=recorded.answer.get("question"),
    )


def _note_refused(turn: Turn, recorded: OfferSet) -> None:
    """Take the next step of a refusal."""
    reason = str(recorded.answer["reason"])
    if reason in HUMAN_NEXT:
        open_case(
            turn.session, turn.conversation, reason=HUMAN_NEXT[reason], now=turn.now,
            policy=turn.policy, context={"refusal": recorded.answer},
        )  # fmt: skip
    if turn.conversation.stage in ("offers", "agree"):
        set_stage(turn.session, turn.conversation, "situation", turn.now)


def _left_out(recorded: OfferSet) -> list[dict[str, Any]]:
    """Return the plans that only a supervisor may decide."""
    rejected = recorded.answer["rejected"]
    return [found for found in rejected if found["because"] == "beyond_authority"]


def _note_offered(turn: Turn, recorded: OfferSet) -> None:
    """Go on to the offers; what was left out because only a supervisor may decide it goes to one."""
    set_stage(turn.session, turn.conversation, "offers", turn.now)
    if left_out := _left_out(recorded):
        open_case(
            turn.session, turn.conversation, reason="beyond_authority", now=turn.now,
            policy=turn.policy, context={"rejected": left_out},
        )  # fmt: skip


def _offered(turns: Turns, recorded: OfferSet) -> dict[str, Any]:
    """Return the offers, and what a new fact changed in them."""
    with turns.reading() as turn:
        writer = Writer(turn.conversation.locale, local_date(turn.now), turn.policy)
        told = turn.context(
            outcome="offered",
            count=len(recorded.answer["offers"]),
            with_supervisor=[found["alternative"] for found in _left_out(recorded)],
        )
        since = since_words(turn.session, turn.conversation.id, writer)
    return {**told, "words": {**told["words"], **since}}


@router.post("/counter")
def counter(turns: Turns, body: CounterAsked) -> dict[str, Any]:
    """Work out another payment, another length or a lump sum first; nothing is chosen by asking.

    ``counter``: the number it can be chosen by, that of the plan it is set against, whether they are
    the same, and ``why_not`` when it is not exactly what was asked for.
    """
    with turns.writing() as turn:
        turn.require_identity()
        turn.require_calm()
        _require_none_in_force(turn)
        made = answer_counter(
            turn.session, turn.who, monthly=body.monthly, periods=body.periods,
            lump_sum=body.lump_sum, now=turn.now, policy_of=turn.policy_of,
        )  # fmt: skip
        writer = Writer(turn.conversation.locale, local_date(turn.now), turn.policy)
    offer = made.answer["offer"]
    told = turns.context(
        counter={
            "asked": next(iter(made.asked)),
            "number": made.number,
            "compared": made.compared,
            "same": made.answer["same"],
            "why_not": made.answer["why_not"],
            **{name: offer[name] for name in ("kind", "monthly", "periods", "total")},
        }
    )
    return {**told, "words": {**told["words"], **counter_words(made, writer)}}


@router.post("/choice")
def choice(turns: Turns, body: OptionChosen) -> dict[str, Any]:
    """Write the terms of the chosen offer, in the conversation's language."""
    with turns.writing() as turn:
        turn.require_identity()
        turn.require_calm()
        _require_none_in_force(turn)
        terms = present_terms(
            turn.session, turn.who, option=body.option, locale=turn.conversation.locale,
            now=turn.now, policy=turn.policy,
        )  # fmt: skip
        drop_signing_codes(turn.session, turn.who.person_id, turn.now, but_for=terms.digest)
        set_stage(turn.session, turn.conversation, "agree", turn.now)
        if needs_review(turn.session, terms, turn.policy):
            open_case(
                turn.session, turn.conversation, reason="plan_review", now=turn.now,
                policy=turn.policy,
            )  # fmt: skip
    return turns.context()


@router.post("/challenge")
def challenge(turns: Turns, body: ChallengeAsked) -> dict[str, Any]:
    """Send a fresh code to the number on file, for identity or for one digest."""
    with turns.writing() as turn:
        digest = ""
        if body.purpose == "signature":
            turn.require_identity()
            turn.require_calm()
            digest = _digest_to_sign(turn)
        turn.require_reachable()
        send_code(
            turn.session, turn.conversation, body.purpose, digest=digest, now=turn.now,
            policy=turn.policy,
        )  # fmt: skip
    return turns.context(sent=True)


def _require_none_in_force(turn: Turn) -> None:
    if agreement_in_force(turn.session, turn.who.person_id) is not None:
        raise Problem("already_in_force", 409, "An agreement is in force.")


def _digest_to_sign(turn: Turn) -> str:
    _require_none_in_force(turn)
    terms = presented_terms(turn.session, turn.who.person_id, local_date(turn.now))
    if terms is None:
        raise Problem("no_terms", 409, "No terms have been shown, or they have expired.")
    if balance_changed(turn.session, terms):
        raise Problem("balance_changed", 409, "The balance has changed.")
    refuse_unproven(turn.session, terms, now=turn.now, policy=turn.policy)
    if needs_review(turn.session, terms, turn.policy):
        raise Problem("needs_review", 409, "A colleague looks at this plan before it is signed.")
    if life_of(turn.session, terms) != "presented":
        raise Problem("terms_not_shown", 409, "These terms were not shown whole yet.")
    return terms.digest


@router.post("/agreement")
def agreement(turns: Turns) -> dict[str, Any]:
    """Record what the cardholder's own satisfied challenge signs; again: the same answer."""
    try:
        with turns.writing() as turn:
            turn.require_identity()
            record_signature(turn.session, turn.conversation, now=turn.now, policy=turn.policy)
    except Problem as problem:
        if problem.code in VOIDS:
            with turns.writing() as turn:
                void_signature(turn.session, turn.conversation, turn.now)
        raise
    return turns.context()
