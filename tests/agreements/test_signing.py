"""From identity to a recorded agreement, through the real application."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import func, select

from api.agreements.ledger.chain import GENESIS, entry_hash
from api.agreements.models import Agreement, LedgerEntry
from api.agreements.seal.installed import InstalledSeal, use_seal
from api.agreements.seal.sealing import Evidence
from api.contact.holds import holds_of
from api.conversations.signing import complete_signatures
from api.kit.clock import SetClock
from tests.conftest import BANK, Visit, import_rows, portfolio_row

pytestmark = pytest.mark.each_database


def signed(visit: Visit) -> dict[str, Any]:
    visit.identify()
    visit.tell()
    visit.choose()
    return visit.sign()


def test_a_person_signs_and_the_bank_finds_the_record(visit: Visit, client: TestClient) -> None:
    answer = signed(visit)
    assert answer["stage"] == "signed"
    assert answer["words"]["agreement_no"] == "20261124-0001"
    listed = client.get("/v1/agreements", headers=BANK).json()["items"]
    assert [item["number"] for item in listed] == ["20261124-0001"]
    record = client.get(f"/v1/agreements/{listed[0]['id']}", headers=BANK).json()
    assert record["state"] == "in_force"
    schedule = record["terms"]["repayment"]["schedule"]
    fen = sum(int(line["payment"].replace(".", "")) for line in schedule)
    assert fen == int(record["terms"]["repayment"]["total"].replace(".", ""))


def test_the_terms_say_nothing_of_income_or_reason(visit: Visit, client: TestClient) -> None:
    visit.identify()
    visit.tell(monthly_income="6123.45", essential_spending="3987.00")
    visit.choose()
    visit.sign()
    item = client.get("/v1/agreements", headers=BANK).json()["items"][0]
    text = client.get(f"/v1/agreements/{item['id']}", headers=BANK).text
    assert "job_loss" not in text
    assert "6123.45" not in text
    assert "3987.00" not in text


def test_recording_twice_gives_the_first_answer(visit: Visit, app: FastAPI) -> None:
    first = signed(visit)
    second = visit.bot("agreement", {})
    assert second["words"]["agreement_no"] == first["words"]["agreement_no"]
    with app.state.database.transaction() as session:
        assert session.scalar(select(func.count()).select_from(LedgerEntry)) == 1


def test_nothing_is_recorded_without_the_persons_own_code(visit: Visit, app: FastAPI) -> None:
    visit.identify()
    visit.tell()
    visit.choose()
    assert visit.bot("agreement", {})["code"] == "not_signed"
    visit.code("signature")
    assert visit.bot("agreement", {})["code"] == "not_signed"
    visit.say("000000")
    assert visit.bot("agreement", {})["code"] == "not_signed"
    with app.state.database.transaction() as session:
        assert session.scalar(select(func.count()).select_from(LedgerEntry)) == 0


def test_a_code_for_one_option_signs_nothing_once_another_was_chosen(visit: Visit) -> None:
    visit.identify()
    visit.tell()
    visit.choose(1)
    code = visit.code("signature")
    visit.bot("choice", {"option": 2})
    visit.say(code)
    assert visit.bot("agreement", {})["code"] == "not_signed"


def test_the_same_option_chosen_again_keeps_its_code(visit: Visit) -> None:
    visit.identify()
    visit.tell()
    visit.choose(1)
    code = visit.code("signature")
    visit.bot("choice", {"option": 1})
    visit.say(code)
    assert visit.bot("agreement", {})["signed"] is True


def test_a_stale_balance_is_never_signed(visit: Visit, client: TestClient, app: FastAPI) -> None:
    visit.identify()
    visit.tell()
    visit.choose()
    code = visit.code("signature")
    import_rows(client, portfolio_row(as_of="2026-11-24", interest="3950.00"))
    visit.say(code)
    answer = visit.bot("agreement", {})
    assert (answer["status_code"], answer["code"]) == (409, "balance_changed")
    assert answer["words"]["difference"].startswith("50.00")
    assert visit.bot("agreement", {})["code"] == "not_signed"
    with app.state.database.transaction() as session:
        assert session.scalar(select(func.count()).select_from(LedgerEntry)) == 0


def test_the_tick_completes_a_signature_when_the_assistant_is_down(
    visit: Visit, app: FastAPI, clock: SetClock
) -> None:
    visit.identify()
    visit.tell()
    visit.choose()
    visit.say(visit.code("signature"))
    assert complete_signatures(app.state.database, clock, app.state.policy) == []
    clock.forward(timedelta(minutes=1))
    state = app.state
    # The application's own tick may have been first; either way it is recorded once.
    complete_signatures(state.database, clock, state.policy)
    with state.database.transaction() as session:
        assert session.scalar(select(func.count()).select_from(LedgerEntry)) == 1
    assert visit.bot("context")["stage"] == "signed"


def test_the_document_is_byte_for_byte_what_was_recorded_and_one_byte_breaks_it(
    visit: Visit, client: TestClient
) -> None:
    signed(visit)
    answer = client.get("/agreement/document.pdf")
    assert answer.headers["content-type"] == "application/pdf"
    disposition = answer.headers["content-disposition"]
    assert "20261124-0001" in disposition
    intact = client.post("/v1/agreements/verify", content=answer.content)
    assert intact.json()["result"] == "intact"
    altered = bytearray(answer.content)
    altered[len(altered) // 2] ^= 1
    refused = client.post("/v1/agreements/verify", content=bytes(altered))
    assert (refused.status_code, refused.json()["code"]) == (422, "document_altered")


def test_without_a_seal_nothing_is_signed_and_the_signature_waits_for_it(
    visit: Visit, app: FastAPI, clock: SetClock
) -> None:
    class Away:
        evidence: Evidence = "bank"
        certificates = app.state.seal.seal.certificates

        def seal_pdf(self, pdf: bytes, *, number: str, at: datetime) -> bytes:
            raise ConnectionError(number)

        def seal_statement(self, statement: bytes, *, at: datetime) -> bytes:
            raise ConnectionError

    state = app.state
    visit.identify()
    visit.tell()
    visit.choose()
    use_seal(InstalledSeal(Away(), "http://testserver"))
    visit.say(visit.code("signature"))
    clock.forward(timedelta(minutes=1))
    assert complete_signatures(state.database, clock, state.policy) == []
    with state.database.transaction() as session:
        assert session.scalar(select(func.count()).select_from(LedgerEntry)) == 0
        assert session.scalars(select(Agreement)).one().signed_at is None
    use_seal(state.seal)
    # The application's own tick may have been first; either way it is recorded once.
    complete_signatures(state.database, clock, state.policy)
    with state.database.transaction() as session:
        assert session.scalar(select(func.count()).select_from(LedgerEntry)) == 1
    assert visit.bot("context")["stage"] == "signed"


def test_the_ledger_is_a_chain_that_anyone_can_recompute(visit: Visit, app: FastAPI) -> None:
    signed(visit)
    with app.state.database.transaction() as session:
        entry = session.scalars(select(LedgerEntry)).one()
        agreement = session.scalars(select(Agreement)).one()
        assert hashlib.sha256(entry.document).hexdigest() == entry.document_digest
        assert entry.previous_hash == GENESIS
        assert entry.entry_hash == entry_hash(
            GENESIS, position=1, number=entry.number, agreement_id=agreement.id,
            terms_digest=agreement.digest, document_digest=entry.document_digest,
            recorded_at=entry.recorded_at,
        )  # fmt: skip
        assert "agreement_in_force" in holds_of(session, agreement.person_id)


def test_choosing_the_same_offer_again_gives_the_same_terms(visit: Visit, app: FastAPI) -> None:
    visit.identify()
    visit.tell()
    visit.choose()
    visit.bot("choice", {"option": 1})
    with app.state.database.transaction() as session:
        assert session.scalar(select(func.count()).select_from(Agreement)) == 1
