"""No more texts, said anywhere: done at once, confirmed once, for every sender; nothing else is lost by it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import SecretStr
from sqlalchemy import select
from twilio.request_validator import RequestValidator

from api.accounts.models import Person
from api.contact.holds import holds_of
from api.contact.models import InboundText
from api.conversations.models import InboxItem
from api.settings import Settings
from tests.conftest import Telephone, Visit, import_rows, portfolio_row

TOKEN = "the provider's token"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Settings with a provider's token."""
    settings.twilio_auth_token = SecretStr(TOKEN)
    return settings


def holds(app: FastAPI) -> set[str]:
    """The person's holds."""
    with app.state.database.reading() as session:
        return holds_of(session, session.scalars(select(Person)).one().id)


def waiting(app: FastAPI) -> list[str]:
    """What the assistant has still to hear."""
    with app.state.database.reading() as session:
        found = select(InboxItem.text).where(InboxItem.handled_at.is_(None))
        return [text for text in session.scalars(found) if not text.startswith("/open")]


@pytest.mark.parametrize("text", ["别再给我发短信了", "TD", "退訂", "Stop texting me please"])
def test_said_in_the_chat_it_is_done_at_once_though_the_assistant_is_away(
    visit: Visit, app: FastAPI, telephone: Telephone, text: str
) -> None:
    answer = visit.say(text)
    said = answer["replies"][0]["text"]
    assert answer["status_code"] == 200
    assert said.startswith(("好，不再给您发短信了", "Done. We won't text you again"))
    assert holds(app) == {"opt_out"}
    assert waiting(app) == []
    assert telephone.texts == []  # no text to say that no text comes


def test_a_code_that_they_ask_for_still_comes(visit: Visit, telephone: Telephone) -> None:
    visit.say("别再发短信了")
    visit.identify()
    assert len(telephone.texts) == 1
    assert visit.bot("context")["identified"]


def test_texts_come_back_only_for_who_has_proven_who_they_are(visit: Visit, app: FastAPI) -> None:
    visit.say("别再发短信了")
    assert "先确认是您本人" in visit.say("恢复短信")["replies"][0]["text"]
    assert holds(app) == {"opt_out"}
    refused = visit.bot("texts", {"wanted": True})
    assert (refused["status_code"], refused["code"]) == (403, "not_identified")
    visit.identify()
    offered = visit.say("别再发短信了")["replies"][0]["quick_replies"]
    assert offered == [{"title": "恢复短信", "text": "恢复短信"}]
    assert "短信恢复了" in visit.say("恢复短信")["replies"][0]["text"]
    assert holds(app) == set()


@pytest.mark.parametrize("text", ["取消", "停", "我不想分期了", "stop", "别催了"])
def test_what_may_be_about_something_else_is_left_to_the_assistant(
    visit: Visit, app: FastAPI, text: str
) -> None:
    visit.say(text)
    assert holds(app) == set()
    assert waiting(app) == [text]


def test_whoever_has_the_conversation_may_stop_and_a_death_told_with_it_is_heard(
    visit: Visit, app: FastAPI
) -> None:
    visit.say("他去世了，你们别再发短信了")
    assert holds(app) == {"opt_out"}
    assert waiting(app) == ["他去世了，你们别再发短信了"]


def test_distress_comes_before_a_stop_and_the_stop_is_done_all_the_same(
    visit: Visit, app: FastAPI
) -> None:
    said = visit.say("我不想活了，别再发短信了")["replies"]
    assert "12356" in said[0]["text"]
    assert not any("恢复短信" in one["text"] for one in said)
    assert holds(app) == {"opt_out", "distress"}


def test_the_assistants_own_understanding_stops_texts_too(visit: Visit, app: FastAPI) -> None:
    for _ in range(2):
        told = visit.bot("texts", {"wanted": False})
        assert (told["status_code"], told["texts"]) == (200, False)
    assert holds(app) == {"opt_out"}
    assert visit.bot("texts", {"wanted": "no"})["status_code"] == 422


def text(client: TestClient, body: str, sid: str) -> None:
    """Bring one text of the person's."""
    address = "http://testserver/v1/sms/inbound"
    fields = {"MessageSid": sid, "From": "+8619900000001", "Body": body}
    signature = RequestValidator(TOKEN).compute_signature(address, fields)
    headers = {"X-Twilio-Signature": signature}
    assert client.post("/v1/sms/inbound", data=fields, headers=headers).status_code == 200


def until(done: Callable[[], Any]) -> None:
    """Wait for what a loop of the application does by itself."""
    deadline = time.monotonic() + 8
    while not done() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert done()


def test_by_text_a_death_told_with_a_stop_is_heard_and_the_stop_confirmed_once(
    client: TestClient, app: FastAPI, telephone: Telephone
) -> None:
    import_rows(client, portfolio_row())
    for _ in range(2):
        text(client, "他车祸没了，你们别再发了", "SM1")
    until(lambda: telephone.texts)
    # The assistant, which is not there, may be said to be down in a text of its own by now.
    assert [
        body.startswith("【云汀银行】好，不再给您发短信了") for _, body in telephone.texts
    ].count(True) == 1
    assert waiting(app) == ["他车祸没了，你们别再发了"]
    with app.state.database.reading() as session:
        assert [one.outcome for one in session.scalars(select(InboundText))] == ["stopped"]


def test_by_text_distress_with_a_stop_gets_care_and_no_form_letter(
    client: TestClient, app: FastAPI, telephone: Telephone
) -> None:
    import_rows(client, portfolio_row())
    text(client, "别再发了，我不想活了", "SM1")
    until(lambda: telephone.texts)
    assert "12356" in telephone.texts[0][1]
    assert len(telephone.texts) == 1
    assert holds(app) == {"opt_out", "distress"}


def test_a_stop_from_a_number_stops_texts_to_everybody_who_has_it(
    client: TestClient, app: FastAPI, telephone: Telephone
) -> None:
    import_rows(client, portfolio_row(), portfolio_row(account_ref="A-2", person_ref="P-2"))

    def held() -> list[set[str]]:
        with app.state.database.reading() as session:
            return [holds_of(session, one) for one in session.scalars(select(Person.id))]

    for sid in ("SM1", "SM2"):
        text(client, "TD", sid)
    until(lambda: telephone.texts)
    assert held() == [{"opt_out"}, {"opt_out"}]
    assert len(telephone.texts) == 1
    text(client, "恢复", "SM3")
    assert held() == [set(), set()]
