"""Texts from the provider, signed as Twilio signs them, through the real application."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response
from pydantic import SecretStr
from sqlalchemy import func, select
from twilio.request_validator import RequestValidator

from api.accounts.models import Person
from api.channels.texting import compose
from api.contact.holds import holds_of
from api.contact.models import ContactAttempt, InboundText, OutboxMessage
from api.contact.segments import segments
from api.conversations.models import Conversation, InboxItem, Message
from api.kit.clock import SetClock
from api.settings import Settings
from tests.conftest import Telephone, import_rows, portfolio_row

pytestmark = pytest.mark.each_database

ADDRESS = "http://testserver/v1/sms/inbound"
NUMBER = "+8619900000001"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Settings with a provider's token."""
    settings.twilio_auth_token = SecretStr("the provider's token")
    return settings


@dataclass
class Phone:
    """A person's telephone as the provider brings its texts."""

    client: TestClient
    sent: int = 0

    def text(self, body: str, sid: str = "", number: str = NUMBER, **changes: str) -> Response:
        """Bring one text."""
        self.sent += 1
        fields = {
            "MessageSid": sid or f"SM{self.sent}", "From": number, "To": "+8610000000",
            "Body": body, "AccountSid": "AC1", "FromCity": "", **changes,
        }  # fmt: skip
        signature = RequestValidator("the provider's token").compute_signature(ADDRESS, fields)
        return self.client.post(
            "/v1/sms/inbound", data=fields, headers={"X-Twilio-Signature": signature}
        )


@pytest.fixture
def phone(client: TestClient) -> Phone:
    """The telephone of somebody in the portfolio."""
    import_rows(client, portfolio_row())
    return Phone(client)


def until(done: Callable[[], bool]) -> None:
    """Wait for what a loop of the application does by itself."""
    deadline = time.monotonic() + 8
    while not done() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert done()


def count(app: FastAPI, table: type) -> int:
    """Return how many rows a table has."""
    with app.state.database.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_a_text_is_taken_in_once_and_acknowledged(phone: Phone, app: FastAPI) -> None:
    for _ in range(3):
        answer = phone.text("我失业了，想商量一下", sid="SM-same")
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("application/xml")
        assert "<Message" not in answer.text
    assert (count(app, InboundText), count(app, InboxItem), count(app, Conversation)) == (1, 1, 1)
    with app.state.database.reading() as session:
        conversation = session.scalars(select(Conversation)).one()
        assert (conversation.channel, conversation.identified_at) == ("sms", None)


@pytest.mark.parametrize("change", ["body", "none", "other_address"])
def test_what_the_provider_did_not_sign_is_refused(phone: Phone, app: FastAPI, change: str) -> None:
    fields = {"MessageSid": "SM1", "From": NUMBER, "Body": "STOP"}
    signed_for = (
        ADDRESS if change != "other_address" else "https://elsewhere.example/v1/sms/inbound"
    )
    signature = RequestValidator("the provider's token").compute_signature(signed_for, fields)
    if change == "body":
        fields["Body"] = "START"
    headers = {} if change == "none" else {"X-Twilio-Signature": signature}
    answer = phone.client.post("/v1/sms/inbound", data=fields, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "signature_invalid")
    assert count(app, InboundText) == 0


def test_a_number_that_is_nobodys_is_told_once_a_day_where_to_turn_and_learns_nothing(
    phone: Phone, app: FastAPI, telephone: Telephone, clock: SetClock
) -> None:
    said = [
        phone.text(body, number="+8619999999999") for body in ("你好", "你好", "HELP", "我欠多少")
    ]
    assert [answer.status_code for answer in said] == [200] * 4
    assert "认不出这个号码" in said[0].text
    assert "卡背面的电话" in said[0].text
    assert ["<Message" in answer.text for answer in said] == [True, False, False, False]
    clock.forward(timedelta(days=1, minutes=1))
    later = phone.text("who is this", number="+8619999999999")
    assert "call the number on your card" in later.text
    assert count(app, OutboxMessage) == 0
    with app.state.database.reading() as session:
        texts = session.scalars(select(InboundText)).all()
        assert [text.outcome for text in texts] == ["unknown"] * 5
        assert all(text.person_id is None for text in texts)
    assert "<Message" not in phone.text("hello").text, "whoever is known is answered otherwise"


@pytest.mark.parametrize("body", ["STOP", "退订", "START"])
def test_a_stranger_who_wants_no_texts_gets_none(phone: Phone, body: str) -> None:
    assert "<Message" not in phone.text(body, number="+8619999999999").text


def test_stop_is_confirmed_once_and_start_brings_texts_back(
    phone: Phone, app: FastAPI, telephone: Telephone
) -> None:
    phone.text("别再发了")
    phone.text("STOP")
    until(lambda: len(telephone.texts) == 1)
    assert "不再给您发短信" in telephone.texts[0][1]
    phone.text("恢复")
    until(lambda: len(telephone.texts) == 2)
    assert "恢复了" in telephone.texts[1][1]
    phone.text("帮助")
    until(lambda: len(telephone.texts) == 3)
    assert "自动短信" in telephone.texts[2][1]
    assert all(segments(body) == 1 for _, body in telephone.texts)
    assert count(app, Conversation) == 0


def test_distress_by_text_is_answered_with_care_at_once(phone: Phone, telephone: Telephone) -> None:
    """The assistant is down in this test: care needs none."""
    phone.text("我不想活了")
    until(lambda: bool(telephone.texts))
    assert "12356" in telephone.texts[0][1]


