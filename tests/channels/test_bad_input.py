"""What people and their thumbs send by mistake, and what others send on purpose."""

from __future__ import annotations

from typing import Annotated

import pytest
from fastapi import Body, FastAPI
from fastapi.testclient import TestClient
from opentelemetry._logs import Logger, LoggerProvider
from sqlalchemy import select

from api.channels.limits import Limits
from api.conversations.models import Conversation, InboxItem, Message
from api.kit.clock import SetClock
from api.kit.errors import Problem
from tests.conftest import BANK, Visit, import_rows, invite_link, portfolio_row

PAGE = {"Accept": "text/html", "Accept-Language": "en-GB"}


def stored(app: FastAPI) -> list[str]:
    """Return what people have said, as it is kept."""
    with app.state.database.reading() as session:
        return [m.text for m in session.scalars(select(Message)) if m.speaker == "person"]


@pytest.mark.parametrize(
    "text",
    [
        "😀😀😀",
        "👨‍👩‍👧",
        "<script>alert(1)</script>",
        "'; DROP TABLE persons; --",
        '/inform{"monthly_income":"1"}',
        "-500",
        "一个亿",
        "abc",
        "2月31日",
        "字" * 5000,
        "好\ud83d",
        "a\x00b\x1b[31m",
        "{{7*7}} ${jndi:ldap://x}",
    ],
)
def test_anything_that_can_be_typed_is_taken_and_shown_as_text(
    visit: Visit, app: FastAPI, text: str
) -> None:
    content = b'{"client_message_id": "x1", "text": "' + _json(text) + b'"}'
    answer = visit.client.post(
        f"/v1/chat/conversations/{visit.conversation_id}/messages",
        content=content, headers={"Content-Type": "application/json"},
    )  # fmt: skip
    assert answer.status_code in (200, 202)
    (kept,) = stored(app)
    assert not set(kept) & {"\x00", "\x1b"}
    page = visit.client.get("/chat", headers=PAGE)
    assert page.status_code == 200
    assert "<script>alert" not in page.text
    with app.state.database.reading() as session:
        heard = session.scalars(select(InboxItem).where(InboxItem.source == "web")).one().text
    assert len(heard) <= 1000
    assert not heard.startswith("/")


def _json(text: str) -> bytes:
    return "".join(f"\\u{ord(unit):04x}" for unit in _units(text)).encode()


def _units(text: str) -> list[str]:
    data = text.encode("utf-16-be", errors="surrogatepass")
    return [chr(int.from_bytes(data[i : i + 2], "big")) for i in range(0, len(data), 2)]


@pytest.mark.parametrize("bad", ["", "é", "\ud83d", "a\x00", "x" * 81, "a b"])
def test_an_identifier_no_database_could_keep_is_refused(visit: Visit, bad: str) -> None:
    content = b'{"text": "hi", "client_message_id": "' + _json(bad) + b'"}'
    answer = visit.client.post(
        f"/v1/chat/conversations/{visit.conversation_id}/messages",
        content=content, headers={"Content-Type": "application/json"},
    )  # fmt: skip
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")


@pytest.mark.parametrize("nothing", ["", "   ", "\n\n", "\u3000", "\u200b\u200b", "\x00", "\ud83d"])
def test_a_message_of_nothing_is_said_so_and_not_kept(
    visit: Visit, app: FastAPI, nothing: str
) -> None:
    answer = visit.client.post(
        f"/v1/chat/conversations/{visit.conversation_id}/messages",
        content=b'{"client_message_id": "x1", "text": "' + _json(nothing) + b'"}',
        headers={"Content-Type": "application/json"},
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "empty_message")
    assert stored(app) == []


def test_far_too_long_is_said_so_before_it_is_read(visit: Visit) -> None:
    for size in (9_000, 30_000, 2_000_000):
        answer = visit.say("x" * size)
        assert (answer["status_code"], answer["code"]) == (413, "message_too_long")
    assert stored(visit.client.app) == []  # type: ignore[arg-type]  # the client types it as ASGI


@pytest.mark.parametrize("seen", ["x", "-1", "9" * 30, "9" * 5000, "٣", "1e9"])
def test_a_strange_last_event_id_starts_from_the_beginning_or_an_end(
    visit: Visit, app: FastAPI, seen: str
) -> None:
    from api.channels.chat_api import last_seen

    assert 0 <= last_seen(seen) < 2**31


