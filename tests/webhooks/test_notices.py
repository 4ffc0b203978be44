"""Notices: written with what happened, sent to a real server until acknowledged, listed and replayed."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import SecretStr
from sqlalchemy import func, select

from api.accounts.models import Person
from api.agreements.models import Agreement
from api.contact.holds import place_hold
from api.conversations.cards import build_card
from api.conversations.collection_stop import tell_of_stops
from api.conversations.models import Conversation
from api.conversations.transcript import append_message
from api.followup.ending import break_agreement
from api.followup.standing import stands
from api.followup.texts import Texting
from api.kit.audit import Event
from api.kit.clock import SetClock
from api.main import create_app
from api.settings import Settings
from api.webhooks.delivery import PAUSES, WebhookReceiver, deliver_notices
from api.webhooks.models import BankNotice
from tests.conftest import BANK, Telephone, Visit, import_rows, portfolio_row
from tests.followup.conftest import Months, sign
from tests.webhooks.conftest import SECRET, Bank
from tests.webhooks.test_signature import VERIFIED


def until(done: Callable[[], bool]) -> None:
    """Wait for what a loop of the application does by itself."""
    deadline = time.monotonic() + 8
    while not done() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert done()


@pytest.fixture
def settings(settings: Settings, bank_server: Bank) -> Settings:
    """Settings with the bank's address and our secret."""
    settings.webhook_url = bank_server.url
    settings.webhook_secrets = SecretStr(SECRET)
    settings.twilio_auth_token = SecretStr("the provider's token")
    return settings


def notices(client: TestClient, **chosen: Any) -> list[dict[str, Any]]:
    """What the bank reads."""
    found: list[dict[str, Any]] = client.get("/v1/notices", params=chosen, headers=BANK).json()[
        "items"
    ]
    return found


def test_a_signature_is_told_at_once_and_only_then_has_collection_stopped(
    visit: Visit, client: TestClient, bank_server: Bank, app: FastAPI
) -> None:
    bank_server.answers = 503
    visit.identify()
    visit.tell()
    visit.choose()
    assert visit.sign()["signed"]
    until(lambda: bank_server.types() == ["hold.placed", "agreement.signed"])
    for came in bank_server.came:
        assert VERIFIED(SECRET, came.headers, came.body, app.state.clock.now().timestamp())
        assert came.document["data"]["account_refs"] == ["A-1"]
        for personal in (b"\xe6\xb2\x88\xe7\xa6\xbe", b"19900000001", b"3071"):
            assert personal not in came.body
    with app.state.database.transaction() as session:  # as the assistant's answer shows it
        conversation = session.get_one(Conversation, visit.conversation_id)
        now, policy = app.state.clock.now(), app.state.policy.on(app.state.clock.today())
        append_message(
            session, conversation, speaker="assistant", text="签好了。", now=now,
            card=build_card(session, conversation, "signed", now, policy),
        )  # fmt: skip
    assert "正在通知外部机构停止联系" in client.get("/chat").text
    assert "正在通知外部机构停止联系" in client.get("/progress").text
    words = visit.bot("context")["words"]
    assert ("stop_told_on" in words, "stopped_on" in words) == (True, False)
    told = (app.state.database, app.state.clock, app.state.policy)
    assert tell_of_stops(*told) == 0
    bank_server.answers = 204
    app.state.clock.forward(timedelta(seconds=6))
    until(lambda: all(one["state"] == "acknowledged" for one in notices(client)))
    assert "外部机构都已确认停止联系" in client.get("/chat").text
    assert "外部机构都已确认停止联系" in client.get("/progress").text
    words = visit.bot("context")["words"]
    assert ("stop_told_on" in words, "stopped_on" in words) == (False, True)
    assert [tell_of_stops(*told) for _ in range(3)] == [1, 0, 0]
    assert client.get("/chat").text.count("都已确认：停止向您催收") == 1


def test_each_failed_try_waits_longer_and_the_last_gives_up_until_a_replay(
    app: FastAPI, bank_server: Bank, clock: SetClock
) -> None:
    client = TestClient(app)
    import_rows(client, portfolio_row())
    hold = {"account_ref": "A-1", "hold": "opt_out", "source": "hotline"}
    client.post("/v1/contacts/holds", json=hold, headers=BANK)
    state = app.state
    bank_server.answers = 500
    receiver = state.bank
    for tried, pause in enumerate(PAUSES, start=1):
        assert deliver_notices(state.database, clock, receiver) == 0
        assert deliver_notices(state.database, clock, receiver) == 0  # not before its pause is over
        assert len(bank_server.came) == tried
        [one] = notices(client)
        assert (one["attempts"], one["last_error"], one["state"]) == (tried, "http_500", "waiting")
        clock.forward(pause)
    deliver_notices(state.database, clock, receiver)
    [one] = notices(client, state="given_up")
    assert one["type"] == "contact.opted_out"
    clock.forward(timedelta(days=9))
    assert deliver_notices(state.database, clock, receiver) == 0
    assert len(bank_server.came) == len(PAUSES) + 1
    bank_server.answers = 200
    again = client.post(f"/v1/notices/{one['id']}/replay", headers=BANK).json()
    assert (again["state"], again["attempts"]) == ("waiting", 0)
    assert deliver_notices(state.database, clock, receiver) == 1
    assert len({came.headers["webhook-id"] for came in bank_server.came}) == 1
    assert len({came.body for came in bank_server.came}) == 1
    [one] = notices(client, state="acknowledged")
    assert one["acknowledged_at"] == clock.now().strftime("%Y-%m-%dT%H:%M:%SZ")


