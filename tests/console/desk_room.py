"""People with open cases, and colleagues who work on them: what the tests of the desk stand on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import httpx2
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select

from api.conversations.cases import open_case
from api.conversations.models import Case, Conversation
from api.kit.dates import local_date
from tests.conftest import Telephone, Visit, import_rows, invite_link, portfolio_row

NAMES = ("沈禾", "周敏", "贺兰", "Mary Okoro", "罗青", "韦一", "欧阳修文", "齐山", "简宁")


@dataclass
class DeskRoom:
    """The application with people in it. ``client`` reaches it; ``address``, where it is really served."""

    app: FastAPI
    client: Any
    telephone: Telephone
    address: str = ""
    people: int = 0
    visits: list[Visit] = field(default_factory=list)

    def visit(self, *, identified: bool = False, told: bool = False, **row: str) -> Visit:
        """Invite somebody new, who opens the page (and proves who they are, and tells their means)."""
        self.people += 1
        number = self.people
        account = f"A-{number}"
        import_rows(
            self.client,
            portfolio_row(
                account_ref=account, person_ref=f"P-{number}",
                name=row.pop("name", NAMES[(number - 1) % len(NAMES)]),
                telephone=f"+86199000{number:05}", card_tail=f"{3000 + number}", **row,
            ),
        )  # fmt: skip
        cardholder: Any = (
            httpx2.Client(base_url=self.address, timeout=20)
            if self.address
            else TestClient(self.app, follow_redirects=False)
        )
        invited = invite_link(self.client, account)
        opened = cardholder.post("/v1/chat/conversations", json={"invite": invited}).json()
        made = Visit(cardholder, self.telephone, opened["conversation_id"])
        if identified or told:
            made.identify()
        if told:
            made.tell()
        self.visits.append(made)
        return made

    def case(self, reason: str = "ask_human", visit: Visit | None = None, **visiting: Any) -> int:
        """Open a case of a reason, in a visit of somebody new unless one is given; returns its id."""
        who = visit or self.visit(**visiting)
        now = self.app.state.clock.now()
        policy = self.app.state.policy.on(local_date(now))
        with self.app.state.database.transaction() as session:
            conversation = session.get_one(Conversation, who.conversation_id)
            return open_case(session, conversation, reason=reason, now=now, policy=policy).id

    def state(self, case_id: int) -> str:
        """Return a case's state."""
        with self.app.state.database.reading() as session:
            found: str = session.scalars(select(Case.state).where(Case.id == case_id)).one()
            return found