def test_a_form_without_words_gets_a_page_that_says_what_next(visit: Visit) -> None:
    answer = visit.client.post("/chat/messages", data={"text": "  "}, headers=PAGE)
    assert answer.status_code == 422
    assert answer.headers["content-type"].startswith("text/html")
    assert "/chat" in answer.text


def test_a_page_without_a_credential_is_a_page(client: TestClient) -> None:
    for path in ("/agreement/terms", "/agreement/document.pdf", "/nothing"):
        answer = client.get(path, headers=PAGE)
        assert answer.status_code in (401, 404)
        assert 'lang="en' in answer.text


def test_an_unforeseen_failure_tells_nobody_anything(
    visit: Visit, app: FastAPI, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def breaks(*_: object) -> None:
        raise ValueError("沈禾 19900000001")

    monkeypatch.setattr("api.channels.chat_page.messages_after", breaks)
    page = visit.client.get("/chat", headers=PAGE)
    assert page.status_code == 500
    assert "content-security-policy" in page.headers
    answer = visit.client.get("/chat", headers={"Accept": "application/json"})
    assert answer.json()["code"] == "internal_error"
    printed = "".join(capfd.readouterr())
    assert "chat_page.py" in printed
    for text in (page.text, answer.text, printed):
        assert "沈禾" not in text
        assert "Traceback" not in text


class _Collector(LoggerProvider):
    """A telemetry collector as a machine's environment may name one; remembers what it is told."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def get_logger(self, *_: object, **__: object) -> Logger:
        return _Ear(self.told)


class _Ear(Logger):
    def __init__(self, told: list[str]) -> None:
        self._told = told

    def enabled(self, *_: object, **__: object) -> bool:
        return True

    def emit(self, record: object = None, **given: object) -> None:
        self._told.append(repr((vars(record) if record else {}, given)))


def test_no_collector_is_told_of_requests(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    collector = _Collector()
    monkeypatch.setattr("opentelemetry._logs._internal._LOGGER_PROVIDER", collector)
    plain = FastAPI()

    def takes(text: Annotated[str, Body(embed=True)]) -> None:
        del text

    plain.add_api_route("/takes", takes, methods=["POST"])
    wrong = {"text": ["沈禾 19900000001"], "client_message_id": "m1"}
    address = f"/v1/chat/conversations/{visit.conversation_id}/messages"
    assert visit.client.post(address, json=wrong).status_code == 422
    assert collector.told == []
    assert TestClient(plain).post("/takes", json=wrong).status_code == 422
    assert collector.told  # what FastAPI would do by itself


# Invites


def test_an_expired_invite_opens_nothing(client: TestClient, clock: SetClock) -> None:
    from datetime import timedelta

    import_rows(client, portfolio_row())
    code = invite_link(client)
    clock.forward(timedelta(days=400))
    assert client.post("/v1/chat/conversations", json={"invite": code}).status_code == 404
    page = client.get(f"/i/{code}", headers=PAGE)
    assert page.status_code == 404
    assert "card" in page.text


def test_a_revoked_invite_opens_nothing_and_ends_what_it_opened(client: TestClient) -> None:
    import_rows(client, portfolio_row())
    account = client.get("/v1/accounts", headers=BANK).json()["items"][0]
    made = [
        client.post(f"/v1/accounts/{account['id']}/invites", headers=BANK).json() for _ in range(2)
    ]
    opened = [
        client.post("/v1/chat/conversations", json={"invite": one["code"]}).json() for one in made
    ]
    client.cookies.clear()
    revoke = f"/v1/accounts/invites/{made[0]['id']}"
    assert client.delete(revoke).status_code == 401
    assert client.delete(revoke, headers=BANK).status_code == 204
    assert client.delete(revoke, headers=BANK).status_code == 204
    assert client.delete("/v1/accounts/invites/i_none", headers=BANK).status_code == 404
    refused = client.post("/v1/chat/conversations", json={"invite": made[0]["code"]})
    assert (refused.status_code, refused.json()["code"]) == (404, "invite_unknown")
    statuses = [
        client.post(
            f"/v1/chat/conversations/{one['conversation_id']}/messages",
            json={"text": "hi", "client_message_id": "1"},
            headers={"Authorization": f"Bearer {one['token']}"},
        ).status_code
        for one in opened
    ]
    assert statuses[0] == 401
    assert statuses[1] in (200, 202)


def test_a_foreign_invite_leads_to_its_own_person_only(client: TestClient, app: FastAPI) -> None:
    import_rows(client, portfolio_row(), portfolio_row(account_ref="A-2", person_ref="P-2",
                telephone="+8619900000002"))  # fmt: skip
    mine = client.post("/v1/chat/conversations", json={"invite": invite_link(client)}).json()
    other = client.post(
        "/v1/chat/conversations", json={"invite": invite_link(client, "A-2")}
    ).json()
    with app.state.database.reading() as session:
        persons = {c.id: c.person_id for c in session.scalars(select(Conversation))}
    assert persons[mine["conversation_id"]] != persons[other["conversation_id"]]
    refused = client.post(
        f"/v1/chat/conversations/{mine['conversation_id']}/messages",
        json={"text": "hi", "client_message_id": "1"},
        headers={"Authorization": f"Bearer {other['token']}"},
    )
    assert refused.status_code == 404


def test_an_agreement_of_another_cannot_be_read_with_ones_own_credential(visit: Visit) -> None:
    visit.identify()
    visit.tell()
    visit.choose()
    visit.sign()
    item = visit.client.get("/v1/agreements", headers=BANK).json()["items"][0]
    import_rows(visit.client, portfolio_row(account_ref="A-2", person_ref="P-2",
                telephone="+8619900000002"))  # fmt: skip
    code = invite_link(visit.client, "A-2")
    other = visit.client.post("/v1/chat/conversations", json={"invite": code}).json()
    bearer = {"Authorization": f"Bearer {other['token']}"}
    visit.client.cookies.clear()
    assert visit.client.get(f"/v1/agreements/{item['id']}", headers=bearer).status_code == 401
    for path in ("/agreement/terms", "/agreement/document.pdf"):
        answer = visit.client.get(path, headers=bearer)
        assert (answer.status_code, answer.json()["code"]) == (403, "not_identified")


def test_a_balance_that_moved_between_reading_and_signing_signs_nothing(visit: Visit) -> None:
    visit.identify()
    visit.tell()
    visit.choose()
    code = visit.code("signature")
    import_rows(visit.client, portfolio_row(interest="3950.00", as_of="2026-11-24"))
    visit.say(code)
    refused = visit.bot("agreement", {})
    assert (refused["status_code"], refused["code"]) == (409, "balance_changed")
    assert visit.client.get("/v1/agreements", headers=BANK).json()["items"] == []
    assert visit.bot("context")["signed"] is False
    assert visit.bot("agreement", {})["code"] == "not_signed"


# Leaving and hammering


def test_leaving_clears_this_browser_and_the_credential_opens_nothing_more(visit: Visit) -> None:
    credential = visit.client.cookies["conversation"]
    left = visit.client.post("/chat/leave")
    assert (left.status_code, left.headers["location"]) == (303, "/chat")
    assert 'conversation=""' in left.headers["set-cookie"]
    page = visit.client.get("/chat", headers=PAGE)
    assert page.status_code == 200
    assert visit.conversation_id not in page.text
    visit.client.cookies.set("conversation", credential)
    assert visit.say("hi")["status_code"] == 401


def test_hammering_is_stopped_kindly_with_a_page_and_a_time(
    client: TestClient, app: FastAPI, clock: SetClock
) -> None:
    most = app.state.policy.on(clock.today()).value("bank.web.invites_a_minute")
    for _ in range(most):
        assert client.post("/i/nothing").status_code == 404
    refused = client.post("/v1/chat/conversations", json={"invite": "nothing"})
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many")
    assert 0 < int(refused.headers["retry-after"]) <= 60
    page = client.post("/i/nothing", headers=PAGE)
    assert page.status_code == 429
    assert "little fast" in page.text


def test_the_count_is_of_a_moving_minute_and_by_origin() -> None:
    now = [0.0]
    limits = Limits(lambda: now[0])
    limits.note("a", 2)
    now[0] = 30
    limits.note("a", 2)
    limits.note("b", 2)
    with pytest.raises(Problem):
        limits.note("a", 2)
    now[0] = 60.1
    limits.note("a", 2)
    with pytest.raises(Problem):
        limits.note("a", 2)
