"""An agreement taken back within its days: asked for, explained, confirmed once, and ended whole."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import func, select

from api.agreements.ledger.verifying import verify_ledger
from api.agreements.lives import life_of
from api.agreements.models import Agreement, LedgerEntry
from api.agreements.seal.installed import the_seal
from api.contact.holds import holds_of
from api.contact.models import OutboxMessage
from api.followup.models import AgreementEnd, FollowupStep
from api.followup.tick import follow_up
from api.kit.audit import Event
from api.kit.clock import SetClock
from api.webhooks.models import BankNotice
from tests.conftest import BANK, Visit

pytestmark = pytest.mark.each_database

LAST_DAY = timedelta(days=7)


@pytest.fixture
def signed(visit: Visit) -> Visit:
    """Somebody who has just signed."""
    visit.identify()
    visit.tell()
    visit.choose()
    assert visit.sign()["signed"] is True
    return visit


def ask(visit: Visit, *, confirmed: bool = False) -> dict[str, Any]:
    return visit.bot("withdrawal", {"confirmed": confirmed})


def agreement_of(app: FastAPI) -> tuple[Agreement, str, set[str]]:
    with app.state.database.reading() as session:
        agreement = session.scalars(select(Agreement)).one()
        return agreement, life_of(session, agreement), holds_of(session, agreement.person_id)


def count(app: FastAPI, *conditions: Any) -> int:
    with app.state.database.reading() as session:
        return session.scalar(select(func.count()).where(*conditions)) or 0


def test_asking_says_what_it_means_and_ends_nothing(signed: Visit, app: FastAPI) -> None:
    told = ask(signed)
    assert told["withdrawn"] is False
    assert told["words"]["withdraw_until"].startswith("12月1日")
    assert "relief_back" in told["words"]
    agreement, life, holds = agreement_of(app)
    assert (life, agreement.in_force_for) == ("in_force", agreement.person_id)
    assert "agreement_in_force" in holds


def test_a_confirmed_wish_ends_it_whole_and_once(
    signed: Visit, app: FastAPI, client: TestClient
) -> None:
    follow_up(app.state.database, app.state.clock, app.state.policy, "https://bank.example")
    ask(signed)
    answers = [ask(signed, confirmed=True) for _ in range(3)]
    assert {answer["status_code"] for answer in answers} == {200}
    assert all(answer["withdrawn"] for answer in answers)
    agreement, life, holds = agreement_of(app)
    assert (life, agreement.in_force_for) == ("withdrawn", None)
    assert "agreement_in_force" not in holds
    assert count(app, AgreementEnd.kind == "withdrawn") == 1
    assert count(app, Event.kind == "withdrawn") == 1
    assert count(app, BankNotice.kind == "agreement.withdrawn") == 1
    assert count(app, FollowupStep.done_at.is_(None)) == 0
    assert count(app, OutboxMessage.key == f"withdrawn:{agreement.id}") == 1
    item = client.get(f"/v1/agreements/{agreement.id}", headers=BANK).json()
    assert item["state"] == "withdrawn"
    signed_document = client.get("/agreement/document.pdf").content
    assert (
        client.post("/v1/agreements/verify", content=signed_document).json()["state"] == "withdrawn"
    )
    confirmation = client.get("/progress/withdrawal.pdf").content
    verified = client.post("/v1/agreements/verify", content=confirmation).json()
    assert (verified["kind"], verified["number"]) == ("withdrawal", f"W{agreement.number}")
    with app.state.database.reading() as session:
        entries = session.scalars(select(LedgerEntry).order_by(LedgerEntry.position)).all()
        verify_ledger(session, trusted=the_seal().seal.certificates)
    assert [entry.kind for entry in entries] == ["agreement", "withdrawal"]
    assert "撤回了" in client.get("/progress").text


def test_a_confirmation_of_nothing_ends_nothing(signed: Visit, app: FastAPI) -> None:
    assert ask(signed, confirmed=True)["code"] == "withdrawal_not_asked"
    assert agreement_of(app)[1] == "in_force"


def test_it_can_be_asked_for_until_the_end_of_its_last_day(
    signed: Visit, clock: SetClock, app: FastAPI
) -> None:
    clock.forward(LAST_DAY + timedelta(hours=11))  # 23:00 in Shanghai
    assert ask(signed)["withdrawn"] is False
    clock.forward(timedelta(hours=2))  # the next day, and asked in time
    assert ask(signed, confirmed=True)["withdrawn"] is True
    assert agreement_of(app)[1] == "withdrawn"


def test_after_its_days_it_is_refused(signed: Visit, clock: SetClock, app: FastAPI) -> None:
    clock.forward(LAST_DAY + timedelta(hours=13))
    refused = ask(signed)
    assert (refused["status_code"], refused["code"]) == (409, "withdrawal_late")
    assert agreement_of(app)[1] == "in_force"


def test_a_wish_that_was_never_confirmed_lapses(
    signed: Visit, clock: SetClock, app: FastAPI
) -> None:
    ask(signed)
    clock.forward(LAST_DAY + timedelta(days=4))
    assert ask(signed, confirmed=True)["code"] == "withdrawal_not_asked"
    assert agreement_of(app)[1] == "in_force"


def test_after_it_another_plan_can_be_made_and_signed(signed: Visit, app: FastAPI) -> None:
    ask(signed)
    ask(signed, confirmed=True)
    signed.choose()
    assert signed.sign()["signed"] is True
    with app.state.database.reading() as session:
        standing = session.scalars(
            select(Agreement.number).where(Agreement.in_force_for.is_not(None))
        ).all()
    assert standing == ["20261124-0002"]
