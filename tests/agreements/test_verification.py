"""Verification: what is intact is said to be, and everything else is named for what it is."""

from __future__ import annotations

import hashlib
import json
import random
import re
import socket
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any, ClassVar

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pypdf import PdfReader
from sqlalchemy import select

from api.agreements.canonical import canonical_bytes, digest
from api.agreements.ledger.chain import append_entry
from api.agreements.models import Agreement, LedgerEntry
from api.agreements.seal.installed import MARK_DIGITS, InstalledSeal, use_seal
from api.agreements.seal.sealing import Evidence, KeySeal
from api.agreements.verification import verify as verified
from api.channels import verification
from api.kit.audit import append_event
from api.kit.clock import SetClock
from api.kit.errors import Problem
from tests.agreements import forging
from tests.conftest import BANK, Visit
from tests.sandbox.running import serving


@pytest.fixture
def signed(visit: Visit, client: TestClient) -> bytes:
    """A signed agreement's document, as its holder keeps it."""
    visit.identify()
    visit.tell(monthly_income="6123.45", essential_spending="3987.00")
    visit.choose()
    visit.sign()
    return client.get("/agreement/document.pdf").content


def verify(client: TestClient, content: bytes, **query: str) -> tuple[int, dict[str, Any]]:
    answer = client.post("/v1/agreements/verify", content=content, params=query)
    return answer.status_code, answer.json()


def wrong(client: TestClient, content: bytes, **query: str) -> str:
    status, told = verify(client, content, **query)
    assert status in (413, 422), told
    assert told.get("result") is None
    return str(told["code"]).removeprefix("document_")


@pytest.mark.each_database
def test_an_intact_document_is_said_to_be_with_number_day_seal_and_state(
    signed: bytes, client: TestClient, visit: Visit
) -> None:
    status, told = verify(client, signed)
    assert status == 200
    assert told["result"] == "intact"
    assert told["number"] == "20261124-0001"
    assert told["state"] == "in_force"
    assert told["recorded_at"] == "2026-11-24T04:00:00Z"
    assert told["sealed"]
    assert told["signed_by"].startswith("云汀银行")
    assert told["development"]
    text = str(told)
    assert "沈禾" not in text
    assert visit.conversation_id not in text
    assert not re.search(r"\d\.\d\d", text)


