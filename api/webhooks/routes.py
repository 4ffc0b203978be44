"""Notices for the bank's systems: read in their order, sent again, or acknowledged by who reads them here."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query
from pydantic import AwareDatetime, BaseModel, ConfigDict
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.kit.auth import bank_caller
from api.kit.dates import iso_utc
from api.kit.errors import Problem
from api.kit.wiring import TheClock, TheDatabase
from api.webhooks.models import BankNotice
from api.webhooks.notices import acknowledge, replay

__all__ = ["router"]

router = APIRouter(
    prefix="/v1/notices", tags=["notices to the bank"], dependencies=[Depends(bank_caller)]
)


class ReplayWanted(BaseModel):
    """From when on everything is to be sent again."""

    model_config = ConfigDict(extra="forbid")

    since: AwareDatetime


@router.get("")
def notices(
    database: TheDatabase,
    state: Literal["waiting", "acknowledged", "given_up"] | None = None,
    after: Annotated[int, Query(ge=0, description="the last position of the page before")] = 0,
    limit: Annotated[int, Query(ge=1, le=1000)] = 200,
) -> dict[str, Any]:
    """List notices in their order, with what became of each."""
    chosen = select(BankNotice).where(BankNotice.position > after)
    if state is not None:
        chosen = chosen.where(BankNotice.state == state)
    with database.reading() as session:
        found = session.scalars(chosen.order_by(BankNotice.position).limit(limit)).all()
        items = [_listed(notice) for notice in found]
    return {"items": items, "next_after": items[-1]["position"] if len(items) == limit else None}


@router.post("/replay")
def replay_since(body: ReplayWanted, database: TheDatabase, clock: TheClock) -> dict[str, int]:
    """Send everything again that was told of since a time, whether it was acknowledged or not."""
    with database.transaction() as session:
        found = session.scalars(select(BankNotice).where(BankNotice.created_at >= body.since)).all()
        for notice in found:
            replay(session, notice, clock.now())
        return {"replayed": len(found)}


@router.post("/{notice_id}/replay")
def replay_one(notice_id: str, database: TheDatabase, clock: TheClock) -> dict[str, Any]:
    """Send one notice again, from its first try."""
    with database.transaction() as session:
        notice = _notice(session, notice_id)
        replay(session, notice, clock.now())
        return _listed(notice)


@router.post("/{notice_id}/acknowledge")
def acknowledged(notice_id: str, database: TheDatabase, clock: TheClock) -> dict[str, Any]:
    """Acknowledge a notice that was read here rather than received; again: the same."""
    with database.transaction() as session:
        notice = _notice(session, notice_id)
        acknowledge(session, notice, clock.now())
        return _listed(notice)


def _notice(session: Session, notice_id: str) -> BankNotice:
    found = session.scalar(select(BankNotice).where(BankNotice.id == notice_id).with_for_update())
    if found is None:
        raise Problem("notice_unknown", 404, "There is no notice with this id.")
    return found


def _listed(notice: BankNotice) -> dict[str, Any]:
    at = notice.acknowledged_at
    return {
        "position": notice.position,
        "id": notice.id,
        "type": notice.kind,
        "timestamp": iso_utc(notice.created_at),
        "data": notice.data,
        "state": notice.state,
        "attempts": notice.attempts,
        "last_error": notice.last_error or None,
        "next_try_at": iso_utc(notice.due_at) if notice.state == "waiting" else None,
        "acknowledged_at": iso_utc(at) if at else None,
    }
