"""Every route of the application against every kind of caller, generated from the application itself."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
from cryptography.fernet import Fernet
from fastapi import FastAPI
from fastapi.testclient import TestClient
from twilio.request_validator import RequestValidator

from api.console.admission import COOKIE, Role, Staff
from api.console.models import StaffSession
from api.conversations.credential import COOKIE as CONVERSATION_COOKIE
from api.conversations.models import Conversation
from api.kit.clock import SetClock
from api.kit.secrecy import new_token, token_hash
from api.main import create_app
from api.settings import Settings
from tests.authorisation.calling import answer_of
from tests.authorisation.expected import ANYONE, CALLERS, EXPECTED, PROVIDER
from tests.authorisation.routes_of_app import declared, routes_of
from tests.conftest import BANK, BOT, NOON, import_rows, invite_link, portfolio_row
from tests.console.signing_in import session_of
from tests.in_a_loop import in_a_loop

REFUSALS = frozenset(
    {"not_authenticated", "not_signed_in", "not_permitted", "csrf_missing", "signature_invalid"}
)
"""Codes by which somebody is turned away for who they are, and not for what they ask."""
ADDRESS = "http://testserver"
UNREADY = frozenset({"/readyz"})
"""Says 503 here, where no assistant runs."""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    """One installation with one cardholder, for all calls."""
    settings = Settings.model_validate(
        {
            "environment": "sandbox", "data_dir": tmp_path_factory.mktemp("authorisation"),
            "public_url": ADDRESS, "rasa_url": "http://127.0.0.1:9", "rasa_token": "rasa-token",
            "bot_token": "bot-token", "service_token": "bank-token",
            "data_keys": Fernet.generate_key().decode(), "hash_key": "a key for hashes",
            "twilio_account_sid": "AC1", "twilio_auth_token": "twilio-token",
            "twilio_from": "+8610000000",
        }
    )  # fmt: skip
    app = create_app(settings, SetClock(NOON))
    app.state.database.create_all()
    return app


class Everybody:
    """Each kind of caller, with the credentials of its kind and no other."""

    def __init__(self, app: FastAPI) -> None:
        self.app = app
        client = TestClient(app)
        import_rows(client, portfolio_row())
        made = client.post("/v1/chat/conversations", json={"invite": invite_link(client)}).json()
        self.conversation_id: str = made["conversation_id"]

    def headers(self, caller: str, method: str, path: str) -> dict[str, str]:
        """Return what a caller shows; colleagues get a session of their own for each call."""
        if caller == "cardholder":
            return {"cookie": f"{CONVERSATION_COOKIE}={self._conversation_token()}"}
        if caller == "bot":
            return dict(BOT)
        if caller == "bank":
            return dict(BANK)
        if caller == "provider":
            signed = RequestValidator("twilio-token").compute_signature(ADDRESS + path, {})
            return {"x-twilio-signature": signed}
        if caller == "nobody":
            return {}
        staff, token = self._colleague("collector" if caller == "half" else caller)
        if caller == "half":
            self._not_yet_admitted(staff)
        return {"cookie": f"{COOKIE}={token}", "x-csrf-token": staff.csrf}

    def _conversation_token(self) -> str:
        """Return a fresh credential: one of the calls is leaving, which ends it."""
        token = new_token()
        with self.app.state.database.transaction() as session:
            conversation = session.get_one(Conversation, self.conversation_id)
            conversation.token_hash = token_hash(token)
        return token

    def _colleague(self, role: str) -> tuple[Staff, str]:
        known: Role = role  # type: ignore[assignment]  # one of CALLERS
        return session_of(self.app, known)

    def _not_yet_admitted(self, staff: Staff) -> None:
        nothing: datetime | None = None
        with self.app.state.database.transaction() as session:
            session.get_one(StaffSession, staff.session_id).admitted_at = nothing

    def path(self, written: str) -> str:
        """Fill a path: the cardholder's own conversation, and things that are not there."""
        filled = written.replace("{conversation_id}", self.conversation_id)
        filled = filled.replace("{path}", "icon.svg")
        return re.sub(r"\{\w+\}", "1", filled)


def test_every_route_is_in_the_table_and_every_line_of_the_table_is_a_route(
    installed: FastAPI,
) -> None:
    assert sorted(routes_of(installed)) == sorted(EXPECTED)


def test_every_route_declares_the_rule_that_is_expected_of_it(installed: FastAPI) -> None:
    wrong = []
    for key, route in routes_of(installed).items():
        rule, expected = declared(route), EXPECTED.get(key)
        if (rule or ANYONE) != (ANYONE if expected == PROVIDER else expected):
            wrong.append((*key, rule))
    assert wrong == []


@pytest.mark.filterwarnings(
    "ignore:.*open_binary.*:DeprecationWarning"
)  # of the API pages' library
def test_every_route_admits_whom_it_should_and_nobody_else(installed: FastAPI) -> None:
    everybody = Everybody(installed)
    wrong: list[str] = []

    async def call_all() -> None:
        async with installed.router.lifespan_context(installed):
            for (method, path), rule in sorted(EXPECTED.items()):
                for caller in CALLERS:
                    filled = everybody.path(path)
                    form: dict[str, str] | None = (
                        {} if rule == PROVIDER or not path.startswith("/v1/") else None
                    )
                    headers = everybody.headers(caller, method, filled)
                    status, code = await answer_of(installed, method, filled, headers, form)
                    refused = code in REFUSALS
                    broken = status >= 500 and path not in UNREADY
                    if broken or refused != (caller not in rule):
                        wrong.append(f"{caller}: {method} {path} gave {status} {code}")

    in_a_loop(call_all)
    assert wrong == []


def test_a_conversation_is_nobody_elses(installed: FastAPI) -> None:
    everybody = Everybody(installed)
    headers = everybody.headers("cardholder", "GET", "")
    path = "/v1/chat/conversations/c_another/messages"
    status, code = in_a_loop(answer_of, installed, "POST", path, headers)
    assert (status, code) in {(404, "conversation_unknown"), (422, "invalid_request")}


def test_an_unsafe_call_of_a_colleague_without_its_token_is_refused_everywhere(
    installed: FastAPI,
) -> None:
    everybody = Everybody(installed)
    wrong: list[str] = []

    async def call_all() -> None:
        for (method, path), rule in sorted(EXPECTED.items()):
            role = next((caller for caller in CALLERS[5:] if caller in rule), None)
            if method == "GET" or role is None or rule == ANYONE:
                continue
            headers = everybody.headers(role, method, path)
            del headers["x-csrf-token"]
            answer = await answer_of(installed, method, everybody.path(path), headers, {})
            if answer != (403, "csrf_missing"):
                wrong.append(f"{method} {path} gave {answer}")

    in_a_loop(call_all)
    assert wrong == []