@pytest.mark.each_database
def test_each_kind_of_wrong_has_its_own_name(
    signed: bytes, client: TestClient, app: FastAPI, tmp_path: Path
) -> None:
    stranger = forging.strangers_key(tmp_path / "stranger")
    seal = app.state.seal.seal
    unrecorded = seal.seal_pdf(
        forging.document("20261124-0777"), number="20261124-0777", at=forging.AT
    )
    same_number = seal.seal_pdf(
        forging.document("20261124-0001"), number="20261124-0001", at=forging.AT
    )
    second = signed.index(b"%%EOF") + 500
    for content, name in (
        (b"", "empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(2000), "not_pdf"),
        (b"hello", "not_pdf"),
        (forging.flipped(signed, 5000), "altered"),
        (forging.flipped(signed, 0), "altered"),
        (forging.flipped(signed, signed.index(b"/ByteRange") + 20), "altered"),
        (same_number, "altered"),
        (signed[: second + 40], "cut"),
        (signed[:-40], "cut"),
        (signed[: len(signed) // 3], "cut"),
        (signed + b"\n", "added_to"),
        (signed + b"1 0 obj<</A 1>>endobj\n%%EOF", "added_to"),
        (forging.signed_over(signed, stranger), "added_to"),
        (forging.sealed_by(stranger), "other_key"),
        (unrecorded, "not_recorded"),
        (forging.without_seal(signed), "seal_missing"),
        (forging.draft(), "draft"),
        (forging.saved_again(signed), "unsealed"),
        (forging.with_password(signed), "encrypted"),
        (signed + bytes(6 * 1024 * 1024), "too_large"),
    ):
        assert wrong(client, content) == name, (name, len(content))
    assert verify(client, signed)[0] == 200


def test_every_byte_of_the_seal_itself_counts(signed: bytes, client: TestClient) -> None:
    begins = signed.index(b"/Contents <308") + len("/Contents <")
    last = signed.index(b">", begins) - 1
    for at in (begins, begins + 400, begins + 1200, last):
        digit = signed[at : at + 1]
        changed = signed[:at] + (b"1" if digit == b"0" else b"0") + signed[at + 1 :]
        assert wrong(client, changed) == "altered"
    upper = signed[:begins] + signed[begins:last].swapcase() + signed[last:]
    assert wrong(client, upper) == "altered"


def test_another_genuine_document_is_not_taken_for_the_one_of_a_code(
    signed: bytes, client: TestClient
) -> None:
    assert verify(client, signed, number="20261124-0001")[0] == 200
    assert wrong(client, signed, number="20261124-0002") == "other"
    assert wrong(client, forging.flipped(signed, 9000), number="20261124-0002") == "altered"


@pytest.mark.each_database
def test_the_code_on_the_document_tells_of_the_record_and_only_with_its_mark(
    signed: bytes, client: TestClient
) -> None:
    (item,) = client.get("/v1/agreements", headers=BANK).json()["items"]
    mark = item["terms_digest"][:MARK_DIGITS]
    told = client.get(f"/v1/agreements/verify/20261124-0001/{mark}").json()
    assert told == {
        "result": "recorded", "kind": "agreement", "number": "20261124-0001",
        "recorded_at": "2026-11-24T04:00:00Z", "state": "in_force",
    }  # fmt: skip
    wrong_mark = client.get(f"/v1/agreements/verify/20261124-0001/{'0' * MARK_DIGITS}")
    no_number = client.get(f"/v1/agreements/verify/20261124-0009/{mark}")
    for refused in (wrong_mark, no_number, client.get("/v1/agreements/verify/20261124-0001/a")):
        assert refused.status_code == 404
        assert refused.json() == wrong_mark.json()


def let_it_end(app: FastAPI, clock: SetClock, kind: str) -> None:
    """Let the signed agreement end as an event of a kind says."""
    with app.state.database.transaction() as session:
        agreement = session.scalars(select(Agreement)).one()
        agreement.in_force_for = None
        append_event(
            session, at=clock.now(), actor="system", subject=("agreement", agreement.id), kind=kind
        )


@pytest.mark.each_database
@pytest.mark.parametrize(
    ("kind", "state"),
    [("broken", "ended"), ("withdrawn", "withdrawn"), ("fulfilled", "fulfilled")],
)
def test_it_is_told_how_an_agreement_ended(
    signed: bytes, client: TestClient, app: FastAPI, clock: SetClock, kind: str, state: str
) -> None:
    let_it_end(app, clock, kind)
    assert verify(client, signed)[1]["state"] == state
    let_it_end(app, clock, "withdrawn")  # an end is final
    assert verify(client, signed)[1]["state"] == state


@pytest.mark.each_database
def test_what_was_not_kept_is_superseded_by_what_the_person_signed_later(
    signed: bytes, client: TestClient, app: FastAPI, clock: SetClock
) -> None:
    let_it_end(app, clock, "broken")
    with app.state.database.transaction() as session:
        old = session.scalars(select(Agreement)).one()
        kept = {column.key: getattr(old, column.key) for column in Agreement.__table__.columns}
        later = {
            "id": "g_later", "number": "20261224-0001", "digest": "0" * 64, "signed_with": None,
            "signed_at": clock.now() + timedelta(days=30),
        }  # fmt: skip
        session.add(Agreement(**{**kept, **later}))
    assert verify(client, signed)[1]["state"] == "superseded"


def test_a_document_outlives_the_key_it_was_sealed_with(
    signed: bytes, client: TestClient, app: FastAPI, tmp_path: Path
) -> None:
    old = app.state.seal.seal.certificates[0]
    newer = forging.strangers_key(tmp_path / "newer")
    app.state.seal = InstalledSeal(KeySeal(newer), "http://testserver")
    assert wrong(client, signed) == "seal_unknown"
    app.state.seal = InstalledSeal(KeySeal(replace(newer, past=(old,))), "http://testserver")
    assert verify(client, signed)[0] == 200


def test_another_maker_of_seals_takes_the_banks_place(
    app: FastAPI, visit: Visit, client: TestClient, tmp_path: Path
) -> None:
    """As the adapter of a certificate authority would: nothing of ours but the methods of ``Seal``."""
    key = KeySeal(forging.strangers_key(tmp_path / "authority"))

    class Authority:
        evidence: Evidence = "bank"
        certificates = key.certificates
        asked: ClassVar[list[str]] = []

        def seal_pdf(self, pdf: bytes, *, number: str, at: datetime) -> bytes:
            self.asked.append(number)
            return key.seal_pdf(pdf, number=number, at=at)

        def seal_statement(self, statement: bytes, *, at: datetime) -> bytes:
            return key.seal_statement(statement, at=at)

    app.state.seal = InstalledSeal(Authority(), "http://testserver")
    use_seal(app.state.seal)
    visit.identify()
    visit.tell()
    visit.choose()
    visit.sign()
    document = client.get("/agreement/document.pdf").content
    assert Authority.asked == ["20261124-0001"]
    assert "银行的电子章，是" in PdfReader(BytesIO(document)).pages[0].extract_text().replace(
        "\n", ""
    )
    assert verify(client, document)[1]["development"] is False
    assert "演示" not in client.get("/verify").text


def test_a_document_of_before_there_were_seals_is_intact_and_said_to_bear_none(
    signed: bytes, client: TestClient, app: FastAPI, clock: SetClock
) -> None:
    old = forging.document("20251124-0001")
    with app.state.database.transaction() as session:
        agreement = session.scalars(select(Agreement)).one()
        append_entry(
            session, kind="certificate", agreement_id=agreement.id, number="20251124-0001",
            content_digest="a" * 64, document=old, now=clock.now(),
        )  # fmt: skip
    status, told = verify(client, old)
    assert (status, told["result"], told["sealed"]) == (200, "intact", False)
    assert "signed_by" not in told
    page = client.post("/verify?lang=zh", files={"document": ("a.pdf", old, "application/pdf")})
    assert "还没有用电子章" in page.text
    assert wrong(client, forging.flipped(old, 3000)) == "seal_missing"


def test_nobody_can_find_out_by_files_of_their_own_which_numbers_there_are(
    signed: bytes, client: TestClient, tmp_path: Path
) -> None:
    stranger = forging.strangers_key(tmp_path / "stranger")
    for made in (
        lambda number: b"%PDF-1.7\nanhuan:" + number + b"\n%%EOF",
        lambda number: b"%PDF-1.7\nanhuan:" + number + b" /ByteRange [0 9 20 5]\n%%EOF",
        lambda number: b"%PDF-1.7\nanhuan:" + number + b" /ByteRange [0 9 20 500]\n%%EOF",
        lambda number: b"%PDF-1.7\nanhuan:" + number + b" /DocMDP\n%%EOF",
        lambda number: forging.sealed_by(stranger, number.decode()),
        lambda number: forging.flipped(forging.sealed_by(stranger, number.decode()), 3000),
    ):
        recorded, unknown = (
            wrong(client, made(b"20261124-0001")),
            wrong(client, made(b"20261124-0002")),
        )
        assert recorded == unknown


def test_one_origin_may_not_verify_without_end(client: TestClient) -> None:
    codes = [client.post("/v1/agreements/verify").status_code for _ in range(61)]
    assert codes == [422] * 60 + [429]
    assert client.get("/verify/20261124-0001/0").status_code == 429
    assert client.get("/verify").status_code == 200


def test_a_caller_that_dawdles_loses_its_turn(
    app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verification, "PATIENCE_SECONDS", 0.2)
    with serving(app) as address:
        port = int(address.rsplit(":", 1)[1])
        with socket.create_connection(("127.0.0.1", port), timeout=10) as dawdling:
            dawdling.sendall(
                b"POST /v1/agreements/verify HTTP/1.1\r\nHost: x\r\nContent-Length: 9999\r\n\r\n%PDF"
            )
            assert b" 408 " in dawdling.recv(4096).splitlines()[0]


@pytest.mark.each_database
def test_neither_the_document_nor_the_ledger_holds_what_the_person_told(
    signed: bytes, client: TestClient, app: FastAPI
) -> None:
    reader = PdfReader(BytesIO(signed))
    inside = {name: b"".join(parts) for name, parts in reader.attachments.items()}
    assert set(inside) == {"terms.json", "proof.sha256"}
    terms = json.loads(inside["terms.json"])
    assert inside["terms.json"] == canonical_bytes(terms)
    with app.state.database.reading() as session:
        entry = session.scalars(select(LedgerEntry)).one()
        assert entry.document == signed
        assert digest(terms) == entry.terms_digest
        columns = {column.name for column in LedgerEntry.__table__.columns}
    assert columns == {
        "position", "kind", "agreement_id", "number", "terms_digest", "document_digest", "document",
        "recorded_at", "previous_hash", "entry_hash",
    }  # fmt: skip
    words = "".join(page.extract_text() for page in reader.pages) + inside["terms.json"].decode()
    for told in ("6123.45", "6,123.45", "3987.00", "3,987.00", "job_loss", "失业", "裁员"):
        assert told not in words, told
    proof = client.get("/agreement/proof.json").content
    assert inside["proof.sha256"].decode().split()[0] == hashlib.sha256(proof).hexdigest()


def fuzzed(signed: bytes, chance: random.Random) -> bytes:
    """A document after something happened to it, or something that never was one."""
    content = bytearray(signed)

    def flip() -> None:
        for _ in range(chance.choice((1, 1, 1, 2, 9))):
            content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)

    def cut() -> None:
        del content[chance.randrange(len(content)) :]

    def take_out() -> None:
        begin = chance.randrange(len(content))
        del content[begin : begin + chance.randrange(1, 5000)]

    def insert() -> None:
        at = chance.randrange(len(content) + 1)
        content[at:at] = chance.randbytes(chance.randrange(1, 300))

    def invent() -> None:
        content[:] = chance.choice((b"", b"%PDF-1.7\n")) + chance.randbytes(chance.randrange(5000))

    def break_seal() -> None:
        begin = signed.index(b"/Contents <") - 20
        at = chance.randrange(begin, len(content))
        content[at] = chance.choice(b"0123456789abcdefABCDEF[]<>/ ")

    def copy_over() -> None:
        begin, end = sorted(chance.randrange(len(content)) for _ in range(2))
        at = chance.randrange(len(content))
        content[at : at + end - begin] = content[begin:end]

    ways: tuple[Callable[[], None], ...] = (
        flip, cut, take_out, insert, invent, break_seal, break_seal, copy_over,
    )  # fmt: skip
    chance.choice(ways)()
    return bytes(content)


@pytest.mark.parametrize(
    ("times", "seed"),
    [(300, 8), pytest.param(10_000, 88, marks=pytest.mark.long)],
)
def test_nothing_but_the_document_itself_is_ever_intact(
    signed: bytes, app: FastAPI, times: int, seed: int
) -> None:
    chance, names = random.Random(seed), set()
    trusted, now = app.state.seal.seal.certificates, forging.AT + timedelta(hours=1)
    for _ in range(times):
        content = fuzzed(signed, chance)
        if content == signed:
            continue
        with app.state.database.reading() as session, pytest.raises(Problem) as refused:
            verified(session, content, trusted=trusted, now=now)
        names.add(refused.value.code)
    assert names <= {
        f"document_{name}"
        for name in ("altered", "cut", "empty", "not_pdf", "seal_missing", "unsealed", "added_to",
                     "not_recorded", "encrypted", "draft")
    }  # fmt: skip
    assert {"document_altered", "document_cut", "document_not_pdf"} <= names
