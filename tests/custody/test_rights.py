"""What a person may have of themselves, and what is erased when they ask: all that law lets go."""

from __future__ import annotations

import io
import json
import sqlite3
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import yaml
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import LargeBinary, func, select, type_coerce

from api.accounts.hashes import telephone_hash
from api.accounts.models import CardAccount, Person
from api.agreements.ledger.chain import GENESIS, entry_hash
from api.agreements.models import Agreement, LedgerEntry, OfferSet, Situation
from api.contact.models import OutboxMessage
from api.conversations.cases import open_case
from api.conversations.models import Case, Conversation, Message
from api.custody import person_command
from api.custody.erasing import erase
from api.custody.exporting import WORDS
from api.custody.holdings import NOBODYS, SECTIONS, TECHNICAL
from api.custody.rotation import encrypted_columns
from api.custody.tables import TABLES
from api.followup.models import AgreementEnd
from api.kit.audit import Event
from api.kit.clock import SetClock
from api.kit.secrecy import keyring, use_keyring
from api.settings import Settings
from tests.conftest import Telephone, Visit, import_rows, invite_link, portfolio_row

NAME, NUMBER, SAID = "沈禾", "+8619900000001", "我在物流园上夜班，孩子刚上小学"


def test_every_table_is_somebodys_or_nobodys() -> None:
    theirs = [table for tables in SECTIONS.values() for table in tables]
    assert len(theirs) == len(set(theirs))
    assert set(theirs) | NOBODYS == set(TABLES.tables)
    assert not set(theirs) & NOBODYS


def test_everything_has_its_words_in_both_languages() -> None:
    words = yaml.safe_load(WORDS.read_text(encoding="utf-8"))
    told = {table: TABLES.tables[table] for tables in SECTIONS.values() for table in tables}
    assert set(words["sections"]) == set(SECTIONS)
    assert set(words["tables"]) == set(told)
    columns = {c.name for table in told.values() for c in table.columns} - TECHNICAL
    assert set(words["columns"]) == columns
    pairs = [*words["tables"].values(), *words["columns"].values(), *words["until"].values()]
    pairs += [part for section in words["sections"].values() for part in section.values()]
    assert all(set(pair) == {"zh", "en"} and all(pair.values()) for pair in pairs)
    assert {c.name for t in TABLES.sorted_tables for c in t.columns} >= TECHNICAL


