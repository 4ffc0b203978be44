"""People whose plan wants evidence before it is signed."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import select

from api.agreements.evidence.models import Evidence, EvidenceFile
from api.conversations.models import Case
from api.conversations.transcript import as_record, messages_after
from tests.conftest import Telephone, Visit, import_rows, invite_link, portfolio_row
from tests.console.signing_in import signed_in
from tests.evidence.papers import png


@dataclass
class Owing:
    """Somebody who owes so much that proof of income is wanted, and has chosen a plan."""

    app: FastAPI
    visit: Visit

    def send(
        self, content: bytes = b"", kind: str = "income_proof", name: str = "x.png"
    ) -> Response:
        """Send a file from the page, a moment later than whatever was before."""
        self.app.state.clock.forward(timedelta(seconds=1))
        return self.visit.client.post(
            "/evidence", data={"kind": kind}, files={"file": (name, content or png())}
        )

    def page(self) -> str:
        """The page as it is now."""
        return self.visit.client.get("/evidence").text

    def pieces(self) -> list[Evidence]:
        """What is on record, the oldest first."""
        with self.app.state.database.reading() as session:
            return list(
                session.scalars(select(Evidence).order_by(Evidence.received_at, Evidence.id))
            )

    def files(self) -> int:
        """How many files are kept."""
        with self.app.state.database.reading() as session:
            return len(session.scalars(select(EvidenceFile)).all())

    def cases(self, state: str) -> list[str]:
        """The reasons of the cases in a state."""
        with self.app.state.database.reading() as session:
            return list(session.scalars(select(Case.reason).where(Case.state == state)))

    def said(self) -> list[dict[str, Any]]:
        """What was said in the conversation by anybody but the person."""
        with self.app.state.database.reading() as session:
            found = messages_after(session, self.visit.conversation_id, 0)
            return [as_record(each) for each in found if each.speaker != "person"]

    def decide(self, verdict: str, **fields: str) -> Response:
        """Let a collector decide about the newest piece."""
        colleague, _ = signed_in(self.app, "collector")
        piece, texts = self.pieces()[-1], self.visit.telephone.texts
        before, fresh = len(texts), piece.state == "waiting"
        answer = colleague.post(f"/console/evidence/{piece.id}/{verdict}", data=fields)
        deadline = time.monotonic() + 10
        while fresh and answer.status_code == 303 and len(texts) == before:
            assert time.monotonic() < deadline, "the person was not told by text"
            time.sleep(0.02)
        return answer


def owing(
    app: FastAPI, client: TestClient, telephone: Telephone, facts: dict[str, Any] | None = None,
    reviewed_from: str = "never", **row: str,
) -> Owing:  # fmt: skip
    """Bring somebody to the terms of a plan, which itself needs nobody to look at it."""
    app.state.policy = app.state.policy.amended(
        {"bank.plan.reviewed_from": reviewed_from}, since=app.state.clock.today()
    )
    owed = {"principal": "99000.00", "interest": "3900.00", "penalty": "1700.00"}
    import_rows(client, portfolio_row(**{**owed, **row}))
    opened = client.post("/v1/chat/conversations", json={"invite": invite_link(client)})
    visit = Visit(client, telephone, opened.json()["conversation_id"])
    visit.identify()
    visit.tell(
        **{"monthly_income": "9000.00", "essential_spending": "3900.00",
           "proposed_payment": "2500.00", **(facts or {})}
    )  # fmt: skip
    visit.choose()
    return Owing(app, visit)


@pytest.fixture
def person(app: FastAPI, client: TestClient, telephone: Telephone) -> Owing:
    """Somebody who owes 104,600."""
    return owing(app, client, telephone)