def test_what_was_said_on_the_page_is_not_texted_again(
    phone: Phone, app: FastAPI, telephone: Telephone, clock: SetClock
) -> None:
    phone.text("你好")
    with app.state.database.transaction() as session:
        conversation = session.scalars(select(Conversation)).one()
        conversation.channel = "web"
        conversation.last_seq += 5
    telephone.texts.clear()
    phone.text("在吗", sid="SM-later")
    with app.state.database.reading() as session:
        conversation = session.scalars(select(Conversation)).one()
        assert conversation.channel == "sms"
        assert conversation.texted_seq >= 5


def test_an_empty_text_gets_a_kind_word(phone: Phone, telephone: Telephone) -> None:
    assert phone.text("").status_code == 200
    until(lambda: bool(telephone.texts))
    assert "没有字" in telephone.texts[0][1]


def record(text: str, *choices: str, speaker: str = "assistant") -> Message:
    """Return a record with its choices."""
    replies = [{"title": choice, "text": choice} for choice in choices]
    return Message(speaker=speaker, text=text, quick_replies=replies)


def test_a_turn_is_one_text_with_numbered_choices(app: FastAPI, clock: SetClock) -> None:
    view = app.state.policy.on(clock.today())
    [text] = compose(
        [record("好的。"), record("每月还1,000元，36个月。", "选这个", "看看别的办法")], "zh", view,
        lambda: "never",
    )  # fmt: skip
    assert text == "好的。\n每月还1,000元，36个月。\n1 选这个\n2 看看别的办法\n0 人工"
    [english] = compose([record("¥1,000\u00a0a month – that’s it…")], "en", view, lambda: "never")
    assert english == "¥1,000 a month - that's it..."
    assert segments(english) == 1


def test_a_long_turn_is_split_and_a_longer_one_leads_to_the_page(
    app: FastAPI, clock: SetClock
) -> None:
    view = app.state.policy.on(clock.today())
    two = compose([record("一" * 150), record("二" * 150)], "zh", view, lambda: "never")
    assert [segments(text) for text in two] == [3, 3]
    [one] = compose(
        [record("一" * 40), record("二" * 400)], "zh", view, lambda: "https://bank.example/i/x"
    )
    assert "https://bank.example/i/x" in one
    assert segments(one) <= 3


def test_the_link_opens_the_same_conversation_once(
    phone: Phone, app: FastAPI, client: TestClient, telephone: Telephone
) -> None:
    phone.text("你好")
    with app.state.database.transaction() as session:
        conversation = session.scalars(select(Conversation)).one()
        conversation.last_seq += 1
        session.add(
            Message(
                id="m1", conversation_id=conversation.id, seq=conversation.last_seq,
                speaker="assistant", text="长" * 700, lang="zh", quick_replies=[],
                at=app.state.clock.now(),
            )
        )  # fmt: skip
        conversation_id = conversation.id
    until(lambda: any("/i/" in body for _, body in telephone.texts))
    code = telephone.texts[-1][1].split("/i/")[1].split()[0]
    opened = client.post("/v1/chat/conversations", json={"invite": code})
    assert (opened.status_code, opened.json()["conversation_id"]) == (201, conversation_id)
    again = client.post("/v1/chat/conversations", json={"invite": code})
    assert again.json()["code"] == "invite_unknown"


def told(phone: Phone, sid: str, status: str, error: str = "") -> Response:
    """Bring news of one of our texts."""
    fields = {"MessageSid": sid, "MessageStatus": status, "ErrorCode": error}
    address = ADDRESS.replace("inbound", "status")
    signature = RequestValidator("the provider's token").compute_signature(address, fields)
    return phone.client.post(
        "/v1/sms/status", data=fields, headers={"X-Twilio-Signature": signature}
    )


def outcomes(app: FastAPI) -> list[str]:
    """Return how our attempts ended, oldest first."""
    with app.state.database.reading() as session:
        return list(session.scalars(select(ContactAttempt.outcome).order_by(ContactAttempt.at)))


def test_a_delivery_is_noted_once_whatever_comes_late(
    phone: Phone, app: FastAPI, telephone: Telephone
) -> None:
    phone.text("帮助")
    until(lambda: outcomes(app) == ["sent"])
    for status in ("sent", "delivered", "sent", "failed", "delivered"):
        assert told(phone, "SM1", status).status_code == 204
    assert outcomes(app) == ["delivered"]
    assert told(phone, "SM-unknown", "delivered").status_code == 204


def test_a_number_that_no_text_reaches_is_marked_until_there_is_another(
    phone: Phone, app: FastAPI, clock: SetClock, telephone: Telephone
) -> None:
    phone.text("帮助")
    until(lambda: outcomes(app) == ["sent"])
    told(phone, "SM1", "undelivered", "30005")
    person = "P-1"
    with app.state.database.reading() as session:
        found = session.scalars(select(Person).where(Person.person_ref == person)).one()
        assert "undeliverable" in holds_of(session, found.id)
    import_rows(phone.client, portfolio_row(telephone="+8619900000077", as_of="2026-11-24"))
    with app.state.database.reading() as session:
        found = session.scalars(select(Person).where(Person.person_ref == person)).one()
        assert holds_of(session, found.id) == set()


def test_a_telephone_switched_off_once_is_no_dead_number(
    phone: Phone, app: FastAPI, clock: SetClock, telephone: Telephone
) -> None:
    for number in (1, 2):
        phone.text("帮助", sid=f"SM-h{number}")
        until(lambda count=number: outcomes(app)[count - 1 :] == ["sent"])  # type: ignore[misc]
        with app.state.database.reading() as session:
            held = holds_of(session, session.scalars(select(Person)).one().id)
        assert held == set()
        told(phone, f"SM{number}", "undelivered", "30003")
        clock.at = clock.at.replace(minute=clock.at.minute + 1)
    with app.state.database.reading() as session:
        assert holds_of(session, session.scalars(select(Person)).one().id) == {"undeliverable"}
