"""The assistant's door to humans: a case is opened, a call is arranged."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from api.conversations.call_backs import offer
from api.conversations.call_times import written
from api.conversations.cases import REASONS, current_promise, open_case
from api.conversations.turns import Turns
from api.kit.auth import bot_caller
from api.kit.dates import local_date
from api.kit.errors import Problem

__all__ = ["router"]

router = APIRouter(
    prefix="/v1/bot/conversations/{conversation_id}",
    tags=["assistant"],
    dependencies=[Depends(bot_caller)],
)


class HandoffAsked(BaseModel):
    """Why a human is wanted."""

    model_config = ConfigDict(extra="forbid")

    reason: str = Field(max_length=40)


@router.post("/handoff")
def handoff(turns: Turns, body: HandoffAsked) -> dict[str, Any]:
    """Open a case for a human, with the whole story; its hold is placed at once."""
    if body.reason not in REASONS:
        raise Problem("reason_unknown", 422, "There is no such reason.")
    with turns.writing() as turn:
        open_case(
            turn.session, turn.conversation, reason=body.reason, now=turn.now, policy=turn.policy
        )
        promised = current_promise(turn.now, turn.policy, body.reason)
    return turns.context(in_hours=promised.in_hours)


@router.post("/call-back")
def call_back(turns: Turns) -> dict[str, Any]:
    """Offer times for a call, as words to choose from; the intake hears which one is chosen.

    Without a free time ``call_times`` is empty: then the promise of the case is all there is.
    """
    with turns.writing() as turn:
        times = offer(turn.session, turn.conversation, now=turn.now, policy=turn.policy)
        told = [written(each, turn.conversation.locale, local_date(turn.now)) for each in times]
    return turns.context(call_times=told)
