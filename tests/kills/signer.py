"""Somebody about to sign, in two tabs at once: the record as it stands then, and what only they know."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from fastapi.testclient import TestClient
from pydantic import SecretStr
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from api.agreements.models import Agreement, LedgerEntry
from api.contact.models import Hold
from api.conversations.models import InboxItem
from api.kit.audit import Event
from api.kit.clock import SANDBOX_CLOCK, SandboxClock, SetClock
from api.main import create_app
from api.settings import Settings
from api.webhooks.models import BankNotice
from tests.conftest import Telephone, Visit, import_rows, invite_link, portfolio_row
from tests.kills.town import PROVIDER_TOKEN, first_day
from tests.postgresql import PostgresServer

NUMBER = "+8619900000001"


@dataclass(frozen=True)
class Tab:
    """One conversation: its id, its credential, and the code that signs in it."""

    conversation_id: str
    token: str
    code: str


@dataclass(frozen=True)
class Signer:
    """The record that each run starts from. In the first tab the code may have been given already."""

    settings: Settings
    begins: datetime
    tabs: tuple[Tab, ...]

    def copied(self, folder: Path, server: Callable[[], PostgresServer]) -> Settings:
        """Return the settings of a copy whose clock goes on from where this was left."""
        url = self.settings.database_url
        if url:
            url = server().database(like=url)
        else:
            shutil.copy(self.settings.data_dir / "anhuan.db", folder / "anhuan.db")
        ahead = self.begins + timedelta(seconds=5) - datetime.now(UTC)
        SandboxClock(folder / SANDBOX_CLOCK).forward(ahead)
        return self.settings.model_copy(update={"data_dir": folder, "database_url": url})


def build(settings: Settings, tabs: int) -> Signer:
    """Let somebody come to their signing code, in one tab or in two, in an empty database of these settings.

    Of two, the code of the first has been given and is not recorded; that of the second is still asked for.
    """
    settings.twilio_auth_token = SecretStr(PROVIDER_TOKEN)
    begins = first_day()
    clock, telephone = SetClock(begins), Telephone()
    app = create_app(settings, clock)
    if not settings.database_url:
        app.state.database.create_all()
    app.state.transports["sms"] = telephone
    today = begins.date()
    found = []
    with TestClient(app, follow_redirects=False) as client:
        row = portfolio_row(
            principal="2600.00", interest="60.00", penalty="40.00", as_of=str(today),
            due_date=str(today - timedelta(days=5)),
        )  # fmt: skip
        import_rows(client, row)
        for number in range(1, tabs + 1):
            opened = client.post(
                "/v1/chat/conversations", json={"invite": invite_link(client)}
            ).json()
            client.headers["Authorization"] = f"Bearer {opened['token']}"
            visit = Visit(client, telephone, opened["conversation_id"])
            visit.identify()
            if number == 1:
                visit.tell(
                    proposed_payment="900.00", monthly_income="6000.00", other_debt_payments="0.00",
                    pay_day=15,
                )  # fmt: skip
            visit.choose()
            code = visit.code("signature")
            if number < tabs:
                visit.say(code)
            found.append(Tab(visit.conversation_id, opened["token"], code))
    with (
        app.state.database.transaction() as session
    ):  # the assistant was not there, and is not asked
        session.execute(update(InboxItem).values(handled_at=begins))
    app.state.database.close()
    return Signer(settings, begins, tuple(found))


def counted(session: Session) -> dict[str, int]:
    """Count everything that a signature leaves on record, each of which there is once or not at all."""

    def count(*conditions: object) -> int:
        return session.scalar(select(func.count()).where(*conditions)) or 0  # type: ignore[arg-type]

    return {
        "ledger": count(LedgerEntry.position > 0),
        "in force": count(Agreement.in_force_for.is_not(None)),
        "signed": count(Agreement.signed_at.is_not(None), Agreement.signed_with.is_not(None)),
        "hold": count(Hold.kind == "agreement_in_force", Hold.ended_at.is_(None)),
        "event": count(Event.kind == "signed"),
        "bank told of it": count(BankNotice.kind == "agreement.signed"),
        "bank told to stop": count(
            BankNotice.kind == "hold.placed", BankNotice.subject.startswith("agreement_in_force:")
        ),
    }