def test_a_bank_that_is_not_there_is_asked_once_a_round_and_a_redirect_is_not_followed(
    app: FastAPI, bank_server: Bank, clock: SetClock
) -> None:
    client = TestClient(app)
    import_rows(client, portfolio_row())
    for hold in ("opt_out", "dispute"):
        told = {"account_ref": "A-1", "hold": hold, "source": "hotline"}
        client.post("/v1/contacts/holds", json=told, headers=BANK)
    nobody = WebhookReceiver("http://127.0.0.1:9/", [bytes(24)])
    deliver_notices(app.state.database, clock, nobody)
    nobody.close()
    assert [one["attempts"] for one in notices(client)] == [1, 0]
    bank_server.answers = 302
    clock.forward(timedelta(minutes=2))
    deliver_notices(app.state.database, clock, app.state.bank)
    assert [one["last_error"] for one in notices(client)] == ["http_302", "http_302"]
    assert len(bank_server.came) == 2


def signed(app: FastAPI, clock: SetClock, telephone: Telephone, bank_server: Bank) -> Months:
    """The months of an agreement of which the bank has heard already."""
    months = sign(app, clock, telephone)
    months.ticks()
    clock.forward(timedelta(minutes=2))  # what was under way when the loops ended is free again

    def all_told() -> bool:
        deliver_notices(app.state.database, clock, app.state.bank)
        return notices(months.client, state="waiting") == []

    until(all_told)
    bank_server.came.clear()
    return months


def test_the_months_are_told_of(
    app: FastAPI, clock: SetClock, telephone: Telephone, bank_server: Bank
) -> None:
    months = signed(app, clock, telephone, bank_server)
    months.pay("451.00")
    months.pay("451.00", reference="T-1")  # the same once more
    months.pay("3000.00")
    deliver_notices(app.state.database, clock, app.state.bank)
    assert bank_server.types() == [
        "payment.counted", "payment.counted", "hold.lifted", "agreement.fulfilled", "case.opened",
    ]  # fmt: skip
    first, last = bank_server.came[0].document["data"], bank_server.came[3].document["data"]
    assert (first["reference"], first["instalments_paid"]) == ("T-1", 1)
    assert last["left_total"] == "0.00"
    assert bank_server.came[4].document["data"]["reason"] == "agreement_not_kept"


def test_a_broken_agreement_is_told_with_its_reason(
    app: FastAPI, clock: SetClock, telephone: Telephone, bank_server: Bank
) -> None:
    months = signed(app, clock, telephone, bank_server)
    state = app.state
    with state.database.transaction() as session:
        agreement = session.scalars(select(Agreement)).one()
        policy = state.policy.on(months.today)
        texting = Texting(session, agreement, months.clock.now(), policy, "https://bank.example")
        break_agreement(texting, stands(session, agreement, months.today), "not_paid_after_talk")
    deliver_notices(state.database, months.clock, state.bank)
    told = {one.document["type"]: one.document["data"] for one in bank_server.came}
    assert told["agreement.broken"]["reason"] == "not_paid_after_talk"
    assert told["hold.lifted"]["hold"] == "agreement_in_force"


def test_a_notice_exists_exactly_when_what_it_tells_of_does(app: FastAPI, clock: SetClock) -> None:
    import_rows(TestClient(app), portfolio_row())

    def fail() -> None:
        with app.state.database.transaction() as session:
            person = session.scalars(select(Person)).one()
            place_hold(session, person_id=person.id, kind="opt_out", source="sms", now=clock.now())
            session.flush()
            raise InterruptedError

    with pytest.raises(InterruptedError):
        fail()
    with app.state.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(BankNotice)) == 0


def test_without_an_address_nothing_is_sent_and_the_bank_can_read_and_acknowledge(
    settings: Settings, clock: SetClock, bank_server: Bank
) -> None:
    settings.webhook_url = ""
    app = create_app(settings, clock)
    app.state.database.create_all()
    assert app.state.bank is None
    with TestClient(app) as client:
        import_rows(client, portfolio_row(), portfolio_row(account_ref="A-1b"))
        hold = {"account_ref": "A-1b", "hold": "opt_out", "source": "hotline"}
        client.post("/v1/contacts/holds", json=hold, headers=BANK)
        client.post("/v1/contacts/holds", json=hold, headers=BANK)
        client.post("/v1/contacts/holds/lift", json=hold, headers=BANK)
        time.sleep(0.7)  # a whole tick
        first, second = notices(client)
        assert (first["type"], second["type"]) == ("contact.opted_out", "contact.opted_in")
        assert first["data"]["account_refs"] == ["A-1", "A-1b"]
        assert notices(client, after=first["position"]) == [second]
        for _ in range(2):
            told = client.post(f"/v1/notices/{first['id']}/acknowledge", headers=BANK).json()
            assert told["state"] == "acknowledged"
        assert client.post("/v1/notices/msg_nobody/acknowledge", headers=BANK).status_code == 404
        since = {"since": clock.now().isoformat()}
        assert client.post("/v1/notices/replay", json=since, headers=BANK).json() == {"replayed": 2}
        assert [one["state"] for one in notices(client)] == ["waiting", "waiting"]
        with app.state.database.reading() as session:
            kinds = session.scalars(
                select(Event.kind).where(Event.subject_kind == "notice").order_by(Event.id)
            )
            assert list(kinds) == ["notice_acknowledged", "notice_replayed", "notice_replayed"]
    assert bank_server.came == []


@pytest.mark.parametrize("path", ["", "/replay", "/msg_1/replay", "/msg_1/acknowledge"])
def test_only_the_bank_reads_them(app: FastAPI, path: str) -> None:
    client = TestClient(app)
    answer = client.post(f"/v1/notices{path}", json={}) if path else client.get("/v1/notices")
    assert answer.status_code == 401