@pytest.fixture(autouse=True)
def environment(
    settings: Settings, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """The environment of an operator, on the very clock of the test."""
    for name, value in {
        "ANHUAN_ENVIRONMENT": "sandbox", "ANHUAN_DATA_DIR": str(settings.data_dir),
        "DATABASE_URL": settings.database_url, "ANHUAN_BOT_TOKEN": "b", "ANHUAN_RASA_TOKEN": "r",
        "ANHUAN_SERVICE_TOKEN": "s", "ANHUAN_HASH_KEY": settings.hash_key.get_secret_value(),
        "ANHUAN_DATA_KEYS": settings.data_keys.get_secret_value(),
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("ANHUAN_TRACKER_DB", raising=False)
    monkeypatch.setattr(Settings, "clock", lambda _: clock)
    yield
    use_keyring(settings.keyring())


AT_WORK = (
    "inbox", "outbox", "events", "contact_attempts", "bank_notices", "followup_steps", "heard",
)  # fmt: skip
"""Tables that the application's own loops go on writing to."""


def readable(app: FastAPI, *, without: tuple[str, ...] = ()) -> str:
    """Return everything that whoever has database and keys can read in it, but for compressed documents."""
    found: list[str] = []
    encrypted = encrypted_columns()
    with app.state.database.reading() as session:
        for table in TABLES.sorted_tables:
            for column in table.columns if table.name not in without else ():
                if column in encrypted.get(table, []):
                    raw = session.scalars(
                        select(type_coerce(column, LargeBinary)).where(column.is_not(None))
                    )
                    found += [
                        keyring().decrypt(bytes(each)).decode("utf-8", "replace") for each in raw
                    ]
                elif not isinstance(column.type, LargeBinary):
                    found += [str(each) for each in session.scalars(select(column))]
    return "\n".join(found)


def count(app: FastAPI, model: type[Any]) -> int:
    with app.state.database.reading() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def chain_holds(app: FastAPI) -> bool:
    """Walk the ledger from its first entry on, as anybody may who has it."""
    previous = GENESIS
    with app.state.database.reading() as session:
        for entry in session.scalars(select(LedgerEntry).order_by(LedgerEntry.position)):
            made = entry_hash(
                previous, position=entry.position, number=entry.number,
                agreement_id=entry.agreement_id, terms_digest=entry.terms_digest,
                document_digest=entry.document_digest, recorded_at=entry.recorded_at,
            )  # fmt: skip
            if (entry.previous_hash, entry.entry_hash) != (previous, made):
                return False
            previous = made
    return True


def run(*arguments: str) -> int:
    return person_command.main([*arguments, "--ref", "P-1"])


def signed(visit: Visit) -> None:
    visit.identify()
    visit.say(SAID)
    visit.tell()
    visit.choose()
    assert visit.sign()["status_code"] == 200


@pytest.mark.each_database
def test_everything_held_of_a_person_is_handed_out_in_their_language(
    visit: Visit, app: FastAPI, settings: Settings
) -> None:
    import_rows(
        visit.client,
        portfolio_row(
            account_ref="A-2", person_ref="P-2", name="罗一鸣", telephone="+8619900000002"
        ),
    )
    signed(visit)
    assert run("export") == 0
    (path,) = (settings.data_dir / "exports").iterdir()
    assert path.stat().st_mode & 0o777 == 0o600
    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as opened:
        content = json.loads(opened.read("data.json"))
        pdf = [name for name in opened.namelist() if name.endswith(".pdf")]
        assert opened.read(pdf[0]).startswith(b"%PDF")
        assert content["about"]["documents"] == pdf
    parts = {part["title"]: part["rows"] for each in content["sections"] for part in each["parts"]}
    assert parts["持卡人"] == [
        {"客户编号": "P-1", "姓名": NAME, "语言": "zh", "手机号": NUMBER,
         "建立时间": parts["持卡人"][0]["建立时间"]}
    ]  # fmt: skip
    assert SAID in [row["文字"] for row in parts["对话里的话"]]
    assert parts["您讲的情况"][-1]["内容"]["reason"] == "job_loss"
    assert parts["信用卡账户"][0]["本金（元）"] == "33000.00"
    assert all(section["why"] and section["until"] for section in content["sections"])
    until = {section["title"]: section["until"] for section in content["sections"]}
    assert "再保留2年" in until["协议"]
    assert "第四十七条" in until["说过的话"]
    text = json.dumps(content, ensure_ascii=False)
    assert "罗一鸣" not in text
    assert telephone_hash(NUMBER) not in text
    with app.state.database.reading() as session:
        event = session.scalars(select(Event).where(Event.kind == "exported")).one()
        assert set(event.data) == {"size"}


@pytest.mark.each_database
def test_with_an_agreement_in_force_the_words_go_and_the_agreement_stays_whole(
    visit: Visit, app: FastAPI, settings: Settings, telephone: Telephone,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    signed(visit)
    before = readable(app, without=AT_WORK)
    assert SAID in before
    with app.state.database.reading() as session:
        held = session.scalars(select(LedgerEntry)).one()
        terms = (
            session.scalars(select(Agreement).where(Agreement.signed_at.is_not(None))).one().terms
        )
    assert run("erase") == 0
    assert readable(app, without=AT_WORK) == before, "only shown"
    assert "CONFIRM=1" in capsys.readouterr().out
    assert run("erase", "--confirm") == 0
    after = readable(app, without=AT_WORK)
    assert SAID not in readable(app)
    assert count(app, Message) == count(app, Situation) == count(app, Conversation) == 0
    with app.state.database.reading() as session:
        entry = session.scalars(select(LedgerEntry)).one()
        agreement = session.scalars(select(Agreement)).one()
        assert (entry.document, entry.entry_hash) == (held.document, held.entry_hash)
        assert agreement.terms == terms
        assert session.get_one(OfferSet, agreement.offer_set_id).answer["offers"]
        assert session.scalars(select(Person)).one().name == NAME
        assert all(text.recipient == "" for text in session.scalars(select(OutboxMessage)))
        event = session.scalars(select(Event).where(Event.kind == "erased")).one()
        assert NAME not in str(event.data)
    assert chain_holds(app)
    out = capsys.readouterr().out
    assert "agreement in force" in out
    assert NAME not in out
    assert run("erase", "--confirm") == 0
    assert "nothing left" in capsys.readouterr().out
    assert readable(app, without=AT_WORK) == after, "done twice it is done once"
    assert visit.client.get("/chat").status_code == 200
    opened = visit.client.post(
        "/v1/chat/conversations", json={"invite": invite_link(visit.client)}
    ).json()
    again = Visit(visit.client, telephone, opened["conversation_id"])
    again.identify()
    assert again.bot("context")["signed"] is True


@pytest.mark.each_database
def test_of_somebody_who_owes_nothing_and_signed_nothing_nothing_readable_is_left(
    visit: Visit, app: FastAPI, client: TestClient
) -> None:
    visit.identify()
    visit.say(SAID)
    visit.tell()
    visit.choose()
    assert run("erase", "--confirm") == 0
    with app.state.database.reading() as session:
        assert session.scalars(select(Person)).one().name == NAME, "something is owed"
    nothing = {"principal": "0.00", "interest": "0.00", "penalty": "0.00", "as_of": "2026-11-24"}
    import_rows(client, portfolio_row(**nothing))
    assert run("erase", "--confirm") == 0
    left = readable(app)
    for secret in (NAME, NUMBER, SAID, "P-1", telephone_hash(NUMBER)):
        assert secret not in left, secret
    assert count(app, CardAccount) == 0
    assert run("erase", "--confirm") == 2, "nobody has that reference any more"
    import_rows(client, portfolio_row(as_of="2026-11-25"))
    assert count(app, Person) == 2, "a new card of the same person is a new matter"


@pytest.mark.each_database
def test_when_its_time_is_over_an_agreements_words_go_and_the_ledger_still_holds(
    visit: Visit, app: FastAPI, client: TestClient, clock: SetClock
) -> None:
    signed(visit)
    nothing = {"principal": "0.00", "interest": "0.00", "penalty": "0.00", "as_of": "2026-11-24"}
    with app.state.database.transaction() as session:
        agreement = session.scalars(select(Agreement)).one()
        agreement.in_force_for = None
        session.add(
            AgreementEnd(
                agreement_id=agreement.id, person_id=agreement.person_id, kind="fulfilled",
                reason="paid", relief="stays", left=Decimal("0.00"), at=clock.now(),
            )
        )  # fmt: skip
        agreement_id, document = agreement.id, session.scalars(select(LedgerEntry)).one().document
    import_rows(client, portfolio_row(**nothing))
    assert run("erase", "--confirm") == 0
    with app.state.database.reading() as session:
        assert session.get_one(Agreement, agreement_id).terms, "kept for two years"
        assert session.scalars(select(Person)).one().telephone == ""
    clock.forward(timedelta(days=2 * 366))
    reference = f"erased:{_only_person(app)}"
    assert person_command.main(["erase", "--ref", reference, "--confirm"]) == 0
    with app.state.database.reading() as session:
        assert session.get_one(Agreement, agreement_id).terms == {}
        assert session.scalars(select(LedgerEntry)).one().document == b""
    with app.state.database.transaction() as session:
        again = erase(
            session, session.scalars(select(Person)).one(), now=clock.now(),
            policy=app.state.policy.on(clock.today()), actor="command",
        )  # fmt: skip
        assert again.erased == {}
    assert NAME not in readable(app)
    assert chain_holds(app)
    service = {"Authorization": "Bearer bank-token"}
    assert (
        client.get(f"/v1/agreements/{agreement_id}/document.pdf", headers=service).status_code
        == 410
    )
    verified = client.post("/v1/agreements/verify", content=document).json()
    assert verified["result"] == "intact", "whoever kept the document can still have it verified"


def _only_person(app: FastAPI) -> str:
    with app.state.database.reading() as session:
        found: str = session.scalars(select(Person.id)).one()
        return found


def test_what_a_colleague_has_still_to_see_to_is_not_erased_under_their_hands(
    visit: Visit, app: FastAPI, clock: SetClock, capsys: pytest.CaptureFixture[str]
) -> None:
    visit.identify()
    policy = app.state.policy.on(clock.today())
    with app.state.database.transaction() as session:
        conversation = session.get_one(Conversation, visit.conversation_id)
        open_case(session, conversation, reason="data_request", now=clock.now(), policy=policy)
        open_case(session, conversation, reason="dispute", now=clock.now(), policy=policy)
    assert run("erase", "--confirm") == 2
    assert "close it first" in capsys.readouterr().out
    with app.state.database.transaction() as session:
        for case in session.scalars(select(Case).where(Case.reason == "dispute")):
            case.state = "closed"
    assert run("erase", "--confirm") == 0, "the request itself is answered by this"
    assert count(app, Case) == 0


def test_the_assistants_own_store_forgets_the_conversation_too(
    visit: Visit, settings: Settings
) -> None:
    tracker = sqlite3.connect(settings.data_dir / "rasa.db")
    tracker.execute("CREATE TABLE events (id INTEGER PRIMARY KEY, sender_id TEXT, data TEXT)")
    tracker.executemany(
        "INSERT INTO events (sender_id, data) VALUES (?, ?)",
        [(visit.conversation_id, SAID), ("c_other", "hello")],
    )
    tracker.commit()
    assert run("erase", "--confirm") == 0
    assert tracker.execute("SELECT sender_id FROM events").fetchall() == [("c_other",)]
    tracker.close()


def test_an_unknown_reference_changes_nothing(
    visit: Visit, capsys: pytest.CaptureFixture[str]
) -> None:
    for act in ("export", "erase"):
        assert person_command.main([act, "--ref", "P-404"]) == 2
        assert "Nobody has this reference" in capsys.readouterr().out


def test_the_notice_promises_the_years_that_policy_keeps(app: FastAPI, clock: SetClock) -> None:
    policy = app.state.policy.on(clock.today())
    years = policy.value("bank.retention.after_paid_years")
    assert f"{years}年" in policy.value("bank.notice.retention").zh
    assert {2: "two", 3: "three", 5: "five"}[years] in policy.value("bank.notice.retention").en
