"""The ledger cannot be changed by a program, and whoever changes it by force is found out, row by row."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from api import main
from api.agreements.canonical import canonical_bytes
from api.agreements.ledger import verify_command
from api.agreements.ledger.chain import append_entry, entry_hash
from api.agreements.ledger.guards import APPEND_ONLY
from api.agreements.ledger.heads import head_statement, seal_head
from api.agreements.ledger.verifying import LedgerBroken, verify_ledger
from api.agreements.models import Agreement, LedgerEntry, LedgerHead
from api.agreements.seal.sealing import KeySeal
from api.kit.audit import Event
from api.kit.clock import SetClock
from api.kit.dates import iso_utc
from api.settings import Settings
from tests.agreements import forging
from tests.conftest import BANK, Telephone, Visit, import_rows, invite_link, portfolio_row

PEOPLE = 3


@pytest.fixture(autouse=True)
def _by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """Heads are sealed when a test says so, and not by the application's own round in between."""
    monkeypatch.setattr(main, "seal_head", lambda *_: False)


@pytest.fixture
def recorded(app: FastAPI, client: TestClient, telephone: Telephone) -> FastAPI:
    """Three people who signed, and a certificate of one of them."""
    for number in range(1, PEOPLE + 1):
        import_rows(
            client,
            portfolio_row(
                account_ref=f"A-{number}", person_ref=f"P-{number}",
                telephone=f"+861990000000{number}",
            ),
        )  # fmt: skip
        opened = client.post(
            "/v1/chat/conversations", json={"invite": invite_link(client, f"A-{number}")}
        )
        visit = Visit(client, telephone, opened.json()["conversation_id"])
        visit.identify()
        visit.tell()
        visit.choose()
        agreed = visit.sign()["words"]["agreement_no"]
        deadline = time.monotonic() + 10  # its notice is not to be taken for the next one's code
        while agreed not in telephone.texts[-1][1] and time.monotonic() < deadline:
            time.sleep(0.02)
        client.cookies.clear()
    with app.state.database.transaction() as session:
        first = session.scalars(select(Agreement).order_by(Agreement.number)).first()
        assert first is not None
        number = f"J{first.number}"
        append_entry(
            session, kind="certificate", agreement_id=first.id, number=number,
            content_digest="a" * 64, now=forging.AT,
            document=app.state.seal.seal.seal_pdf(
                forging.document(number), number=number, at=forging.AT
            ),
        )  # fmt: skip
    return app


@contextmanager
def by_force(app: FastAPI) -> Iterator[Session]:
    """The database as its owner has it: the guards taken away, and whatever is done undone at the end."""
    with app.state.database.reading() as session:
        for table in ("ledger", "ledger_heads"):
            if session.get_bind().dialect.name == "sqlite":
                for act in ("update", "delete"):
                    session.execute(text(f"DROP TRIGGER {table}_{APPEND_ONLY}_{act}"))
            else:
                session.execute(text(f"DROP TRIGGER {table}_{APPEND_ONLY} ON {table}"))
        yield session
        session.rollback()


def found(app: FastAPI, session: Session) -> tuple[str, int | None]:
    session.flush()
    session.expire_all()
    with pytest.raises(LedgerBroken) as broken:
        verify_ledger(session, app.state.seal.seal.certificates)
    return broken.value.fault, broken.value.position


def rehash(session: Session, since: int) -> None:
    """Make the chain good again from a row on, as somebody would who knows how it is made."""
    entries = session.scalars(
        select(LedgerEntry).where(LedgerEntry.position >= since - 1).order_by(LedgerEntry.position)
    ).all()
    for before, entry in pairwise(entries):
        entry.previous_hash = before.entry_hash
        entry.entry_hash = entry_hash(
            before.entry_hash, position=entry.position, number=entry.number,
            agreement_id=entry.agreement_id, terms_digest=entry.terms_digest,
            document_digest=entry.document_digest, recorded_at=entry.recorded_at, kind=entry.kind,
        )  # fmt: skip
        session.flush()


@pytest.mark.each_database
def test_the_database_refuses_to_change_or_delete_a_row(recorded: FastAPI, clock: SetClock) -> None:
    database = recorded.state.database
    assert seal_head(database, clock, recorded.state.policy)
    for table in ("ledger", "ledger_heads"):
        for act in (f"UPDATE {table} SET entry_hash = 'x'", f"DELETE FROM {table}"):
            with (
                pytest.raises(DBAPIError, match="only appended to"),
                database.transaction() as session,
            ):
                session.execute(text(act))
    with database.reading() as session:
        assert verify_ledger(session, recorded.state.seal.seal.certificates).entries == PEOPLE + 1


