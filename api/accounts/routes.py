"""The bank's way in: its portfolio, its overdue accounts, its invites."""

from __future__ import annotations

from io import TextIOWrapper
from tempfile import SpooledTemporaryFile
from typing import Annotated, Any, BinaryIO, cast

from fastapi import APIRouter, Depends, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from api.accounts.delinquency import bucket, days_past_due
from api.accounts.invites import invite, revoke_invite
from api.accounts.models import CardAccount
from api.accounts.portfolio import PortfolioUnreadable, checked_lines
from api.accounts.service import ImportReport, import_portfolio, overdue_accounts
from api.kit.auth import bank_caller
from api.kit.clock import Clock
from api.kit.dates import iso_utc
from api.kit.db import Database
from api.kit.errors import Problem
from api.kit.wiring import TheClock, TheDatabase

__all__ = ["router"]

router = APIRouter(prefix="/v1/accounts", tags=["accounts"], dependencies=[Depends(bank_caller)])

MOST_REFUSALS = 200
LARGEST_FILE = 64 * 1024 * 1024
KEPT_IN_MEMORY = 1024 * 1024
"""A larger file waits on disk, in the data folder, without a name and gone when it is closed."""


@router.post("/import", openapi_extra={"requestBody": {"content": {"text/csv": {}}}})
async def take_in(
    request: Request, response: Response, database: TheDatabase, clock: TheClock
) -> dict[str, Any]:
    """Take in a portfolio CSV: 200, or 207 when some rows were refused, each with line and reason."""
    folder = request.app.state.settings.data_dir
    with SpooledTemporaryFile(KEPT_IN_MEMORY, dir=folder) as file:
        size = 0
        async for chunk in request.stream():
            size += len(chunk)
            if size > LARGEST_FILE:
                raise Problem("portfolio_too_large", 413, "Send at most 64 MiB, or `make import`.")
            file.write(chunk)
        report = await run_in_threadpool(_take_in, database, clock, file)
    response.status_code = 207 if report.refused else 200
    return {
        "created": report.created,
        "updated": report.updated,
        "unchanged": report.unchanged,
        "stale": report.stale,
        "refused": report.refused,
        "refusals": [
            {"line": bad.line, "reason": bad.reason} for bad in report.bad[:MOST_REFUSALS]
        ],
    }


def _take_in(database: Database, clock: Clock, file: SpooledTemporaryFile[bytes]) -> ImportReport:
    file.seek(0)
    try:
        checked_lines(cast(BinaryIO, file))
    except PortfolioUnreadable as error:
        raise Problem(error.code, 422, str(error)) from error
    with TextIOWrapper(file, encoding="utf-8-sig", newline="") as lines:
        return import_portfolio(database, clock, lines)


def _listed(account: CardAccount, past_due: int) -> dict[str, Any]:
    return {
        "id": account.id,
        "account_ref": account.account_ref,
        "person_ref": account.person.person_ref,
        "card_tail": account.card_tail,
        "currency": account.currency,
        "principal": f"{account.principal:.2f}",
        "interest": f"{account.interest:.2f}",
        "penalty": f"{account.penalty:.2f}",
        "fees": f"{account.fees:.2f}",
        "total": f"{account.total:.2f}",
        "due_date": account.due_date.isoformat(),
        "days_past_due": past_due,
        "bucket": bucket(past_due),
        "status": account.status,
        "as_of": account.as_of.isoformat(),
    }


@router.get("")
def list_accounts(
    database: TheDatabase,
    clock: TheClock,
    overdue: Annotated[bool, Query(description="only accounts past their due date")] = True,
    limit: Annotated[int, Query(ge=1, le=1000)] = 200,
    after: Annotated[str, Query(description="the last account_ref of the page before")] = "",
) -> dict[str, Any]:
    """List overdue accounts with days past due and bucket, in the order of ``account_ref``."""
    if not overdue:
        raise Problem("only_overdue", 422, "Only overdue accounts can be listed: overdue=true.")
    today = clock.today()
    with database.transaction() as session:
        accounts = overdue_accounts(session, today, limit, after)
        items = [_listed(account, days_past_due(account.due_date, today)) for account in accounts]
    return {"items": items, "next_after": items[-1]["account_ref"] if len(items) == limit else None}


@router.post("/{account_id}/invites", status_code=201)
def make_invite(
    request: Request, account_id: str, database: TheDatabase, clock: TheClock
) -> dict[str, Any]:
    """Make an invite for the account's holder. The link is told once and kept nowhere."""
    policy = request.app.state.policy.on(clock.today())
    with database.transaction() as session:
        made, code = invite(
            session, account_id=account_id, now=clock.now(),
            valid_hours=policy.value("bank.invite.valid_hours"),
        )  # fmt: skip
        return {
            "id": made.id,
            "code": code,
            "url": f"{request.app.state.settings.address}/i/{code}",
            "reference": made.reference,
            "expires_at": iso_utc(made.expires_at),
        }


@router.delete("/invites/{invite_id}", status_code=204)
def revoke(invite_id: str, database: TheDatabase, clock: TheClock) -> None:
    """Revoke an invite: its link opens nothing more, and conversations opened with it end."""
    with database.transaction() as session:
        revoke_invite(session, invite_id, now=clock.now())