@pytest.mark.each_database
def test_whatever_is_done_to_the_rows_is_found_and_named(
    recorded: FastAPI, clock: SetClock
) -> None:
    state = recorded.state
    with state.database.reading() as session:
        walked = verify_ledger(session, state.seal.seal.certificates)
        assert (walked.entries, walked.heads, walked.unsealed) == (PEOPLE + 1, 0, 0)

    def row(session: Session, position: int) -> LedgerEntry:
        return session.get_one(LedgerEntry, position)

    with by_force(recorded) as session:
        row(session, 2).number = "20261124-0900"
        assert found(recorded, session) == ("altered_row", 2)
    with by_force(recorded) as session:
        row(session, 3).recorded_at += timedelta(days=1)
        assert found(recorded, session) == ("altered_row", 3)
    with by_force(recorded) as session:
        row(session, 2).document = forging.flipped(row(session, 2).document, 4000)
        assert found(recorded, session) == ("altered_document", 2)
    with by_force(recorded) as session:
        session.delete(row(session, 2))
        assert found(recorded, session) == ("missing_row", 2)
    with by_force(recorded) as session:
        session.delete(row(session, 1))
        assert found(recorded, session) == ("missing_row", 1)
    with by_force(recorded) as session:
        row(session, 2).previous_hash = "b" * 64
        assert found(recorded, session) == ("broken_chain", 2)
    with by_force(recorded) as session:  # the second and the third change places
        second, third = row(session, 2), row(session, 3)
        for entry, position in ((second, 90), (third, 2)):
            session.execute(
                text("UPDATE ledger SET position = :to WHERE position = :at"),
                {"to": position, "at": entry.position},
            )
        session.execute(text("UPDATE ledger SET position = 3 WHERE position = 90"))
        session.expire_all()
        session.expunge_all()
        assert found(recorded, session) == ("broken_chain", 2)
    with by_force(recorded) as session:  # the last agreement's row, and what comes after
        session.delete(row(session, 4))
        session.delete(row(session, 3))
        assert found(recorded, session) == ("unrecorded_agreement", None)
    with by_force(recorded) as session:
        second_one = select(Agreement).where(Agreement.number == "20261124-0002")
        session.scalars(second_one).one().digest = "c" * 64
        assert found(recorded, session) == ("differing_agreement", 2)
    with state.database.reading() as session:
        assert verify_ledger(session, state.seal.seal.certificates).entries == PEOPLE + 1


@pytest.mark.each_database
def test_who_makes_the_chain_good_again_is_found_by_the_seals(
    recorded: FastAPI, clock: SetClock, tmp_path: Path
) -> None:
    state = recorded.state
    assert seal_head(state.database, clock, state.policy)
    stranger = KeySeal(forging.strangers_key(tmp_path / "stranger"))
    with by_force(recorded) as session:
        entry = session.get_one(LedgerEntry, 3)
        entry.recorded_at += timedelta(days=1)
        session.flush()
        rehash(session, 3)
        assert found(recorded, session) == ("altered_row", 4)  # the one whose hash was sealed
    with by_force(recorded) as session:
        session.delete(session.get_one(LedgerEntry, 4))
        assert found(recorded, session) == ("missing_row", 4)
    with by_force(recorded) as session:
        entry = session.get_one(LedgerEntry, 3)
        entry.document = stranger.seal_pdf(
            forging.document(entry.number), number=entry.number, at=forging.AT
        )
        entry.document_digest = hashlib.sha256(entry.document).hexdigest()
        session.flush()
        rehash(session, 3)
        assert found(recorded, session) == ("unknown_seal", 3)
    for changed, fault in ((True, "altered_head"), (False, "unknown_head_seal")):
        with by_force(recorded) as session:
            head = session.scalars(select(LedgerHead)).one()
            if changed:
                head.entry_hash = "d" * 64
            else:
                head.statement = head_statement(4, "d" * 64, iso_utc(head.at))
                head.seal = stranger.seal_statement(head.statement, at=head.at)
            assert found(recorded, session) == (fault, 4)


@pytest.mark.each_database
def test_a_head_is_sealed_once_a_day_and_only_when_it_moved(
    recorded: FastAPI, clock: SetClock, client: TestClient
) -> None:
    state = recorded.state
    assert seal_head(state.database, clock, state.policy)
    assert not seal_head(state.database, clock, state.policy)
    clock.forward(timedelta(days=3))
    assert not seal_head(state.database, clock, state.policy)
    with state.database.reading() as session:
        assert [head.position for head in session.scalars(select(LedgerHead))] == [PEOPLE + 1]
        kinds = session.scalars(select(Event.kind).where(Event.subject_kind == "ledger")).all()
    assert list(kinds) == ["ledger_sealed"]
    told = client.get("/v1/ledger/head", headers=BANK).json()
    assert json.loads(told["statement"])["position"] == PEOPLE + 1
    assert canonical_bytes(json.loads(told["statement"])).decode() == told["statement"]


def test_the_command_says_intact_or_names_the_row(
    recorded: FastAPI, clock: SetClock, client: TestClient, settings: Settings, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    seal_head(recorded.state.database, clock, recorded.state.policy)
    head = tmp_path / "head.json"
    head.write_text(client.get("/v1/ledger/head", headers=BANK).text, encoding="utf-8")
    trusted = tmp_path / "certificate.pem"
    trusted.write_bytes(client.get("/verify/certificate.pem").content)
    monkeypatch.setattr(verify_command, "Settings", lambda: settings)
    assert verify_command.main(["--head", str(head), "--certificates", str(trusted)]) == 0
    assert "Intact: 4 entries, 1 sealed heads" in capsys.readouterr().out
    assert verify_command.main(["--without-seals"]) == 0
    assert "were not looked at" in capsys.readouterr().out
    head.write_text(
        json.dumps({"statement": json.dumps({"position": 2, "entry_hash": "e" * 64})}),
        encoding="utf-8",
    )
    assert verify_command.main(["--head", str(head)]) == 1
    assert "NOT intact: row 2" in capsys.readouterr().out
    assert verify_command.main(["--certificates", str(tmp_path / "none.pem")]) == 2
